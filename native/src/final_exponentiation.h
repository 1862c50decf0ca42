/* The final exponentiation f^((q^12 - 1) / r). */
#ifndef ZK_FINAL_EXPONENTIATION_H
#define ZK_FINAL_EXPONENTIATION_H

/* x = 4965661367192848881 = sum of x_digits[i] 2^i in odd digits below 8, two of which are at least
 * four places apart. */
static const int8_t x_digits[63] = {1, 0, 0, 0, -1, 0, 0, 0, 0, 5, 0, 0,  0, 0, 0, 0,
                                    -7, 0, 0, 0, 7, 0, 0, 0, 0, 5, 0, 0,  0, 0, 1, 0,
                                    0, 0, -3, 0, 0, 0, -5, 0, 0, 0, 5, 0, 0, 0, 0, 3,
                                    0, 0, 0, -3, 0, 0, 0, 0, 5, 0, 0, 0,  0, 0, 1};

/* a^x in the cyclotomic subgroup, where the inverse is the conjugate. */
static void power_x(fp12_t *out, const fp12_t *a) {
    fp12_t odd[4], acc = *a, factor; /* a, a^3, a^5, a^7 */
    fp12_cyclotomic_square(&factor, a);
    odd[0] = *a;
    for (int i = 1; i < 4; i++) fp12_mul(&odd[i], &odd[i - 1], &factor);
    for (int i = 61; i >= 0; i--) {
        fp12_cyclotomic_square(&acc, &acc);
        if (x_digits[i] == 0) continue;
        factor = odd[abs(x_digits[i]) / 2];
        if (x_digits[i] < 0) fp12_conjugate(&factor, &factor);
        fp12_mul(&acc, &acc, &factor);
    }
    *out = acc;
}

/* f^((q^6 - 1)(q^2 + 1)). */
static void easy_part(fp12_t *f) {
    fp12_t inverse, image;
    fp12_inverse_vartime(&inverse, f);
    fp12_conjugate(f, f);
    fp12_mul(f, f, &inverse);
    fp12_frobenius(&image, f);
    fp12_frobenius(&image, &image);
    fp12_mul(f, f, &image);
}

/* f^((q^4 - q^2 + 1) / r), exactly: Scott et al., "On the final exponentiation for calculating
 * pairings on ordinary elliptic curves", y0 y1^2 y2^6 y3^12 y4^18 y5^30 y6^36. */
static void hard_part(fp12_t *f) {
    fp12_t fx, fx2, fx3, y0, y1, y2, y3, y4, y5, y6, t0, t1;
    power_x(&fx, f);
    power_x(&fx2, &fx);
    power_x(&fx3, &fx2);
    fp12_frobenius(&y0, f);
    fp12_frobenius(&t0, &y0);
    fp12_frobenius(&t1, &t0);
    fp12_mul(&y0, &y0, &t0);
    fp12_mul(&y0, &y0, &t1);
    fp12_conjugate(&y1, f);
    fp12_conjugate(&y5, &fx2);
    fp12_frobenius(&y3, &fx);
    fp12_frobenius(&y4, &fx2);
    fp12_frobenius(&y2, &y4);
    fp12_mul(&y4, &y4, &fx);
    fp12_frobenius(&y6, &fx3);
    fp12_mul(&y6, &y6, &fx3);
    fp12_conjugate(&y3, &y3);
    fp12_conjugate(&y4, &y4);
    fp12_conjugate(&y6, &y6);
    fp12_cyclotomic_square(&t0, &y6);
    fp12_mul(&t0, &t0, &y4);
    fp12_mul(&t0, &t0, &y5);
    fp12_mul(&t1, &y3, &y5);
    fp12_mul(&t1, &t1, &t0);
    fp12_mul(&t0, &t0, &y2);
    fp12_cyclotomic_square(&t1, &t1);
    fp12_mul(&t1, &t1, &t0);
    fp12_cyclotomic_square(&t1, &t1);
    fp12_mul(&t0, &t1, &y1);
    fp12_mul(&t1, &t1, &y0);
    fp12_cyclotomic_square(&t0, &t0);
    fp12_mul(f, &t0, &t1);
}

static void final_exponentiation(fp12_t *f) {
    easy_part(f);
    hard_part(f);
}
#endif
