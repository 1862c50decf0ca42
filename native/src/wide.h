/* Sums of products with one reduction at the end: twelve of the sixteen-by-twenty word products of a
 * Montgomery multiplication are saved for every term after the first. */
#ifndef ZK_WIDE_H
#define ZK_WIDE_H

/* An unreduced sum of products of reduced elements, below FR_WIDE_TERMS r^2 < 2^512. */
typedef struct {
    uint64_t l[8];
} fr_wide_t;

enum { FR_WIDE_TERMS = 17 };

/* acc += a * b */
ZK_UNUSED static inline void fr_wide_mul_add(fr_wide_t *acc, const fr_t *a, const fr_t *b) {
    uint64_t carry_in = 0; /* out of the limb above the row just added */
    for (int i = 0; i < 4; i++) {
        u128 carry = 0;
        for (int j = 0; j < 4; j++) {
            carry += (u128)a->l[j] * b->l[i] + acc->l[i + j];
            acc->l[i + j] = (uint64_t)carry;
            carry >>= 64;
        }
        carry += (u128)acc->l[i + 4] + carry_in;
        acc->l[i + 4] = (uint64_t)carry;
        carry_in = (uint64_t)(carry >> 64);
    }
}

/* Subtract bound * r if that leaves a non-negative number. */
ZK_UNUSED static inline void fr_subtract_multiple(fr_t *a, uint64_t bound) {
    uint64_t multiple[4], reduced[4];
    u128 carry = 0;
    for (int i = 0; i < 4; i++) {
        carry += (u128)fr_modulus.l[i] * bound;
        multiple[i] = (uint64_t)carry;
        carry >>= 64;
    }
    uint64_t borrow = limbs_sub(reduced, a->l, multiple);
    limbs_select(a->l, (uint64_t)0 - borrow, a->l, reduced);
}

/* out = acc / 2^256 mod r, reduced, where acc is the sum of `terms` products. The Montgomery
 * reduction leaves less than acc / 2^256 + r < (0.19 terms + 1) r, which is 4.3 r at most. */
ZK_UNUSED static inline void fr_wide_reduce(fr_t *out, const fr_wide_t *acc, size_t terms) {
    uint64_t t[8], carry_in = 0;
    for (int i = 0; i < 8; i++) t[i] = acc->l[i];
    for (int i = 0; i < 4; i++) {
        uint64_t q = t[i] * fr_minus_inverse;
        u128 carry = 0;
        for (int j = 0; j < 4; j++) {
            carry += (u128)q * fr_modulus.l[j] + t[i + j];
            t[i + j] = (uint64_t)carry;
            carry >>= 64;
        }
        carry += (u128)t[i + 4] + carry_in;
        t[i + 4] = (uint64_t)carry;
        carry_in = (uint64_t)(carry >> 64);
    }
    for (int i = 0; i < 4; i++) out->l[i] = t[i + 4];
    if (terms > 15) fr_subtract_multiple(out, 4);
    if (terms > 5) fr_subtract_multiple(out, 2);
    fr_subtract_multiple(out, 1);
}
#endif
