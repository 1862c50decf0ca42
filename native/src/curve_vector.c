/* Vectors of G1 and G2 points: group law, curve and subgroup membership. */
#define GROUP g1
#include "curve_vector_template.h"
#define GROUP g2
#include "curve_vector_template.h"

static zk_status op_add_scratch_words(uint64_t *words, int group, size_t n, size_t threads) {
    (void)n;
    if (group != 1 && group != 2) return ZK_BAD_ARGUMENT;
    *words = group == 1 ? g1_add_scratch(threads) : g2_add_scratch(threads);
    return ZK_OK;
}

/* The digits of the curve's x in signed binary form, least significant first. */
static const int8_t x_signed_bits[63] = {
    1, 0, 0, 0, -1, 0, 0, 0,  0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0,
    -1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, -1, 0, -1, 0, -1, 0,
    1, 0, 1, 0, 0, -1, 0, 1, 0, 1, 0, -1, 0, 0, 1, 0, 1, 0, 0, 0, 1};

static void g2_mul_x(g2_jacobian_t *out, const g2_affine_t *p) {
    g2_affine_t minus_p;
    g2_affine_neg(&minus_p, p);
    *out = g2_from_affine(p);
    for (int i = 61; i >= 0; i--) {
        g2_double(out, out);
        if (x_signed_bits[i] != 0) g2_add_affine(out, out, x_signed_bits[i] > 0 ? p : &minus_p);
    }
}

/* Whether two points are the same: both at infinity, or equal after clearing denominators. */
static bool g2_equal(const g2_jacobian_t *p, const g2_jacobian_t *q) {
    if (g2_is_infinity(p) || g2_is_infinity(q)) return g2_is_infinity(p) && g2_is_infinity(q);
    fp2_t pp, qq, left, right;
    fp2_square(&pp, &p->z);
    fp2_square(&qq, &q->z);
    fp2_mul(&left, &p->x, &qq);
    fp2_mul(&right, &q->x, &pp);
    if (!fp2_equal(&left, &right)) return false;
    fp2_mul(&pp, &pp, &p->z);
    fp2_mul(&qq, &qq, &q->z);
    fp2_mul(&left, &p->y, &qq);
    fp2_mul(&right, &q->y, &pp);
    return fp2_equal(&left, &right);
}

/* Whether a point of the twist lies in the subgroup of order r, by the endomorphism psi
 * (g2_frobenius): p + s + psi(s) + psi^2(s) = psi^3(2 s) for s = x p. (El Housni, Guillevic,
 * Piellard, "Co-factor clearing and subgroup membership testing on pairing-friendly curves".) psi
 * satisfies psi^2 - t psi + q = 0; modulo that the equation is (a + b psi) p = 0, so the order of p
 * divides a^2 + a b t + b^2 q, whose greatest common divisor with the order of the twist is r. */
static bool g2_is_in_subgroup(const g2_affine_t *p) {
    if (g2_affine_is_infinity(p)) return true;
    g2_jacobian_t multiple, left, image, right;
    g2_mul_x(&multiple, p);
    g2_add_affine(&left, &multiple, p);
    g2_frobenius_jacobian(&image, &multiple);
    g2_add(&left, &left, &image);
    g2_frobenius_jacobian(&image, &image);
    g2_add(&left, &left, &image);
    g2_frobenius_jacobian(&image, &image);
    g2_double(&right, &image);
    return g2_equal(&left, &right);
}

struct subgroup_job {
    const g2_affine_t *points;
    size_t n;
    int64_t *first; /* of each part */
};

enum { SUBGROUP_PARTS = 64 };

static void subgroup_task(void *context, size_t part) {
    const struct subgroup_job *job = context;
    size_t end = zk_part_begin(job->n, SUBGROUP_PARTS, part + 1);
    job->first[part] = -1;
    for (size_t i = zk_part_begin(job->n, SUBGROUP_PARTS, part); i < end; i++)
        if (!g2_is_in_subgroup(&job->points[i])) {
            job->first[part] = (int64_t)i;
            return;
        }
}

static zk_status op_g2_first_outside_subgroup(int64_t *index, const uint64_t *points, size_t n,
                                              size_t threads) {
    int64_t first[SUBGROUP_PARTS];
    struct subgroup_job job = {(const g2_affine_t *)points, n, first};
    zk_parallel(threads, SUBGROUP_PARTS, subgroup_task, &job);
    *index = -1;
    for (size_t part = SUBGROUP_PARTS; part-- > 0;)
        if (first[part] >= 0) *index = first[part];
    return ZK_OK;
}
