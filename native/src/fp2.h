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

/* out = q - a, which is q for a = 0. */
ZK_UNUSED static inline void fp_lift_neg(fp_t *out, const fp_t *a) {
    zk_sub_unreduced(out->l, fp_modulus.l, a->l);
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

/* (c0 + c1)(c0 - c1) + 2 c0 c1 u. The sums stay below 2 q, which the multiplication takes: no word
 * product runs over (3 q < 2^256), and its result before the last subtraction is below 1.8 q. */
ZK_UNUSED static void fp2_square(fp2_t *out, const fp2_t *a) {
    uint64_t sum[4], difference[4], twice[4];
    limbs_t minus_c1;
    fp_lift_neg(&minus_c1, &a->c1);
    zk_add_unreduced(sum, a->c0.l, a->c1.l);
    zk_add_unreduced(difference, a->c0.l, minus_c1.l);
    zk_add_unreduced(twice, a->c0.l, a->c0.l);
    zk_montgomery_mul(out->c1.l, twice, a->c1.l, fp_modulus.l, fp_minus_inverse);
    zk_montgomery_mul(out->c0.l, sum, difference, fp_modulus.l, fp_minus_inverse);
}

ZK_UNUSED static inline void fp2_scale(fp2_t *out, const fp2_t *a, const fp_t *factor) {
    fp_mul(&out->c0, &a->c0, factor);
    fp_mul(&out->c1, &a->c1, factor);
}

/* -k q mod 2^256, k = 0..9. */
static const limbs_t fp_minus_multiples[10] = {
    {{0x0000000000000000ULL, 0x0000000000000000ULL, 0x0000000000000000ULL,
      0x0000000000000000ULL}},
    {{0xc3df73e9278302b9ULL, 0x687e956e978e3572ULL, 0x47afba497e7ea7a2ULL,
      0xcf9bb18d1ece5fd6ULL}},
    {{0x87bee7d24f060572ULL, 0xd0fd2add2f1c6ae5ULL, 0x8f5f7492fcfd4f44ULL,
      0x9f37631a3d9cbfacULL}},
    {{0x4b9e5bbb7689082bULL, 0x397bc04bc6aaa058ULL, 0xd70f2edc7b7bf6e7ULL,
      0x6ed314a75c6b1f82ULL}},
    {{0x0f7dcfa49e0c0ae4ULL, 0xa1fa55ba5e38d5cbULL, 0x1ebee925f9fa9e89ULL,
      0x3e6ec6347b397f59ULL}},
    {{0xd35d438dc58f0d9dULL, 0x0a78eb28f5c70b3dULL, 0x666ea36f7879462cULL,
      0x0e0a77c19a07df2fULL}},
    {{0x973cb776ed121056ULL, 0x72f780978d5540b0ULL, 0xae1e5db8f6f7edceULL,
      0xdda6294eb8d63f05ULL}},
    {{0x5b1c2b601495130fULL, 0xdb76160624e37623ULL, 0xf5ce180275769570ULL,
      0xad41dadbd7a49edbULL}},
    {{0x1efb9f493c1815c8ULL, 0x43f4ab74bc71ab96ULL, 0x3d7dd24bf3f53d13ULL,
      0x7cdd8c68f672feb2ULL}},
    {{0xe2db1332639b1881ULL, 0xac7340e353ffe108ULL, 0x852d8c957273e4b5ULL,
      0x4c793df615415e88ULL}},
};

/* out = 9 a + b for a < q, b <= q. The sum is below 10 q, and how often q goes into it, or one less,
 * is read off the bits from 242 on: those of q are 3097.6, and dividing by 3098 what lacks a carry
 * is short by less than 0.003. */
ZK_UNUSED static inline void fp_nine_times_plus(fp_t *out, const fp_t *a, const fp_t *b) {
    uint64_t product[4];
    u128 carry = 0;
    for (int i = 0; i < 4; i++) {
        carry += (u128)a->l[i] * 9;
        product[i] = (uint64_t)carry;
        carry >>= 64;
    }
    const uint64_t top = ((uint64_t)carry << 14) + (product[3] >> 50) + (b->l[3] >> 50);
    zk_add_unreduced(product, product, fp_minus_multiples[top / 3098].l);
    zk_mod_add(out->l, product, b->l, fp_modulus.l);
}

/* out = (9 + u) a; 9 + u is the non-residue xi that the tower and the twist are built with. */
ZK_UNUSED static inline void fp2_mul_xi(fp2_t *out, const fp2_t *a) {
    fp_t minus_c1, c0 = a->c0;
    fp_lift_neg(&minus_c1, &a->c1);
    fp_nine_times_plus(&out->c0, &a->c0, &minus_c1);
    fp_nine_times_plus(&out->c1, &a->c1, &c0);
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
