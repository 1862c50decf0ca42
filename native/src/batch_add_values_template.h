/* The adder of batch_add_template.h over eight lanes: the same names, operands kept by value.
 * Include with GROUP. */
#define G(name) JOIN(GROUP, name)
#define AFFINE JOIN(GROUP, affine_t)

typedef struct {
    _Alignas(ZK_CACHE_LINE) AFFINE left[G(add_sums)];
    AFFINE right[G(add_sums)];
    G(lanes_adder_t) lanes;
} G(adder_t);

ZK_UNUSED static void G(adder_reset)(G(adder_t) *adder) { G(lanes_adder_reset)(&adder->lanes); }

ZK_UNUSED static void G(adder_flush)(G(adder_t) *adder) { G(lanes_adder_flush)(&adder->lanes); }

/* Where the operands of the next sum are to be written, before adder_commit. */
ZK_UNUSED static inline AFFINE *G(adder_left)(G(adder_t) *adder) {
    return &adder->left[adder->lanes.count];
}

ZK_UNUSED static inline AFFINE *G(adder_right)(G(adder_t) *adder) {
    return &adder->right[adder->lanes.count];
}

/* Let *out become the sum of the two operands written, at the latest at the next flush. */
ZK_UNUSED static inline void G(adder_commit)(G(adder_t) *adder, AFFINE *out) {
    size_t i = adder->lanes.count;
    G(lanes_adder_push)(&adder->lanes, out, &adder->left[i], false, &adder->right[i], false);
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
    G(lanes_adder_push)(&adder->lanes, out, left, false, right, negative);
}

#undef G
#undef AFFINE
#undef GROUP
