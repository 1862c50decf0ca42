/* Scalars cut in half by an endomorphism: k = k0 + k1 lambda mod r with |k0|, |k1| < 2^127, where
 * lambda is a cube root of 1 mod r. On points of order r, lambda (x, y) = (beta x, y) for a cube
 * root beta of 1 mod q; in G2 it is the other one. Gallant, Lambert, Vanstone, "Faster point
 * multiplication on elliptic curves with efficient endomorphisms". */
#ifndef ZK_GLV_H
#define ZK_GLV_H

enum { GLV_DIGIT_BITS = 4, GLV_DIGITS = 32, GLV_LARGEST_DIGIT = 8 };

/* beta in Montgomery form. */
static const fp_t g1_beta = {{0x71930c11d782e155ULL, 0xa6bb947cffbe3323ULL, 0xaa303344d4741444ULL,
                              0x2c3b3f0d26594943ULL}};
static const fp_t g2_beta = {{0x3350c88e13e80b9cULL, 0x7dce557cdb5e56b9ULL, 0x6001b4b8b615564aULL,
                              0x2682e617020217e0ULL}};

/* The pairs (k0, k1) that stand for 0 mod r form a lattice with the basis (SHORT, -LONG),
 * (LONG + SHORT, SHORT): the multiples of it nearest to (k, 0) leave a small rest. */
static const uint64_t glv_short = 0x89d3256894d213e3ULL;
static const uint64_t glv_long[2] = {0x8211bbeb7d4f1128ULL, 0x6f4d8248eeb859fcULL};
static const uint64_t glv_longer[2] = {0x0be4e1541221250bULL, 0x6f4d8248eeb859fdULL};
/* 2^256 SHORT / r and 2^256 LONG / r, rounded. */
static const uint64_t glv_short_over_r[2] = {0xd91d232ec7e0b3d7ULL, 0x0000000000000002ULL};
static const uint64_t glv_long_over_r[3] = {0x7a7bd9d4391eb18eULL, 0x4ccef014a773d2cfULL, 0x0000000000000002ULL};

/* out (n + m words) = a (n words) times b (m words). */
static inline void glv_mul(uint64_t *out, const uint64_t *a, size_t n, const uint64_t *b, size_t m) {
    memset(out, 0, (n + m) * sizeof *out);
    for (size_t i = 0; i < m; i++) {
        u128 carry = 0;
        for (size_t j = 0; j < n; j++) {
            carry += (u128)a[j] * b[i] + out[i + j];
            out[i + j] = (uint64_t)carry;
            carry >>= 64;
        }
        out[i + n] = (uint64_t)carry;
    }
}

/* out = k * ratio / 2^256, to the nearest; ratio has `words` words. */
static inline void glv_quotient(uint64_t out[2], const limbs_t *k, const uint64_t *ratio,
                                size_t words) {
    uint64_t product[8] = {0};
    glv_mul(product, k->l, 4, ratio, words);
    u128 low = (u128)product[4] + (product[3] >> 63);
    out[0] = (uint64_t)low;
    out[1] = product[5] + (uint64_t)(low >> 64);
}

/* Signed digits, |k| = sum of d_i 16^i with -7 <= d_i <= 8; `k` is in two's complement. */
static inline void glv_digits(int8_t digits[GLV_DIGITS], limbs_t k) {
    bool negative = k.l[3] >> 63;
    if (negative) {
        const limbs_t zero = {{0, 0, 0, 0}};
        limbs_sub(k.l, zero.l, k.l);
    }
    int carry = 0;
    for (int i = 0; i < GLV_DIGITS; i++) {
        int digit = (int)(k.l[i >> 4] >> (4 * (i & 15)) & 15) + carry;
        carry = digit > GLV_LARGEST_DIGIT;
        digit -= carry << GLV_DIGIT_BITS;
        digits[i] = (int8_t)(negative ? -digit : digit);
    }
}

/* The digits of both halves of a canonical scalar; variable time. */
ZK_UNUSED static void glv_split(int8_t first[GLV_DIGITS], int8_t second[GLV_DIGITS],
                                const limbs_t *k) {
    uint64_t c0[2], c1[2];
    limbs_t t, k0, k1;
    glv_quotient(c0, k, glv_short_over_r, 2);
    glv_quotient(c1, k, glv_long_over_r, 3);
    /* k0 = k - c0 SHORT - c1 LONGER, k1 = c0 LONG - c1 SHORT */
    glv_mul(t.l, c1, 2, glv_longer, 2);
    limbs_sub(k0.l, k->l, t.l);
    const uint64_t short_words[2] = {glv_short, 0};
    glv_mul(t.l, c0, 2, short_words, 2);
    limbs_sub(k0.l, k0.l, t.l);
    glv_mul(k1.l, c0, 2, glv_long, 2);
    glv_mul(t.l, c1, 2, short_words, 2);
    limbs_sub(k1.l, k1.l, t.l);
    glv_digits(first, k0);
    glv_digits(second, k1);
}
#endif
