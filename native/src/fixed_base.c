/* Multiplication of one fixed point by many scalars, for the trusted set-up. */

/* The width for n scalars: the table costs windows * 2^(c-1) additions, the products n *
 * windows. */
static unsigned fixed_base_width(size_t n) {
    unsigned width = 3;
    while (width < 14 && ((size_t)1 << width) * 4 < n) width++;
    return width;
}

#define GROUP g1
#include "fixed_base_template.h"
#define GROUP g2
#include "fixed_base_template.h"

static zk_status op_fixed_base_scratch_words(uint64_t *words, int group, size_t n, size_t threads) {
    if (group != 1 && group != 2) return ZK_BAD_ARGUMENT;
    *words = group == 1 ? g1_fixed_scratch(n, threads) : g2_fixed_scratch(n, threads);
    return ZK_OK;
}

static zk_status op_g1_fixed_base_mul(uint64_t *out, uint64_t *scratch, const uint64_t *base,
                                      const uint64_t *scalars, size_t n, size_t threads) {
    g1_fixed_run(out, scratch, base, scalars, n, threads);
    return ZK_OK;
}

static zk_status op_g2_fixed_base_mul(uint64_t *out, uint64_t *scratch, const uint64_t *base,
                                      const uint64_t *scalars, size_t n, size_t threads) {
    g2_fixed_run(out, scratch, base, scalars, n, threads);
    return ZK_OK;
}
