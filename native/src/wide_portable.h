/* Unreduced products in portable C. wide_adx.h offers the same names. */
#ifndef ZK_WIDE_PORTABLE_H
#define ZK_WIDE_PORTABLE_H

/* acc += a * b, below 2^512. */
static inline void zk_wide_mul_add(uint64_t acc[8], const uint64_t a[4], const uint64_t b[4]) {
    uint64_t carry_in = 0; /* out of the limb above the row just added */
    for (int i = 0; i < 4; i++) {
        u128 carry = 0;
        for (int j = 0; j < 4; j++) {
            carry += (u128)a[j] * b[i] + acc[i + j];
            acc[i + j] = (uint64_t)carry;
            carry >>= 64;
        }
        carry += (u128)acc[i + 4] + carry_in;
        acc[i + 4] = (uint64_t)carry;
        carry_in = (uint64_t)(carry >> 64);
    }
}

/* out = acc / 2^256 mod m, not fully reduced: at most acc / 2^256 + m, which must be below
 * 2^256. */
static inline void zk_wide_reduce(uint64_t out[4], const uint64_t acc[8], const uint64_t m[4],
                                  uint64_t minus_inverse) {
    uint64_t t[5] = {acc[0], acc[1], acc[2], acc[3], 0};
    for (int i = 0; i < 4; i++) {
        limbs_mul_add_word(t, m, t[0] * minus_inverse);
        for (int j = 0; j < 4; j++) t[j] = t[j + 1];
        t[4] = 0;
    }
    limbs_add(out, t, acc + 4);
}

/* out = a * b, any two 256-bit integers. */
static inline void zk_wide_mul(uint64_t out[8], const uint64_t a[4], const uint64_t b[4]) {
    for (int i = 0; i < 8; i++) out[i] = 0;
    zk_wide_mul_add(out, a, b);
}

/* out = a + b, below 2^256. */
static inline void zk_add_unreduced(uint64_t out[4], const uint64_t a[4], const uint64_t b[4]) {
    limbs_add(out, a, b);
}

/* out = a - b, which is not negative. */
static inline void zk_sub_unreduced(uint64_t out[4], const uint64_t a[4], const uint64_t b[4]) {
    limbs_sub(out, a, b);
}

/* acc = acc - b, plus 2^256 m if that is negative. */
static inline void zk_wide_sub(uint64_t acc[8], const uint64_t b[8], const uint64_t m[4]) {
    uint64_t borrow = 0, fixup[4];
    for (int i = 0; i < 8; i++) {
        u128 d = (u128)acc[i] - b[i] - borrow;
        acc[i] = (uint64_t)d;
        borrow = (uint64_t)(d >> 64) & 1;
    }
    for (int i = 0; i < 4; i++) fixup[i] = m[i] & ((uint64_t)0 - borrow);
    limbs_add(acc + 4, acc + 4, fixup);
}

/* acc = acc - b - c, which is not negative. */
static inline void zk_wide_sub_two(uint64_t acc[8], const uint64_t b[8], const uint64_t c[8]) {
    static const uint64_t nothing[4] = {0, 0, 0, 0};
    zk_wide_sub(acc, b, nothing);
    zk_wide_sub(acc, c, nothing);
}

/* out = acc / 2^256 mod m, reduced, for acc < 2^256 m. */
static inline void zk_wide_reduce_full(uint64_t out[4], const uint64_t acc[8], const uint64_t m[4],
                                       uint64_t minus_inverse) {
    uint64_t t[4], reduced[4];
    zk_wide_reduce(t, acc, m, minus_inverse);
    uint64_t borrow = limbs_sub(reduced, t, m);
    limbs_select(out, (uint64_t)0 - borrow, t, reduced);
}
#endif
