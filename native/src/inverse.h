/* Modular inversion by division steps: Bernstein and Yang, "Fast constant-time gcd computation and
 * modular inversion" (2019), in a variable-time form for public data. Any odd modulus below 2^254.
 *
 * A division step on an odd f and any g, with counter delta starting at 1:
 *   g odd, delta > 0:  delta, f, g = 1 - delta, g, (g - f) / 2
 *   g odd:             delta, f, g = 1 + delta, f, (g + f) / 2
 *   g even:            delta, f, g = 1 + delta, f, g / 2
 * leads to g = 0, f = +-gcd. 62 steps depend on the low 62 bits of f and g only; they are run on single
 * words, which gives a matrix that is then applied to the whole numbers, and to d and e with
 * d x = f and e x = g mod m, once. */
#ifndef ZK_INVERSE_H
#define ZK_INVERSE_H

__extension__ typedef __int128 i128;

enum { STEPS_A_BATCH = 62 };
static const uint64_t low62 = UINT64_MAX >> 2;

/* A signed integer in base 2^62: limbs 0..3 in [0, 2^62), limb 4 signed. */
typedef struct {
    int64_t l[5];
} signed62;

/* (f, g) after a batch = (u f + v g, q f + r g) / 2^62. */
typedef struct {
    int64_t u, v, q, r;
} step_matrix;

static signed62 signed62_from_limbs(const uint64_t a[4]) {
    return (signed62){{(int64_t)(a[0] & low62), (int64_t)((a[0] >> 62 | a[1] << 2) & low62),
                       (int64_t)((a[1] >> 60 | a[2] << 4) & low62),
                       (int64_t)((a[2] >> 58 | a[3] << 6) & low62), (int64_t)(a[3] >> 56)}};
}

static void signed62_to_limbs(uint64_t out[4], const signed62 *a) {
    const uint64_t l[5] = {(uint64_t)a->l[0], (uint64_t)a->l[1], (uint64_t)a->l[2],
                           (uint64_t)a->l[3], (uint64_t)a->l[4]};
    out[0] = l[0] | l[1] << 62;
    out[1] = l[1] >> 2 | l[2] << 60;
    out[2] = l[2] >> 4 | l[3] << 58;
    out[3] = l[3] >> 6 | l[4] << 56;
}

static bool signed62_is_zero(const signed62 *a) {
    return (a->l[0] | a->l[1] | a->l[2] | a->l[3] | a->l[4]) == 0;
}

/* One batch on the low words of f and g; returns the new delta. Runs of even g are taken at once. */
static int64_t division_steps_vartime(step_matrix *t, int64_t delta, uint64_t f, uint64_t g) {
    uint64_t u = 1, v = 0, q = 0, r = 1;
    int left = STEPS_A_BATCH;
    for (;;) {
        const int zeros = __builtin_ctzll(g | 1ULL << left);
        g >>= zeros;
        u <<= zeros;
        v <<= zeros;
        delta += zeros;
        left -= zeros;
        if (left == 0) break;
        if (delta > 0) {
            const uint64_t old_f = f, old_u = u, old_v = v;
            delta = -delta;
            f = g, u = q, v = r;
            g -= old_f, q -= old_u, r -= old_v;
        } else {
            g += f, q += u, r += v;
        }
    }
    *t = (step_matrix){(int64_t)u, (int64_t)v, (int64_t)q, (int64_t)r};
    return delta;
}

/* out = (a x + b y + c m) / 2^62; the sum is a multiple of 2^62. */
static void signed62_combine(signed62 *out, int64_t a, const signed62 *x, int64_t b,
                             const signed62 *y, int64_t c, const signed62 *m) {
    i128 sum = (i128)a * x->l[0] + (i128)b * y->l[0] + (i128)c * m->l[0];
    signed62 result;
    for (int i = 1; i < 5; i++) {
        sum >>= 62;
        sum += (i128)a * x->l[i] + (i128)b * y->l[i] + (i128)c * m->l[i];
        result.l[i - 1] = (int64_t)((uint64_t)sum & low62);
    }
    result.l[4] = (int64_t)(sum >> 62);
    *out = result;
}

/* The multiple of m that makes a x + b y divisible by 2^62, plus what lifts negative x and y by m:
 * with x, y in (-2m, m) before, the combination is in (-2m, m) again. */
static int64_t cancelling_multiple(int64_t a, const signed62 *x, int64_t b, const signed62 *y,
                                   uint64_t m_low, uint64_t minus_inverse) {
    const int64_t lift = (x->l[4] >> 63 & a) + (y->l[4] >> 63 & b);
    const uint64_t low = (uint64_t)a * (uint64_t)x->l[0] + (uint64_t)b * (uint64_t)y->l[0] +
                         (uint64_t)lift * m_low;
    const uint64_t c = low * minus_inverse & low62; /* low + c m = 0 mod 2^62 */
    return lift + (int64_t)c - (int64_t)(1ULL << 62);
}

/* out = 1/a mod m as plain integers, a < m; 0 -> 0. */
static void limbs_inverse_vartime(uint64_t out[4], const uint64_t a[4], const uint64_t m[4],
                                  uint64_t minus_inverse) {
    const signed62 modulus = signed62_from_limbs(m), none = {{0}};
    signed62 f = modulus, g = signed62_from_limbs(a), d = none, e = {{1}}, next;
    int64_t delta = 1;
    step_matrix t;
    while (!signed62_is_zero(&g)) {
        delta = division_steps_vartime(&t, delta, (uint64_t)f.l[0], (uint64_t)g.l[0]);
        const int64_t c = cancelling_multiple(t.u, &d, t.v, &e, m[0], minus_inverse);
        const int64_t k = cancelling_multiple(t.q, &d, t.r, &e, m[0], minus_inverse);
        signed62_combine(&next, t.u, &d, t.v, &e, c, &modulus);
        signed62_combine(&e, t.q, &d, t.r, &e, k, &modulus);
        d = next;
        signed62_combine(&next, t.u, &f, t.v, &g, 0, &modulus);
        signed62_combine(&g, t.q, &f, t.r, &g, 0, &modulus);
        f = next;
    }
    /* f = +-1 (or f = m and d = 0, for a = 0), so the inverse is +-d, in (-2m, 2m). */
    const int64_t one = 1LL << STEPS_A_BATCH;
    signed62_combine(&d, f.l[4] < 0 ? -one : one, &d, 0, &none, 0, &modulus);
    while (d.l[4] < 0) signed62_combine(&d, one, &d, 0, &none, one, &modulus);
    uint64_t inverse[4];
    signed62_to_limbs(inverse, &d);
    const uint64_t borrow = limbs_sub(out, inverse, m);
    limbs_select(out, (uint64_t)0 - borrow, inverse, out);
}

#endif
