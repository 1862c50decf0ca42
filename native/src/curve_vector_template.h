/* Operations on vectors of points of GROUP (g1 or g2). */
#define G(name) JOIN(GROUP, name)
#define OP(name) JOIN(JOIN(op, GROUP), name)
#define AFFINE JOIN(GROUP, affine_t)
#define JACOBIAN JOIN(GROUP, jacobian_t)
#define COORDINATES (sizeof(AFFINE) / sizeof(fp_t))

struct G(add_job) {
    AFFINE *out;
    const AFFINE *p, *q;
    G(adder_t) *adders;
    size_t n, parts;
};

ZK_UNUSED static void G(add_task)(void *context, size_t part) {
    const struct G(add_job) *job = context;
    G(adder_t) *adder = &job->adders[part];
    size_t end = zk_part_begin(job->n, job->parts, part + 1);
    G(adder_reset)(adder);
    for (size_t i = zk_part_begin(job->n, job->parts, part); i < end; i++)
        G(adder_push)(adder, &job->out[i], &job->p[i], &job->q[i]);
    G(adder_flush)(adder);
}

ZK_UNUSED static zk_status OP(add)(uint64_t *out, uint64_t *scratch, const uint64_t *p,
                                   const uint64_t *q, size_t n, size_t threads) {
    struct G(add_job) job = {(AFFINE *)out, (const AFFINE *)p, (const AFFINE *)q,
                             zk_align(scratch), n, threads};
    zk_parallel(threads, threads, G(add_task), &job);
    return ZK_OK;
}

ZK_UNUSED static size_t G(add_scratch)(size_t threads) {
    return (threads * sizeof(G(adder_t)) + ZK_CACHE_LINE) / sizeof(uint64_t) + 1;
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
