/* Eight points of Baby Jubjub at a time, by the formulas of babyjubjub.c, which are complete: whatever
 * a lane holds, the others are not disturbed. Every coordinate has bound 2 in the sense of lanes.h. */
#ifndef ZK_BABYJUBJUB_LANES_H
#define ZK_BABYJUBJUB_LANES_H

typedef struct {
    fr8_t x, y, z, t;
} bjj8_t;

/* As bjj_addend; difference, sum and twice_z have bound 4. */
typedef struct {
    fr8_t difference, sum, twice_dt, twice_z;
} bjj8_addend;

static bjj8_t bjj8_identity(void) {
    bjj8_t p = {lanes_zero(), lanes_zero(), lanes_zero(), lanes_zero()};
    fr8_broadcast(&p.y, &fr_one);
    p.z = p.y;
    return p;
}

/* From the affine x, y of ERC-2494, as loaded: bound 16. */
static void bjj8_from_affine(bjj8_t *p, const fr8_t *x, const fr8_t *y) {
    fr8_t scale;
    fr8_broadcast(&scale, &bjj_scale);
    fr8_broadcast(&p->z, &fr_one);
    fr8_mul(&p->x, x, &scale);
    fr8_reduce(&p->y, y);
    fr8_mul(&p->t, &p->x, &p->y);
}

/* Lanes where a = b; bounds 4 at most. */
static __mmask8 bjj8_equal_lanes(const fr8_t *a, const fr8_t *b) {
    fr8_t difference;
    fr8_sub(&difference, a, b, 4);
    fr8_reduce(&difference, &difference);
    return fr8_zero_lanes(&difference);
}

/* For z = 1. */
static __mmask8 bjj8_on_curve_lanes(const bjj8_t *affine) {
    fr8_t left, right, xx, yy, constant;
    fr8_square(&xx, &affine->x);
    fr8_square(&yy, &affine->y);
    fr8_sub(&left, &yy, &xx, 2);
    fr8_mul(&right, &xx, &yy);
    fr8_broadcast(&constant, &bjj_d);
    fr8_mul(&right, &right, &constant);
    fr8_broadcast(&constant, &fr_one);
    fr8_add(&right, &right, &constant);
    return bjj8_equal_lanes(&left, &right);
}

static __mmask8 bjj8_identity_lanes(const bjj8_t *p) {
    return fr8_zero_lanes(&p->x) & bjj8_equal_lanes(&p->y, &p->z);
}

static void bjj8_prepare(bjj8_addend *q, const bjj8_t *p) {
    fr8_t twice_d;
    fr8_broadcast(&twice_d, &bjj_twice_d);
    fr8_sub(&q->difference, &p->y, &p->x, 2);
    fr8_add(&q->sum, &p->y, &p->x);
    fr8_mul(&q->twice_dt, &p->t, &twice_d);
    fr8_add(&q->twice_z, &p->z, &p->z);
}

static void bjj8_add(bjj8_t *out, const bjj8_t *p, const bjj8_addend *q) {
    fr8_t a, b, c, d, e, f, g, h;
    fr8_sub(&a, &p->y, &p->x, 2);
    fr8_mul(&a, &a, &q->difference);
    fr8_add(&b, &p->y, &p->x);
    fr8_mul(&b, &b, &q->sum);
    fr8_mul(&c, &p->t, &q->twice_dt);
    fr8_mul(&d, &p->z, &q->twice_z);
    fr8_sub(&e, &b, &a, 2);
    fr8_sub(&f, &d, &c, 2);
    fr8_add(&g, &d, &c);
    fr8_add(&h, &b, &a);
    fr8_mul(&out->x, &e, &f);
    fr8_mul(&out->y, &g, &h);
    fr8_mul(&out->z, &f, &g);
    fr8_mul(&out->t, &e, &h);
}

/* Without t, which is then stale, the result may only be doubled again. */
static void bjj8_double_to(bjj8_t *out, const bjj8_t *p, bool with_t) {
    fr8_t a, b, c, e, f, g, h;
    fr8_square(&a, &p->x);
    fr8_square(&b, &p->y);
    fr8_square(&c, &p->z);
    fr8_add(&c, &c, &c);
    fr8_add(&h, &a, &b);
    fr8_add(&e, &p->x, &p->y);
    fr8_square(&e, &e);
    fr8_sub(&e, &e, &h, 4);
    fr8_sub(&g, &b, &a, 2);
    fr8_sub(&f, &g, &c, 4);
    fr8_neg(&h, &h, 4);
    fr8_mul(&out->x, &e, &f);
    fr8_mul(&out->y, &g, &h);
    fr8_mul(&out->z, &f, &g);
    if (with_t) fr8_mul(&out->t, &e, &h);
}

static void bjj8_clear_cofactor(bjj8_t *out, const bjj8_t *p) {
    bjj8_double_to(out, p, false);
    bjj8_double_to(out, out, false);
    bjj8_double_to(out, out, true);
}

/* Multiples 0 .. 15 as words: the limbs of difference, sum, twice_dt and twice_z. */
enum { BJJ8_ADDEND_WORDS = 4 * LANES_LIMBS };

typedef uint64_t bjj8_own_multiples[BJJ_WINDOW_SIZE][BJJ8_ADDEND_WORDS][ZK_LANES]; /* a lane its own */
typedef uint64_t bjj8_one_multiples[BJJ_WINDOW_SIZE][BJJ8_ADDEND_WORDS]; /* the same for all lanes */

static void bjj8_write_addend(uint64_t out[BJJ8_ADDEND_WORDS][ZK_LANES], const bjj8_addend *q) {
    const fr8_t *numbers[4] = {&q->difference, &q->sum, &q->twice_dt, &q->twice_z};
    for (int k = 0; k < BJJ8_ADDEND_WORDS; k++)
        _mm512_storeu_si512(out[k], numbers[k / LANES_LIMBS]->l[k % LANES_LIMBS]);
}

/* The addend whose word k lies `step` k words behind the place of a lane in the table. */
static void bjj8_gather_vartime(bjj8_addend *q, const uint64_t *table, __m512i places, int step) {
    fr8_t *numbers[4] = {&q->difference, &q->sum, &q->twice_dt, &q->twice_z};
    for (int k = 0; k < BJJ8_ADDEND_WORDS; k++)
        numbers[k / LANES_LIMBS]->l[k % LANES_LIMBS] =
            _mm512_i64gather_epi64(places, table + k * step, 8);
    for (int i = 0; i < 4; i++) LANES_SET_BOUND(numbers[i], i == 2 ? 2 : 4);
}

static void bjj8_own_table(bjj8_own_multiples table, const bjj8_t *p) {
    bjj8_t multiple = bjj8_identity();
    bjj8_addend step, prepared;
    bjj8_prepare(&step, p);
    for (int i = 0; i < BJJ_WINDOW_SIZE; i++) {
        bjj8_prepare(&prepared, &multiple);
        bjj8_write_addend(table[i], &prepared);
        bjj8_add(&multiple, &multiple, &step);
    }
}

/* Multiples of BASE8. */
static void bjj8_base_table(bjj8_one_multiples table) {
    bjj_t base;
    bjj_addend multiples[BJJ_WINDOW_SIZE];
    bjj_from_scaled(&base, &bjj_base8_x, &bjj_base8_y);
    bjj_window_table(multiples, &base);
    for (int i = 0; i < BJJ_WINDOW_SIZE; i++) {
        const fr_t *numbers[4] = {&multiples[i].difference, &multiples[i].sum,
                                  &multiples[i].twice_dt, &multiples[i].twice_z};
        for (int k = 0; k < BJJ8_ADDEND_WORDS; k++) {
            fr8_t spread;
            fr8_broadcast(&spread, numbers[k / LANES_LIMBS]);
            table[i][k] =
                (uint64_t)_mm_cvtsi128_si64(_mm512_castsi512_si128(spread.l[k % LANES_LIMBS]));
        }
    }
}

/* out = base_scalar BASE8 + scalar p in each lane, scalars below 2^252; p is given by its multiples. */
static void bjj8_mul_two_vartime(bjj8_t *out, const lanes_words_t *base_scalar,
                                 const bjj8_one_multiples base, const lanes_words_t *scalar,
                                 const bjj8_own_multiples own) {
    const __m512i low = lanes_set(BJJ_WINDOW_SIZE - 1);
    const __m512i lanes = _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7);
    bjj8_addend chosen;
    *out = bjj8_identity();
    for (unsigned shift = 252; shift > 0;) {
        shift -= BJJ_WINDOW_BITS;
        for (int i = 1; i <= BJJ_WINDOW_BITS; i++)
            bjj8_double_to(out, out, i == BJJ_WINDOW_BITS);
        __m512i digit = _mm512_srli_epi64(scalar->w[shift / 64], shift % 64);
        digit = _mm512_and_si512(digit, low);
        __m512i places = _mm512_mullo_epi64(digit, lanes_set(BJJ8_ADDEND_WORDS * ZK_LANES));
        bjj8_gather_vartime(&chosen, own[0][0], _mm512_add_epi64(places, lanes), ZK_LANES);
        bjj8_add(out, out, &chosen);
        digit = _mm512_srli_epi64(base_scalar->w[shift / 64], shift % 64);
        digit = _mm512_and_si512(digit, low);
        places = _mm512_mullo_epi64(digit, lanes_set(BJJ8_ADDEND_WORDS));
        bjj8_gather_vartime(&chosen, base[0], places, 1);
        bjj8_add(out, out, &chosen);
    }
}
#endif
