/* Baby Jubjub inside the kernels: the isomorphic curve -x^2 + y^2 = 1 + d x^2 y^2, whose x is
 * sqrt(-168700) times the x of ERC-2494 and d = -168696/168700. -1 is a square and d is not, so the
 * addition law is complete: no point is an exception.
 *
 * Formulas: Hisil, Wong, Carter, Dawson, "Twisted Edwards Curves Revisited" (2008), sections 3.1, 3.3.
 * Everything is constant time except names ending in _vartime. */

/* Extended coordinates: x = x/z, y = y/z, t = xy/z. */
typedef struct {
    fr_t x, y, z, t;
} bjj_t;

/* A prepared addend: y - x, y + x, 2 d t and 2 z. */
typedef struct {
    fr_t difference, sum, twice_dt, twice_z;
} bjj_addend;

static const fr_t bjj_scale = {{0xe77f2cb3269fc386ULL, 0x2ffbbf36ea0da89fULL,
                                0x3afc6b3516e0d90fULL, 0x12bc88bf75913573ULL}};
static const fr_t bjj_scale_inverse = {{0xe20e74d43e4fe829ULL, 0xa8d667e4f5a39962ULL,
                                        0x406eb7865831de44ULL, 0x1f91608db0da6c67ULL}};
static const fr_t bjj_d = {{0x5c3b8876504f718dULL, 0x50be2c72984346b4ULL, 0x4783751f59126675ULL,
                            0x305ff669a7a1c091ULL}};
static const fr_t bjj_twice_d = {{0x74951b58b09ee319ULL, 0x7948709cb6cd1cd7ULL,
                                  0xd6b6a48830a3748dULL, 0x305b9e606e11e0f8ULL}};
/* BASE8 of ERC-2494, generator of the subgroup of prime order, with x scaled. */
static const fr_t bjj_base8_x = {{0x79019cc04192b786ULL, 0xd50a80176de1d5abULL,
                                  0x0a9a8836e1ee9ff6ULL, 0x21e4166a02ad62a0ULL}};
static const fr_t bjj_base8_y = {{0xb83342d20d0201aaULL, 0x2ffef2f7cdcfeac7ULL,
                                  0xbfa79a9425a6e625ULL, 0x0dfb859dc3a44b70ULL}};

static bjj_t bjj_identity(void) { return (bjj_t){fr_zero(), fr_one, fr_one, fr_zero()}; }

/* From affine x (already scaled) and y. */
static void bjj_from_scaled(bjj_t *p, const fr_t *x, const fr_t *y) {
    p->x = *x;
    p->y = *y;
    p->z = fr_one;
    fr_mul(&p->t, x, y);
}

/* From the affine x, y of ERC-2494. */
static void bjj_from_affine(bjj_t *p, const fr_t affine[2]) {
    fr_t x;
    fr_mul(&x, &affine[0], &bjj_scale);
    bjj_from_scaled(p, &x, &affine[1]);
}

static void bjj_to_affine(fr_t affine[2], const bjj_t *p) {
    fr_t z_inverse;
    fr_inverse(&z_inverse, &p->z);
    fr_mul(&affine[0], &p->x, &z_inverse);
    fr_mul(&affine[0], &affine[0], &bjj_scale_inverse);
    fr_mul(&affine[1], &p->y, &z_inverse);
}

/* -x^2 + y^2 == 1 + d x^2 y^2, for z = 1. */
static bool bjj_is_on_curve(const bjj_t *affine) {
    fr_t left, right, xx, yy;
    fr_square(&xx, &affine->x);
    fr_square(&yy, &affine->y);
    fr_sub(&left, &yy, &xx);
    fr_mul(&right, &xx, &yy);
    fr_mul(&right, &right, &bjj_d);
    fr_add(&right, &right, &fr_one);
    return fr_equal(&left, &right);
}

static bool bjj_is_identity(const bjj_t *p) { return fr_is_zero(&p->x) && fr_equal(&p->y, &p->z); }

static void bjj_prepare(bjj_addend *q, const bjj_t *p) {
    fr_sub(&q->difference, &p->y, &p->x);
    fr_add(&q->sum, &p->y, &p->x);
    fr_mul(&q->twice_dt, &p->t, &bjj_twice_d);
    fr_double(&q->twice_z, &p->z);
}

/* The last step of both formulas. */
static inline void bjj_combine(bjj_t *out, const fr_t *e, const fr_t *f, const fr_t *g,
                               const fr_t *h, bool with_t) {
    fr_mul(&out->x, e, f);
    fr_mul(&out->y, g, h);
    fr_mul(&out->z, f, g);
    if (with_t) fr_mul(&out->t, e, h);
}

static void bjj_add(bjj_t *out, const bjj_t *p, const bjj_addend *q) {
    fr_t a, b, c, d, e, f, g, h;
    fr_sub(&a, &p->y, &p->x);
    fr_mul(&a, &a, &q->difference);
    fr_add(&b, &p->y, &p->x);
    fr_mul(&b, &b, &q->sum);
    fr_mul(&c, &p->t, &q->twice_dt);
    fr_mul(&d, &p->z, &q->twice_z);
    fr_sub(&e, &b, &a);
    fr_sub(&f, &d, &c);
    fr_add(&g, &d, &c);
    fr_add(&h, &b, &a);
    bjj_combine(out, &e, &f, &g, &h, true);
}

/* Without t, which is then stale, the result may only be doubled again. */
static inline void bjj_double_to(bjj_t *out, const bjj_t *p, bool with_t) {
    fr_t a, b, c, e, f, g, h;
    fr_square(&a, &p->x);
    fr_square(&b, &p->y);
    fr_square(&c, &p->z);
    fr_double(&c, &c);
    fr_add(&h, &a, &b);
    fr_add(&e, &p->x, &p->y);
    fr_square(&e, &e);
    fr_sub(&e, &e, &h);
    fr_sub(&g, &b, &a);
    fr_sub(&f, &g, &c);
    fr_neg(&h, &h);
    bjj_combine(out, &e, &f, &g, &h, with_t);
}

static void bjj_double(bjj_t *out, const bjj_t *p) { bjj_double_to(out, p, true); }

/* -q: x and t change sign. */
static bjj_addend bjj_negated(const bjj_addend *q) {
    bjj_addend negated = {q->sum, q->difference, q->twice_dt, q->twice_z};
    fr_neg(&negated.twice_dt, &negated.twice_dt);
    return negated;
}

static void bjj_clear_cofactor(bjj_t *out, const bjj_t *p) {
    bjj_double(out, p);
    bjj_double(out, out);
    bjj_double(out, out);
}

/* Fixed windows, constant time: every window adds one of 16 prepared multiples, read by a scan over
 * all of them. */

enum { BJJ_WINDOW_BITS = 4, BJJ_WINDOW_SIZE = 1 << BJJ_WINDOW_BITS };

/* multiples[i] = i p */
static void bjj_window_table(bjj_addend multiples[BJJ_WINDOW_SIZE], const bjj_t *p) {
    bjj_t multiple = bjj_identity();
    bjj_addend step;
    bjj_prepare(&step, p);
    for (int i = 0; i < BJJ_WINDOW_SIZE; i++) {
        bjj_prepare(&multiples[i], &multiple);
        bjj_add(&multiple, &multiple, &step);
    }
}

static void bjj_select(bjj_addend *out, const bjj_addend multiples[BJJ_WINDOW_SIZE],
                       uint64_t digit) {
    uint64_t *words = (uint64_t *)out;
    *out = multiples[0];
    for (uint64_t i = 1; i < BJJ_WINDOW_SIZE; i++) {
        const uint64_t difference = digit ^ i;
        const uint64_t mask = ((difference | (0 - difference)) >> 63) - 1; /* all ones when equal */
        const uint64_t *candidate = (const uint64_t *)&multiples[i];
        for (size_t k = 0; k < sizeof *out / sizeof *words; k++)
            words[k] = (words[k] & ~mask) | (candidate[k] & mask);
    }
}

/* out = scalar p, for any 256-bit scalar. */
static void bjj_mul(bjj_t *out, const bjj_t *p, const uint64_t scalar[4]) {
    bjj_addend multiples[BJJ_WINDOW_SIZE], chosen;
    bjj_t acc = bjj_identity();
    bjj_window_table(multiples, p);
    for (int shift = 256 - BJJ_WINDOW_BITS; shift >= 0; shift -= BJJ_WINDOW_BITS) {
        for (int i = 1; i <= BJJ_WINDOW_BITS; i++)
            bjj_double_to(&acc, &acc, i == BJJ_WINDOW_BITS);
        bjj_select(&chosen, multiples, scalar[shift / 64] >> (shift % 64) & (BJJ_WINDOW_SIZE - 1));
        bjj_add(&acc, &acc, &chosen);
    }
    *out = acc;
    zk_wipe(&chosen, sizeof chosen);
    zk_wipe(&acc, sizeof acc);
}

/* Two scalars at once, variable time: width-w non-adjacent forms over odd multiples (Straus). */

enum { BJJ_KEY_WIDTH = 5, BJJ_BASE_WIDTH = 8, BJJ_NAF_DIGITS = 257 };
enum { BJJ_KEY_ODDS = 1 << (BJJ_KEY_WIDTH - 2), BJJ_BASE_ODDS = 1 << (BJJ_BASE_WIDTH - 2) };

_Static_assert(BJJ_BASE_ODDS * sizeof(bjj_addend) == ZK_BABYJUB_BASE_TABLE_WORDS * 8,
               "the header names the size of the table of odd multiples of BASE8");

/* odds[i] = (2i + 1) p */
static void bjj_odd_multiples(bjj_addend *odds, size_t count, const bjj_t *p) {
    bjj_t multiple = *p, twice;
    bjj_addend prepared_twice;
    bjj_double(&twice, p);
    bjj_prepare(&prepared_twice, &twice);
    for (size_t i = 0; i < count; i++) {
        bjj_prepare(&odds[i], &multiple);
        bjj_add(&multiple, &multiple, &prepared_twice);
    }
}

/* Digits of the non-adjacent form, zero or odd with |digit| < 2^(width-1), of a scalar < 2^255. */
static void bjj_naf_vartime(int8_t digits[BJJ_NAF_DIGITS], const uint64_t scalar[4], int width) {
    uint64_t rest[4];
    memcpy(rest, scalar, sizeof rest);
    memset(digits, 0, BJJ_NAF_DIGITS);
    for (int i = 0; !limbs_is_zero(rest); i++) {
        if (rest[0] & 1) {
            const int window = (int)(rest[0] & ((1u << width) - 1));
            const bool negative = window >> (width - 1);
            const int digit = negative ? window - (1 << width) : window;
            const uint64_t size[4] = {(uint64_t)(negative ? -digit : digit), 0, 0, 0};
            if (negative) limbs_add(rest, rest, size);
            else limbs_sub(rest, rest, size);
            digits[i] = (int8_t)digit;
        }
        limbs_shift_right(rest, rest, 1);
    }
}

static void bjj_add_odd_vartime(bjj_t *acc, const bjj_addend *odds, int digit) {
    if (digit == 0) return;
    if (digit > 0) {
        bjj_add(acc, acc, &odds[digit / 2]);
        return;
    }
    const bjj_addend negated = bjj_negated(&odds[-digit / 2]);
    bjj_add(acc, acc, &negated);
}

/* out = base_scalar BASE8 + scalar p; base_odds are the odd multiples of BASE8. */
static void bjj_mul_two_vartime(bjj_t *out, const uint64_t base_scalar[4],
                                const bjj_addend base_odds[BJJ_BASE_ODDS],
                                const uint64_t scalar[4], const bjj_t *p) {
    int8_t base_digits[BJJ_NAF_DIGITS], digits[BJJ_NAF_DIGITS];
    bjj_addend odds[BJJ_KEY_ODDS];
    bjj_naf_vartime(base_digits, base_scalar, BJJ_BASE_WIDTH);
    bjj_naf_vartime(digits, scalar, BJJ_KEY_WIDTH);
    bjj_odd_multiples(odds, BJJ_KEY_ODDS, p);
    int i = BJJ_NAF_DIGITS - 1;
    while (i >= 0 && !base_digits[i] && !digits[i]) i--;
    *out = bjj_identity();
    for (; i >= 0; i--) {
        bjj_double_to(out, out, base_digits[i] || digits[i]);
        bjj_add_odd_vartime(out, base_odds, base_digits[i]);
        bjj_add_odd_vartime(out, odds, digits[i]);
    }
}

static zk_status op_babyjub_add(uint64_t *out, const uint64_t *p, const uint64_t *q, size_t n) {
    for (size_t i = 0; i < n; i++) {
        bjj_t left, right;
        bjj_addend prepared;
        bjj_from_affine(&left, (const fr_t *)p + 2 * i);
        bjj_from_affine(&right, (const fr_t *)q + 2 * i);
        bjj_prepare(&prepared, &right);
        bjj_add(&left, &left, &prepared);
        bjj_to_affine((fr_t *)out + 2 * i, &left);
    }
    return ZK_OK;
}

static zk_status op_babyjub_mul(uint64_t *out, const uint64_t *p, const uint64_t *scalars,
                                size_t n) {
    for (size_t i = 0; i < n; i++) {
        bjj_t point;
        bjj_from_affine(&point, (const fr_t *)p + 2 * i);
        bjj_mul(&point, &point, scalars + 4 * i);
        bjj_to_affine((fr_t *)out + 2 * i, &point);
    }
    return ZK_OK;
}
