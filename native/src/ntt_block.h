/* Eight transforms at once on vectors of lanes, in place: decimation in time, input in bit-reversed
 * order, output in natural order. All that it touches at a time fits the nearest cache: levels are
 * taken in groups of up to five, on 32 vectors that lie together or at one stride. */
#ifndef ZK_NTT_BLOCK_H
#define ZK_NTT_BLOCK_H
#include "lanes_fixed.h"

enum {
    NTT_GROUP_LOG = 5,
    NTT_GROUP = 1 << NTT_GROUP_LOG,
    NTT_INPUT_BOUND = 2,
    NTT_OUTPUT_BOUND = NTT_INPUT_BOUND << NTT_GROUP_LOG, /* more than 2 + 11 * 5, too */
};

/* Where vector i of a block lies. The gap after each 32 spreads strides over the cache's sets. */
static inline size_t ntt_block_place(size_t i) { return i + (i >> NTT_GROUP_LOG); }

/* Vectors of a block of 2^log, gaps included. */
static inline size_t ntt_block_length(unsigned log) {
    return ntt_block_place(((size_t)1 << log) - 1) + 1;
}

static inline size_t ntt_reversed(size_t i, unsigned log) {
    size_t out = 0;
    for (unsigned k = 0; k < log; k++) out |= (i >> k & 1) << (log - 1 - k);
    return out;
}

/* a, b = a + b, a - b for two numbers of the same bound. */
LANES_INLINE void ntt_butterfly_plain(fr8_t *a, fr8_t *b, unsigned bound) {
    fr8_t difference;
    fr8_sub(&difference, a, b, bound);
    fr8_add(a, a, b);
    *b = difference;
}

/* The first levels, on neighbours. The first butterfly of each kind has the factor 1; its numbers'
 * bounds double, where the others grow by 11. */
static void ntt_first_levels(fr8_t *v, unsigned count, const fr8_fixed_t *levels) {
    for (unsigned level = 0; level < count; level++) {
        const size_t half = (size_t)1 << level, n = (size_t)1 << count;
        for (size_t i = 0; i < n; i += 2 * half)
            ntt_butterfly_plain(&v[i], &v[i + half], (unsigned)NTT_INPUT_BOUND << level);
        for (size_t u = 1; u < half; u++)
            for (size_t i = u; i < n; i += 2 * half)
                fr8_butterfly_fixed(&v[i], &v[i + half], &levels[half + u]);
    }
}

/* Levels `from` to `from + count - 1`, on 2^count vectors at a stride, the first of which is number
 * j of its 2^from. */
static void ntt_next_levels(fr8_t *v, size_t stride, unsigned from, unsigned count, size_t j,
                            const fr8_fixed_t *levels) {
    const size_t n = (size_t)1 << count;
    for (size_t i = 0; i < n; i += 2) {
        fr8_reduce(&v[i * stride], &v[i * stride]);
        fr8_butterfly_fixed(&v[i * stride], &v[(i + 1) * stride],
                            &levels[((size_t)1 << from) + j]);
    }
    for (unsigned level = 1; level < count; level++) {
        const size_t half = (size_t)1 << level;
        const fr8_fixed_t *factors = &levels[(half << from) + j];
        for (size_t u = 0; u < half; u++)
            for (size_t i = u; i < n; i += 2 * half)
                fr8_butterfly_fixed(&v[i * stride], &v[(i + half) * stride], &factors[u << from]);
    }
}

/* levels[2^k + i], i < 2^k, is the i-th power of the 2^(k + 1)-th root of unity. Bound 2 in, 64
 * out. */
static void ntt_block(fr8_t *v, unsigned log, const fr8_fixed_t *levels) {
    const size_t n = (size_t)1 << log;
    const unsigned first = log < NTT_GROUP_LOG ? log : NTT_GROUP_LOG;
    for (size_t i = 0; i < n; i += NTT_GROUP)
        ntt_first_levels(&v[ntt_block_place(i)], first, levels);
    for (unsigned from = first; from < log; from += NTT_GROUP_LOG) {
        const unsigned count = log - from < NTT_GROUP_LOG ? log - from : NTT_GROUP_LOG;
        const size_t together = (size_t)1 << (from + count);
        const size_t stride = ntt_block_place((size_t)1 << from);
        for (size_t i = 0; i < n; i += together)
            for (size_t j = 0; j < (size_t)1 << from; j++)
                ntt_next_levels(&v[ntt_block_place(i + j)], stride, from, count, j, levels);
    }
}
#endif
