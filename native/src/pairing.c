/* Pairings: the Miller loop (miller.h), then the final exponentiation. Inputs are on their curves
 * and, for G2, in the subgroup; a pair with infinity contributes 1. */

/* f = the product of the Miller functions of n pairs. */
static void miller_loop(fp12_t *f, const g1_affine_t *p, const g2_affine_t *q, size_t n) {
    miller_queue_t queue = {.n = 0, .m = 0};
    *f = fp12_one();
    for (size_t i = 0; i < n; i++) miller_push(f, &queue, &p[i], &q[i]);
    miller_flush(f, &queue);
}

static bool exponentiates_to_one(fp12_t *f) {
    const fp12_t one = fp12_one();
    final_exponentiation(f);
    return fp12_equal(f, &one);
}

static zk_status op_pairing_check(int32_t *is_one, const uint64_t *g1, const uint64_t *g2,
                                  size_t n) {
    fp12_t f;
    miller_loop(&f, (const g1_affine_t *)g1, (const g2_affine_t *)g2, n);
    *is_one = exponentiates_to_one(&f);
    return ZK_OK;
}

static zk_status op_miller_product(uint64_t *out, const uint64_t *g1, const uint64_t *g2,
                                   size_t n) {
    miller_loop((fp12_t *)out, (const g1_affine_t *)g1, (const g2_affine_t *)g2, n);
    return ZK_OK;
}

static zk_status op_miller_lines(uint64_t *lines, const uint64_t *g2, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (g2_affine_is_infinity((const g2_affine_t *)g2 + i)) return ZK_BAD_ARGUMENT;
        miller_lines((line_t *)lines + i * MILLER_LINES, (const g2_affine_t *)g2 + i);
    }
    return ZK_OK;
}

static zk_status op_pairing_check_fixed(int32_t *is_one, const uint64_t *factor,
                                        const uint64_t *g1, const uint64_t *g2, size_t n,
                                        const uint64_t *fixed_g1, const uint64_t *lines,
                                        size_t m) {
    miller_queue_t queue = {.n = 0, .m = 0};
    fp12_t f = *(const fp12_t *)factor;
    for (size_t i = 0; i < m; i++)
        miller_push_fixed(&f, &queue, (const g1_affine_t *)fixed_g1 + i,
                          (const line_t *)lines + i * MILLER_LINES);
    for (size_t i = 0; i < n; i++)
        miller_push(&f, &queue, (const g1_affine_t *)g1 + i, (const g2_affine_t *)g2 + i);
    miller_flush(&f, &queue);
    *is_one = exponentiates_to_one(&f);
    return ZK_OK;
}

/* The twelve coefficients of 1, w, .., w^11 where w^6 = 9 + u, so (a + b u) w^k = (a - 9 b) w^k +
 * b w^(k + 6). */
static zk_status op_pairing(uint64_t *out, const uint64_t *g1, const uint64_t *g2) {
    fp12_t f;
    miller_loop(&f, (const g1_affine_t *)g1, (const g2_affine_t *)g2, 1);
    final_exponentiation(&f);
    fp_t *coefficients = (fp_t *)out;
    for (int k = 0; k < 6; k++) {
        const fp2_t *c = fp12_coefficient(&f, k);
        fp_t nine_b = c->c1;
        for (int doubling = 0; doubling < 3; doubling++) fp_double(&nine_b, &nine_b);
        fp_add(&nine_b, &nine_b, &c->c1);
        fp_sub(&coefficients[k], &c->c0, &nine_b);
        coefficients[k + 6] = c->c1;
    }
    return ZK_OK;
}
