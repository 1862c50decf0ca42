/* Vectors of G1 and G2 points: group law, curve and subgroup membership. */
#define GROUP g1
#include "curve_vector_template.h"
#define GROUP g2
#include "curve_vector_template.h"

static zk_status op_add_scratch_words(uint64_t *words, int group, size_t n, size_t threads) {
    (void)n;
    if (group != 1 && group != 2) return ZK_BAD_ARGUMENT;
    *words = group == 1 ? g1_add_scratch(threads) : g2_add_scratch(threads);
    return ZK_OK;
}
