/* The arithmetic of lanes.h in FIELD (fr or fp), under the prefix LANES (fr8 or fp8). Bounds are
 * those of the law in lanes.h. */
#define F(name) JOIN(FIELD, name)
#define F_T JOIN(FIELD, t)
#define L(name) JOIN(LANES, name)
#define L_T JOIN(LANES, t)

typedef lanes_t L_T;

/* floor(2^266 / m), the same for both fields. */
enum { L(quotient_factor) = 5417 };

/* The same element in each lane, bound 1. */
ZK_UNUSED static void L(broadcast)(L_T *out, const F_T *element) {
    limbs_t reduced = *element;
    for (int i = 0; i < 4; i++) F(double)(&reduced, &reduced);
    lanes_words_t words;
    for (int i = 0; i < 4; i++) words.w[i] = lanes_set(reduced.l[i]);
    lanes_split(out, &words);
    LANES_SET_BOUND(out, 1);
}

LANES_INLINE void L(normalize)(L_T *a, unsigned bound) {
    (void)bound;
    lanes_carry(a);
    LANES_SET_BOUND(a, bound);
    lanes_verify_number(a, L(modulus));
}

/* Add k m, limb by limb. */
LANES_INLINE void L(lift_raw)(L_T *a, unsigned k) {
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++)
        a->l[i] = _mm512_add_epi64(a->l[i], lanes_set(k * L(modulus)[i]));
}

LANES_INLINE void L(add)(L_T *out, const L_T *a, const L_T *b) {
    lanes_add_raw(out, a, b);
    L(normalize)(out, LANES_BOUND(a) + LANES_BOUND(b));
}

/* a - b + k m, k constant and at least the bound of b. */
LANES_INLINE void L(sub)(L_T *out, const L_T *a, const L_T *b, unsigned k) {
    lanes_require(LANES_BOUND(b) <= k, "a difference that may be negative");
    lanes_sub_raw(out, a, b);
    L(lift_raw)(out, k);
    L(normalize)(out, LANES_BOUND(a) + k);
}

LANES_INLINE void L(neg)(L_T *out, const L_T *a, unsigned k) {
    const L_T zero = lanes_zero();
    L(sub)(out, &zero, a, k);
}

/* One limb of the Montgomery reduction: column i of acc becomes 0 modulo 2^52 and is carried on. The
 * lowest product only fills that column up to the next multiple of 2^52, so that it is not made. */
LANES_INLINE void L(reduce_column)(lanes_wide_t *acc, int i) {
    const __m512i zero = _mm512_setzero_si512();
    __m512i q = lanes_mul_low(zero, acc->l[i], lanes_set(L(minus_inverse)));
    __m512i filled = _mm512_add_epi64(acc->l[i], lanes_set(lanes_mask));
    acc->l[i + 1] = _mm512_add_epi64(acc->l[i + 1], _mm512_srai_epi64(filled, LANES_LIMB_BITS));
    LANES_UNROLL
    for (int j = 0; j < LANES_LIMBS; j++) {
        if (j > 0) acc->l[i + j] = lanes_mul_low(acc->l[i + j], q, lanes_set(L(modulus)[j]));
        acc->l[i + j + 1] = lanes_mul_high(acc->l[i + j + 1], q, lanes_set(L(modulus)[j]));
    }
}

/* acc / 2^260 in raw limbs, between the integer quotient and that plus m. Columns are signed: a
 * difference of products may be reduced. */
LANES_INLINE void L(wide_reduce_raw)(L_T *out, lanes_wide_t *acc) {
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) L(reduce_column)(acc, i);
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) out->l[i] = acc->l[LANES_LIMBS + i];
}

/* acc / 2^260 mod m, bound 2, for a sum of products whose bounds i j add up to at most 84. */
LANES_INLINE void L(wide_reduce)(L_T *out, const lanes_wide_t *acc) {
    lanes_wide_t columns = *acc;
    lanes_require(LANES_BOUND(acc) <= LANES_MAX_BOUND, "a product above 84 m^2");
    L(wide_reduce_raw)(out, &columns);
    L(normalize)(out, 2);
}

/* a b / 2^260 mod m, bound 2. */
LANES_INLINE void L(mul)(L_T *out, const L_T *a, const L_T *b) {
    lanes_verify_number(a, L(modulus));
    lanes_verify_number(b, L(modulus));
    lanes_wide_t acc = lanes_wide_zero();
    lanes_wide_mul_add(&acc, a, b);
    L(wide_reduce)(out, &acc);
}

/* mul and square without the last carry: bound 2, raw. */
LANES_INLINE void L(mul_raw)(L_T *out, const L_T *a, const L_T *b) {
    lanes_verify_number(a, L(modulus));
    lanes_verify_number(b, L(modulus));
    lanes_wide_t acc = lanes_wide_zero();
    lanes_wide_mul_add(&acc, a, b);
    lanes_require(LANES_BOUND(&acc) <= LANES_MAX_BOUND, "a product above 84 m^2");
    L(wide_reduce_raw)(out, &acc);
    LANES_SET_BOUND(out, 2);
}

LANES_INLINE void L(square_raw)(L_T *out, const L_T *a) {
    lanes_wide_t acc;
    lanes_verify_number(a, L(modulus));
    lanes_wide_square(&acc, a);
    lanes_require(LANES_BOUND(&acc) <= LANES_MAX_BOUND, "a product above 84 m^2");
    L(wide_reduce_raw)(out, &acc);
    LANES_SET_BOUND(out, 2);
}

LANES_INLINE void L(square)(L_T *out, const L_T *a) {
    lanes_verify_number(a, L(modulus));
    lanes_wide_t acc;
    lanes_wide_square(&acc, a);
    L(wide_reduce)(out, &acc);
}

/* A bound up to 84 becomes 2 (in fact the result is below 1.02 m): the quotient by m is estimated
 * from the top limb, 1 too low at most. */
LANES_INLINE void L(reduce)(L_T *out, const L_T *a) {
    lanes_verify_number(a, L(modulus));
    __m512i estimate = lanes_mul_high(_mm512_setzero_si512(), a->l[LANES_LIMBS - 1],
                                      lanes_set((uint64_t)L(quotient_factor)));
    __m512i quotient = _mm512_srli_epi64(estimate, 6);
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) {
        __m512i multiple = _mm512_mullo_epi64(quotient, lanes_set(L(modulus)[i]));
        out->l[i] = _mm512_sub_epi64(a->l[i], multiple);
    }
    L(normalize)(out, 2);
}

/* Bound 2 becomes 1. */
LANES_INLINE void L(canonical)(L_T *out, const L_T *a) {
    lanes_require(LANES_BOUND(a) <= 2, "canonical of a bound above 2");
    L_T less = *a;
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++)
        less.l[i] = _mm512_sub_epi64(less.l[i], lanes_set(L(modulus)[i]));
    lanes_carry(&less);
    __mmask8 negative = _mm512_movepi64_mask(less.l[LANES_LIMBS - 1]);
    lanes_select(out, negative, &less, a);
    LANES_SET_BOUND(out, 1);
    lanes_verify_number(out, L(modulus));
}

/* Lanes that are 0 modulo m; bound 2. */
LANES_INLINE __mmask8 L(zero_lanes)(const L_T *a) {
    L_T least;
    L(canonical)(&least, a);
    __m512i any = least.l[0];
    LANES_UNROLL
    for (int i = 1; i < LANES_LIMBS; i++) any = _mm512_or_si512(any, least.l[i]);
    return _mm512_testn_epi64_mask(any, any);
}

/* The integers as they stand, bound 1. */
LANES_INLINE void L(load)(L_T *out, const F_T *elements) {
    lanes_words_t words;
    lanes_read(&words, (const uint64_t *)elements);
    lanes_split(out, &words);
    LANES_SET_BOUND(out, 1);
    lanes_verify_number(out, L(modulus));
}

/* Bound 2, written canonical. */
LANES_INLINE void L(store)(F_T *elements, const L_T *a) {
    L_T least;
    lanes_words_t words;
    L(canonical)(&least, a);
    lanes_join(&words, &least);
    lanes_write((uint64_t *)elements, &words);
}

/* From the memory's Montgomery form to that of the lanes, bound 16. */
LANES_INLINE void L(from_words)(L_T *out, const lanes_words_t *words) {
    lanes_split_shifted(out, words);
    LANES_SET_BOUND(out, 16);
    lanes_verify_number(out, L(modulus));
}

/* And back, canonical; bound 2. v + k m with k < 16 is a multiple of 16 and below 17 m. */
LANES_INLINE void L(to_words)(lanes_words_t *words, const L_T *a) {
    L_T sixteenth;
    __m512i k = _mm512_mullo_epi64(a->l[0], lanes_set(L(minus_inverse) & 15));
    k = _mm512_and_si512(k, lanes_set(15));
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) {
        __m512i multiple = _mm512_mullo_epi64(k, lanes_set(L(modulus)[i]));
        sixteenth.l[i] = _mm512_add_epi64(a->l[i], multiple);
    }
    L(normalize)(&sixteenth, LANES_BOUND(a) + 15);
    lanes_divide_by_16(&sixteenth);
    LANES_SET_BOUND(&sixteenth, 2);
    L(canonical)(&sixteenth, &sixteenth);
    lanes_join(words, &sixteenth);
}

LANES_INLINE void L(load_montgomery)(L_T *out, const F_T *elements) {
    lanes_words_t words;
    lanes_read(&words, (const uint64_t *)elements);
    L(from_words)(out, &words);
}

LANES_INLINE void L(store_montgomery)(F_T *elements, const L_T *a) {
    lanes_words_t words;
    L(to_words)(&words, a);
    lanes_write((uint64_t *)elements, &words);
}

/* 1 / a in each lane, bound 2 in and out; 0 -> 0. */
ZK_UNUSED static void L(inverse_vartime)(L_T *out, const L_T *a) {
    F_T plain[ZK_LANES], inverses[ZK_LANES];
    L(store_montgomery)(plain, a);
    F(inverse_batch_vartime)(inverses, plain, ZK_LANES);
    L(load_montgomery)(out, inverses);
    L(reduce)(out, out);
}

/* out[i] = 1 / a[i], lane by lane, with one inversion; 0 -> 0. Bound 2; out does not overlap a. */
ZK_UNUSED static void L(inverse_batch_vartime)(L_T *out, const L_T *a, size_t n) {
    L_T product, tail;
    L(broadcast)(&product, &F(one));
    const L_T one = product;
    for (size_t i = 0; i < n; i++) {
        L_T factor;
        out[i] = product;
        lanes_select(&factor, L(zero_lanes)(&a[i]), &a[i], &one);
        L(mul)(&product, &product, &factor);
    }
    L(inverse_vartime)(&tail, &product);
    for (size_t i = n; i-- > 0;) {
        const __mmask8 zeros = L(zero_lanes)(&a[i]);
        const L_T nothing = lanes_zero();
        L_T factor;
        lanes_select(&factor, zeros, &a[i], &one);
        L(mul)(&out[i], &out[i], &tail);
        L(mul)(&tail, &tail, &factor);
        lanes_select(&out[i], zeros, &out[i], &nothing);
    }
}

#undef F
#undef F_T
#undef L
#undef L_T
#undef FIELD
#undef LANES
