/* Sums of products in Fr with one reduction at the end: it costs as much as the product itself. */
#ifndef ZK_WIDE_H
#define ZK_WIDE_H

/* An unreduced sum of at most FR_WIDE_TERMS products of reduced elements: below 17 r^2 < 2^512. */
typedef struct {
    uint64_t l[8];
} fr_wide_t;

enum { FR_WIDE_TERMS = 17 };

/* acc += a * b */
ZK_UNUSED static inline void fr_wide_mul_add(fr_wide_t *acc, const fr_t *a, const fr_t *b) {
    zk_wide_mul_add(acc->l, a->l, b->l);
}

/* Subtract 2^doublings * r if that leaves a non-negative number. */
ZK_UNUSED static inline void fr_subtract_multiple(fr_t *a, int doublings) {
    limbs_t multiple = fr_modulus, reduced;
    for (int i = 0; i < doublings; i++) limbs_add(multiple.l, multiple.l, multiple.l);
    uint64_t borrow = limbs_sub(reduced.l, a->l, multiple.l);
    limbs_select(a->l, (uint64_t)0 - borrow, a->l, reduced.l);
}

/* out = acc / 2^256 mod r, where acc is the sum of `terms` products. The Montgomery reduction leaves
 * less than acc / 2^256 + r < (0.19 terms + 1) r: 1.95 r for 5 terms, 3.9 r for 15, 4.3 r for 17. */
ZK_UNUSED static inline void fr_wide_reduce(fr_t *out, const fr_wide_t *acc, size_t terms) {
    zk_wide_reduce(out->l, acc->l, fr_modulus.l, fr_minus_inverse);
    if (terms > 15) fr_subtract_multiple(out, 2);
    if (terms > 5) fr_subtract_multiple(out, 1);
    fr_subtract_multiple(out, 0);
}
#endif
