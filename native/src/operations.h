/* The dispatch table: one row for each operation that has variants,
 * OP(name, parameters, arguments). A row declares the member of zk_operations, fills it with the
 * kernel `op_<name>` of each variant and defines the public function `zk_<name>` declared in zk.h
 * (the compiler checks that they agree).
 *
 * To add a kernel file: write `static zk_status op_<name>(...)` in it, add its #include line to
 * kernels.h, its declaration to zk.h and its row here. To add a variant: an arith_<name>.h, a
 * variant_<name>.c, its table at the end of this file and its name in zk.c and variants.py. */
#ifndef ZK_OPERATIONS_H
#define ZK_OPERATIONS_H
#include "zk.h"

#define ZK_ELEMENTWISE_PARAMETERS                                                                \
    (uint64_t * out, const uint64_t *a, size_t a_len, const uint64_t *b, size_t b_len)
#define ZK_ELEMENTWISE_ARGUMENTS (out, a, a_len, b, b_len)
#define ZK_MAP_PARAMETERS (uint64_t * out, const uint64_t *a, size_t n)
#define ZK_MAP_ARGUMENTS (out, a, n)
#define ZK_SEARCH_PARAMETERS (int64_t * index, const uint64_t *raw, size_t n)
#define ZK_SEARCH_ARGUMENTS (index, raw, n)

#define ZK_NTT_PARAMETERS                                                                        \
    (uint64_t * out, uint64_t * scratch, const uint64_t *values, unsigned log_n,                 \
     const uint64_t *roots, size_t threads)
#define ZK_NTT_ARGUMENTS (out, scratch, values, log_n, roots, threads)
#define ZK_NTT_COSET_PARAMETERS                                                                  \
    (uint64_t * out, uint64_t * scratch, const uint64_t *values, unsigned log_n,                 \
     const uint64_t *roots, const uint64_t *double_roots, size_t threads)
#define ZK_NTT_COSET_ARGUMENTS (out, scratch, values, log_n, roots, double_roots, threads)
#define ZK_POINTS_PARAMETERS                                                                     \
    (uint64_t * out, uint64_t * scratch, const uint64_t *p, const uint64_t *q, size_t n,         \
     size_t threads)
#define ZK_POINTS_ARGUMENTS (out, scratch, p, q, n, threads)
#define ZK_SCALE_PARAMETERS                                                                      \
    (uint64_t * out, const uint64_t *points, const uint64_t *scalars, size_t n, size_t threads)
#define ZK_SCALE_ARGUMENTS (out, points, scalars, n, threads)
#define ZK_MSM_PARAMETERS                                                                        \
    (uint64_t * out, uint64_t * scratch, const uint64_t *points, const uint64_t *scalars,        \
     size_t n, size_t threads)
#define ZK_MSM_ARGUMENTS (out, scratch, points, scalars, n, threads)
#define ZK_FIXED_TABLE_PARAMETERS                                                                \
    (uint64_t * table, uint64_t * scratch, const uint64_t *base, uint64_t width, size_t threads)
#define ZK_FIXED_TABLE_ARGUMENTS (table, scratch, base, width, threads)
#define ZK_FIXED_MUL_PARAMETERS                                                                  \
    (uint64_t * out, uint64_t * scratch, const uint64_t *table, uint64_t width,                  \
     const uint64_t *scalars, size_t n, size_t threads)
#define ZK_FIXED_MUL_ARGUMENTS (out, scratch, table, width, scalars, n, threads)
#define ZK_COMBINE_PARAMETERS                                                                    \
    (uint64_t * out, uint64_t * scratch, const uint64_t *points, size_t n_points,                \
     const uint64_t *scalars, size_t n_scalars, const uint32_t *starts, size_t n_sums,           \
     const uint32_t *indices, const uint32_t *kinds, size_t n_terms, size_t threads)
#define ZK_COMBINE_ARGUMENTS                                                                     \
    (out, scratch, points, n_points, scalars, n_scalars, starts, n_sums, indices, kinds,         \
     n_terms, threads)
#define ZK_SCRATCH_PARAMETERS (uint64_t * words, int group, size_t n, size_t threads)
#define ZK_SCRATCH_ARGUMENTS (words, group, n, threads)

#define ZK_FIELD_OPERATIONS(OP)                                                                  \
    /* field_vector.c */                                                                         \
    OP(fr_add, ZK_ELEMENTWISE_PARAMETERS, ZK_ELEMENTWISE_ARGUMENTS)                              \
    OP(fr_sub, ZK_ELEMENTWISE_PARAMETERS, ZK_ELEMENTWISE_ARGUMENTS)                              \
    OP(fr_mul, ZK_ELEMENTWISE_PARAMETERS, ZK_ELEMENTWISE_ARGUMENTS)                              \
    OP(fr_neg, ZK_MAP_PARAMETERS, ZK_MAP_ARGUMENTS)                                              \
    OP(fr_inverse, ZK_MAP_PARAMETERS, ZK_MAP_ARGUMENTS)                                          \
    OP(fr_powers, (uint64_t * out, size_t n, const uint64_t *base), (out, n, base))              \
    OP(fr_dot, (uint64_t * out, const uint64_t *a, const uint64_t *b, size_t n), (out, a, b, n)) \
    OP(fr_to_montgomery, ZK_MAP_PARAMETERS, ZK_MAP_ARGUMENTS)                                    \
    OP(fr_from_montgomery, ZK_MAP_PARAMETERS, ZK_MAP_ARGUMENTS)                                  \
    OP(fr_first_noncanonical, ZK_SEARCH_PARAMETERS, ZK_SEARCH_ARGUMENTS)                         \
    OP(fp_mul, ZK_ELEMENTWISE_PARAMETERS, ZK_ELEMENTWISE_ARGUMENTS)                              \
    OP(fp_inverse, ZK_MAP_PARAMETERS, ZK_MAP_ARGUMENTS)                                          \
    OP(fp_to_montgomery, ZK_MAP_PARAMETERS, ZK_MAP_ARGUMENTS)                                    \
    OP(fp_from_montgomery, ZK_MAP_PARAMETERS, ZK_MAP_ARGUMENTS)                                  \
    OP(fp_first_noncanonical, ZK_SEARCH_PARAMETERS, ZK_SEARCH_ARGUMENTS)                         \
    /* field_rate.c */                                                                           \
    OP(fr_power, (uint64_t * out, const uint64_t *a, size_t n, size_t exponent),                 \
       (out, a, n, exponent))

#define ZK_LINEAR_OPERATIONS(OP)                                                                 \
    /* ntt.c */                                                                                  \
    OP(ntt_root_count, (uint64_t * count, unsigned log_n), (count, log_n))                       \
    OP(ntt_roots, (uint64_t * out, size_t count, unsigned log_n), (out, count, log_n))           \
    OP(ntt, ZK_NTT_PARAMETERS, ZK_NTT_ARGUMENTS)                                                 \
    OP(ntt_inverse, ZK_NTT_PARAMETERS, ZK_NTT_ARGUMENTS)                                         \
    OP(ntt_odd_coset, ZK_NTT_COSET_PARAMETERS, ZK_NTT_COSET_ARGUMENTS)                           \
    OP(ntt_odd_coset_inverse, ZK_NTT_COSET_PARAMETERS, ZK_NTT_COSET_ARGUMENTS)                   \
    /* quotient.c */                                                                             \
    OP(quotient,                                                                                 \
       (uint64_t * out, uint64_t *scratch, uint64_t *a, uint64_t *b, unsigned log_n,             \
        const uint64_t *roots, const uint64_t *double_roots, size_t threads),                    \
       (out, scratch, a, b, log_n, roots, double_roots, threads))                                \
    /* assignment.c */                                                                           \
    OP(fr_gather_canonical,                                                                      \
       (uint64_t * out, const uint64_t *values, size_t values_len, const uint32_t *indices,      \
        size_t n, const uint64_t *factor, size_t threads),                                       \
       (out, values, values_len, indices, n, factor, threads))                                   \
    OP(assignment_first_noncanonical,                                                            \
       (int64_t * index, const uint64_t *values, size_t n, size_t threads),                      \
       (index, values, n, threads))                                                              \
    OP(assignment_violations,                                                                    \
       (int64_t * found, const uint64_t *a, const uint64_t *b, const uint64_t *c, size_t n,      \
        size_t threads),                                                                         \
       (found, a, b, c, n, threads))                                                             \
    /* copy_rows.c */                                                                            \
    OP(copy_rows,                                                                                \
       (uint8_t * out, const uint8_t *source, size_t source_rows, size_t row_bytes,              \
        const uint32_t *indices, size_t n, size_t threads),                                      \
       (out, source, source_rows, row_bytes, indices, n, threads))                               \
    /* sparse.c */                                                                               \
    OP(sparse_matvec,                                                                            \
       (uint64_t * out, const uint32_t *indptr, size_t rows, const uint32_t *wires,              \
        const uint32_t *coefficients, size_t terms, const uint64_t *table, size_t table_len,     \
        const uint64_t *vector, size_t vector_len, size_t threads),                              \
       (out, indptr, rows, wires, coefficients, terms, table, table_len, vector, vector_len,     \
        threads))                                                                               \
    /* sparse_transpose.c */                                                                     \
    OP(sparse_matvec_transposed,                                                                 \
       (uint64_t * out, size_t columns, const uint32_t *indptr, size_t rows,                     \
        const uint32_t *wires, const uint32_t *coefficients, size_t terms,                       \
        const uint64_t *table, size_t table_len, const uint64_t *vector, size_t threads),        \
       (out, columns, indptr, rows, wires, coefficients, terms, table, table_len, vector,        \
        threads))                                                                                \
    /* zkey_terms.c */                                                                           \
    OP(zkey_terms,                                                                               \
       (int64_t * found, uint32_t * indptr, uint32_t * wires, uint32_t * coefs,                  \
        uint64_t * table, uint32_t * slots, unsigned log_table, const uint64_t *weights,         \
        const uint8_t *records, size_t n, size_t rows, size_t n_wires),                          \
       (found, indptr, wires, coefs, table, slots, log_table, weights, records, n, rows, n_wires))

#define ZK_CURVE_OPERATIONS(OP)                                                                  \
    /* curve_vector.c */                                                                         \
    OP(add_scratch_words, ZK_SCRATCH_PARAMETERS, ZK_SCRATCH_ARGUMENTS)                           \
    OP(g1_add, ZK_POINTS_PARAMETERS, ZK_POINTS_ARGUMENTS)                                        \
    OP(g1_neg, ZK_MAP_PARAMETERS, ZK_MAP_ARGUMENTS)                                              \
    OP(g1_mul, ZK_SCALE_PARAMETERS, ZK_SCALE_ARGUMENTS)                                          \
    OP(g1_first_off_curve, ZK_SEARCH_PARAMETERS, ZK_SEARCH_ARGUMENTS)                            \
    OP(g2_add, ZK_POINTS_PARAMETERS, ZK_POINTS_ARGUMENTS)                                        \
    OP(g2_neg, ZK_MAP_PARAMETERS, ZK_MAP_ARGUMENTS)                                              \
    OP(g2_mul, ZK_SCALE_PARAMETERS, ZK_SCALE_ARGUMENTS)                                          \
    OP(g2_first_off_curve, ZK_SEARCH_PARAMETERS, ZK_SEARCH_ARGUMENTS)                            \
    /* subgroup.c */                                                                             \
    OP(subgroup_scratch_words, ZK_SCRATCH_PARAMETERS, ZK_SCRATCH_ARGUMENTS)                      \
    OP(g2_first_outside_subgroup,                                                                \
       (int64_t * index, uint64_t * scratch, const uint64_t *points, size_t n, size_t threads),  \
       (index, scratch, points, n, threads))                                                     \
    /* msm.c */                                                                                  \
    OP(msm_many_scratch_words,                                                                   \
       (uint64_t * words, const zk_sum *sums, size_t count, size_t threads),                     \
       (words, sums, count, threads))                                                            \
    OP(msm_many, (uint64_t * scratch, const zk_sum *sums, size_t count, size_t threads),         \
       (scratch, sums, count, threads))                                                          \
    /* fixed_base.c */                                                                           \
    OP(fixed_base_plan, (uint64_t * plan, int group, size_t n, size_t threads),                  \
       (plan, group, n, threads))                                                                \
    OP(g1_fixed_base_table, ZK_FIXED_TABLE_PARAMETERS, ZK_FIXED_TABLE_ARGUMENTS)                 \
    OP(g2_fixed_base_table, ZK_FIXED_TABLE_PARAMETERS, ZK_FIXED_TABLE_ARGUMENTS)                 \
    OP(g1_fixed_base_mul, ZK_FIXED_MUL_PARAMETERS, ZK_FIXED_MUL_ARGUMENTS)                       \
    OP(g2_fixed_base_mul, ZK_FIXED_MUL_PARAMETERS, ZK_FIXED_MUL_ARGUMENTS)                       \
    /* combine.c */                                                                              \
    OP(combine_scratch_words, ZK_SCRATCH_PARAMETERS, ZK_SCRATCH_ARGUMENTS)                       \
    OP(g1_scale, ZK_MSM_PARAMETERS, ZK_MSM_ARGUMENTS)                                            \
    OP(g2_scale, ZK_MSM_PARAMETERS, ZK_MSM_ARGUMENTS)                                            \
    OP(g1_combine, ZK_COMBINE_PARAMETERS, ZK_COMBINE_ARGUMENTS)                                  \
    OP(g2_combine, ZK_COMBINE_PARAMETERS, ZK_COMBINE_ARGUMENTS)                                  \
    /* pairing.c */                                                                              \
    OP(pairing_check, (int32_t *is_one, const uint64_t *g1, const uint64_t *g2, size_t n),       \
       (is_one, g1, g2, n))                                                                      \
    OP(pairing, (uint64_t * out, const uint64_t *g1, const uint64_t *g2), (out, g1, g2))         \
    OP(miller_product, (uint64_t * out, const uint64_t *g1, const uint64_t *g2, size_t n),       \
       (out, g1, g2, n))                                                                         \
    OP(miller_lines, (uint64_t * lines, const uint64_t *g2, size_t n), (lines, g2, n))           \
    OP(pairing_check_fixed,                                                                      \
       (int32_t *is_one, const uint64_t *factor, const uint64_t *g1, const uint64_t *g2,         \
        size_t n, const uint64_t *fixed_g1, const uint64_t *lines, size_t m),                    \
       (is_one, factor, g1, g2, n, fixed_g1, lines, m))                                          \
    /* table_sum.c */                                                                            \
    OP(g1_table,                                                                                 \
       (uint64_t * tables, uint64_t * scratch, const uint64_t *points, size_t n),                \
       (tables, scratch, points, n))                                                             \
    OP(g1_table_sum,                                                                             \
       (uint64_t * out, const uint64_t *constant, const uint64_t *tables,                        \
        const uint64_t *scalars, size_t n),                                                      \
       (out, constant, tables, scalars, n))

#define ZK_HASH_OPERATIONS(OP)                                                                   \
    /* poseidon.c */                                                                             \
    OP(poseidon_permute,                                                                         \
       (uint64_t * out, const uint64_t *states, size_t n, size_t t, size_t rounds_partial,       \
        const uint64_t *parameters, size_t parameters_len, size_t threads),                      \
       (out, states, n, t, rounds_partial, parameters, parameters_len, threads))                 \
    OP(poseidon_permute_naive,                                                                   \
       (uint64_t * out, const uint64_t *states, size_t n, size_t t, size_t rounds_partial,       \
        const uint64_t *constants, size_t constants_len, const uint64_t *matrix,                 \
        size_t matrix_len),                                                                      \
       (out, states, n, t, rounds_partial, constants, constants_len, matrix, matrix_len))        \
    OP(poseidon_hash,                                                                            \
       (uint64_t * out, const uint64_t *inputs, size_t n, size_t k, const uint64_t *firsts,      \
        size_t firsts_len, size_t rounds_partial, const uint64_t *parameters,                    \
        size_t parameters_len, size_t threads),                                                  \
       (out, inputs, n, k, firsts, firsts_len, rounds_partial, parameters, parameters_len,       \
        threads))                                                                                \
    OP(poseidon_hash_canonical,                                                                  \
       (uint64_t * out, const uint64_t *inputs, size_t k, size_t rounds_partial,                 \
        const uint64_t *parameters, size_t parameters_len),                                      \
       (out, inputs, k, rounds_partial, parameters, parameters_len))                             \
    /* blake512.c */                                                                             \
    OP(blake512, (uint8_t * digest, const uint8_t *message, size_t length),                      \
       (digest, message, length))                                                                \
    /* keccak.c */                                                                               \
    OP(keccak256_pairs, (uint8_t * out, const uint8_t *pairs, size_t n, size_t threads),         \
       (out, pairs, n, threads))                                                                 \
    /* babyjubjub.c */                                                                           \
    OP(babyjub_add, (uint64_t * out, const uint64_t *p, const uint64_t *q, size_t n),            \
       (out, p, q, n))                                                                           \
    OP(babyjub_mul, (uint64_t * out, const uint64_t *p, const uint64_t *scalars, size_t n),      \
       (out, p, scalars, n))                                                                     \
    OP(babyjub_base_table, (uint64_t * table), (table))                                          \
    /* eddsa.c */                                                                                \
    OP(eddsa_public_key, (uint64_t * public_key, const uint8_t *private_key),                    \
       (public_key, private_key))                                                                \
    OP(eddsa_sign,                                                                               \
       (uint64_t * r8, uint64_t *s, const uint8_t *private_key, const uint64_t *message,         \
        size_t rounds_partial, const uint64_t *parameters, size_t parameters_len),               \
       (r8, s, private_key, message, rounds_partial, parameters, parameters_len))                \
    OP(eddsa_verify,                                                                             \
       (uint8_t * valid, const uint64_t *public_keys, const uint64_t *messages,                  \
        const uint64_t *r8, const uint64_t *s, size_t n, const uint64_t *base_table,             \
        size_t rounds_partial, const uint64_t *parameters, size_t parameters_len,                \
        size_t threads),                                                                         \
       (valid, public_keys, messages, r8, s, n, base_table, rounds_partial, parameters,          \
        parameters_len, threads))

#define ZK_WITNESS_OPERATIONS(OP)                                                                \
    /* witness_group.c */                                                                        \
    OP(witness_run,                                                                              \
       (uint64_t * wires, const int32_t *ops, const uint32_t *segments, const uint32_t *tasks,   \
        size_t n_tasks, const uint32_t *lc_indptr, const uint32_t *lc_wires,                     \
        const uint32_t *lc_coefs, const uint64_t *table, const uint64_t *table_limbs,            \
        const uint32_t *hashes, const uint64_t *parameters, size_t parameters_len,               \
        const uint64_t *parameter_limbs, size_t threads),                                        \
       (wires, ops, segments, tasks, n_tasks, lc_indptr, lc_wires, lc_coefs, table,              \
        table_limbs, hashes, parameters, parameters_len, parameter_limbs, threads))              \
    OP(witness_shapes,                                                                           \
       (uint8_t * same, const int32_t *ops, const uint32_t *segments, size_t n_segments,         \
        const uint32_t *lc_indptr, const uint32_t *lc_coefs),                                    \
       (same, ops, segments, n_segments, lc_indptr, lc_coefs))                                   \
    OP(witness_limbs, (uint64_t * out, const uint64_t *elements, size_t n, int scaled),          \
       (out, elements, n, scaled))                                                               \
    /* witness_check.c */                                                                        \
    OP(witness_check,                                                                            \
       (int64_t * finding, const int32_t *ops, size_t n_ops, const uint32_t *segments,           \
        size_t n_segments, const uint32_t *lc_indptr, size_t n_combinations,                     \
        const uint32_t *lc_wires, const uint32_t *lc_coefs, size_t n_terms,                      \
        size_t n_coefficients, size_t n_wires, size_t n_inputs, const uint32_t *hashes),         \
       (finding, ops, n_ops, segments, n_segments, lc_indptr, n_combinations, lc_wires,          \
        lc_coefs, n_terms, n_coefficients, n_wires, n_inputs, hashes))

#define ZK_OPERATIONS(OP)                                                                        \
    ZK_FIELD_OPERATIONS(OP)                                                                      \
    ZK_LINEAR_OPERATIONS(OP)                                                                     \
    ZK_CURVE_OPERATIONS(OP)                                                                      \
    ZK_HASH_OPERATIONS(OP)                                                                       \
    ZK_WITNESS_OPERATIONS(OP)

typedef struct {
#define ZK_MEMBER(name, parameters, arguments) zk_status(*name) parameters;
    ZK_OPERATIONS(ZK_MEMBER)
#undef ZK_MEMBER
} zk_operations;

/* Each variant translation unit ends with this: the table `zk_operations_<variant>`. */
#define ZK_FILL(name, parameters, arguments) .name = op_##name,
#define ZK_DEFINE_TABLE(table) const zk_operations table = {ZK_OPERATIONS(ZK_FILL)};

extern const zk_operations zk_operations_portable;
#ifdef __x86_64__
extern const zk_operations zk_operations_adx;
extern const zk_operations zk_operations_ifma;
#endif
#endif
