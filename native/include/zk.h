/* zk.h: the one header of the native library. Python reads the part between the markers (cffi).
 *
 * Invariants, named once and true of every function unless its comment says otherwise:
 *   limbs       a field element is four uint64_t, least significant first.
 *   Montgomery  elements are x * 2^256 mod m; "canonical" in a name or comment means plain x.
 *   reduced     every element in or out is < its modulus; kernels do not check it. Callers test
 *               foreign data with zk_*_first_noncanonical before they convert it.
 *   affine      G1 is x, y (8 words); G2 is x.c0, x.c1, y.c0, y.c1 (16 words); the point at
 *               infinity is all zero. Curve scalars are canonical.
 *   order       vectors, domains and coefficients are in natural order on both sides.
 *   aliasing    outputs do not overlap inputs or scratch.
 *   time        everything here is variable time and meant for public data or for a prover on a
 *               trusted machine, except functions whose comment says "constant time".
 *   memory      kernels do not allocate, print or abort. Functions that need room take `scratch`
 *               of the size in words that their `_scratch_words` twin names.
 *   threads     `threads` is the number of workers to use, at least 1; results never depend on it.
 *
 * Arguments: outputs first, then inputs, each array directly followed by its length in elements.
 */
#ifndef TALLYSTICK_ZK_H
#define TALLYSTICK_ZK_H
#include <stddef.h>
#include <stdint.h>
/* --- cffi begin --- */
/* native/errors.py maps these to exceptions. */
typedef enum {
    ZK_OK = 0,
    ZK_BAD_LENGTH = 1,   /* array lengths do not fit together */
    ZK_BAD_ARGUMENT = 2, /* an index or a parameter is out of its range */
    ZK_UNSUPPORTED = 3,  /* TALLYSTICK_NATIVE names a variant this machine lacks */
    ZK_SELF_CHECK = 4    /* a variant disagrees with the portable code */
} zk_status;

int zk_abi_version(void);

/* Variants: 0 portable, 1 adx, 2 ifma. Chosen once, at the first operation, unless
 * TALLYSTICK_NATIVE forces one; zk_variant_force is for tests. -1: none. */
int zk_variant_active(void);
int zk_variant_available(int variant);
zk_status zk_variant_force(int variant);

/* Vectors of Fr. Elementwise: lengths are equal, or one of them is 1; n is the longer. */
zk_status zk_fr_add(uint64_t *out, const uint64_t *a, size_t a_len, const uint64_t *b,
                    size_t b_len);
zk_status zk_fr_sub(uint64_t *out, const uint64_t *a, size_t a_len, const uint64_t *b,
                    size_t b_len);
zk_status zk_fr_mul(uint64_t *out, const uint64_t *a, size_t a_len, const uint64_t *b,
                    size_t b_len);
zk_status zk_fr_neg(uint64_t *out, const uint64_t *a, size_t n);
zk_status zk_fr_inverse(uint64_t *out, const uint64_t *a, size_t n); /* 0 -> 0 */
zk_status zk_fr_powers(uint64_t *out, size_t n, const uint64_t *base); /* 1, base, base^2 ... */
/* a^exponent by exponent - 1 products each, in registers: for measuring a product. */
zk_status zk_fr_power(uint64_t *out, const uint64_t *a, size_t n, size_t exponent);
zk_status zk_fr_dot(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t n);
zk_status zk_fr_to_montgomery(uint64_t *out, const uint64_t *canonical, size_t n);
zk_status zk_fr_from_montgomery(uint64_t *canonical, const uint64_t *a, size_t n);
zk_status zk_fr_first_noncanonical(int64_t *index, const uint64_t *raw, size_t n); /* -1: none */
zk_status zk_fp_to_montgomery(uint64_t *out, const uint64_t *canonical, size_t n);
zk_status zk_fp_from_montgomery(uint64_t *canonical, const uint64_t *a, size_t n);
zk_status zk_fp_first_noncanonical(int64_t *index, const uint64_t *raw, size_t n);
zk_status zk_fp_mul(uint64_t *out, const uint64_t *a, size_t a_len, const uint64_t *b,
                    size_t b_len);
zk_status zk_fp_inverse(uint64_t *out, const uint64_t *a, size_t n);

/* Transforms of 2^log_n elements, log_n <= 27. `roots` holds powers of the 2^log_n-th root of unity,
 * `double_roots` of the 2^(log_n + 1)-th, as many of each as zk_ntt_root_count says (which depends on
 * the variant); zk_ntt_roots makes both. scratch: 2^log_n elements. The odd coset is w^1, w^3, w^5
 * ... for the double root w. */
zk_status zk_ntt_root_count(uint64_t *count, unsigned log_n);
zk_status zk_ntt_roots(uint64_t *out, size_t count, unsigned log_n);
zk_status zk_ntt(uint64_t *out, uint64_t *scratch, const uint64_t *values, unsigned log_n,
                 const uint64_t *roots, size_t threads);
zk_status zk_ntt_inverse(uint64_t *out, uint64_t *scratch, const uint64_t *values, unsigned log_n,
                         const uint64_t *roots, size_t threads);
zk_status zk_ntt_odd_coset(uint64_t *out, uint64_t *scratch, const uint64_t *values, unsigned log_n,
                           const uint64_t *roots, const uint64_t *double_roots, size_t threads);
zk_status zk_ntt_odd_coset_inverse(uint64_t *out, uint64_t *scratch, const uint64_t *values,
                                   unsigned log_n, const uint64_t *roots,
                                   const uint64_t *double_roots, size_t threads);

/* Groth16's quotient: canonical values of a b - c on the odd coset, c interpolating over the domain
 * the products of a's and b's values there. a and b lose their values. scratch: 2^(log_n + 1)
 * elements; of the second half a large transform touches little. */
zk_status zk_quotient(uint64_t *out, uint64_t *scratch, uint64_t *a, uint64_t *b, unsigned log_n,
                      const uint64_t *roots, const uint64_t *double_roots, size_t threads);

/* CSR matrix times vector: row i is the terms indptr[i] .. indptr[i + 1] - 1, a term is
 * table[coefficients[k]] * vector[wires[k]]. indptr has rows + 1 entries. Checks every index. */
zk_status zk_sparse_matvec(uint64_t *out, const uint32_t *indptr, size_t rows,
                           const uint32_t *wires, const uint32_t *coefficients, size_t terms,
                           const uint64_t *table, size_t table_len, const uint64_t *vector,
                           size_t vector_len, size_t threads);
/* out[i] = the canonical form of values[indices[i]] * factor; factor is one canonical element.
 * Checks every index. */
zk_status zk_fr_gather_canonical(uint64_t *out, const uint64_t *values, size_t values_len,
                                 const uint32_t *indices, size_t n, const uint64_t *factor,
                                 size_t threads);
/* As zk_fr_first_noncanonical, on several threads. */
zk_status zk_assignment_first_noncanonical(int64_t *index, const uint64_t *values, size_t n,
                                           size_t threads);
/* found: the first row with a b != c, -1 if there is none, and how many there are. */
zk_status zk_assignment_violations(int64_t *found, const uint64_t *a, const uint64_t *b,
                                   const uint64_t *c, size_t n, size_t threads);
/* The same matrix transposed: the vector has an element for each row, out one for each column. */
zk_status zk_sparse_matvec_transposed(uint64_t *out, size_t columns, const uint32_t *indptr,
                                      size_t rows, const uint32_t *wires,
                                      const uint32_t *coefficients, size_t terms,
                                      const uint64_t *table, size_t table_len,
                                      const uint64_t *vector, size_t threads);
/* out[i] = the row at indices[i] of a source that may begin at any byte; indices NULL: all rows in
 * order, n = source_rows. Checks every index. */
zk_status zk_copy_rows(uint8_t *out, const uint8_t *source, size_t source_rows, size_t row_bytes,
                       const uint32_t *indices, size_t n, size_t threads);
/* n coefficient records of a .zkey -> matrices A and B over one table of distinct values, as they
 * stand in the file. indptr: rows + 1 entries for A, then for B; wires and coefs: n, those of A
 * first. table holds 2^log_table elements, slots twice as many; weights: four random odd numbers.
 * found[0]: the first record with matrix > 1, row >= rows or wire >= n_wires, else -1. found[1]:
 * distinct values, -1 when the table is too small. */
zk_status zk_zkey_terms(int64_t *found, uint32_t *indptr, uint32_t *wires, uint32_t *coefs,
                        uint64_t *table, uint32_t *slots, unsigned log_table,
                        const uint64_t *weights, const uint8_t *records, size_t n, size_t rows,
                        size_t n_wires);

/* Points, elementwise. Off curve: a coordinate that is not reduced, or the equation fails; infinity
 * passes. A point on the twist may still be outside the subgroup of order r. */
zk_status zk_add_scratch_words(uint64_t *words, int group, size_t n, size_t threads);
zk_status zk_g1_add(uint64_t *out, uint64_t *scratch, const uint64_t *p, const uint64_t *q, size_t n,
                    size_t threads);
zk_status zk_g1_neg(uint64_t *out, const uint64_t *p, size_t n);
zk_status zk_g1_mul(uint64_t *out, const uint64_t *points, const uint64_t *scalars, size_t n,
                    size_t threads);
zk_status zk_g1_first_off_curve(int64_t *index, const uint64_t *points, size_t n);
zk_status zk_g2_add(uint64_t *out, uint64_t *scratch, const uint64_t *p, const uint64_t *q, size_t n,
                    size_t threads);
zk_status zk_g2_neg(uint64_t *out, const uint64_t *p, size_t n);
zk_status zk_g2_mul(uint64_t *out, const uint64_t *points, const uint64_t *scalars, size_t n,
                    size_t threads);
zk_status zk_g2_first_off_curve(int64_t *index, const uint64_t *points, size_t n);
zk_status zk_subgroup_scratch_words(uint64_t *words, int group, size_t n, size_t threads);
zk_status zk_g2_first_outside_subgroup(int64_t *index, uint64_t *scratch, const uint64_t *points,
                                       size_t n, size_t threads);

/* A sum of scalars[i] points[i], over n < 2^31 terms, that goes to *out; group is 1 or 2. */
typedef struct {
    int group;
    uint64_t *out;
    const uint64_t *points, *scalars;
    size_t n;
} zk_sum;

/* All sums; threads take parts of any of them, so that they finish together. */
zk_status zk_msm_many_scratch_words(uint64_t *words, const zk_sum *sums, size_t count,
                                    size_t threads);
zk_status zk_msm_many(uint64_t *scratch, const zk_sum *sums, size_t count, size_t threads);

/* out[i] = scalars[i] base, from a table of multiples of the base. plan is filled with the width of the
 * table's windows that suits n scalars in all, the table's words, and words of scratch. */
zk_status zk_fixed_base_plan(uint64_t *plan, int group, size_t n, size_t threads);
zk_status zk_g1_fixed_base_table(uint64_t *table, uint64_t *scratch, const uint64_t *base,
                                 uint64_t width, size_t threads);
zk_status zk_g2_fixed_base_table(uint64_t *table, uint64_t *scratch, const uint64_t *base,
                                 uint64_t width, size_t threads);
zk_status zk_g1_fixed_base_mul(uint64_t *out, uint64_t *scratch, const uint64_t *table,
                               uint64_t width, const uint64_t *scalars, size_t n, size_t threads);
zk_status zk_g2_fixed_base_mul(uint64_t *out, uint64_t *scratch, const uint64_t *table,
                               uint64_t width, const uint64_t *scalars, size_t n, size_t threads);

/* Sums of multiples of points of order r. scale: out[i] = scalars[i] points[i]. combine: out[i] is the
 * sum of scalars[kinds[k]] points[indices[k]] over starts[i] <= k < starts[i + 1]; starts has
 * n_sums + 1 entries; every index is checked. n is the number of points, or of terms. */
zk_status zk_combine_scratch_words(uint64_t *words, int group, size_t n, size_t threads);
zk_status zk_g1_scale(uint64_t *out, uint64_t *scratch, const uint64_t *points,
                      const uint64_t *scalars, size_t n, size_t threads);
zk_status zk_g2_scale(uint64_t *out, uint64_t *scratch, const uint64_t *points,
                      const uint64_t *scalars, size_t n, size_t threads);
zk_status zk_g1_combine(uint64_t *out, uint64_t *scratch, const uint64_t *points, size_t n_points,
                        const uint64_t *scalars, size_t n_scalars, const uint32_t *starts,
                        size_t n_sums, const uint32_t *indices, const uint32_t *kinds,
                        size_t n_terms, size_t threads);
zk_status zk_g2_combine(uint64_t *out, uint64_t *scratch, const uint64_t *points, size_t n_points,
                        const uint64_t *scalars, size_t n_scalars, const uint32_t *starts,
                        size_t n_sums, const uint32_t *indices, const uint32_t *kinds,
                        size_t n_terms, size_t threads);

/* Optimal ate pairing raised to (q^12 - 1) / r. Points are valid and in their subgroups.
 * zk_pairing gives 12 elements of Fp: the coefficients of 1, w .. w^11 with w^12 = 18 w^6 - 82. */
zk_status zk_pairing_check(int32_t *is_one, const uint64_t *g1, const uint64_t *g2, size_t n);
zk_status zk_pairing(uint64_t *out, const uint64_t *g1, const uint64_t *g2);

/* The same check in two steps, for points of G2 that stay. A Miller value is 12 elements, the
 * product before the final exponentiation. zk_miller_lines: 88 lines of 4 elements for each point
 * of G2, none at infinity. zk_pairing_check_fixed: whether factor, a Miller value, times n pairs
 * times the m pairs of fixed_g1 with the points of `lines` gives 1. */
zk_status zk_miller_product(uint64_t *out, const uint64_t *g1, const uint64_t *g2, size_t n);
zk_status zk_miller_lines(uint64_t *lines, const uint64_t *g2, size_t n);
zk_status zk_pairing_check_fixed(int32_t *is_one, const uint64_t *factor, const uint64_t *g1,
                                 const uint64_t *g2, size_t n, const uint64_t *fixed_g1,
                                 const uint64_t *lines, size_t m);

/* The table of P is the points d 2^(6 w) P at 32 w + d - 1, for w = 0 .. 42, d = 1 .. 32. Scratch as
 * for zk_g1_add on one thread. The sum is constant + the sum of scalars[i] P_i. */
zk_status zk_g1_table(uint64_t *tables, uint64_t *scratch, const uint64_t *points, size_t n);
zk_status zk_g1_table_sum(uint64_t *out, const uint64_t *constant, const uint64_t *tables,
                          const uint64_t *scalars, size_t n);

/* Poseidon, width t = 2..17 (k = t - 1 inputs), eight full rounds. `parameters` is the fast form
 * made by native/poseidon_parameters.py; the naive twin takes round constants and matrix as
 * published. */
zk_status zk_poseidon_permute(uint64_t *out, const uint64_t *states, size_t n, size_t t,
                              size_t rounds_partial, const uint64_t *parameters,
                              size_t parameters_len, size_t threads);
zk_status zk_poseidon_permute_naive(uint64_t *out, const uint64_t *states, size_t n, size_t t,
                                    size_t rounds_partial, const uint64_t *constants,
                                    size_t constants_len, const uint64_t *matrix,
                                    size_t matrix_len);
/* Word 0 of the permutation of [firsts[i], inputs of row i...]; firsts_len is n, or 0 for zeros. */
zk_status zk_poseidon_hash(uint64_t *out, const uint64_t *inputs, size_t n, size_t k,
                           const uint64_t *firsts, size_t firsts_len, size_t rounds_partial,
                           const uint64_t *parameters, size_t parameters_len, size_t threads);
/* One hash, canonical in and out, with initial word 0. */
zk_status zk_poseidon_hash_canonical(uint64_t *out, const uint64_t *inputs, size_t k,
                                     size_t rounds_partial, const uint64_t *parameters,
                                     size_t parameters_len);

/* 64 bytes of BLAKE-512; constant time for a given length. */
zk_status zk_blake512(uint8_t *digest, const uint8_t *message, size_t length);

/* out[i] = Keccak-256 of the 64 bytes at pairs + 64 i: parents of a Merkle tree's nodes. */
zk_status zk_keccak256_pairs(uint8_t *out, const uint8_t *pairs, size_t n, size_t threads);

/* Baby Jubjub, points (n, 2) affine Fr on the curve; scalars are any 256-bit numbers. Constant
 * time. */
zk_status zk_babyjub_add(uint64_t *out, const uint64_t *p, const uint64_t *q, size_t n);
zk_status zk_babyjub_mul(uint64_t *out, const uint64_t *p, const uint64_t *scalars, size_t n);

/* EdDSA-Poseidon; `parameters` are those of width 6. Keys are 32 bytes; key derivation and signing
 * are constant time. s is canonical. */
zk_status zk_eddsa_public_key(uint64_t *public_key, const uint8_t *private_key);
zk_status zk_eddsa_sign(uint64_t *r8, uint64_t *s, const uint8_t *private_key,
                        const uint64_t *message, size_t rounds_partial, const uint64_t *parameters,
                        size_t parameters_len);
/* Strict verification, a 1 or 0 for each row. Unreduced field elements, s >= the group order,
 * points off the curve and points of order 1, 2, 4, 8 are invalid, never an error. */
#define ZK_BABYJUB_BASE_TABLE_WORDS 1024 /* what zk_babyjub_base_table fills */
zk_status zk_babyjub_base_table(uint64_t *table);
zk_status zk_eddsa_verify(uint8_t *valid, const uint64_t *public_keys, const uint64_t *messages,
                          const uint64_t *r8, const uint64_t *s, size_t n,
                          const uint64_t *base_table, size_t rounds_partial,
                          const uint64_t *parameters, size_t parameters_len, size_t threads);

/* Witness programs (native/reference/witness.py). ops: rows of 6, segments: rows of 3. `wires`
 * comes in with wire 0 and the inputs. tasks: rows [first segment, how many, level] by rising level;
 * the segments of a task are at most ZK_WITNESS_GROUP and, but for the first, marked by
 * zk_witness_shapes. hashes: a row [partial rounds, where its parameters begin, in elements] for
 * each Poseidon width 0..17, partial rounds 0 for a width that the program does not use; parameters
 * as for zk_poseidon_permute. The limbs are those of zk_witness_limbs, of the table and of the
 * parameters scaled. Run only programs that zk_witness_check found sound. */
#define ZK_WITNESS_GROUP 32
zk_status zk_witness_run(uint64_t *wires, const int32_t *ops, const uint32_t *segments,
                         const uint32_t *tasks, size_t n_tasks, const uint32_t *lc_indptr,
                         const uint32_t *lc_wires, const uint32_t *lc_coefs, const uint64_t *table,
                         const uint64_t *table_limbs, const uint32_t *hashes,
                         const uint64_t *parameters, size_t parameters_len,
                         const uint64_t *parameter_limbs, size_t threads);
/* same[i] = 1 if segment i has the level of the one before and differs in nothing but the wires. */
zk_status zk_witness_shapes(uint8_t *same, const int32_t *ops, const uint32_t *segments,
                            size_t n_segments, const uint32_t *lc_indptr,
                            const uint32_t *lc_coefs);
/* Elements in five limbs of 52 bits, as the lanes of the machine take constants; scaled: 16 times
 * each. */
#define ZK_WITNESS_LIMBS 5
zk_status zk_witness_limbs(uint64_t *out, const uint64_t *elements, size_t n, int scaled);
typedef enum {
    ZK_WITNESS_SOUND = 0,
    ZK_WITNESS_INDPTR = 1,      /* not rising from 0 to the number of terms */
    ZK_WITNESS_WIRE = 2,        /* a term names no wire */
    ZK_WITNESS_COEFFICIENT = 3, /* a term names no coefficient */
    ZK_WITNESS_OPCODE = 4,
    ZK_WITNESS_COMBINATION = 5, /* an operand names no combination */
    ZK_WITNESS_BITS = 6,        /* more bits than a field element has */
    ZK_WITNESS_DESTINATION = 7, /* overwrites an input or lies behind the last wire */
    ZK_WITNESS_SEGMENT = 8,     /* segments do not cover the operations in order */
    ZK_WITNESS_LEVEL = 9,       /* levels fall */
    ZK_WITNESS_WIDTH = 10       /* a permutation of a width that has no parameters */
} zk_witness_fault;
/* finding: the fault and the index of the term, operation or segment that has it. */
zk_status zk_witness_check(int64_t *finding, const int32_t *ops, size_t n_ops,
                           const uint32_t *segments, size_t n_segments, const uint32_t *lc_indptr,
                           size_t n_combinations, const uint32_t *lc_wires,
                           const uint32_t *lc_coefs, size_t n_terms, size_t n_coefficients,
                           size_t n_wires, size_t n_inputs,
                           const uint32_t *hashes);
/* --- cffi end --- */
#endif
