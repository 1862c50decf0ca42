/* Multi-scalar multiplication: sum of scalars[i] points[i]. */
enum { MSM_PREFETCH = 12, MSM_CHUNK = 1 << 14, MSM_MAX_WIDTH = 15, MSM_BUCKETS = 1 << (MSM_MAX_WIDTH - 1) };

/* The window width for n points: near log2 n - 4, where the cost of adding n points into buckets is
 * balanced with that of summing the buckets up. */
static unsigned msm_width(size_t n) {
    unsigned log_n = 0;
    while (log_n < 40 && (n >> log_n) > 1) log_n++;
    unsigned width = log_n < 7 ? 3 : log_n - 4;
    return width > MSM_MAX_WIDTH ? MSM_MAX_WIDTH : width;
}

/* In how many ranges the points of a window are cut: enough for four jobs a thread when one window
 * may hold most of the work (witnesses are full of small scalars), never below one chunk each. */
static size_t msm_parts(size_t n, size_t threads) {
    size_t parts = threads < 2 ? 1 : (threads + 3) / 4 * 2, chunks = n / MSM_CHUNK;
    return chunks < 2 ? 1 : parts < chunks ? parts : chunks;
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
