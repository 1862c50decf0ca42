/* The tower Fp6 = Fp2[v] / (v^3 - xi), Fp12 = Fp6[w] / (w^2 - v), xi = 9 + u. Aliasing allowed. */
#ifndef ZK_TOWER_H
#define ZK_TOWER_H

typedef struct {
    fp2_t c0, c1, c2;
} fp6_t;

typedef struct {
    fp6_t c0, c1;
} fp12_t;

/* xi^(k (q - 1) / 6), k = 0..5: (w^k)^q = xi_powers[k] w^k. */
static const fp2_t xi_powers[6] = {
    {{{0xd35d438dc58f0d9dULL, 0x0a78eb28f5c70b3dULL, 0x666ea36f7879462cULL,
       0x0e0a77c19a07df2fULL}},
     {{0x0000000000000000ULL, 0x0000000000000000ULL, 0x0000000000000000ULL,
       0x0000000000000000ULL}}},
    {{{0xaf9ba69633144907ULL, 0xca6b1d7387afb78aULL, 0x11bded5ef08a2087ULL,
       0x02f34d751a1f3a7cULL}},
     {{0xa222ae234c492d72ULL, 0xd00f02a4565de15bULL, 0xdc2ff3a253dfc926ULL,
       0x10a75716b3899551ULL}}},
    {{{0xb5773b104563ab30ULL, 0x347f91c8a9aa6454ULL, 0x7a007127242e0991ULL,
       0x1956bcd8118214ecULL}},
     {{0x6e849f1ea0aa4757ULL, 0xaa1c7b6d89f89141ULL, 0xb6e713cdfae0ca3aULL,
       0x26694fbb4e82ebc3ULL}}},
    {{{0xe4bbdd0c2936b629ULL, 0xbb30f162e133bacbULL, 0x31a9d1b6f9645366ULL,
       0x253570bea500f8ddULL}},
     {{0xa1d77ce45ffe77c7ULL, 0x07affd117826d1dbULL, 0x6d16bd27bb7edc6bULL,
       0x2c87200285defeccULL}}},
    {{{0x7361d77f843abe92ULL, 0xa5bb2bd3273411fbULL, 0x9c941f314b3e2399ULL,
       0x15df9cddbb9fd3ecULL}},
     {{0x5dddfd154bd8c949ULL, 0x62cb29a5a4445b60ULL, 0x37bc870a0c7dd2b9ULL,
       0x24830a9d3171f0fdULL}}},
    {{{0xc970692f41690fe7ULL, 0xe240342127694b0bULL, 0x32bee66b83c459e8ULL,
       0x12aabced0ab08841ULL}},
     {{0x0d485d2340aebfa9ULL, 0x05193418ab2fcc57ULL, 0xd3b0a40b8a4910f5ULL,
       0x2f21ebb535d2925aULL}}},
};

static inline void fp6_add(fp6_t *out, const fp6_t *a, const fp6_t *b) {
    fp2_add(&out->c0, &a->c0, &b->c0);
    fp2_add(&out->c1, &a->c1, &b->c1);
    fp2_add(&out->c2, &a->c2, &b->c2);
}

static inline void fp6_sub(fp6_t *out, const fp6_t *a, const fp6_t *b) {
    fp2_sub(&out->c0, &a->c0, &b->c0);
    fp2_sub(&out->c1, &a->c1, &b->c1);
    fp2_sub(&out->c2, &a->c2, &b->c2);
}

static inline void fp6_neg(fp6_t *out, const fp6_t *a) {
    fp2_neg(&out->c0, &a->c0);
    fp2_neg(&out->c1, &a->c1);
    fp2_neg(&out->c2, &a->c2);
}

/* out = v a. */
static inline void fp6_mul_v(fp6_t *out, const fp6_t *a) {
    fp2_t top;
    fp2_mul_xi(&top, &a->c2);
    out->c2 = a->c1;
    out->c1 = a->c0;
    out->c0 = top;
}

/* out = (a + b)(c + d) - p - q: the cross terms a d + b c when p = a c and q = b d. */
static void fp2_cross(fp2_t *out, const fp2_t *a, const fp2_t *b, const fp2_t *c, const fp2_t *d,
                      const fp2_t *p, const fp2_t *q) {
    fp2_t left, right;
    fp2_add(&left, a, b);
    fp2_add(&right, c, d);
    fp2_mul(&left, &left, &right);
    fp2_sub(&left, &left, p);
    fp2_sub(out, &left, q);
}

/* Karatsuba: six multiplications in Fp2. */
static void fp6_mul(fp6_t *out, const fp6_t *a, const fp6_t *b) {
    fp2_t p0, p1, p2, c0, c1, c2;
    fp2_mul(&p0, &a->c0, &b->c0);
    fp2_mul(&p1, &a->c1, &b->c1);
    fp2_mul(&p2, &a->c2, &b->c2);
    fp2_cross(&c0, &a->c1, &a->c2, &b->c1, &b->c2, &p1, &p2);
    fp2_cross(&c1, &a->c0, &a->c1, &b->c0, &b->c1, &p0, &p1);
    fp2_cross(&c2, &a->c0, &a->c2, &b->c0, &b->c2, &p0, &p2);
    fp2_mul_xi(&c0, &c0);
    fp2_add(&out->c0, &c0, &p0);
    fp2_mul_xi(&c0, &p2);
    fp2_add(&out->c1, &c1, &c0);
    fp2_add(&out->c2, &c2, &p1);
}

/* out = a (b0 + b1 v). */
static void fp6_mul_01(fp6_t *out, const fp6_t *a, const fp2_t *b0, const fp2_t *b1) {
    fp2_t p0, p1, c0, c1, c2;
    fp2_mul(&p0, &a->c0, b0);
    fp2_mul(&p1, &a->c1, b1);
    fp2_mul(&c0, &a->c2, b1);
    fp2_mul_xi(&c0, &c0);
    fp2_cross(&c1, &a->c0, &a->c1, b0, b1, &p0, &p1);
    fp2_mul(&c2, &a->c2, b0);
    fp2_add(&out->c0, &c0, &p0);
    out->c1 = c1;
    fp2_add(&out->c2, &c2, &p1);
}

/* out = b a for b in Fp2. */
static void fp6_scale(fp6_t *out, const fp6_t *a, const fp2_t *b) {
    fp2_mul(&out->c0, &a->c0, b);
    fp2_mul(&out->c1, &a->c1, b);
    fp2_mul(&out->c2, &a->c2, b);
}

/* Through the norm to Fp2 (Devegili et al., "Multiplication and squaring on pairing-friendly
 * fields"). */
static void fp6_inverse_vartime(fp6_t *out, const fp6_t *a) {
    fp2_t t0, t1, t2, s;
    fp2_square(&t0, &a->c0);
    fp2_mul(&s, &a->c1, &a->c2);
    fp2_mul_xi(&s, &s);
    fp2_sub(&t0, &t0, &s);
    fp2_square(&t1, &a->c2);
    fp2_mul_xi(&t1, &t1);
    fp2_mul(&s, &a->c0, &a->c1);
    fp2_sub(&t1, &t1, &s);
    fp2_square(&t2, &a->c1);
    fp2_mul(&s, &a->c0, &a->c2);
    fp2_sub(&t2, &t2, &s);
    fp2_t norm, term;
    fp2_mul(&norm, &a->c2, &t1);
    fp2_mul(&term, &a->c1, &t2);
    fp2_add(&norm, &norm, &term);
    fp2_mul_xi(&norm, &norm);
    fp2_mul(&term, &a->c0, &t0);
    fp2_add(&norm, &norm, &term);
    fp2_inverse_vartime(&norm, &norm);
    *out = (fp6_t){t0, t1, t2};
    fp6_scale(out, out, &norm);
}

ZK_UNUSED static inline fp12_t fp12_one(void) {
    return (fp12_t){{fp2_one, fp2_zero(), fp2_zero()}, {fp2_zero(), fp2_zero(), fp2_zero()}};
}

ZK_UNUSED static bool fp12_equal(const fp12_t *a, const fp12_t *b) {
    const fp2_t *left = (const fp2_t *)a, *right = (const fp2_t *)b;
    for (int i = 0; i < 6; i++)
        if (!fp2_equal(&left[i], &right[i])) return false;
    return true;
}

ZK_UNUSED static void fp12_mul(fp12_t *out, const fp12_t *a, const fp12_t *b) {
    fp6_t low, high, sum_a, sum_b;
    fp6_mul(&low, &a->c0, &b->c0);
    fp6_mul(&high, &a->c1, &b->c1);
    fp6_add(&sum_a, &a->c0, &a->c1);
    fp6_add(&sum_b, &b->c0, &b->c1);
    fp6_mul(&sum_a, &sum_a, &sum_b);
    fp6_sub(&sum_a, &sum_a, &low);
    fp6_sub(&out->c1, &sum_a, &high);
    fp6_mul_v(&high, &high);
    fp6_add(&out->c0, &low, &high);
}

/* Complex squaring: c0^2 + v c1^2 = (c0 + c1)(c0 + v c1) - (1 + v) c0 c1. */
ZK_UNUSED static void fp12_square(fp12_t *out, const fp12_t *a) {
    fp6_t product, sum, twisted;
    fp6_mul(&product, &a->c0, &a->c1);
    fp6_add(&sum, &a->c0, &a->c1);
    fp6_mul_v(&twisted, &a->c1);
    fp6_add(&twisted, &twisted, &a->c0);
    fp6_mul(&sum, &sum, &twisted);
    fp6_sub(&sum, &sum, &product);
    fp6_mul_v(&twisted, &product);
    fp6_sub(&out->c0, &sum, &twisted);
    fp6_add(&out->c1, &product, &product);
}

/* out = a (b0 + (b3 + b4 v) w): the shape of a line through points of the twist. */
ZK_UNUSED static void fp12_mul_line(fp12_t *out, const fp12_t *a, const fp2_t *b0, const fp2_t *b3,
                                    const fp2_t *b4) {
    fp6_t low, high, sum;
    fp2_t b03;
    fp6_scale(&low, &a->c0, b0);
    fp6_mul_01(&high, &a->c1, b3, b4);
    fp6_add(&sum, &a->c0, &a->c1);
    fp2_add(&b03, b0, b3);
    fp6_mul_01(&sum, &sum, &b03, b4);
    fp6_sub(&sum, &sum, &low);
    fp6_sub(&out->c1, &sum, &high);
    fp6_mul_v(&high, &high);
    fp6_add(&out->c0, &low, &high);
}

/* out = a (1 + (b3 + b4 v) w). */
ZK_UNUSED static void fp12_mul_monic_line(fp12_t *out, const fp12_t *a, const fp2_t *b3,
                                          const fp2_t *b4) {
    fp6_t low, high;
    fp6_mul_01(&high, &a->c1, b3, b4);
    fp6_mul_v(&high, &high);
    fp6_mul_01(&low, &a->c0, b3, b4);
    fp6_add(&out->c0, &a->c0, &high);
    fp6_add(&out->c1, &a->c1, &low);
}

/* a^(q^6); on the unit circle (after the easy part) also the inverse. */
ZK_UNUSED static inline void fp12_conjugate(fp12_t *out, const fp12_t *a) {
    out->c0 = a->c0;
    fp6_neg(&out->c1, &a->c1);
}

ZK_UNUSED static void fp12_inverse_vartime(fp12_t *out, const fp12_t *a) {
    fp6_t norm, square;
    fp6_mul(&norm, &a->c0, &a->c0);
    fp6_mul(&square, &a->c1, &a->c1);
    fp6_mul_v(&square, &square);
    fp6_sub(&norm, &norm, &square);
    fp6_inverse_vartime(&norm, &norm);
    fp6_mul(&out->c0, &a->c0, &norm);
    fp6_mul(&square, &a->c1, &norm);
    fp6_neg(&out->c1, &square);
}

/* The coefficient of w^k is coefficient[k % 2][k / 2] of (c0, c1). */
static inline fp2_t *fp12_coefficient(fp12_t *a, int k) {
    fp6_t *half = k % 2 ? &a->c1 : &a->c0;
    return k / 2 == 0 ? &half->c0 : k / 2 == 1 ? &half->c1 : &half->c2;
}

/* a^q. */
ZK_UNUSED static void fp12_frobenius(fp12_t *out, const fp12_t *a) {
    *out = *a;
    for (int k = 0; k < 6; k++) {
        fp2_t *c = fp12_coefficient(out, k);
        fp2_conjugate(c, c);
        fp2_mul(c, c, &xi_powers[k]);
    }
}

/* The square of an element a + b t of Fp4 = Fp2[t] / (t^2 - xi). */
static void fp4_square(fp2_t *c0, fp2_t *c1, const fp2_t *a, const fp2_t *b) {
    fp2_t aa, bb, sum;
    fp2_square(&aa, a);
    fp2_square(&bb, b);
    fp2_add(&sum, a, b);
    fp2_square(&sum, &sum);
    fp2_sub(&sum, &sum, &aa);
    fp2_sub(c1, &sum, &bb);
    fp2_mul_xi(&bb, &bb);
    fp2_add(c0, &aa, &bb);
}

/* out = 3 square - 2 a, or 3 square + 2 a. */
static void cyclotomic_minus(fp2_t *out, const fp2_t *square, const fp2_t *a) {
    fp2_t t;
    fp2_sub(&t, square, a);
    fp2_double(&t, &t);
    fp2_add(out, &t, square);
}

static void cyclotomic_plus(fp2_t *out, const fp2_t *square, const fp2_t *a) {
    fp2_t t;
    fp2_add(&t, square, a);
    fp2_double(&t, &t);
    fp2_add(out, &t, square);
}

/* Square in the cyclotomic subgroup (Granger, Scott, "Faster squaring in the cyclotomic subgroup of
 * sixth degree extensions"). */
ZK_UNUSED static void fp12_cyclotomic_square(fp12_t *out, const fp12_t *a) {
    fp2_t s0, s1, t0, t1, u0, u1;
    fp4_square(&s0, &s1, &a->c0.c0, &a->c1.c1);
    fp4_square(&t0, &t1, &a->c1.c0, &a->c0.c2);
    fp4_square(&u0, &u1, &a->c0.c1, &a->c1.c2);
    fp2_mul_xi(&u1, &u1);
    cyclotomic_minus(&out->c0.c0, &s0, &a->c0.c0);
    cyclotomic_minus(&out->c0.c1, &t0, &a->c0.c1);
    cyclotomic_minus(&out->c0.c2, &u0, &a->c0.c2);
    cyclotomic_plus(&out->c1.c0, &u1, &a->c1.c0);
    cyclotomic_plus(&out->c1.c1, &s1, &a->c1.c1);
    cyclotomic_plus(&out->c1.c2, &t1, &a->c1.c2);
}

/* The image of a point under psi, the Frobenius of Fp12 carried to the twist. */
ZK_UNUSED static void g2_frobenius(g2_affine_t *out, const g2_affine_t *p) {
    fp2_conjugate(&out->x, &p->x);
    fp2_conjugate(&out->y, &p->y);
    fp2_mul(&out->x, &out->x, &xi_powers[2]);
    fp2_mul(&out->y, &out->y, &xi_powers[3]);
}

ZK_UNUSED static void g2_frobenius_jacobian(g2_jacobian_t *out, const g2_jacobian_t *p) {
    fp2_conjugate(&out->x, &p->x);
    fp2_conjugate(&out->y, &p->y);
    fp2_conjugate(&out->z, &p->z);
    fp2_mul(&out->x, &out->x, &xi_powers[2]);
    fp2_mul(&out->y, &out->y, &xi_powers[3]);
}
#endif
