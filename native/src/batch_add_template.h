/* Affine additions in blocks that share one inversion: 5M + 1S each instead of 11M + 5S. Include with
 * GROUP and BASE. The points have odd order (both curves do), so y = 0 never occurs. */
#define G(name) JOIN(GROUP, name)
#define B(name) JOIN(BASE, name)
#define B_T JOIN(BASE, t)
#define AFFINE JOIN(GROUP, affine_t)

/* Pending sums *out[i] = left[i] + right[i]. Operands are kept by value: `out` may be where an operand
 * came from. Two pending sums never share an `out`. The denominators are multiplied up in several
 * chains, each of every BATCH_ADD_CHAINS-th sum, since a single one would wait for each product. */
typedef struct {
    _Alignas(ZK_CACHE_LINE) AFFINE left[BATCH_ADD_BLOCK];
    AFFINE right[BATCH_ADD_BLOCK];
    B_T denominator[BATCH_ADD_BLOCK], prefix[BATCH_ADD_BLOCK];
    AFFINE *out[BATCH_ADD_BLOCK];
    B_T product[BATCH_ADD_CHAINS]; /* of the denominators of each chain */
    size_t count;
} G(adder_t);

ZK_UNUSED static void G(adder_reset)(G(adder_t) *adder) {
    adder->count = 0;
    for (size_t chain = 0; chain < BATCH_ADD_CHAINS; chain++) adder->product[chain] = B(one);
}

/* The slope's numerator: of the chord, or of the tangent where both points are equal. */
ZK_UNUSED static inline void G(slope_numerator)(B_T *out, const AFFINE *left, const AFFINE *right) {
    if (B(equal)(&left->x, &right->x)) {
        B_T square;
        B(square)(&square, &left->x);
        B(double)(out, &square);
        B(add)(out, out, &square);
    } else {
        B(sub)(out, &right->y, &left->y);
    }
}

/* tails[c] = 1 / product[c], by one inversion. */
ZK_UNUSED static void G(adder_invert)(B_T tails[BATCH_ADD_CHAINS], const G(adder_t) *adder) {
    B_T upto[BATCH_ADD_CHAINS], inverse;
    upto[0] = adder->product[0];
    for (size_t c = 1; c < BATCH_ADD_CHAINS; c++) B(mul)(&upto[c], &upto[c - 1], &adder->product[c]);
    B(inverse_vartime)(&inverse, &upto[BATCH_ADD_CHAINS - 1]);
    for (size_t c = BATCH_ADD_CHAINS; c-- > 1;) {
        B(mul)(&tails[c], &inverse, &upto[c - 1]);
        B(mul)(&inverse, &inverse, &adder->product[c]);
    }
    tails[0] = inverse;
}

/* Carry out the pending sums. Each loop does one multiplication for every sum: neighbours do not
 * depend on each other, so the processor overlaps them. `prefix` becomes 1 / denominator, then the
 * slope; `denominator` becomes x of the sum. */
ZK_UNUSED static void G(adder_flush)(G(adder_t) *adder) {
    size_t count = adder->count;
    if (count == 0) return;
    B_T tails[BATCH_ADD_CHAINS], *slope = adder->prefix, *x = adder->denominator, t;
    G(adder_invert)(tails, adder);
    for (size_t i = count; i-- > 0;) {
        B_T *tail = &tails[i % BATCH_ADD_CHAINS];
        B(mul)(&slope[i], tail, &adder->prefix[i]);
        B(mul)(tail, tail, &adder->denominator[i]);
    }
    for (size_t i = 0; i < count; i++) {
        G(slope_numerator)(&t, &adder->left[i], &adder->right[i]);
        B(mul)(&slope[i], &slope[i], &t);
    }
    for (size_t i = 0; i < count; i++) {
        zk_prefetch_write(adder->out[i], sizeof(AFFINE));
        B(square)(&t, &slope[i]);
        B(sub)(&t, &t, &adder->left[i].x);
        B(sub)(&x[i], &t, &adder->right[i].x);
    }
    for (size_t i = 0; i < count; i++) {
        AFFINE *out = adder->out[i];
        B(sub)(&t, &adder->left[i].x, &x[i]);
        B(mul)(&t, &t, &slope[i]);
        out->x = x[i];
        B(sub)(&out->y, &t, &adder->left[i].y);
    }
    G(adder_reset)(adder);
}

/* Where the operands of the next sum are to be written, before adder_commit. */
ZK_UNUSED static inline AFFINE *G(adder_left)(G(adder_t) *adder) {
    return &adder->left[adder->count];
}

ZK_UNUSED static inline AFFINE *G(adder_right)(G(adder_t) *adder) {
    return &adder->right[adder->count];
}

/* Let *out become the sum of the two operands written, at the latest at the next flush. */
ZK_UNUSED static inline void G(adder_commit)(G(adder_t) *adder, AFFINE *out) {
    size_t i = adder->count;
    const AFFINE *left = &adder->left[i], *right = &adder->right[i];
    B_T *denominator = &adder->denominator[i];
    B(sub)(denominator, &right->x, &left->x);
    if (G(affine_is_infinity)(left) || G(affine_is_infinity)(right)) {
        *out = G(affine_is_infinity)(left) ? *right : *left;
        return;
    }
    if (B(is_zero)(denominator)) {
        if (!B(equal)(&left->y, &right->y)) {
            *out = (AFFINE){B(zero)(), B(zero)()};
            return;
        }
        B(double)(denominator, &left->y);
    }
    adder->out[i] = out;
    B_T *product = &adder->product[i % BATCH_ADD_CHAINS];
    adder->prefix[i] = *product;
    B(mul)(product, product, denominator);
    if (++adder->count == BATCH_ADD_BLOCK) G(adder_flush)(adder);
}

/* Both at once, for operands that are at hand. */
ZK_UNUSED static inline void G(adder_push)(G(adder_t) *adder, AFFINE *out, const AFFINE *left,
                                           const AFFINE *right) {
    *G(adder_left)(adder) = *left;
    *G(adder_right)(adder) = *right;
    G(adder_commit)(adder, out);
}

#undef G
#undef B
#undef B_T
#undef AFFINE
#undef GROUP
#undef BASE
