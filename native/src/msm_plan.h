/* How multi-scalar multiplications are cut into jobs. */
#ifndef ZK_MSM_PLAN_H
#define ZK_MSM_PLAN_H

enum {
    MSM_MAX_WIDTH = 16,
    MSM_MAX_WINDOWS = 86, /* of the least width, 3 */
    MSM_BUCKETS = 1 << (MSM_MAX_WIDTH - 1),
    MSM_LOG_FEW_BUCKETS = 8, /* below, buckets are weighed one by one */
    MSM_ROWS = 1 << 13,      /* scalars whose digits are found at a time */
    MSM_MAX_JOBS = 1024,     /* of one run, beyond one for each window of each sum */
    MSM_JOBS_A_THREAD = 6,   /* so small that the threads finish together */
    MSM_LEAST_PART = 1 << 14 /* points of a window that is cut */
};

/* What weighing a bucket one by one costs, in additions of a block. */
#ifdef ZK_HAVE_LANES
enum { MSM_WEIGH_EACH = 14 };
#else
enum { MSM_WEIGH_EACH = 3 };
#endif

/* The cost of the buckets of one window, in additions of a block. */
static size_t msm_weigh_cost(unsigned width) {
    unsigned log_buckets = width - 1;
    if (log_buckets < MSM_LOG_FEW_BUCKETS) return (size_t)MSM_WEIGH_EACH << log_buckets;
    return ((size_t)2 << log_buckets) + ((size_t)2 * MSM_WEIGH_EACH << (log_buckets + 1) / 2);
}

/* The window width that costs n points least. */
static unsigned msm_width(size_t n) {
    unsigned best = 3;
    size_t least = SIZE_MAX;
    for (unsigned width = 3; width <= MSM_MAX_WIDTH; width++) {
        size_t cost = digits_plan(width).windows * (n + msm_weigh_cost(width));
        if (cost < least) {
            least = cost;
            best = width;
        }
    }
    return best;
}

/* One sum. */
typedef struct {
    const zk_sum *sum;
    digits_t digits;
    int16_t *values; /* of the digits */
    atomic_size_t nonzero[MSM_MAX_WINDOWS];
} msm_t;

/* Part `part` of `parts` ranges of points, in one window; `cost` in additions in G1. */
typedef struct {
    msm_t *msm;
    unsigned window;
    size_t part, parts, cost;
    union {
        g1_jacobian_t g1;
        g2_jacobian_t g2;
    } result;
} msm_job_t;

/* The cost of a window; an addition in G2 is more than twice one in G1. */
static size_t msm_window_cost(const msm_t *msm, unsigned window) {
    size_t nonzero = atomic_load(&msm->nonzero[window]);
    if (nonzero == 0) return 0;
    return (nonzero + msm_weigh_cost(msm->digits.width)) * (msm->sum->group == 1 ? 4 : 9) / 4;
}

/* One window's jobs: as many as keep each below `most`, but none of a short range. */
static size_t msm_cut_window(msm_job_t *jobs, msm_t *msm, unsigned window, size_t most) {
    size_t cost = msm_window_cost(msm, window), longest = msm->sum->n / MSM_LEAST_PART;
    if (cost == 0) return 0;
    size_t parts = most == 0 ? 1 : (cost + most - 1) / most;
    if (parts > longest) parts = longest;
    if (parts == 0) parts = 1;
    for (size_t part = 0; part < parts; part++)
        jobs[part] = (msm_job_t){
            .msm = msm, .window = window, .part = part, .parts = parts, .cost = cost / parts};
    return parts;
}

/* The biggest first; there are few. */
static void msm_sort_jobs(msm_job_t *jobs, size_t n) {
    for (size_t i = 1; i < n; i++) {
        const msm_job_t job = jobs[i];
        size_t at = i;
        for (; at > 0 && jobs[at - 1].cost < job.cost; at--) jobs[at] = jobs[at - 1];
        jobs[at] = job;
    }
}

/* The jobs of all sums, the biggest first; returns how many. */
static size_t msm_plan_jobs(msm_job_t *jobs, msm_t *msms, size_t count, size_t threads) {
    size_t total = 0, n = 0;
    for (size_t s = 0; s < count; s++)
        for (unsigned w = 0; w < msms[s].digits.windows; w++)
            total += msm_window_cost(&msms[s], w);
    size_t shares = threads * MSM_JOBS_A_THREAD;
    if (shares > MSM_MAX_JOBS) shares = MSM_MAX_JOBS;
    size_t most = threads > 1 ? total / shares + 1 : 0;
    for (size_t s = 0; s < count; s++)
        for (unsigned w = 0; w < msms[s].digits.windows; w++)
            n += msm_cut_window(jobs + n, &msms[s], w, most);
    msm_sort_jobs(jobs, n);
    return n;
}
#endif
