/* Affine additions in blocks that share one inversion: 5M + 1S each instead of 11M + 5S. Include with
 * GROUP and BASE. The points have odd order (both curves do), so y = 0 never occurs. */
#define G(name) JOIN(GROUP, name)
#define B(name) JOIN(BASE, name)
#define B_T JOIN(BASE, t)
#define AFFINE JOIN(GROUP, affine_t)

/* Pending sums *out[i] = left[i] + right[i]. Operands are kept by value: `out` may be where an operand
 * came from. Two pending sums never share an `out`. */
typedef struct {
    _Alignas(ZK_CACHE_LINE) AFFINE left[BATCH_ADD_BLOCK];
    AFFINE right[BATCH_ADD_BLOCK];
    B_T denominator[BATCH_ADD_BLOCK], prefix[BATCH_ADD_BLOCK];
    AFFINE *out[BATCH_ADD_BLOCK];
    B_T product; /* of all denominators */
    size_t count;
} G(adder_t);

ZK_UNUSED static void G(adder_reset)(G(adder_t) *adder) {
    adder->count = 0;
    adder->product = B(one);
}

/* *out = left + right through the slope numerator / denominator; out is neither operand. */
ZK_UNUSED static inline void G(add_with_slope)(AFFINE *out, const AFFINE *left, const AFFINE *right,
                                               const B_T *denominator_inverse) {
    B_T slope, t;
    if (B(equal)(&left->x, &right->x)) {
        B(square)(&t, &left->x);
        B(double)(&slope, &t);
        B(add)(&slope, &slope, &t);
    } else {
        B(sub)(&slope, &right->y, &left->y);
    }
    B(mul)(&slope, &slope, denominator_inverse);
    B(square)(&t, &slope);
    B(sub)(&t, &t, &left->x);
    B(sub)(&out->x, &t, &right->x);
    B(sub)(&t, &left->x, &out->x);
    B(mul)(&t, &t, &slope);
    B(sub)(&out->y, &t, &left->y);
}

/* Carry out the pending sums. */
ZK_UNUSED static void G(adder_flush)(G(adder_t) *adder) {
    if (adder->count == 0) return;
    B_T tail, inverse;
    B(inverse_vartime)(&tail, &adder->product);
    for (size_t i = adder->count; i-- > 0;) {
        if (i > 0) zk_prefetch_write(adder->out[i - 1], sizeof(AFFINE));
        B(mul)(&inverse, &tail, &adder->prefix[i]);
        B(mul)(&tail, &tail, &adder->denominator[i]);
        G(add_with_slope)(adder->out[i], &adder->left[i], &adder->right[i], &inverse);
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
    adder->prefix[i] = adder->product;
    B(mul)(&adder->product, &adder->product, denominator);
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
