/* Whole kernels on small inputs, under the sanitizers: every array is allocated at exactly the size
 * that the kernel is told, so that the address sanitizer sees a word too many. Compiled with
 * -DVARIANT="variant_portable.c" (or another); prints the first failed line and exits 1, or
 * "kernels ok". With the argument `break` it gives a kernel an output that is a word short. */
#include VARIANT

#include <stdio.h>

#define CHECK(condition)                                                                         \
    do {                                                                                         \
        if (!(condition)) {                                                                      \
            printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                               \
            return 1;                                                                            \
        }                                                                                        \
    } while (0)

enum { FR = 4, G1 = 8, G2 = 16 };

static uint64_t random_state = 260;

static uint64_t random_word(void) {
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return random_state ^ (random_state >> 29);
}

/* Memory of one test, freed together. */
static void *blocks[64];
static size_t n_blocks;

static void *room(size_t words, size_t size) {
    if (n_blocks == sizeof blocks / sizeof *blocks) abort();
    return blocks[n_blocks++] = malloc(words * size);
}

static uint64_t *words(size_t n) { return room(n, sizeof(uint64_t)); }

static void free_all(void) {
    while (n_blocks > 0) free(blocks[--n_blocks]);
}

/* n elements: 0, 1, r - 1, then random ones. */
static uint64_t *elements(size_t n) {
    uint64_t *out = words(FR * n);
    for (size_t i = 0; i < FR * n; i++) out[i] = random_word() >> (i % FR == 3 ? 11 : 0);
    if (n > 0) memset(out, 0, sizeof(fr_t));
    if (n > 1) memcpy(out + FR, &(limbs_t){{1, 0, 0, 0}}, sizeof(fr_t));
    if (n > 2) memcpy(out + 2 * FR, &fr_modulus, sizeof(fr_t)), out[2 * FR]--;
    return out;
}

/* n points: infinity, P, P, -P, then small multiples of P. */
#define DEFINE_POINTS(GROUP, WORDS)                                                              \
    static uint64_t *GROUP##_points(size_t n, const GROUP##_affine_t *base) {                    \
        uint64_t *out = words(WORDS * n);                                                        \
        for (size_t i = 0; i < n; i++) {                                                         \
            const uint64_t scalar[4] = {i < 2 ? i : i < 4 ? 1 : i, 0, 0, 0};                     \
            GROUP##_jacobian_t product;                                                          \
            GROUP##_mul_vartime(&product, base, scalar);                                         \
            GROUP##_to_affine((GROUP##_affine_t *)out + i, &product);                            \
            if (i == 3)                                                                          \
                GROUP##_affine_neg((GROUP##_affine_t *)out + i, (GROUP##_affine_t *)out + i);    \
        }                                                                                        \
        return out;                                                                              \
    }
DEFINE_POINTS(g1, G1)
DEFINE_POINTS(g2, G2)

static g1_affine_t g1_generator(void) {
    g1_affine_t g = {fp_one, fp_one};
    fp_double(&g.y, &g.y);
    return g;
}

static const g2_affine_t g2_generator = {
    {{{0x8e83b5d102bc2026ULL, 0xdceb1935497b0172ULL, 0xfbb8264797811adfULL, 0x19573841af96503bULL}},
     {{0xafb4737da84c6140ULL, 0x6043dd5a5802d8c4ULL, 0x09e950fc52a02f86ULL,
       0x14fef0833aea7b6bULL}}},
    {{{0x619dfa9d886be9f6ULL, 0xfe7fd297f59e9b78ULL, 0xff9e1a62231b7dfeULL, 0x28fd7eebae9e4206ULL}},
     {{0x64095b56c71856eeULL, 0xdc57f922327d3cbbULL, 0x55f935be33351076ULL,
       0x0da4a0e693fd6482ULL}}}};

/* Sums by the bucket method against multiples added up. */
#define DEFINE_SUMS(GROUP, NUMBER, WORDS)                                                        \
    static int GROUP##_sums(size_t n, size_t threads, const GROUP##_affine_t *base) {            \
        uint64_t size, *p = GROUP##_points(n, base), *k = elements(n);                           \
        uint64_t *sum = words(WORDS), *scaled = words(WORDS * n), *plain = words(WORDS * n);     \
        const zk_sum job = {NUMBER, sum, p, k, n};                                               \
        CHECK(op_msm_many_scratch_words(&size, &job, 1, threads) == ZK_OK);                      \
        CHECK(op_msm_many(words(size), &job, 1, threads) == ZK_OK);                              \
        CHECK(op_combine_scratch_words(&size, NUMBER, n, threads) == ZK_OK);                     \
        CHECK(op_##GROUP##_scale(scaled, words(size), p, k, n, threads) == ZK_OK);               \
        CHECK(op_##GROUP##_mul(plain, p, k, n, threads) == ZK_OK);                               \
        CHECK(memcmp(scaled, plain, WORDS * n * sizeof(uint64_t)) == 0);                         \
        GROUP##_jacobian_t total = GROUP##_infinity();                                           \
        for (size_t i = 0; i < n; i++)                                                           \
            GROUP##_add_affine(&total, &total, (const GROUP##_affine_t *)plain + i);             \
        GROUP##_affine_t expected;                                                               \
        GROUP##_to_affine(&expected, &total);                                                    \
        CHECK(memcmp(&expected, sum, sizeof expected) == 0);                                     \
        uint64_t *doubled = words(WORDS * n);                                                    \
        CHECK(op_add_scratch_words(&size, NUMBER, n, threads) == ZK_OK);                         \
        CHECK(op_##GROUP##_add(doubled, words(size), p, p, n, threads) == ZK_OK);                \
        uint64_t plan[3];                                                                        \
        CHECK(op_fixed_base_plan(plan, NUMBER, n, threads) == ZK_OK);                            \
        uint64_t *table = words(plan[1]);                                                        \
        CHECK(op_##GROUP##_fixed_base_table(table, words(plan[2]), (const uint64_t *)base,       \
                                            plan[0], threads) == ZK_OK);                         \
        CHECK(op_##GROUP##_fixed_base_mul(scaled, words(plan[2]), table, plan[0], k, n,          \
                                          threads) == ZK_OK);                                    \
        for (size_t i = 0; i < n; i++) {                                                         \
            GROUP##_jacobian_t product;                                                          \
            GROUP##_mul_vartime(&product, base, k + FR * i);                                     \
            GROUP##_to_affine(&expected, &product);                                              \
            CHECK(memcmp(&expected, scaled + WORDS * i, sizeof expected) == 0);                  \
        }                                                                                        \
        free_all();                                                                              \
        return 0;                                                                                \
    }
DEFINE_SUMS(g1, 1, G1)
DEFINE_SUMS(g2, 2, G2)

/* There and back again, and the quotient of whatever. */
static int test_transforms(unsigned log_n, size_t threads) {
    const size_t n = (size_t)1 << log_n, bytes = FR * n * sizeof(uint64_t);
    uint64_t *v = elements(n), *there = words(FR * n), *back = words(FR * n);
    uint64_t *scratch = words(FR * n), *roots = words(FR * (n > 1 ? n / 2 : 1));
    uint64_t *doubles = words(FR * n);
    CHECK(op_ntt_roots(roots, n > 1 ? n / 2 : 1, log_n) == ZK_OK);
    CHECK(op_ntt_roots(doubles, n, log_n + 1) == ZK_OK);
    CHECK(op_ntt(there, scratch, v, log_n, roots, threads) == ZK_OK);
    CHECK(op_ntt_inverse(back, scratch, there, log_n, roots, threads) == ZK_OK);
    CHECK(memcmp(v, back, bytes) == 0);
    CHECK(op_ntt_odd_coset(there, scratch, v, log_n, roots, doubles, threads) == ZK_OK);
    CHECK(op_ntt_odd_coset_inverse(back, scratch, there, log_n, roots, doubles, threads) == ZK_OK);
    CHECK(memcmp(v, back, bytes) == 0);
    CHECK(op_quotient(there, words(2 * FR * n), v, back, log_n, roots, doubles, threads) == ZK_OK);
    free_all();
    return 0;
}

/* A matrix of n rows with 0 .. 4 terms each, and its transpose: u (M v) = (u M) v. */
static int test_matrices(size_t n, size_t threads) {
    uint32_t *starts = room(n + 1, sizeof *starts);
    starts[0] = 0;
    for (size_t i = 0; i < n; i++) starts[i + 1] = starts[i] + (uint32_t)(random_word() >> 8) % 5;
    const size_t terms = starts[n], columns = n + 2;
    uint32_t *wires = room(terms, sizeof *wires), *kinds = room(terms, sizeof *kinds);
    for (size_t k = 0; k < terms; k++) {
        wires[k] = (uint32_t)((random_word() >> 8) % columns);
        kinds[k] = (uint32_t)((random_word() >> 8) % 5);
    }
    uint64_t *table = elements(5), *v = elements(columns), *u = elements(n);
    uint64_t *mv = words(FR * n), *um = words(FR * columns), left[4], right[4];
    CHECK(op_sparse_matvec(mv, starts, n, wires, kinds, terms, table, 5, v, columns, threads) ==
          ZK_OK);
    CHECK(op_sparse_matvec_transposed(um, columns, starts, n, wires, kinds, terms, table, 5, u,
                                      threads) == ZK_OK);
    op_fr_dot(left, u, mv, n);
    op_fr_dot(right, um, v, columns);
    CHECK(memcmp(left, right, sizeof left) == 0);
    uint64_t *product = words(FR * n), *gathered = words(FR * n);
    int64_t found[2];
    op_fr_mul(product, u, n, mv, n);
    CHECK(op_assignment_violations(found, u, mv, product, n, threads) == ZK_OK);
    CHECK(found[0] == -1 && found[1] == 0);
    uint32_t *chosen = room(n, sizeof *chosen);
    for (size_t i = 0; i < n; i++) chosen[i] = (uint32_t)(columns - 1 - i);
    CHECK(op_fr_gather_canonical(gathered, v, columns, chosen, n, table, threads) == ZK_OK);
    CHECK(op_assignment_first_noncanonical(found, gathered, n, threads) == ZK_OK);
    CHECK(found[0] == -1);
    free_all();
    return 0;
}

/* Random parameters make a permutation too; a batch gives what each state alone gives. */
static int test_poseidon(size_t n, size_t t, size_t threads) {
    const size_t rounds = 7, length = poseidon_parameters_len(t, rounds);
    uint64_t *parameters = elements(length), *states = elements(n * t), *out = words(FR * n * t);
    CHECK(op_poseidon_permute(out, states, n, t, rounds, parameters, length, threads) == ZK_OK);
    for (size_t i = 0; i < n; i++) {
        uint64_t *alone = words(FR * t);
        CHECK(op_poseidon_permute(alone, states + FR * t * i, 1, t, rounds, parameters, length,
                                  1) == ZK_OK);
        CHECK(memcmp(alone, out + FR * t * i, FR * t * sizeof(uint64_t)) == 0);
        free(blocks[--n_blocks]);
    }
    uint64_t *hashes = words(FR * n), *inputs = elements(n * (t - 1));
    CHECK(op_poseidon_hash(hashes, inputs, n, t - 1, NULL, 0, rounds, parameters, length,
                           threads) == ZK_OK);
    free_all();
    return 0;
}

static int test_signatures(size_t n, size_t threads) {
    const size_t t = 6, rounds = 7, length = poseidon_parameters_len(t, rounds);
    uint64_t *parameters = elements(length), *table = words(ZK_BABYJUB_BASE_TABLE_WORDS);
    uint64_t *keys = words(8 * n), *messages = elements(n), *r8 = words(8 * n), *s = words(FR * n);
    uint8_t *valid = room(n, 1), *secret = room(32, 1);
    op_babyjub_base_table(table);
    for (size_t i = 0; i < n; i++) {
        memset(secret, (int)i, 32);
        CHECK(op_eddsa_public_key(keys + 8 * i, secret) == ZK_OK);
        CHECK(op_eddsa_sign(r8 + 8 * i, s + FR * i, secret, messages + FR * i, rounds, parameters,
                            length) == ZK_OK);
    }
    CHECK(op_eddsa_verify(valid, keys, messages, r8, s, n, table, rounds, parameters, length,
                          threads) == ZK_OK);
    for (size_t i = 0; i < n; i++) CHECK(valid[i] == 1);
    free_all();
    return 0;
}

static int test_pairings(void) {
    const g1_affine_t g = g1_generator();
    uint64_t size, *p = g1_points(4, &g), *q = words(G2 * 4), *factor = words(48);
    uint64_t *lines = words(MILLER_LINES * 16), *tables = words(4 * 43 * 32 * G1), sum[G1];
    for (int i = 0; i < 4; i++) memcpy(q + G2 * i, &g2_generator, sizeof g2_generator);
    int32_t is_one;
    CHECK(op_miller_lines(lines, q, 1) == ZK_OK);
    CHECK(op_miller_product(factor, p, q, 2) == ZK_OK); /* infinity and P, then -P */
    CHECK(op_pairing_check_fixed(&is_one, factor, p, q, 1, p + 3 * G1, lines, 1) == ZK_OK);
    CHECK(is_one == 1);
    CHECK(op_pairing_check_fixed(&is_one, factor, p, q, 2, p, lines, 1) == ZK_OK);
    CHECK(is_one == 0);
    CHECK(op_pairing_check(&is_one, p + 2 * G1, q, 2) == ZK_OK && is_one == 1);
    op_add_scratch_words(&size, 1, 4, 1);
    CHECK(op_g1_table(tables, words(size), p, 4) == ZK_OK);
    CHECK(op_g1_table_sum(sum, p, tables, elements(4), 4) == ZK_OK);
    free_all();
    return 0;
}

static int break_output(void) {
    const g1_affine_t g = g1_generator();
    uint64_t size, *p = g1_points(17, &g);
    op_add_scratch_words(&size, 1, 17, 1);
    op_g1_add(words(17 * G1 - 1), words(size), p, p, 17, 1);
    return 0;
}

int main(int count, char **arguments) {
    static const size_t lengths[] = {0, 1, 7, 8, 9, 17, 65};
    const g1_affine_t g = g1_generator();
    if (count > 1 && strcmp(arguments[1], "break") == 0) return break_output();
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        const size_t n = lengths[i], threads = i % 3 + 1;
        if (g1_sums(n, threads, &g) || (n < 10 && g2_sums(n, threads, &g2_generator))) return 1;
        if (test_matrices(n, threads) || test_signatures(n % 17, threads)) return 1;
        if (test_transforms((unsigned)i, threads) || test_transforms((unsigned)i + 6, threads))
            return 1;
        for (size_t t = 2; t < 18; t += 3)
            if (test_poseidon(n, t, threads)) return 1;
    }
    if (test_pairings()) return 1;
    printf("kernels ok\n");
    return 0;
}
