/* Block-wise affine addition, eight sums at a time. A sum is *out = (+-)*left (+-)*right; sums wait
 * in a block (see batch_add_lanes_template.h) and share one inversion when it is carried out:
 *
 *     lanes_adder_reset(adder);
 *     lanes_adder_push(adder, out, left, left_negative, right, right_negative);   any number
 *     lanes_adder_flush(adder);
 *
 * each name with the group before it, as g1_lanes_adder_t. Operands are read, and *out is written,
 * when the block is full or at the flush. Until then they must stay as they are, no operand may be
 * the `out` of a pending sum, and no two pending sums share an `out`; `left` and `out` of one sum
 * may be the same place. Any two points may be added, but equal, opposite and infinite ones make their
 * block slower. G(adder_t) of batch_add.h is built on this one and copies its operands.
 *
 * Coordinates are taken as the memory holds them: the integer x 2^256 stands for x, and needs no
 * shift to the Montgomery form of the lanes. With products that divide by 2^260, slopes come out as
 * L 2^258 for the slope L when inverses are D^-1 2^262. Then L^2 is right as it is,
 *     (L 2^258)^2 / 2^260 = L^2 2^256,
 * and the product of L with a difference is too small by 4. */
#ifndef ZK_BATCH_ADD_LANES_H
#define ZK_BATCH_ADD_LANES_H

enum {
    ADD_GROUP = 4, /* vectors that each step handles together */
    ADD_GROUP_SUMS = ADD_GROUP * ZK_LANES,
    /* Sums of a block: many to share the inversion, few enough for the second-level cache. */
    g1_add_sums = 1024,
    g2_add_sums = 512
};

/* Row i, word j becomes row j, word i. */
LANES_INLINE void lanes_transpose(lanes_word_t r[8]) {
    __m512i t[8], low[4], high[4];
    LANES_UNROLL
    for (int i = 0; i < 4; i++) {
        t[i] = _mm512_unpacklo_epi64(r[2 * i], r[2 * i + 1]);
        t[4 + i] = _mm512_unpackhi_epi64(r[2 * i], r[2 * i + 1]);
    }
    LANES_UNROLL
    for (int i = 0; i < 4; i++) {
        low[i] = _mm512_shuffle_i64x2(t[2 * i], t[2 * i + 1], 0x88);
        high[i] = _mm512_shuffle_i64x2(t[2 * i], t[2 * i + 1], 0xdd);
    }
    LANES_UNROLL
    for (int i = 0; i < 2; i++) {
        r[i] = _mm512_shuffle_i64x2(low[2 * i], low[2 * i + 1], 0x88);
        r[2 + i] = _mm512_shuffle_i64x2(high[2 * i], high[2 * i + 1], 0x88);
        r[4 + i] = _mm512_shuffle_i64x2(low[2 * i], low[2 * i + 1], 0xdd);
        r[6 + i] = _mm512_shuffle_i64x2(high[2 * i], high[2 * i + 1], 0xdd);
    }
}

/* The arithmetic that differs between coordinates in Fp and in Fp2. `raw` results are signed. */
enum { fp8_words = 4, fp28_words = 8 };

LANES_INLINE void fp8_from_plain(fp8_t *out, const lanes_word_t words[4]) {
    lanes_words_t w;
    LANES_UNROLL
    for (int i = 0; i < 4; i++) w.w[i] = words[i];
    lanes_split(out, &w);
    LANES_SET_BOUND(out, 1);
}

LANES_INLINE void fp8_to_plain(lanes_word_t words[4], const fp8_t *a) {
    lanes_words_t w;
    lanes_join(&w, a);
    LANES_UNROLL
    for (int i = 0; i < 4; i++) words[i] = w.w[i];
}

LANES_INLINE void fp8_least(fp8_t *a) {
    fp8_reduce(a, a);
    fp8_canonical(a, a);
}

/* m - a in the lanes of `mask`, for a bound of 1; bound 2, raw. */
LANES_INLINE void fp8_negate_raw(fp8_t *a, __mmask8 mask) {
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++)
        a->l[i] = _mm512_mask_sub_epi64(a->l[i], mask, lanes_set(fp8_modulus[i]), a->l[i]);
    LANES_SET_BOUND(a, 2);
}

/* 4 (a - b + m), for bounds of 1. */
LANES_INLINE void fp8_sub_times_4(fp8_t *out, const fp8_t *a, const fp8_t *b) {
    lanes_require(LANES_BOUND(a) == 1 && LANES_BOUND(b) == 1, "a difference that may be negative");
    lanes_sub_raw(out, a, b);
    fp8_lift_raw(out, 1);
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) out->l[i] = _mm512_slli_epi64(out->l[i], 2);
    fp8_normalize(out, 8);
}

/* Raw limbs of a number that is not negative, of a bound up to 84, become bound 1. The top limb is
 * wrong by one at most while lower limbs are not carried; so it is estimated low, and the quotient
 * by m may be 1 too low, as in fp8_reduce. */
LANES_INLINE void fp8_least_of_raw(fp8_t *out, const fp8_t *a) {
    const __m512i zero = _mm512_setzero_si512();
    __m512i top = _mm512_add_epi64(a->l[4], _mm512_srai_epi64(a->l[3], LANES_LIMB_BITS));
    top = _mm512_max_epi64(_mm512_sub_epi64(top, lanes_set(1)), zero);
    top = lanes_mul_high(zero, top, lanes_set((uint64_t)fp8_quotient_factor));
    const __m512i quotient = _mm512_srli_epi64(top, 6);
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) {
        __m512i multiple = _mm512_mullo_epi64(quotient, lanes_set(fp8_modulus[i]));
        out->l[i] = _mm512_sub_epi64(a->l[i], multiple);
    }
    fp8_normalize(out, 2);
    fp8_canonical(out, out);
}

/* a - b - c + 2 m, for bounds of 1 of b and c; reduced to bound 1. `a` may be raw. */
LANES_INLINE void fp8_sub_two(fp8_t *out, const fp8_t *a, const fp8_t *b, const fp8_t *c) {
    fp8_t rest;
    lanes_require(LANES_BOUND(b) == 1 && LANES_BOUND(c) == 1, "a difference that may be negative");
    lanes_sub_raw(&rest, a, b);
    lanes_sub_raw(&rest, &rest, c);
    fp8_lift_raw(&rest, 2);
    lanes_require(LANES_BOUND(a) + 2 <= LANES_MAX_BOUND, "a bound above 84");
    fp8_least_of_raw(out, &rest);
}

/* a - b + 2 m, for a bound of 2 of b; reduced to bound 1. Both may be raw. */
LANES_INLINE void fp8_sub_least(fp8_t *out, const fp8_t *a, const fp8_t *b) {
    fp8_t rest;
    lanes_require(LANES_BOUND(b) <= 2, "a difference that may be negative");
    lanes_require(LANES_BOUND(a) + 2 <= LANES_MAX_BOUND, "a bound above 84");
    lanes_sub_raw(&rest, a, b);
    fp8_lift_raw(&rest, 2);
    fp8_least_of_raw(out, &rest);
}

LANES_INLINE void fp8_select(fp8_t *out, __mmask8 mask, const fp8_t *a, const fp8_t *b) {
    lanes_select(out, mask, a, b);
}

LANES_INLINE fp8_t fp8_plain_zero(void) { return lanes_zero(); }

/* The integer 1. */
LANES_INLINE fp8_t fp8_plain_one(void) {
    fp8_t one = lanes_zero();
    one.l[0] = lanes_set(1);
    LANES_SET_BOUND(&one, 1);
    return one;
}

LANES_INLINE void fp8_norm(fp8_t *out, const fp8_t *a) { *out = *a; }

LANES_INLINE void fp8_divide(fp8_t *out, const fp8_t *a, const fp8_t *b, const fp8_t *inverse) {
    (void)b;
    fp8_mul(out, a, inverse);
}

/* Bound 2 in and out; slow. */
LANES_INLINE void fp8_times_48(fp8_t *out, const fp8_t *a) {
    fp8_t thrice;
    fp8_add(&thrice, a, a);
    fp8_add(&thrice, &thrice, a);
    fp8_reduce(out, &thrice);
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) out->l[i] = _mm512_slli_epi64(out->l[i], 4);
    fp8_normalize(out, 32);
    fp8_reduce(out, out);
}

/* 3 x^2 for the slope of a tangent: the product of plain integers is too small by 16. */
LANES_INLINE void fp8_tangent(fp8_t *out, const fp8_t *x) {
    fp8_t square;
    fp8_square(&square, x);
    fp8_times_48(out, &square);
}

LANES_INLINE void fp28_from_plain(fp28_t *out, const lanes_word_t words[8]) {
    fp8_from_plain(&out->c0, words);
    fp8_from_plain(&out->c1, words + 4);
}

LANES_INLINE void fp28_to_plain(lanes_word_t words[8], const fp28_t *a) {
    fp8_to_plain(words, &a->c0);
    fp8_to_plain(words + 4, &a->c1);
}

LANES_INLINE void fp28_least(fp28_t *a) {
    fp8_least(&a->c0);
    fp8_least(&a->c1);
}

LANES_INLINE void fp28_negate_raw(fp28_t *a, __mmask8 mask) {
    fp8_negate_raw(&a->c0, mask);
    fp8_negate_raw(&a->c1, mask);
}

LANES_INLINE void fp28_sub_times_4(fp28_t *out, const fp28_t *a, const fp28_t *b) {
    fp8_sub_times_4(&out->c0, &a->c0, &b->c0);
    fp8_sub_times_4(&out->c1, &a->c1, &b->c1);
}

LANES_INLINE void fp28_sub_two(fp28_t *out, const fp28_t *a, const fp28_t *b, const fp28_t *c) {
    fp8_sub_two(&out->c0, &a->c0, &b->c0, &c->c0);
    fp8_sub_two(&out->c1, &a->c1, &b->c1, &c->c1);
}

LANES_INLINE void fp28_sub_least(fp28_t *out, const fp28_t *a, const fp28_t *b) {
    fp8_sub_least(&out->c0, &a->c0, &b->c0);
    fp8_sub_least(&out->c1, &a->c1, &b->c1);
}

LANES_INLINE void fp28_mul_raw(fp28_t *out, const fp28_t *a, const fp28_t *b) {
    fp28_mul(out, a, b);
}

LANES_INLINE void fp28_square_raw(fp28_t *out, const fp28_t *a) { fp28_square(out, a); }

LANES_INLINE void fp28_normalize(fp28_t *a, unsigned bound) {
    fp8_normalize(&a->c0, bound);
    fp8_normalize(&a->c1, bound);
}

LANES_INLINE void fp28_select(fp28_t *out, __mmask8 mask, const fp28_t *a, const fp28_t *b) {
    lanes_select(&out->c0, mask, &a->c0, &b->c0);
    lanes_select(&out->c1, mask, &a->c1, &b->c1);
}

LANES_INLINE fp28_t fp28_plain_zero(void) { return (fp28_t){lanes_zero(), lanes_zero()}; }

LANES_INLINE fp28_t fp28_plain_one(void) { return (fp28_t){fp8_plain_one(), lanes_zero()}; }

LANES_INLINE __mmask8 fp28_zero_lanes(const fp28_t *a) {
    return fp8_zero_lanes(&a->c0) & fp8_zero_lanes(&a->c1);
}

/* a conjugate(b) times the inverse of b's norm. */
LANES_INLINE void fp28_divide(fp28_t *out, const fp28_t *a, const fp28_t *b, const fp8_t *inverse) {
    fp28_t conjugate = {b->c0, b->c1};
    fp8_neg(&conjugate.c1, &b->c1, 4);
    fp28_mul(out, a, &conjugate);
    fp28_scale(out, out, inverse);
}

LANES_INLINE void fp28_tangent(fp28_t *out, const fp28_t *x) {
    fp28_t square;
    fp28_square(&square, x);
    fp8_times_48(&out->c0, &square.c0);
    fp8_times_48(&out->c1, &square.c1);
}

/* The inverses of four products in every lane: v -> 2^518 / v, as integers modulo m. Bound 2, and
 * none is zero. */
ZK_UNUSED static void lanes_invert_products(fp8_t tails[ADD_GROUP],
                                            const fp8_t products[ADD_GROUP]) {
    fp_t plain[ZK_LANES], inverses[ZK_LANES], factor = fp_one;
    fp8_t pairs[2], all, two_to_266;
    for (int i = 0; i < 6; i++) fp_double(&factor, &factor);
    fp8_broadcast(&two_to_266, &factor);
    fp8_mul(&pairs[0], &products[0], &products[1]);
    fp8_mul(&pairs[1], &products[2], &products[3]);
    fp8_mul(&all, &pairs[0], &pairs[1]);
    fp8_store(plain, &all);
    fp_inverse_batch_vartime(inverses, plain, ZK_LANES); /* v -> 2^512 / v */
    fp8_load(&all, inverses);
    fp8_mul(&all, &all, &two_to_266);
    for (int i = 0; i < 2; i++) {
        fp8_t pair; /* 2^518 / pairs[i] */
        fp8_mul(&pair, &all, &pairs[1 - i]);
        fp8_mul(&tails[2 * i], &pair, &products[2 * i + 1]);
        fp8_mul(&tails[2 * i + 1], &pair, &products[2 * i]);
    }
}

#define GROUP g1
#define LANES fp8
#include "batch_add_lanes_template.h"
#define GROUP g2
#define LANES fp28
#include "batch_add_lanes_template.h"
#endif
