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

/* Whether a point of the twist lies in the subgroup of order r: psi(p) = 6x^2 p, where psi is the
 * untwist-Frobenius-twist endomorphism. psi satisfies psi^2 - t psi + q = 0, so a point with
 * psi(p) = (t - 1) p, t - 1 = 6x^2, satisfies (q + 1 - t) p = 0; and q + 1 - t = r. */
static bool g2_is_in_subgroup(const g2_affine_t *p) {
    static const uint64_t six_x_squared[4] = {0xf83e9682e87cfd46ULL, 0x6f4d8248eeb859fbULL, 0, 0};
    if (g2_affine_is_infinity(p)) return true;
    g2_jacobian_t multiple;
    g2_mul_vartime(&multiple, p, six_x_squared);
    g2_affine_t image;
    g2_frobenius(&image, p);
    g2_affine_neg(&image, &image);
    g2_add_affine(&multiple, &multiple, &image);
    return g2_is_infinity(&multiple);
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
