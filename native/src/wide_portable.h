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

/* out = acc / 2^256 mod m, not fully reduced: at most acc / 2^256 + m, which must be below 2^256. */
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
#endif
