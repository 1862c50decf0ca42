/* Fp2 = Fp[u] / (u^2 + 1) in eight lanes. A bound is that of both coefficients. */
#ifndef ZK_LANES_FP2_H
#define ZK_LANES_FP2_H

typedef struct {
    fp8_t c0, c1;
} fp28_t;

LANES_INLINE void fp28_add(fp28_t *out, const fp28_t *a, const fp28_t *b) {
    fp8_add(&out->c0, &a->c0, &b->c0);
    fp8_add(&out->c1, &a->c1, &b->c1);
}

/* a - b + k m, k at least the bound of b. */
LANES_INLINE void fp28_sub(fp28_t *out, const fp28_t *a, const fp28_t *b, unsigned k) {
    fp8_sub(&out->c0, &a->c0, &b->c0, k);
    fp8_sub(&out->c1, &a->c1, &b->c1, k);
}

LANES_INLINE void fp28_reduce(fp28_t *out, const fp28_t *a) {
    fp8_reduce(&out->c0, &a->c0);
    fp8_reduce(&out->c1, &a->c1);
}

/* out = (positive - negative) / 2^260, bound 3, for sums of products of bounds up to 84 each. */
LANES_INLINE void fp28_reduce_difference(fp8_t *out, const lanes_wide_t *positive,
                                         const lanes_wide_t *negative) {
    lanes_wide_t difference;
    lanes_require(LANES_BOUND(positive) <= LANES_MAX_BOUND, "a product above 84 m^2");
    lanes_require(LANES_BOUND(negative) <= LANES_MAX_BOUND, "a product above 84 m^2");
    LANES_UNROLL
    for (int i = 0; i < 2 * LANES_LIMBS; i++)
        difference.l[i] = _mm512_sub_epi64(positive->l[i], negative->l[i]);
    fp8_wide_reduce_raw(out, &difference);
    fp8_lift_raw(out, 1);
    fp8_normalize(out, 3);
}

/* Karatsuba: three products, two reductions. Bounds i, j with i j <= 21 give bound 3. */
LANES_INLINE void fp28_mul(fp28_t *out, const fp28_t *a, const fp28_t *b) {
    lanes_wide_t low = lanes_wide_zero(), high = low, cross = low;
    fp8_t sum_a, sum_b;
    fp8_add(&sum_a, &a->c0, &a->c1);
    fp8_add(&sum_b, &b->c0, &b->c1);
    lanes_wide_mul_add(&low, &a->c0, &b->c0);
    lanes_wide_mul_add(&high, &a->c1, &b->c1);
    lanes_wide_mul_add(&cross, &sum_a, &sum_b);
    lanes_require(LANES_BOUND(&cross) <= LANES_MAX_BOUND, "a product above 84 m^2");
    LANES_UNROLL
    for (int i = 0; i < 2 * LANES_LIMBS; i++) {
        __m512i both = _mm512_add_epi64(low.l[i], high.l[i]);
        cross.l[i] = _mm512_sub_epi64(cross.l[i], both);
    }
    fp28_reduce_difference(&out->c0, &low, &high);
    fp8_wide_reduce(&out->c1, &cross);
}

/* (c0 + c1)(c0 - c1) + (2 c0) c1 u: bound i up to 4 gives bound 2. */
LANES_INLINE void fp28_square(fp28_t *out, const fp28_t *a) {
    fp8_t sum, difference, twice;
    fp8_add(&sum, &a->c0, &a->c1);
    fp8_sub(&difference, &a->c0, &a->c1, 4);
    fp8_add(&twice, &a->c0, &a->c0);
    fp8_mul(&out->c1, &twice, &a->c1);
    fp8_mul(&out->c0, &sum, &difference);
}

/* c0^2 + c1^2, bound up to 6 gives bound 2. */
LANES_INLINE void fp28_norm(fp8_t *out, const fp28_t *a) {
    lanes_wide_t sum = lanes_wide_zero();
    lanes_wide_mul_add(&sum, &a->c0, &a->c0);
    lanes_wide_mul_add(&sum, &a->c1, &a->c1);
    fp8_wide_reduce(out, &sum);
}

LANES_INLINE void fp28_scale(fp28_t *out, const fp28_t *a, const fp8_t *factor) {
    fp8_mul(&out->c0, &a->c0, factor);
    fp8_mul(&out->c1, &a->c1, factor);
}
#endif
