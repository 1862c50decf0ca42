/* Operations on vectors of points of GROUP (g1 or g2). */
#define G(name) JOIN(GROUP, name)
#define OP(name) JOIN(JOIN(op, GROUP), name)
#define AFFINE JOIN(GROUP, affine_t)
#define JACOBIAN JOIN(GROUP, jacobian_t)
#define COORDINATES (sizeof(AFFINE) / sizeof(fp_t))

ZK_UNUSED static zk_status OP(add)(uint64_t *out, const uint64_t *p, const uint64_t *q, size_t n) {
    for (size_t i = 0; i < n; i++) {
        JACOBIAN sum = G(from_affine)((const AFFINE *)p + i);
        G(add_affine)(&sum, &sum, (const AFFINE *)q + i);
        G(to_affine)((AFFINE *)out + i, &sum);
    }
    return ZK_OK;
}

ZK_UNUSED static zk_status OP(neg)(uint64_t *out, const uint64_t *p, size_t n) {
    for (size_t i = 0; i < n; i++) G(affine_neg)((AFFINE *)out + i, (const AFFINE *)p + i);
    return ZK_OK;
}

struct G(mul_job) {
    AFFINE *out;
    const AFFINE *points;
    const limbs_t *scalars;
};

ZK_UNUSED static void G(mul_task)(void *context, size_t i) {
    const struct G(mul_job) *job = context;
    JACOBIAN product;
    G(mul_vartime)(&product, &job->points[i], job->scalars[i].l);
    G(to_affine)(&job->out[i], &product);
}

ZK_UNUSED static zk_status OP(mul)(uint64_t *out, const uint64_t *points, const uint64_t *scalars,
                                   size_t n, size_t threads) {
    struct G(mul_job) job = {(AFFINE *)out, (const AFFINE *)points, (const limbs_t *)scalars};
    zk_parallel(threads, n, G(mul_task), &job);
    return ZK_OK;
}

/* Whether every coordinate is reduced and the point satisfies the curve equation. */
ZK_UNUSED static bool G(is_valid)(const AFFINE *p) {
    const limbs_t *coordinates = (const limbs_t *)p;
    for (size_t i = 0; i < COORDINATES; i++)
        if (!limbs_less(coordinates[i].l, fp_modulus.l)) return false;
    return G(is_on_curve)(p);
}

ZK_UNUSED static zk_status OP(first_off_curve)(int64_t *index, const uint64_t *points, size_t n) {
    *index = -1;
    for (size_t i = 0; i < n && *index < 0; i++)
        if (!G(is_valid)((const AFFINE *)points + i)) *index = (int64_t)i;
    return ZK_OK;
}

#undef G
#undef OP
#undef AFFINE
#undef JACOBIAN
#undef COORDINATES
#undef GROUP
