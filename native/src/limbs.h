/* 256-bit integers on four limbs, and the Montgomery product in portable C. */
#ifndef ZK_LIMBS_H
#define ZK_LIMBS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 u128;

typedef struct {
    uint64_t l[4];
} limbs_t;

/* out = a + b; returns the carry. */
static inline uint64_t limbs_add(uint64_t out[4], const uint64_t a[4], const uint64_t b[4]) {
    u128 acc = 0;
    for (int i = 0; i < 4; i++) {
        acc += (u128)a[i] + b[i];
        out[i] = (uint64_t)acc;
        acc >>= 64;
    }
    return (uint64_t)acc;
}

/* out = a - b; returns the borrow, 0 or 1. */
static inline uint64_t limbs_sub(uint64_t out[4], const uint64_t a[4], const uint64_t b[4]) {
    uint64_t borrow = 0;
    for (int i = 0; i < 4; i++) {
        u128 d = (u128)a[i] - b[i] - borrow;
        out[i] = (uint64_t)d;
        borrow = (uint64_t)(d >> 64) & 1;
    }
    return borrow;
}

/* out = mask ? a : b, mask all ones or zero; constant time. */
static inline void limbs_select(uint64_t out[4], uint64_t mask, const uint64_t a[4],
                                const uint64_t b[4]) {
    for (int i = 0; i < 4; i++) out[i] = (a[i] & mask) | (b[i] & ~mask);
}

/* a < b as integers; constant time. */
static inline bool limbs_less(const uint64_t a[4], const uint64_t b[4]) {
    uint64_t ignored[4];
    return limbs_sub(ignored, a, b) != 0;
}

static inline bool limbs_is_zero(const uint64_t a[4]) { return (a[0] | a[1] | a[2] | a[3]) == 0; }

static inline bool limbs_equal(const uint64_t a[4], const uint64_t b[4]) {
    return ((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3])) == 0;
}

/* One row of a schoolbook product: acc (5 limbs) = (acc + a * w), carry word returned in acc[4]. */
static inline void limbs_mul_add_word(uint64_t acc[5], const uint64_t a[4], uint64_t w) {
    u128 carry = 0;
    for (int j = 0; j < 4; j++) {
        carry += (u128)a[j] * w + acc[j];
        acc[j] = (uint64_t)carry;
        carry >>= 64;
    }
    acc[4] += (uint64_t)carry;
}

/* out = a * b / 2^256 mod m, constant time. m < 2^254 (the "no-carry" case: five limbs suffice).
 * Koc, Acar, Kaliski, "Analyzing and comparing Montgomery multiplication algorithms", CIOS. */
static inline void limbs_montgomery_mul(uint64_t out[4], const uint64_t a[4], const uint64_t b[4],
                                        const uint64_t m[4], uint64_t minus_inverse) {
    uint64_t t[5] = {0};
    for (int i = 0; i < 4; i++) {
        limbs_mul_add_word(t, a, b[i]);
        limbs_mul_add_word(t, m, t[0] * minus_inverse);
        for (int j = 0; j < 4; j++) t[j] = t[j + 1];
        t[4] = 0;
    }
    uint64_t reduced[4];
    uint64_t borrow = limbs_sub(reduced, t, m);
    limbs_select(out, (uint64_t)0 - borrow, t, reduced);
}
#endif
