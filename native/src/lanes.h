/* Eight field elements at a time with AVX-512 IFMA: a vector register holds one limb of each, an
 * element is five limbs of 52 bits, and products are Montgomery products for R = 2^260.
 *
 * The law of lazy reduction. A number of `bound` k is below k m, m being the modulus, and its five
 * limbs are below 2^52 ("normal"). R / m is 84.64, so that
 *     mul, square     of bounds i, j with i j <= 84 gives bound 2        (T / R + m < 2 m)
 *     add             of bounds i, j gives bound i + j
 *     sub             a - b needs a multiple of m not below b: sub(a, b, k) with k at least the
 *                     bound of b gives the bound of a plus k; neg(b, k) gives k + 1
 *     reduce          of a bound up to 84 gives bound 2
 *     canonical       of bound 2 gives bound 1: the one representative below m
 * No bound may pass 84, because 85 m does not fit 260 bits. The names in _raw leave limbs as they
 * come, signed and up to 2^62; `normalize` carries, and the number must then not be negative.
 * Built with -DZK_LANES_VERIFY every number carries its bound, and every operation checks the law
 * and the limbs it is given.
 *
 * Memory holds x 2^256 mod m on four limbs of 64 bits, as everywhere else. `load` unpacks the
 * integer as it stands; `load_montgomery` also shifts it by four bits, which turns x 2^256 into
 * x 2^260, the Montgomery form of the lanes, at a bound of 16; `store_montgomery` divides by 16
 * again. A linear kernel needs neither shift: an integer v as loaded times a constant c in the form
 * c 2^260 is the integer v c.
 *
 * Everything is constant time but names in _vartime. Arguments may alias. Included by variants with
 * AVX-512 F, VL, DQ, BW and IFMA. */
#ifndef ZK_LANES_H
#define ZK_LANES_H
#include <immintrin.h>

enum { ZK_LANES = 8, LANES_LIMBS = 5, LANES_LIMB_BITS = 52, LANES_MAX_BOUND = 84 };

typedef __m512i lanes_word_t; /* one 64-bit word of each lane */

/* An element of each lane; which field is a matter of the functions used. */
typedef struct {
    lanes_word_t l[LANES_LIMBS];
#ifdef ZK_LANES_VERIFY
    unsigned bound;
#endif
} lanes_t;

/* A product, or a sum of products, before reduction: column i weighs 2^(52 i). */
typedef struct {
    lanes_word_t l[2 * LANES_LIMBS];
#ifdef ZK_LANES_VERIFY
    unsigned bound; /* below bound m^2 */
#endif
} lanes_wide_t;

#define LANES_UNROLL _Pragma("GCC unroll 8")
#if defined(ZK_LANES_VERIFY) || defined(__SANITIZE_ADDRESS__) /* or they compile for minutes */
#define LANES_INLINE ZK_UNUSED static __attribute__((noinline))
#else
#define LANES_INLINE ZK_UNUSED static inline __attribute__((always_inline))
#endif

static const uint64_t lanes_mask = ((uint64_t)1 << LANES_LIMB_BITS) - 1;

LANES_INLINE lanes_word_t lanes_set(uint64_t word) {
    return _mm512_set1_epi64((long long)word);
}

LANES_INLINE lanes_word_t lanes_mul_low(lanes_word_t sum, lanes_word_t a, lanes_word_t b) {
    return _mm512_madd52lo_epu64(sum, a, b);
}

LANES_INLINE lanes_word_t lanes_mul_high(lanes_word_t sum, lanes_word_t a, lanes_word_t b) {
    return _mm512_madd52hi_epu64(sum, a, b);
}

#include "lanes_verify.h"
#include "lanes_pack.h"

/* Carry: limbs 0..3 become normal, what is left goes to limb 4. Limbs are signed. */
LANES_INLINE void lanes_carry(lanes_t *a) {
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS - 1; i++) {
        a->l[i + 1] =
            _mm512_add_epi64(a->l[i + 1], _mm512_srai_epi64(a->l[i], LANES_LIMB_BITS));
        a->l[i] = _mm512_and_si512(a->l[i], lanes_set(lanes_mask));
    }
}

/* Limb by limb, for sums that are normalized once at the end. */
LANES_INLINE void lanes_add_raw(lanes_t *out, const lanes_t *a, const lanes_t *b) {
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) out->l[i] = _mm512_add_epi64(a->l[i], b->l[i]);
}

LANES_INLINE void lanes_sub_raw(lanes_t *out, const lanes_t *a, const lanes_t *b) {
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) out->l[i] = _mm512_sub_epi64(a->l[i], b->l[i]);
}

/* Lanes of b where `mask` is set, else of a. */
LANES_INLINE void lanes_select(lanes_t *out, __mmask8 mask, const lanes_t *a, const lanes_t *b) {
    lanes_verify_max(out, a, b);
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++)
        out->l[i] = _mm512_mask_blend_epi64(mask, a->l[i], b->l[i]);
}

LANES_INLINE lanes_t lanes_zero(void) {
    lanes_t zero;
    memset(&zero, 0, sizeof zero);
    LANES_SET_BOUND(&zero, 1);
    return zero;
}

/* The integer product of a and b. */
LANES_INLINE void lanes_wide_mul_add(lanes_wide_t *acc, const lanes_t *a, const lanes_t *b) {
    lanes_verify_product(acc, a, b);
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) {
        LANES_UNROLL
        for (int j = 0; j < LANES_LIMBS; j++) {
            acc->l[i + j] = lanes_mul_low(acc->l[i + j], a->l[i], b->l[j]);
            acc->l[i + j + 1] = lanes_mul_high(acc->l[i + j + 1], a->l[i], b->l[j]);
        }
    }
}

LANES_INLINE lanes_wide_t lanes_wide_zero(void) {
    lanes_wide_t zero;
    memset(&zero, 0, sizeof zero);
    return zero;
}

/* The square: products of different limbs are made once and doubled. */
LANES_INLINE void lanes_wide_square(lanes_wide_t *out, const lanes_t *a) {
    lanes_wide_t acc = lanes_wide_zero();
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) {
        LANES_UNROLL
        for (int j = i + 1; j < LANES_LIMBS; j++) {
            acc.l[i + j] = lanes_mul_low(acc.l[i + j], a->l[i], a->l[j]);
            acc.l[i + j + 1] = lanes_mul_high(acc.l[i + j + 1], a->l[i], a->l[j]);
        }
    }
    LANES_UNROLL
    for (int i = 1; i < 2 * LANES_LIMBS - 1; i++)
        acc.l[i] = _mm512_add_epi64(acc.l[i], acc.l[i]);
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) {
        acc.l[2 * i] = lanes_mul_low(acc.l[2 * i], a->l[i], a->l[i]);
        acc.l[2 * i + 1] = lanes_mul_high(acc.l[2 * i + 1], a->l[i], a->l[i]);
    }
    lanes_verify_product(&acc, a, a);
    *out = acc;
}

static const uint64_t fr8_modulus[LANES_LIMBS] = {0x1f593f0000001, 0x4879b9709143e, 0x181585d2833e8,
                                                  0xa029b85045b68, 0x030644e72e131};
static const uint64_t fr8_minus_inverse = 0x1f593efffffff;
static const uint64_t fp8_modulus[LANES_LIMBS] = {0x08c16d87cfd47, 0x916871ca8d3c2, 0x181585d97816a,
                                                  0xa029b85045b68, 0x030644e72e131};
static const uint64_t fp8_minus_inverse = 0x20782e4866389;

#define FIELD fr
#define LANES fr8
#include "lanes_template.h"
#define FIELD fp
#define LANES fp8
#include "lanes_template.h"
#include "lanes_fp2.h"
#endif
