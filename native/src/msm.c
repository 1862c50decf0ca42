/* Multi-scalar multiplication: sum of scalars[i] points[i]. */
enum {
    MSM_PREFETCH = 12,       /* entries ahead */
    MSM_CHUNK = 1 << 15,     /* points sorted at a time */
    MSM_MAX_WIDTH = 16,
    MSM_BUCKETS = 1 << (MSM_MAX_WIDTH - 1), /* at most MSM_CHUNK */
    MSM_LOG_FEW_BUCKETS = 8  /* below: the shared inversions would cost more than they save */
};

/* The window width for n points: log2 n - 3, where the cost of adding n points into buckets is
 * balanced with that of summing the buckets up. */
static unsigned msm_width(size_t n) {
    unsigned log_n = 0;
    while (log_n < 40 && (n >> log_n) > 1) log_n++;
    unsigned width = log_n < 7 ? 3 : log_n - 3;
    return width > MSM_MAX_WIDTH ? MSM_MAX_WIDTH : width;
}

/* How the work is cut into jobs. Every window is cut in `parts` ranges of points, enough for four
 * jobs a thread; the lowest window, which holds most of the work when scalars are small (as in a
 * witness), in `lowest_parts`, and done last. No range is shorter than a chunk. */
typedef struct {
    digits_t digits;
    size_t parts, lowest_parts, jobs;
} msm_plan_t;

static size_t msm_at_most_chunks(size_t parts, size_t n) {
    size_t chunks = n / MSM_CHUNK;
    return chunks < 2 ? 1 : parts < chunks ? parts : chunks;
}

static msm_plan_t msm_plan(size_t n, size_t threads) {
    msm_plan_t plan = {.digits = digits_plan(msm_width(n)), .parts = 1, .lowest_parts = 1};
    if (threads > 1) {
        size_t windows = plan.digits.windows;
        plan.parts = msm_at_most_chunks((4 * threads + windows - 1) / windows, n);
        plan.lowest_parts = msm_at_most_chunks(2 * threads, n);
    }
    plan.jobs = (plan.digits.windows - 1) * plan.parts + plan.lowest_parts;
    return plan;
}

/* Job -> its window and which of the window's `parts` ranges it is. */
static unsigned msm_job_window(const msm_plan_t *plan, size_t job, size_t *part, size_t *parts) {
    size_t upper_jobs = (plan->digits.windows - 1) * plan->parts;
    bool lowest = job >= upper_jobs;
    *parts = lowest ? plan->lowest_parts : plan->parts;
    *part = lowest ? job - upper_jobs : job % plan->parts;
    return lowest ? 0 : 1 + (unsigned)(job / plan->parts);
}

#define GROUP g1
#include "msm_template.h"
#define GROUP g2
#include "msm_template.h"

static zk_status op_msm_scratch_words(uint64_t *words, int group, size_t n, size_t threads) {
    if (group != 1 && group != 2) return ZK_BAD_ARGUMENT;
    *words = group == 1 ? g1_msm_scratch(n, threads) : g2_msm_scratch(n, threads);
    return ZK_OK;
}

static zk_status op_msm_g1(uint64_t *out, uint64_t *scratch, const uint64_t *points,
                           const uint64_t *scalars, size_t n, size_t threads) {
    g1_msm_run(out, scratch, points, scalars, n, threads);
    return ZK_OK;
}

static zk_status op_msm_g2(uint64_t *out, uint64_t *scratch, const uint64_t *points,
                           const uint64_t *scalars, size_t n, size_t threads) {
    g2_msm_run(out, scratch, points, scalars, n, threads);
    return ZK_OK;
}
