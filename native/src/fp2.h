/* Fp2 = Fp[u] / (u^2 + 1). Same helper names as a prime field; aliasing allowed. */
#ifndef ZK_FP2_H
#define ZK_FP2_H

typedef struct {
    fp_t c0, c1;
} fp2_t;

static const fp2_t fp2_one = {{{0xd35d438dc58f0d9dULL, 0x0a78eb28f5c70b3dULL,
                                0x666ea36f7879462cULL, 0x0e0a77c19a07df2fULL}},
                              {{0, 0, 0, 0}}};

ZK_UNUSED static inline fp2_t fp2_zero(void) { return (fp2_t){fp_zero(), fp_zero()}; }

ZK_UNUSED static inline bool fp2_is_zero(const fp2_t *a) {
    return fp_is_zero(&a->c0) && fp_is_zero(&a->c1);
}

ZK_UNUSED static inline bool fp2_equal(const fp2_t *a, const fp2_t *b) {
    return fp_equal(&a->c0, &b->c0) && fp_equal(&a->c1, &b->c1);
}

ZK_UNUSED static inline void fp2_add(fp2_t *out, const fp2_t *a, const fp2_t *b) {
    fp_add(&out->c0, &a->c0, &b->c0);
    fp_add(&out->c1, &a->c1, &b->c1);
}

ZK_UNUSED static inline void fp2_double(fp2_t *out, const fp2_t *a) { fp2_add(out, a, a); }

ZK_UNUSED static inline void fp2_sub(fp2_t *out, const fp2_t *a, const fp2_t *b) {
    fp_sub(&out->c0, &a->c0, &b->c0);
    fp_sub(&out->c1, &a->c1, &b->c1);
}

ZK_UNUSED static inline void fp2_neg(fp2_t *out, const fp2_t *a) {
    fp_neg(&out->c0, &a->c0);
    fp_neg(&out->c1, &a->c1);
}

ZK_UNUSED static inline void fp2_negate_if(fp2_t *out, const fp2_t *a, bool negative) {
    fp_negate_if(&out->c0, &a->c0, negative);
    fp_negate_if(&out->c1, &a->c1, negative);
}

ZK_UNUSED static inline void fp2_conjugate(fp2_t *out, const fp2_t *a) {
    out->c0 = a->c0;
    fp_neg(&out->c1, &a->c1);
}

/* Karatsuba on unreduced products: three of them, and two reductions. Both differences stay in
 * [0, 2^256 q): the cross terms are below 2 q^2, and a negative real part is lifted by 2^256 q. */
ZK_UNUSED static void fp2_mul(fp2_t *out, const fp2_t *a, const fp2_t *b) {
    uint64_t low[8], high[8], cross[8], sum_a[4], sum_b[4];
    zk_add_unreduced(sum_a, a->c0.l, a->c1.l);
    zk_add_unreduced(sum_b, b->c0.l, b->c1.l);
    zk_wide_mul(cross, sum_a, sum_b);
    zk_wide_mul(low, a->c0.l, b->c0.l);
    zk_wide_mul(high, a->c1.l, b->c1.l);
    zk_wide_sub_two(cross, low, high);
    zk_wide_sub(low, high, fp_modulus.l);
    zk_wide_reduce_full(out->c0.l, low, fp_modulus.l, fp_minus_inverse);
    zk_wide_reduce_full(out->c1.l, cross, fp_modulus.l, fp_minus_inverse);
}

/* (c0 + c1)(c0 - c1) + 2 c0 c1 u. */
ZK_UNUSED static void fp2_square(fp2_t *out, const fp2_t *a) {
    fp_t sum, difference, product;
    fp_add(&sum, &a->c0, &a->c1);
    fp_sub(&difference, &a->c0, &a->c1);
    fp_mul(&product, &a->c0, &a->c1);
    fp_mul(&out->c0, &sum, &difference);
    fp_double(&out->c1, &product);
}

ZK_UNUSED static inline void fp2_scale(fp2_t *out, const fp2_t *a, const fp_t *factor) {
    fp_mul(&out->c0, &a->c0, factor);
    fp_mul(&out->c1, &a->c1, factor);
}

/* out = (9 + u) a; 9 + u is the non-residue xi that the tower and the twist are built with. */
ZK_UNUSED static void fp2_mul_xi(fp2_t *out, const fp2_t *a) {
    fp2_t eight;
    fp2_double(&eight, a);
    fp2_double(&eight, &eight);
    fp2_double(&eight, &eight);
    fp_t c0;
    fp_add(&c0, &eight.c0, &a->c0);
    fp_sub(&c0, &c0, &a->c1);
    fp_add(&eight.c1, &eight.c1, &a->c1);
    fp_add(&out->c1, &eight.c1, &a->c0);
    out->c0 = c0;
}

/* c0^2 + c1^2, reduced once. */
ZK_UNUSED static void fp2_norm(fp_t *out, const fp2_t *a) {
    uint64_t sum[8];
    zk_wide_mul(sum, a->c0.l, a->c0.l);
    zk_wide_mul_add(sum, a->c1.l, a->c1.l);
    zk_wide_reduce_full(out->l, sum, fp_modulus.l, fp_minus_inverse);
}

/* out = a / b, given 1 / norm(b). */
ZK_UNUSED static void fp2_divide_by_norm(fp2_t *out, const fp2_t *a, const fp2_t *b,
                                         const fp_t *norm_inverse) {
    fp2_t conjugate;
    fp2_conjugate(&conjugate, b);
    fp2_mul(out, a, &conjugate);
    fp2_scale(out, out, norm_inverse);
}

/* The same for Fp, whose elements are their own norms; so that G1 and G2 share code. */
ZK_UNUSED static inline void fp_scale(fp_t *out, const fp_t *a, const fp_t *factor) {
    fp_mul(out, a, factor);
}

ZK_UNUSED static inline void fp_norm(fp_t *out, const fp_t *a) { *out = *a; }

ZK_UNUSED static inline void fp_divide_by_norm(fp_t *out, const fp_t *a, const fp_t *b,
                                               const fp_t *norm_inverse) {
    (void)b;
    fp_mul(out, a, norm_inverse);
}

/* conjugate / norm; 0 -> 0. */
ZK_UNUSED static void fp2_inverse_vartime(fp2_t *out, const fp2_t *a) {
    fp_t norm;
    fp2_norm(&norm, a);
    fp_inverse_vartime(&norm, &norm);
    fp2_conjugate(out, a);
    fp2_scale(out, out, &norm);
}
#endif
