/* The Miller loop of the optimal ate pairing (Vercauteren, "Optimal pairings") for several pairs at
 * once, which share the squarings. A pair is free, with its lines found on the way, or fixed: the
 * lines of its point of G2 are known (miller_lines) and only evaluated. Factors in Fp2 are left out
 * where they are convenient: the final exponentiation takes them to 1. */
#ifndef ZK_MILLER_H
#define ZK_MILLER_H

/* The digits of 6x + 2 in signed binary form, least significant first; the top one is not used. */
enum { ATE_DIGITS = 66 };
static const int8_t ate_loop[ATE_DIGITS] = {
    0, 0, 0, 1,  0, 1,  0, -1, 0, 0, -1, 0, 0, 0,  1, 0,  0, -1, 0,  -1, 0, 0,
    0, 1, 0, -1, 0, 0,  0, 0,  -1, 0, 0, 1, 0, -1, 0, 0,  1, 0,  0,  0,  0, 0,
    -1, 0, 0, -1, 0, 1, 0, -1, 0, 0,  0, -1, 0, -1, 0, 0, 0, 1,  0,  -1, 0, 1};

/* A line through points of the twist: y = slope x - offset. MILLER_LINES of them make up the Miller
 * function of a point: 65 tangents, 21 additions, 2 with images under the Frobenius map. */
typedef struct {
    fp2_t slope, offset;
} line_t;

enum { MILLER_LINES = 88, MILLER_BATCH = 8 };

/* A free pair on its way through the loop; t is homogeneous: (x / z, y / z). */
typedef struct {
    g1_affine_t p;
    g2_affine_t q, minus_q;
    fp2_t x, y, z;
} miller_t;

/* A fixed pair: the point (x, y) of G1 as -x / y and 1 / y, and the lines still to come. */
typedef struct {
    fp_t minus_x, one;
    const line_t *next;
} miller_fixed_t;

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

/* The next line of a fixed pair, 1 + (..) w + (..) w^3 after division by y. */
static void fixed_step(fp12_t *f, miller_fixed_t *fixed) {
    fp2_t b3, b4;
    fp2_scale(&b3, &fixed->next->slope, &fixed->minus_x);
    fp2_scale(&b4, &fixed->next->offset, &fixed->one);
    fp12_mul_monic_line(f, f, &b3, &b4);
    fixed->next++;
}

static void fixed_steps(fp12_t *f, miller_fixed_t *fixed, size_t n) {
    for (size_t k = 0; k < n; k++) fixed_step(f, &fixed[k]);
}

/* f *= the Miller functions of at most MILLER_BATCH pairs of either kind, none at infinity. */
static void miller_batch(fp12_t *f, miller_t *pairs, size_t n, miller_fixed_t *fixed, size_t m) {
    fp12_t product = fp12_one();
    for (int i = ATE_DIGITS - 2; i >= 0; i--) {
        fp12_square(&product, &product);
        for (size_t k = 0; k < n; k++) {
            double_step(&product, &pairs[k]);
            if (ate_loop[i] > 0) add_step(&product, &pairs[k], &pairs[k].q);
            if (ate_loop[i] < 0) add_step(&product, &pairs[k], &pairs[k].minus_q);
        }
        fixed_steps(&product, fixed, m);
        if (ate_loop[i] != 0) fixed_steps(&product, fixed, m);
    }
    for (size_t k = 0; k < n; k++) finish_steps(&product, &pairs[k]);
    fixed_steps(&product, fixed, m);
    fixed_steps(&product, fixed, m);
    fp12_mul(f, f, &product);
}

/* Free and fixed pairs waiting for a full batch. */
typedef struct {
    miller_t pairs[MILLER_BATCH];
    miller_fixed_t fixed[MILLER_BATCH];
    size_t n, m;
} miller_queue_t;

static void miller_flush(fp12_t *f, miller_queue_t *queue) {
    if (queue->n + queue->m > 0) miller_batch(f, queue->pairs, queue->n, queue->fixed, queue->m);
    queue->n = queue->m = 0;
}

static void miller_push(fp12_t *f, miller_queue_t *queue, const g1_affine_t *p,
                        const g2_affine_t *q) {
    if (g1_affine_is_infinity(p) || g2_affine_is_infinity(q)) return;
    miller_t *pair = &queue->pairs[queue->n++];
    *pair = (miller_t){*p, *q, *q, q->x, q->y, fp2_one};
    g2_affine_neg(&pair->minus_q, q);
    if (queue->n == MILLER_BATCH) miller_flush(f, queue);
}

static void miller_push_fixed(fp12_t *f, miller_queue_t *queue, const g1_affine_t *p,
                              const line_t *lines) {
    if (g1_affine_is_infinity(p)) return;
    miller_fixed_t *pair = &queue->fixed[queue->m++];
    fp_inverse_vartime(&pair->one, &p->y); /* y = 0 has order 2: not in G1 */
    fp_mul(&pair->minus_x, &p->x, &pair->one);
    fp_neg(&pair->minus_x, &pair->minus_x);
    pair->next = lines;
    if (queue->m == MILLER_BATCH) miller_flush(f, queue);
}

/* The line with a slope through t. */
static line_t line_through(const g2_affine_t *t, const fp2_t *slope) {
    line_t line = {*slope, *slope};
    fp2_mul(&line.offset, slope, &t->x);
    fp2_sub(&line.offset, &line.offset, &t->y);
    return line;
}

/* t = the third point of the line through t and a point with x-coordinate x, mirrored. */
static void follow_line(g2_affine_t *t, const line_t *line, const fp2_t *x) {
    fp2_t sum;
    fp2_add(&sum, &t->x, x);
    fp2_square(&t->x, &line->slope);
    fp2_sub(&t->x, &t->x, &sum);
    fp2_mul(&t->y, &line->slope, &t->x);
    fp2_sub(&t->y, &line->offset, &t->y);
}

static void tangent_line(line_t *line, g2_affine_t *t) {
    fp2_t slope, three, x = t->x;
    fp2_double(&slope, &t->y);
    fp2_inverse_vartime(&slope, &slope);
    fp2_square(&three, &t->x);
    fp2_mul(&slope, &slope, &three);
    fp2_double(&three, &slope);
    fp2_add(&slope, &slope, &three);
    *line = line_through(t, &slope);
    follow_line(t, line, &x);
}

static void chord_line(line_t *line, g2_affine_t *t, const g2_affine_t *q) {
    fp2_t slope, rise;
    fp2_sub(&slope, &q->x, &t->x);
    fp2_inverse_vartime(&slope, &slope);
    fp2_sub(&rise, &q->y, &t->y);
    fp2_mul(&slope, &slope, &rise);
    *line = line_through(t, &slope);
    follow_line(t, line, &q->x);
}

/* The lines of the Miller function of q, a point of G2 other than infinity, in order of use. */
static void miller_lines(line_t *lines, const g2_affine_t *q) {
    g2_affine_t t = *q, minus_q, image;
    g2_affine_neg(&minus_q, q);
    for (int i = ATE_DIGITS - 2; i >= 0; i--) {
        tangent_line(lines++, &t);
        if (ate_loop[i] != 0) chord_line(lines++, &t, ate_loop[i] > 0 ? q : &minus_q);
    }
    g2_frobenius(&image, q);
    chord_line(lines++, &t, &image);
    g2_frobenius(&image, &image);
    g2_affine_neg(&image, &image);
    chord_line(lines, &t, &image);
}
#endif
