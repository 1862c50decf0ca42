/* The four multiplication-level primitives in portable C. arith_adx.h offers the same names. */
#ifndef ZK_ARITH_PORTABLE_H
#define ZK_ARITH_PORTABLE_H

/* out = a + b mod m for a, b < m < 2^255. */
static inline void zk_mod_add(uint64_t out[4], const uint64_t a[4], const uint64_t b[4],
                              const uint64_t m[4]) {
    uint64_t sum[4], reduced[4];
    limbs_add(sum, a, b);
    uint64_t borrow = limbs_sub(reduced, sum, m);
    limbs_select(out, (uint64_t)0 - borrow, sum, reduced);
}

/* out = a - b mod m for a, b < m. */
static inline void zk_mod_sub(uint64_t out[4], const uint64_t a[4], const uint64_t b[4],
                              const uint64_t m[4]) {
    uint64_t difference[4], fixup[4];
    uint64_t mask = (uint64_t)0 - limbs_sub(difference, a, b);
    for (int i = 0; i < 4; i++) fixup[i] = m[i] & mask;
    limbs_add(out, difference, fixup);
}

static inline void zk_montgomery_mul(uint64_t out[4], const uint64_t a[4], const uint64_t b[4],
                                     const uint64_t m[4], uint64_t minus_inverse) {
    limbs_montgomery_mul(out, a, b, m, minus_inverse);
}

static inline void zk_montgomery_square(uint64_t out[4], const uint64_t a[4], const uint64_t m[4],
                                        uint64_t minus_inverse) {
    limbs_montgomery_mul(out, a, a, m, minus_inverse);
}

#include "wide_portable.h"
#endif
