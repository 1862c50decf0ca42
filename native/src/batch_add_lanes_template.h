/* The block of batch_add_lanes.h for GROUP (g1 or g2) with coordinates in LANES (fp8 or fp28). */
#define G(name) JOIN(GROUP, name)
#define L(name) JOIN(LANES, name)
#define L_T JOIN(LANES, t)
#define AFFINE JOIN(GROUP, affine_t)

/* Eight sums on their way. Points as words: x, then y. */
typedef struct {
    lanes_word_t left[2 * L(words)], right[2 * L(words)];
    fp8_t norm, prefix; /* of the slopes' denominators; the product of the norms before this one */
    __mmask8 left_infinite, right_infinite;
    __mmask8 doubled, cancelled; /* only set in a careful block */
} G(lanes_sums_t);

typedef struct {
    _Alignas(ZK_CACHE_LINE) G(lanes_sums_t) sums[G(add_sums) / ZK_LANES];
    const AFFINE *left[G(add_sums)], *right[G(add_sums)];
    AFFINE *out[G(add_sums)];
    uint8_t left_negative[G(add_sums) / ZK_LANES], right_negative[G(add_sums) / ZK_LANES]; /* a bit a lane */
    size_t count;
    AFFINE nowhere; /* what fills up the last group goes here */
} G(lanes_adder_t);

/* The words of eight points; returns which are infinity. */
LANES_INLINE __mmask8 G(lanes_gather)(lanes_word_t *words, const AFFINE *const points[ZK_LANES]) {
    __m512i any = _mm512_setzero_si512();
    LANES_UNROLL
    for (size_t part = 0; part < 2 * L(words) / 8; part++) {
        LANES_UNROLL
        for (size_t i = 0; i < 8; i++)
            words[8 * part + i] = _mm512_loadu_si512((const uint64_t *)points[i] + 8 * part);
        lanes_transpose(words + 8 * part);
        LANES_UNROLL
        for (size_t i = 0; i < 8; i++) any = _mm512_or_si512(any, words[8 * part + i]);
    }
    return _mm512_testn_epi64_mask(any, any);
}

LANES_INLINE void G(lanes_scatter)(AFFINE *const points[ZK_LANES], lanes_word_t *words) {
    LANES_UNROLL
    for (size_t part = 0; part < 2 * L(words) / 8; part++) {
        lanes_transpose(words + 8 * part);
        LANES_UNROLL
        for (size_t i = 0; i < 8; i++)
            _mm512_storeu_si512((uint64_t *)points[i] + 8 * part, words[8 * part + i]);
    }
}

LANES_INLINE void G(lanes_x)(L_T *left, L_T *right, const G(lanes_sums_t) *s) {
    L(from_plain)(left, s->left);
    L(from_plain)(right, s->right);
}

/* y with its sign, raw, bound 2. */
LANES_INLINE void G(lanes_left_y)(L_T *y, const G(lanes_adder_t) *adder, size_t v) {
    L(from_plain)(y, adder->sums[v].left + L(words));
    L(negate_raw)(y, adder->left_negative[v]);
}

LANES_INLINE void G(lanes_right_y)(L_T *y, const G(lanes_adder_t) *adder, size_t v) {
    L(from_plain)(y, adder->sums[v].right + L(words));
    L(negate_raw)(y, adder->right_negative[v]);
}

/* What sums need that are none of two different finite points: find out which they are, and put
 * denominators other than zero. */
ZK_UNUSED static void G(lanes_sort_out)(G(lanes_adder_t) *adder, size_t v, L_T *denominator) {
    G(lanes_sums_t) *s = &adder->sums[v];
    const L_T one = L(plain_one)();
    L_T left, right, t, twice;
    L(reduce)(&t, denominator);
    __mmask8 same_x = L(zero_lanes)(&t) & (__mmask8)~(s->left_infinite | s->right_infinite);
    G(lanes_left_y)(&left, adder, v);
    G(lanes_right_y)(&right, adder, v);
    L(sub)(&t, &right, &left, 2);
    L(reduce)(&t, &t);
    s->doubled = same_x & L(zero_lanes)(&t);
    s->cancelled = same_x & (__mmask8)~s->doubled;
    L(add)(&twice, &left, &left);
    L(select)(denominator, s->doubled, denominator, &twice);
    L(select)(denominator, s->left_infinite | s->right_infinite | s->cancelled, denominator,
              &one);
}

/* First pass over a group of vectors: their words (in a careful block they are there),
 * denominators, norms of these, and products of all norms before. */
LANES_INLINE void G(lanes_multiply_up)(G(lanes_adder_t) *adder, fp8_t products[ADD_GROUP],
                                       size_t group, bool careful) {
    G(lanes_sums_t) *sums = &adder->sums[group];
    for (size_t j = 0; j < ADD_GROUP; j++) {
        L_T left, right;
        if (!careful) {
            const size_t first = (group + j) * ZK_LANES;
            sums[j].left_infinite = G(lanes_gather)(sums[j].left, &adder->left[first]);
            sums[j].right_infinite = G(lanes_gather)(sums[j].right, &adder->right[first]);
        }
        G(lanes_x)(&left, &right, &sums[j]);
        L(sub)(&right, &right, &left, 1);
        if (careful) G(lanes_sort_out)(adder, group + j, &right);
        L(norm)(&sums[j].norm, &right);
    }
    for (size_t j = 0; j < ADD_GROUP; j++) {
        sums[j].prefix = products[j];
        fp8_mul(&products[j], &products[j], &sums[j].norm);
    }
}

/* What a careful block does differently: the slope of a tangent, and sums that are no sum of two
 * different points. */
ZK_UNUSED static void G(lanes_mend_slope)(const G(lanes_adder_t) *adder, size_t v, L_T *numerator,
                                          L_T *denominator) {
    const G(lanes_sums_t) *s = &adder->sums[v];
    const L_T one = L(plain_one)();
    L_T x, y, tangent;
    L(from_plain)(&x, s->left);
    G(lanes_left_y)(&y, adder, v);
    L(tangent)(&tangent, &x);
    L(select)(numerator, s->doubled, numerator, &tangent);
    L(add)(&y, &y, &y);
    L(select)(denominator, s->doubled, denominator, &y);
    L(select)(denominator, s->left_infinite | s->right_infinite | s->cancelled, denominator, &one);
}

ZK_UNUSED static void G(lanes_mend_sum)(const G(lanes_adder_t) *adder, size_t v, L_T *x, L_T *y) {
    const G(lanes_sums_t) *s = &adder->sums[v];
    const L_T zero = L(plain_zero)();
    L_T left_x, right_x, left_y, right_y;
    G(lanes_x)(&left_x, &right_x, s);
    G(lanes_left_y)(&left_y, adder, v);
    G(lanes_right_y)(&right_y, adder, v);
    L(normalize)(&left_y, 2);
    L(normalize)(&right_y, 2);
    L(least)(&left_y);
    L(least)(&right_y);
    L(select)(x, s->right_infinite, x, &left_x);
    L(select)(y, s->right_infinite, y, &left_y);
    L(select)(x, s->left_infinite, x, &right_x);
    L(select)(y, s->left_infinite, y, &right_y);
    L(select)(x, s->cancelled, x, &zero);
    L(select)(y, s->cancelled, y, &zero);
}

/* Second pass over a group: slopes, sums, and back to where they belong. Each loop does one short
 * step for every vector of the group, so that the processor works on several at a time. */
LANES_INLINE void G(lanes_finish)(G(lanes_adder_t) *adder, fp8_t tails[ADD_GROUP], size_t group,
                                  bool careful) {
    const G(lanes_sums_t) *sums = &adder->sums[group];
    fp8_t inverses[ADD_GROUP];
    L_T slopes[ADD_GROUP], denominators[ADD_GROUP], x[ADD_GROUP], y[ADD_GROUP], left, right;
    for (size_t j = 0; j < ADD_GROUP; j++) {
        fp8_mul(&inverses[j], &sums[j].prefix, &tails[j]);
        fp8_mul(&tails[j], &tails[j], &sums[j].norm);
    }
    for (size_t j = 0; j < ADD_GROUP; j++) {
        G(lanes_left_y)(&left, adder, group + j);
        G(lanes_right_y)(&right, adder, group + j);
        L(sub)(&slopes[j], &right, &left, 2);
        G(lanes_x)(&left, &right, &sums[j]);
        L(sub)(&denominators[j], &right, &left, 1);
        if (careful) G(lanes_mend_slope)(adder, group + j, &slopes[j], &denominators[j]);
    }
    for (size_t j = 0; j < ADD_GROUP; j++)
        L(divide)(&slopes[j], &slopes[j], &denominators[j], &inverses[j]);
    for (size_t j = 0; j < ADD_GROUP; j++) L(square_raw)(&x[j], &slopes[j]);
    for (size_t j = 0; j < ADD_GROUP; j++) {
        G(lanes_x)(&left, &right, &sums[j]);
        L(sub_two)(&x[j], &x[j], &left, &right);
        L(sub_times_4)(&y[j], &left, &x[j]);
    }
    for (size_t j = 0; j < ADD_GROUP; j++) L(mul_raw)(&y[j], &slopes[j], &y[j]);
    for (size_t j = 0; j < ADD_GROUP; j++) {
        lanes_word_t words[2 * L(words)];
        G(lanes_left_y)(&left, adder, group + j);
        L(sub_least)(&y[j], &y[j], &left);
        if (careful) G(lanes_mend_sum)(adder, group + j, &x[j], &y[j]);
        L(to_plain)(words, &x[j]);
        L(to_plain)(words + L(words), &y[j]);
        G(lanes_scatter)(&adder->out[(group + j) * ZK_LANES], words);
    }
}

/* Carry out `vectors` vectors of sums; false, with nothing written, where that needs a careful
 * block. */
LANES_INLINE bool G(lanes_carry_out)(G(lanes_adder_t) *adder, size_t vectors, bool careful) {
    fp8_t products[ADD_GROUP], tails[ADD_GROUP];
    unsigned unusual = 0; /* a denominator of zero, or a point at infinity */
    for (size_t j = 0; j < ADD_GROUP; j++) products[j] = fp8_plain_one();
    for (size_t group = 0; group < vectors; group += ADD_GROUP)
        G(lanes_multiply_up)(adder, products, group, careful);
    for (size_t j = 0; j < ADD_GROUP; j++) unusual |= fp8_zero_lanes(&products[j]);
    for (size_t v = 0; v < vectors && !careful; v++)
        unusual |= adder->sums[v].left_infinite | adder->sums[v].right_infinite;
    if (unusual) return false;
    lanes_invert_products(tails, products);
    for (size_t group = vectors; group > 0; group -= ADD_GROUP)
        G(lanes_finish)(adder, tails, group - ADD_GROUP, careful);
    return true;
}

ZK_UNUSED static bool G(lanes_carry_out_fast)(G(lanes_adder_t) *adder, size_t vectors) {
    return G(lanes_carry_out)(adder, vectors, false);
}

ZK_UNUSED static void G(lanes_carry_out_careful)(G(lanes_adder_t) *adder, size_t vectors) {
    G(lanes_carry_out)(adder, vectors, true);
}

ZK_UNUSED static void G(lanes_adder_reset)(G(lanes_adder_t) *adder) {
    adder->count = 0;
    memset(adder->left_negative, 0, sizeof adder->left_negative);
    memset(adder->right_negative, 0, sizeof adder->right_negative);
}

/* Sums that nobody asked for, of two "points" with different x. */
ZK_UNUSED static void G(lanes_fill_up)(G(lanes_adder_t) *adder, size_t count) {
    static const uint64_t fillers[2][sizeof(AFFINE) / 8] = {{1}, {2}};
    for (size_t i = adder->count; i < count; i++) {
        adder->left[i] = (const AFFINE *)fillers[0];
        adder->right[i] = (const AFFINE *)fillers[1];
        adder->out[i] = &adder->nowhere;
    }
}

/* Carry out the pending sums. */
ZK_UNUSED static void G(lanes_adder_flush)(G(lanes_adder_t) *adder) {
    size_t count = (adder->count + ADD_GROUP_SUMS - 1) / ADD_GROUP_SUMS * ADD_GROUP_SUMS;
    if (count == 0) return;
    G(lanes_fill_up)(adder, count);
    if (!G(lanes_carry_out_fast)(adder, count / ZK_LANES))
        G(lanes_carry_out_careful)(adder, count / ZK_LANES);
    G(lanes_adder_reset)(adder);
}

ZK_UNUSED static inline void G(lanes_adder_push)(G(lanes_adder_t) *adder, AFFINE *out,
                                                 const AFFINE *left, bool left_negative,
                                                 const AFFINE *right, bool right_negative) {
    size_t i = adder->count++;
    adder->left[i] = left;
    adder->right[i] = right;
    adder->out[i] = out;
    adder->left_negative[i / ZK_LANES] |= (uint8_t)(left_negative << i % ZK_LANES);
    adder->right_negative[i / ZK_LANES] |= (uint8_t)(right_negative << i % ZK_LANES);
    if (adder->count == G(add_sums)) G(lanes_adder_flush)(adder);
}

#undef G
#undef L
#undef L_T
#undef AFFINE
#undef GROUP
#undef LANES
