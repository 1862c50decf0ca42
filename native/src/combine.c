/* Many short sums of multiples of points: out[i] = sum of scalars[kinds[k]] points[indices[k]] over
 * starts[i] <= k < starts[i + 1]. A sparse matrix times a vector of points, the butterflies of a
 * Fourier transform, one factor for all points: each is such a job. */

/* Terms are worked on in blocks, small enough for the second-level cache. */
enum { COMBINE_BLOCK = 256, COMBINE_NOWHERE = UINT32_MAX };

#define GROUP g1
#define BASE fp
#include "combine_template.h"
#define GROUP g2
#define BASE fp2
#include "combine_template.h"

static zk_status op_combine_scratch_words(uint64_t *words, int group, size_t n_terms,
                                          size_t threads) {
    if (group != 1 && group != 2) return ZK_BAD_ARGUMENT;
    *words =
        group == 1 ? g1_combine_scratch(n_terms, threads) : g2_combine_scratch(n_terms, threads);
    return ZK_OK;
}

/* Whether starts ascend from 0 to the number of terms, and every index stays inside its array. */
static bool combine_is_sound(const uint32_t *starts, size_t n_sums, const uint32_t *indices,
                             size_t n_points, const uint32_t *kinds, size_t n_scalars,
                             size_t n_terms) {
    if (starts[0] != 0 || starts[n_sums] != n_terms) return false;
    bool sound = true;
    for (size_t i = 0; i < n_sums; i++) sound &= starts[i] <= starts[i + 1];
    for (size_t k = 0; k < n_terms; k++) sound &= indices[k] < n_points && kinds[k] < n_scalars;
    return sound;
}

#define COMBINE_OPERATION(GROUP)                                                                 \
    static zk_status op_##GROUP##_combine ZK_COMBINE_PARAMETERS {                                 \
        if (!combine_is_sound(starts, n_sums, indices, n_points, kinds, n_scalars, n_terms))     \
            return ZK_BAD_ARGUMENT;                                                              \
        GROUP##_combine_t job = {.out = (GROUP##_affine_t *)out,                                 \
                                 .points = (const GROUP##_affine_t *)points,                     \
                                 .scalars = (const limbs_t *)scalars,                            \
                                 .starts = starts,                                               \
                                 .indices = indices,                                             \
                                 .kinds = kinds,                                                 \
                                 .n_sums = n_sums,                                               \
                                 .n_terms = n_terms};                                            \
        GROUP##_combine_run(&job, scratch, threads);                                             \
        return ZK_OK;                                                                            \
    }                                                                                            \
    static zk_status op_##GROUP##_scale ZK_MSM_PARAMETERS {                                       \
        GROUP##_combine_t job = {.out = (GROUP##_affine_t *)out,                                 \
                                 .points = (const GROUP##_affine_t *)points,                     \
                                 .scalars = (const limbs_t *)scalars,                            \
                                 .n_sums = n,                                                    \
                                 .n_terms = n};                                                  \
        GROUP##_combine_run(&job, scratch, threads);                                             \
        return ZK_OK;                                                                            \
    }

COMBINE_OPERATION(g1)
COMBINE_OPERATION(g2)
#undef COMBINE_OPERATION
