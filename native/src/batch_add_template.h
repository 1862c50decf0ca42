/* Affine additions in blocks that share one inversion: 5M + 1S each instead of 11M + 5S. Include with
 * GROUP and BASE. The points have odd order (both curves do), so y = 0 never occurs. */
#define G(name) JOIN(GROUP, name)
#define B(name) JOIN(BASE, name)
#define B_T JOIN(BASE, t)
#define AFFINE JOIN(GROUP, affine_t)

/* Pending sums *out[i] = left[i] + right[i]. Operands are kept by value: `out` may be where an operand
 * came from. Two pending sums never share an `out`. */
typedef struct {
    size_t count;
    B_T product; /* of all denominators */
    AFFINE left[BATCH_ADD_BLOCK], right[BATCH_ADD_BLOCK];
    AFFINE *out[BATCH_ADD_BLOCK];
    B_T denominator[BATCH_ADD_BLOCK], prefix[BATCH_ADD_BLOCK];
} G(adder_t);

ZK_UNUSED static void G(adder_reset)(G(adder_t) *adder) {
    adder->count = 0;
    adder->product = B(one);
}

/* *out = left + right through the slope numerator / denominator. */
ZK_UNUSED static inline void G(add_with_slope)(AFFINE *out, const AFFINE *left, const AFFINE *right,
                                               const B_T *denominator_inverse, bool doubling) {
    B_T slope, t;
    if (doubling) {
        B(square)(&t, &left->x);
        B(double)(&slope, &t);
        B(add)(&slope, &slope, &t);
    } else {
        B(sub)(&slope, &right->y, &left->y);
    }
    B(mul)(&slope, &slope, denominator_inverse);
    AFFINE sum;
    B(square)(&sum.x, &slope);
    B(sub)(&sum.x, &sum.x, &left->x);
    B(sub)(&sum.x, &sum.x, &right->x);
    B(sub)(&t, &left->x, &sum.x);
    B(mul)(&t, &t, &slope);
    B(sub)(&sum.y, &t, &left->y);
    *out = sum;
}

/* Carry out the pending sums. */
ZK_UNUSED static void G(adder_flush)(G(adder_t) *adder) {
    if (adder->count == 0) return;
    B_T tail, inverse;
    B(inverse)(&tail, &adder->product);
    for (size_t i = adder->count; i-- > 0;) {
        const AFFINE *left = &adder->left[i], *right = &adder->right[i];
        B(mul)(&inverse, &tail, &adder->prefix[i]);
        B(mul)(&tail, &tail, &adder->denominator[i]);
        G(add_with_slope)(adder->out[i], left, right, &inverse, B(equal)(&left->x, &right->x));
    }
    G(adder_reset)(adder);
}

/* Let *out become left + right, at the latest at the next flush. */
ZK_UNUSED static inline void G(adder_push)(G(adder_t) *adder, AFFINE *out, const AFFINE *left,
                                           const AFFINE *right) {
    if (G(affine_is_infinity)(left)) {
        *out = *right;
        return;
    }
    if (G(affine_is_infinity)(right)) {
        *out = *left;
        return;
    }
    size_t i = adder->count;
    B_T *denominator = &adder->denominator[i];
    B(sub)(denominator, &right->x, &left->x);
    if (B(is_zero)(denominator)) {
        if (!B(equal)(&left->y, &right->y)) {
            *out = (AFFINE){B(zero)(), B(zero)()};
            return;
        }
        B(double)(denominator, &left->y);
    }
    adder->left[i] = *left;
    adder->right[i] = *right;
    adder->out[i] = out;
    adder->prefix[i] = adder->product;
    B(mul)(&adder->product, &adder->product, denominator);
    if (++adder->count == BATCH_ADD_BLOCK) G(adder_flush)(adder);
}

#undef G
#undef B
#undef B_T
#undef AFFINE
#undef GROUP
#undef BASE
