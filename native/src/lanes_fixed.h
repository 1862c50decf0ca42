/* Eight elements of Fr times a factor that is known beforehand (V. Shoup's trick, as in NTL):
 * beside the factor w stands floor(w R / m), from which the quotient of x w by m is estimated, so
 * that a product takes 75 of the machine's multiplications where Montgomery's takes 100. Nothing is
 * in Montgomery form: v times w is the integer v w mod m.
 *
 * In the law of lanes.h: a product has bound 11, whatever the bound of x. The estimate sums columns
 * 5 to 9 of x floor(w R / m) and leaves out the nine parts of column 4 and those below, worth less
 * than 9.01; the factor's rounding is worth less than 1. */
#ifndef ZK_LANES_FIXED_H
#define ZK_LANES_FIXED_H

/* The integer w and floor(w 2^260 / m). */
typedef struct {
    uint64_t factor[LANES_LIMBS], quotient[LANES_LIMBS];
} fr8_fixed_t;

enum { FR8_FIXED_BOUND = 11 };

/* 2^260 - m */
static const uint64_t fr8_minus_modulus[LANES_LIMBS] = {
    0xe0a6c0fffffff, 0xb786468f6ebc1, 0xe7ea7a2d7cc17, 0x5fd647afba497, 0xfcf9bb18d1ece};
/* -1 / m mod 2^260 */
static const uint64_t fr8_minus_inverse_long[LANES_LIMBS] = {
    0x1f593efffffff, 0x4b4c6911b3c2e, 0x9062391658686, 0x41b2e39a98289, 0x273f82f1d0d83};

/* acc += a b mod 2^260, in columns. */
LANES_INLINE void lanes_mul_add_low_half(lanes_word_t acc[LANES_LIMBS], const lanes_word_t *a,
                                         const lanes_word_t *b) {
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) {
        LANES_UNROLL
        for (int j = 0; i + j < LANES_LIMBS; j++) {
            acc[i + j] = lanes_mul_low(acc[i + j], a[i], b[j]);
            if (i + j + 1 < LANES_LIMBS)
                acc[i + j + 1] = lanes_mul_high(acc[i + j + 1], a[i], b[j]);
        }
    }
}

/* acc = a b / 2^260 in columns, without what columns 0 to 4 would add. */
LANES_INLINE void lanes_mul_high_half(lanes_word_t acc[LANES_LIMBS], const lanes_word_t *a,
                                      const lanes_word_t *b) {
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) acc[i] = _mm512_setzero_si512();
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) {
        LANES_UNROLL
        for (int j = LANES_LIMBS - 1 - i; j < LANES_LIMBS; j++) {
            const int column = i + j - LANES_LIMBS;
            if (column >= 0) acc[column] = lanes_mul_low(acc[column], a[i], b[j]);
            acc[column + 1] = lanes_mul_high(acc[column + 1], a[i], b[j]);
        }
    }
}

/* x w mod m, bound 11, in columns that are right modulo 2^260. */
LANES_INLINE void fr8_fixed_columns(lanes_word_t out[LANES_LIMBS], const fr8_t *x,
                                    const fr8_fixed_t *w) {
    lanes_word_t factor[LANES_LIMBS], quotient[LANES_LIMBS], minus_modulus[LANES_LIMBS];
    lanes_word_t q[LANES_LIMBS];
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) {
        factor[i] = lanes_set(w->factor[i]);
        quotient[i] = lanes_set(w->quotient[i]);
        minus_modulus[i] = lanes_set(fr8_minus_modulus[i]);
        out[i] = _mm512_setzero_si512();
    }
    lanes_mul_high_half(q, x->l, quotient);
    lanes_mul_add_low_half(out, x->l, factor);
    LANES_UNROLL /* a product takes the low 52 bits of q: no mask */
    for (int i = 0; i < LANES_LIMBS - 1; i++)
        q[i + 1] = _mm512_add_epi64(q[i + 1], _mm512_srli_epi64(q[i], LANES_LIMB_BITS));
    lanes_mul_add_low_half(out, q, minus_modulus);
}

/* Normal limbs of signed columns that stand for a number of this bound modulo 2^260. */
LANES_INLINE void fr8_normalize_columns(fr8_t *a, unsigned bound) {
    lanes_carry(a);
    a->l[LANES_LIMBS - 1] = _mm512_and_si512(a->l[LANES_LIMBS - 1], lanes_set(lanes_mask));
    LANES_SET_BOUND(a, bound);
    (void)bound;
    lanes_verify_number(a, fr8_modulus);
}

/* x w mod m, bound 11. */
LANES_INLINE void fr8_mul_fixed(fr8_t *out, const fr8_t *x, const fr8_fixed_t *w) {
    lanes_word_t columns[LANES_LIMBS];
    lanes_verify_number(x, fr8_modulus);
    fr8_fixed_columns(columns, x, w);
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) out->l[i] = columns[i];
    fr8_normalize_columns(out, FR8_FIXED_BOUND);
}

/* a, b = a + w b, a - w b: 11 is added to the bound of a. */
LANES_INLINE void fr8_butterfly_fixed(fr8_t *a, fr8_t *b, const fr8_fixed_t *w) {
    lanes_word_t product[LANES_LIMBS];
    lanes_verify_number(a, fr8_modulus);
    lanes_verify_number(b, fr8_modulus);
    fr8_fixed_columns(product, b, w);
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) {
        const lanes_word_t left = a->l[i];
        const lanes_word_t lifted =
            _mm512_add_epi64(left, lanes_set(FR8_FIXED_BOUND * fr8_modulus[i]));
        a->l[i] = _mm512_add_epi64(left, product[i]);
        b->l[i] = _mm512_sub_epi64(lifted, product[i]);
    }
    fr8_normalize_columns(a, LANES_BOUND(a) + FR8_FIXED_BOUND);
    fr8_normalize_columns(b, LANES_BOUND(a));
}

/* The factors whose Montgomery forms w 2^260 are given, canonical, with their quotients:
 * w 2^260 = quotient m + (w 2^260 mod m), hence quotient = -(w 2^260 mod m) / m mod 2^260. */
ZK_UNUSED static void fr8_fixed_from(fr8_fixed_t out[ZK_LANES], const fr8_t *montgomery) {
    fr8_t one = lanes_zero(), plain, quotient = lanes_zero(), minus_inverse;
    one.l[0] = lanes_set(1);
    fr8_mul(&plain, montgomery, &one);
    fr8_canonical(&plain, &plain);
    for (int i = 0; i < LANES_LIMBS; i++) minus_inverse.l[i] = lanes_set(fr8_minus_inverse_long[i]);
    lanes_mul_add_low_half(quotient.l, montgomery->l, minus_inverse.l);
    lanes_carry(&quotient);
    for (int i = 0; i < LANES_LIMBS; i++) {
        uint64_t factors[ZK_LANES], quotients[ZK_LANES];
        memcpy(factors, &plain.l[i], sizeof factors);
        memcpy(quotients, &quotient.l[i], sizeof quotients);
        for (int lane = 0; lane < ZK_LANES; lane++) {
            out[lane].factor[i] = factors[lane];
            out[lane].quotient[i] = quotients[lane] & lanes_mask;
        }
    }
}
#endif
