/* Multi-scalar multiplication: sum of scalars[i] points[i], for one or several sums in one run. */
#include "msm_plan.h"
#include "msm_digits.h"

enum {
    MSM_PREFETCH = 12, /* entries ahead */
#ifdef ZK_HAVE_LANES
    MSM_WAITING = 1 << 13,     /* points sorted at a time */
    MSM_LOG_MANY_BUCKETS = 11, /* where few points of a block meet in a bucket */
    MSM_AHEAD = 1024           /* points fetched while a block is carried out */
#else
    MSM_WAITING = 1 << 15
#endif
};

/* A point on its way to a bucket. */
typedef struct {
    uint32_t point; /* index, times 2, plus 1 for minus */
    uint32_t bucket;
} msm_entry_t;

static inline msm_entry_t msm_entry(size_t point, int32_t digit) {
    const uint32_t minus = digit < 0;
    return (msm_entry_t){(uint32_t)(2 * point) + minus, (uint32_t)(minus ? -digit : digit) - 1};
}

#define GROUP g1
#include "msm_template.h"
#define GROUP g2
#include "msm_template.h"

typedef union {
    g1_msm_worker_t g1;
    g2_msm_worker_t g2;
} msm_worker_t;

/* One run. Scratch holds the workers, the sums, the jobs, and the digits. */
typedef struct {
    msm_worker_t *workers;
    msm_t *msms;
    size_t count;
    msm_job_t *jobs;
    size_t n_jobs;
    atomic_size_t next_job;
} msm_run_t;

/* Bytes of digits, and how many windows all sums have. */
static size_t msm_digit_bytes(const zk_sum *sums, size_t count, size_t *windows) {
    size_t bytes = 0;
    *windows = 0;
    for (size_t s = 0; s < count; s++) {
        const digits_t digits = digits_plan(msm_width(sums[s].n));
        bytes += digits.windows * sums[s].n * sizeof(int16_t);
        *windows += digits.windows;
    }
    return bytes;
}

static size_t msm_scratch_bytes(const zk_sum *sums, size_t count, size_t threads) {
    size_t windows, bytes = msm_digit_bytes(sums, count, &windows);
    bytes += threads * sizeof(msm_worker_t) + count * sizeof(msm_t);
    return bytes + (windows + MSM_MAX_JOBS) * sizeof(msm_job_t) + ZK_CACHE_LINE;
}

static void msm_lay_out(msm_run_t *run, uint64_t *scratch, const zk_sum *sums, size_t count,
                        size_t threads) {
    size_t windows;
    msm_digit_bytes(sums, count, &windows);
    run->workers = zk_align(scratch);
    run->msms = (msm_t *)(run->workers + threads);
    run->jobs = (msm_job_t *)(run->msms + count);
    int16_t *values = (int16_t *)(run->jobs + windows + MSM_MAX_JOBS);
    for (size_t s = 0; s < count; s++) {
        msm_t *msm = &run->msms[s];
        msm->sum = &sums[s];
        msm->digits = digits_plan(msm_width(sums[s].n));
        msm->values = values;
        values += msm->digits.windows * sums[s].n;
        for (size_t w = 0; w < MSM_MAX_WINDOWS; w++) atomic_init(&msm->nonzero[w], 0);
    }
}

static size_t msm_row_blocks(const msm_t *msm) { return (msm->sum->n + MSM_ROWS - 1) / MSM_ROWS; }

/* Task: the digits of one block of one sum's scalars. */
static void msm_find_digits(void *context, size_t block) {
    msm_run_t *run = context;
    msm_t *msm = run->msms;
    for (; block >= msm_row_blocks(msm); msm++) block -= msm_row_blocks(msm);
    const size_t n = msm->sum->n, first = block * MSM_ROWS;
    const size_t end = first + MSM_ROWS < n ? first + MSM_ROWS : n;
    size_t nonzero[MSM_MAX_WINDOWS] = {0};
    msm_write_digits(msm->values, n, &msm->digits, (const limbs_t *)msm->sum->scalars, first, end,
                     nonzero);
    for (unsigned w = 0; w < msm->digits.windows; w++)
        atomic_fetch_add(&msm->nonzero[w], nonzero[w]);
}

/* Task of one worker: take jobs until none is left. */
static void msm_work(void *context, size_t worker) {
    msm_run_t *run = context;
    for (;;) {
        size_t i = atomic_fetch_add(&run->next_job, 1);
        if (i >= run->n_jobs) return;
        msm_job_t *job = &run->jobs[i];
        (job->msm->sum->group == 1 ? g1_msm_run_job : g2_msm_run_job)(job, &run->workers[worker]);
    }
}

static bool msm_is_sound(const zk_sum *sums, size_t count) {
    bool sound = true;
    for (size_t s = 0; s < count; s++)
        sound &= (sums[s].group == 1 || sums[s].group == 2) && sums[s].n <= INT32_MAX;
    return sound;
}

static zk_status op_msm_many_scratch_words(uint64_t *words, const zk_sum *sums, size_t count,
                                           size_t threads) {
    if (!msm_is_sound(sums, count)) return ZK_BAD_ARGUMENT;
    *words = msm_scratch_bytes(sums, count, threads) / sizeof(uint64_t) + 1;
    return ZK_OK;
}

static zk_status op_msm_many(uint64_t *scratch, const zk_sum *sums, size_t count, size_t threads) {
    if (!msm_is_sound(sums, count)) return ZK_BAD_ARGUMENT;
    msm_run_t run = {.count = count};
    size_t blocks = 0;
    msm_lay_out(&run, scratch, sums, count, threads);
    for (size_t s = 0; s < count; s++) blocks += msm_row_blocks(&run.msms[s]);
    zk_parallel(threads, blocks, msm_find_digits, &run);
    run.n_jobs = msm_plan_jobs(run.jobs, run.msms, count, threads);
    atomic_init(&run.next_job, 0);
    zk_parallel(threads, threads, msm_work, &run);
    for (size_t s = 0; s < count; s++)
        (sums[s].group == 1 ? g1_msm_combine : g2_msm_combine)(&run.msms[s], run.jobs, run.n_jobs);
    return ZK_OK;
}
