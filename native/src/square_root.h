/* Square roots in Fr by Tonelli and Shanks: r - 1 = 2^28 * odd. Variable time. */
#ifndef ZK_SQUARE_ROOT_H
#define ZK_SQUARE_ROOT_H

enum { FR_TWO_ADICITY = 28 };

static void limbs_shift_right(uint64_t out[4], const uint64_t a[4], int bits) {
    for (int i = 0; i < 4; i++) out[i] = a[i] >> bits | (i < 3 ? a[i + 1] << (64 - bits) : 0);
}

/* 5^odd, of order 2^28: 5 generates the multiplicative group. */
static void fr_two_power_root(fr_t *out, const uint64_t odd[4]) {
    const fr_t five = {{5, 0, 0, 0}};
    fr_t base;
    fr_to_montgomery(&base, &five);
    fr_pow_vartime(out, &base, odd);
}

/* a^(2^k) == -1 */
static bool fr_power_is_minus_one(const fr_t *a, int k) {
    fr_t power = *a, minus_one;
    for (int i = 0; i < k; i++) fr_square(&power, &power);
    fr_neg(&minus_one, &fr_one);
    return fr_equal(&power, &minus_one);
}

/* Of a and -a the one whose canonical value is at most (r-1)/2. */
static void fr_lower_of_pair(fr_t *a) {
    fr_t canonical;
    uint64_t half[4];
    fr_from_montgomery(&canonical, a);
    limbs_shift_right(half, fr_modulus.l, 1);
    if (limbs_less(half, canonical.l)) fr_neg(a, a);
}

/* out = the square root whose canonical value is at most (r-1)/2, or 0 when there is none. */
static void fr_square_root_vartime(fr_t *out, const fr_t *a) {
    uint64_t odd[4], half_odd[4];
    limbs_shift_right(odd, fr_modulus.l, FR_TWO_ADICITY);
    limbs_shift_right(half_odd, odd, 1);
    fr_t root, error, correction;
    fr_pow_vartime(&error, a, half_odd); /* a^((odd-1)/2) */
    fr_mul(&root, a, &error);
    fr_mul(&error, &root, &error); /* from here on: root^2 = a * error; now error = a^odd */
    if (fr_power_is_minus_one(&error, FR_TWO_ADICITY - 1)) {
        *out = fr_zero();
        return;
    }
    fr_two_power_root(&correction, odd);
    for (int k = FR_TWO_ADICITY - 2; k >= 0; k--) {
        /* error has order 2^(k+1) at most, correction has order 2^(k+2) */
        const bool has_full_order = fr_power_is_minus_one(&error, k);
        if (has_full_order) fr_mul(&root, &root, &correction);
        fr_square(&correction, &correction);
        if (has_full_order) fr_mul(&error, &error, &correction);
    }
    fr_lower_of_pair(&root);
    *out = root;
}
#endif
