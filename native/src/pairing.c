/* The optimal ate pairing e: G1 x G2 -> Fp12 (Vercauteren, "Optimal pairings"), raised to
 * (q^12 - 1) / r. Inputs are on their curves and, for G2, in the subgroup. */

static const uint64_t curve_x = 0x44e992b44a6909f1ULL; /* 4965661367192848881 */

/* The digits of 6x + 2 in signed binary form, least significant first. */
static const int8_t ate_loop[66] = {
    0, 0, 0, 1,  0, 1,  0, -1, 0, 0, -1, 0, 0, 0,  1, 0,  0, -1, 0,  -1, 0, 0,
    0, 1, 0, -1, 0, 0,  0, 0,  -1, 0, 0, 1, 0, -1, 0, 0,  1, 0,  0,  0,  0, 0,
    -1, 0, 0, -1, 0, 1, 0, -1, 0, 0,  0, -1, 0, -1, 0, 0, 0, 1,  0,  -1, 0, 1};

/* One pair on its way through the loop; t is homogeneous: (x / z, y / z). */
typedef struct {
    g1_affine_t p;
    g2_affine_t q, minus_q;
    fp2_t x, y, z;
} miller_t;

static void halve(fp2_t *out, const fp2_t *a) {
    static const fp_t half = {{0x87bee7d24f060572ULL, 0xd0fd2add2f1c6ae5ULL, 0x8f5f7492fcfd4f44ULL,
                               0x1f37631a3d9cbfacULL}};
    fp2_scale(out, a, &half);
}

/* f *= the tangent at t, evaluated at p; t = 2t (Costello, Lange, Naehrig, "Faster pairing
 * computations on curves with high-degree twists"). */
static void double_step(fp12_t *f, miller_t *m) {
    fp2_t a, b, c, e, g, h, line_x, line_c;
    fp2_mul(&a, &m->x, &m->y);
    halve(&a, &a);
    fp2_square(&b, &m->y);
    fp2_square(&c, &m->z);
    fp2_double(&e, &c);
    fp2_add(&e, &e, &c);
    fp2_mul(&e, &e, &g2_b);
    fp2_add(&h, &m->y, &m->z);
    fp2_square(&h, &h);
    fp2_sub(&h, &h, &b);
    fp2_sub(&h, &h, &c);
    fp2_sub(&line_c, &e, &b);
    fp2_square(&line_x, &m->x);
    fp2_double(&c, &line_x);
    fp2_add(&line_x, &line_x, &c);
    fp2_double(&c, &e);
    fp2_add(&c, &c, &e);
    fp2_add(&g, &b, &c);
    halve(&g, &g);
    fp2_sub(&c, &b, &c);
    fp2_mul(&m->x, &a, &c);
    fp2_square(&g, &g);
    fp2_square(&e, &e);
    fp2_double(&c, &e);
    fp2_add(&c, &c, &e);
    fp2_sub(&m->y, &g, &c);
    fp2_mul(&m->z, &b, &h);
    fp2_neg(&h, &h);
    fp2_scale(&h, &h, &m->p.y);
    fp2_scale(&line_x, &line_x, &m->p.x);
    fp12_mul_line(f, f, &h, &line_x, &line_c);
}

/* f *= the line through t and q, evaluated at p; t = t + q. */
static void add_step(fp12_t *f, miller_t *m, const g2_affine_t *q) {
    fp2_t theta, lambda, c, d, e, g, h, line_c;
    fp2_mul(&theta, &q->y, &m->z);
    fp2_sub(&theta, &m->y, &theta);
    fp2_mul(&lambda, &q->x, &m->z);
    fp2_sub(&lambda, &m->x, &lambda);
    fp2_square(&c, &theta);
    fp2_square(&d, &lambda);
    fp2_mul(&e, &lambda, &d);
    fp2_mul(&c, &m->z, &c);
    fp2_mul(&g, &m->x, &d);
    fp2_add(&h, &e, &c);
    fp2_sub(&h, &h, &g);
    fp2_sub(&h, &h, &g);
    fp2_mul(&m->x, &lambda, &h);
    fp2_sub(&g, &g, &h);
    fp2_mul(&g, &g, &theta);
    fp2_mul(&d, &e, &m->y);
    fp2_sub(&m->y, &g, &d);
    fp2_mul(&m->z, &m->z, &e);
    fp2_mul(&line_c, &theta, &q->x);
    fp2_mul(&d, &lambda, &q->y);
    fp2_sub(&line_c, &line_c, &d);
    fp2_scale(&lambda, &lambda, &m->p.y);
    fp2_neg(&theta, &theta);
    fp2_scale(&theta, &theta, &m->p.x);
    fp12_mul_line(f, f, &lambda, &theta, &line_c);
}

/* The last two lines: through q^(psi) and -q^(psi^2). */
static void finish_steps(fp12_t *f, miller_t *m) {
    g2_affine_t image;
    g2_frobenius(&image, &m->q);
    add_step(f, m, &image);
    g2_frobenius(&image, &image);
    g2_affine_neg(&image, &image);
    add_step(f, m, &image);
}

/* f *= the Miller functions of n <= MILLER_BATCH pairs, none at infinity, sharing the squarings. */
enum { MILLER_BATCH = 8 };

static void miller_batch(fp12_t *f, miller_t *pairs, size_t n) {
    fp12_t product = fp12_one();
    for (int i = 64; i >= 0; i--) {
        fp12_square(&product, &product);
        for (size_t k = 0; k < n; k++) {
            double_step(&product, &pairs[k]);
            if (ate_loop[i] > 0) add_step(&product, &pairs[k], &pairs[k].q);
            if (ate_loop[i] < 0) add_step(&product, &pairs[k], &pairs[k].minus_q);
        }
    }
    for (size_t k = 0; k < n; k++) finish_steps(&product, &pairs[k]);
    fp12_mul(f, f, &product);
}

/* f = the product of the Miller functions of n pairs; a pair with infinity contributes 1. */
static void miller_loop(fp12_t *f, const g1_affine_t *p, const g2_affine_t *q, size_t n) {
    miller_t pairs[MILLER_BATCH];
    size_t waiting = 0;
    *f = fp12_one();
    for (size_t i = 0; i < n; i++) {
        if (g1_affine_is_infinity(&p[i]) || g2_affine_is_infinity(&q[i])) continue;
        pairs[waiting] = (miller_t){p[i], q[i], q[i], q[i].x, q[i].y, fp2_one};
        g2_affine_neg(&pairs[waiting].minus_q, &q[i]);
        if (++waiting == MILLER_BATCH) {
            miller_batch(f, pairs, waiting);
            waiting = 0;
        }
    }
    if (waiting > 0) miller_batch(f, pairs, waiting);
}

/* a^x in the cyclotomic subgroup. */
static void power_x(fp12_t *out, const fp12_t *a) {
    fp12_t acc = *a, base = *a;
    for (int i = 61; i >= 0; i--) {
        fp12_cyclotomic_square(&acc, &acc);
        if ((curve_x >> i) & 1) fp12_mul(&acc, &acc, &base);
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

static zk_status op_pairing_check(int32_t *is_one, const uint64_t *g1, const uint64_t *g2,
                                  size_t n) {
    fp12_t f, one = fp12_one();
    miller_loop(&f, (const g1_affine_t *)g1, (const g2_affine_t *)g2, n);
    easy_part(&f);
    hard_part(&f);
    *is_one = fp12_equal(&f, &one);
    return ZK_OK;
}

/* The twelve coefficients of 1, w, .., w^11 where w^6 = 9 + u, so (a + b u) w^k = (a - 9 b) w^k +
 * b w^(k + 6). */
static zk_status op_pairing(uint64_t *out, const uint64_t *g1, const uint64_t *g2) {
    fp12_t f;
    miller_loop(&f, (const g1_affine_t *)g1, (const g2_affine_t *)g2, 1);
    easy_part(&f);
    hard_part(&f);
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
