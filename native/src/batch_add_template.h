/* Affine additions in blocks that share one inversion: 5M + 1S each in G1 instead of 11M + 5S. What
 * is inverted are the norms of the slopes' denominators, which lie in Fp for G2 too. Include with
 * GROUP and BASE. The points have odd order (both curves do), so y = 0 never occurs. */
#define G(name) JOIN(GROUP, name)
#define B(name) JOIN(BASE, name)
#define B_T JOIN(BASE, t)
#define AFFINE JOIN(GROUP, affine_t)

/* Pending sums *out[i] = left[i] + right[i]. Operands are kept by value: `out` may be where an
 * operand came from. Two pending sums never share an `out`. The norms are multiplied up in several
 * chains, each of every BATCH_ADD_CHAINS-th sum, since a single one would wait for each product. */
typedef struct {
    _Alignas(ZK_CACHE_LINE) AFFINE left[BATCH_ADD_BLOCK];
    AFFINE right[BATCH_ADD_BLOCK];
    B_T slope[BATCH_ADD_BLOCK];
    fp_t norm[BATCH_ADD_BLOCK], prefix[BATCH_ADD_BLOCK]; /* prefix: the chain's product before */
    AFFINE *out[BATCH_ADD_BLOCK];
    fp_t product[BATCH_ADD_CHAINS]; /* of the norms of each chain */
    size_t count;
} G(adder_t);

ZK_UNUSED static void G(adder_reset)(G(adder_t) *adder) {
    adder->count = 0;
    for (size_t chain = 0; chain < BATCH_ADD_CHAINS; chain++) adder->product[chain] = fp_one;
}

/* The slope of the chord, or of the tangent where both points are equal; norm_inverse is 1 / (the
 * norm of its denominator). */
ZK_UNUSED static inline void G(slope)(B_T *out, const AFFINE *left, const AFFINE *right,
                                      const fp_t *norm_inverse) {
    B_T numerator, denominator;
    B(sub)(&denominator, &right->x, &left->x);
    if (B(is_zero)(&denominator)) {
        B_T square;
        B(square)(&square, &left->x);
        B(double)(&numerator, &square);
        B(add)(&numerator, &numerator, &square);
        B(double)(&denominator, &left->y);
    } else {
        B(sub)(&numerator, &right->y, &left->y);
    }
    B(divide_by_norm)(out, &numerator, &denominator, norm_inverse);
}

/* tails[c] = 1 / product[c], by one inversion. */
ZK_UNUSED static void G(adder_invert)(fp_t tails[BATCH_ADD_CHAINS], const G(adder_t) *adder) {
    fp_t upto[BATCH_ADD_CHAINS], inverse;
    upto[0] = adder->product[0];
    for (size_t c = 1; c < BATCH_ADD_CHAINS; c++)
        fp_mul(&upto[c], &upto[c - 1], &adder->product[c]);
    fp_inverse_vartime(&inverse, &upto[BATCH_ADD_CHAINS - 1]);
    for (size_t c = BATCH_ADD_CHAINS; c-- > 1;) {
        fp_mul(&tails[c], &inverse, &upto[c - 1]);
        fp_mul(&inverse, &inverse, &adder->product[c]);
    }
    tails[0] = inverse;
}

/* Carry out the pending sums. Each loop does one step for every sum: neighbours do not depend on
 * each other, so the processor overlaps them. `prefix` becomes 1 / norm. */
ZK_UNUSED static void G(adder_flush)(G(adder_t) *adder) {
    size_t count = adder->count;
    if (count == 0) return;
    fp_t tails[BATCH_ADD_CHAINS];
    B_T t;
    G(adder_invert)(tails, adder);
    for (size_t i = count; i-- > 0;) {
        fp_t *tail = &tails[i % BATCH_ADD_CHAINS];
        fp_mul(&adder->prefix[i], tail, &adder->prefix[i]);
        fp_mul(tail, tail, &adder->norm[i]);
    }
    for (size_t i = 0; i < count; i++)
        G(slope)(&adder->slope[i], &adder->left[i], &adder->right[i], &adder->prefix[i]);
    for (size_t i = 0; i < count; i++) {
        AFFINE *out = adder->out[i];
        if (i + 1 < count) zk_prefetch_write(adder->out[i + 1], sizeof(AFFINE));
        B(square)(&t, &adder->slope[i]);
        B(sub)(&t, &t, &adder->left[i].x);
        B(sub)(&out->x, &t, &adder->right[i].x);
    }
    for (size_t i = 0; i < count; i++) {
        AFFINE *out = adder->out[i];
        B(sub)(&t, &adder->left[i].x, &out->x);
        B(mul)(&t, &t, &adder->slope[i]);
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
    B_T denominator;
    B(sub)(&denominator, &right->x, &left->x);
    if (G(affine_is_infinity)(left) || G(affine_is_infinity)(right)) {
        *out = G(affine_is_infinity)(left) ? *right : *left;
        return;
    }
    if (B(is_zero)(&denominator)) {
        if (!B(equal)(&left->y, &right->y)) {
            *out = (AFFINE){B(zero)(), B(zero)()};
            return;
        }
        B(double)(&denominator, &left->y);
    }
    B(norm)(&adder->norm[i], &denominator);
    fp_t *product = &adder->product[i % BATCH_ADD_CHAINS];
    adder->out[i] = out;
    adder->prefix[i] = *product;
    fp_mul(product, product, &adder->norm[i]);
    if (++adder->count == BATCH_ADD_BLOCK) G(adder_flush)(adder);
}

/* Both at once, for operands that are at hand. */
ZK_UNUSED static inline void G(adder_push)(G(adder_t) *adder, AFFINE *out, const AFFINE *left,
                                           const AFFINE *right) {
    *G(adder_left)(adder) = *left;
    *G(adder_right)(adder) = *right;
    G(adder_commit)(adder, out);
}

/* *out = left +- right, where both operands stay as they are until the flush. */
ZK_UNUSED static inline void G(adder_push_signed)(G(adder_t) *adder, AFFINE *out,
                                                  const AFFINE *left, const AFFINE *right,
                                                  bool negative) {
    *G(adder_left)(adder) = *left;
    G(affine_negate_if)(G(adder_right)(adder), right, negative);
    G(adder_commit)(adder, out);
}

#undef G
#undef B
#undef B_T
#undef AFFINE
#undef GROUP
#undef BASE
