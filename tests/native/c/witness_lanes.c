/* White-box tests of the witness machine's lanes, built with ZK_LANES_VERIFY so that the law of lazy
 * reduction is checked at every operation. A program of segments of one shape runs twice: each alone,
 * which is scalar, and in step, which goes through lanes; the wires must be the same bytes. */
#include VARIANT

#include <stdio.h>

#define CHECK(condition)                                                                         \
    do {                                                                                         \
        if (!(condition)) {                                                                      \
            printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                               \
            return 1;                                                                            \
        }                                                                                        \
    } while (0)

enum {
    SEGMENTS = 11,
    OWN = 80, /* inputs of each segment */
    COEFFICIENTS = 9,
    MAX_ROWS = POSEIDON_MAX_WIDTH * SEGMENTS,
    MAX_TERMS = OWN * 3 * SEGMENTS,
    MAX_WIRES = 1 + SEGMENTS * (OWN + 800),
    MAX_PARAMETERS = 4096,
    ROUNDS_PARTIAL = 60
};

static uint64_t random_state = 255;

static uint64_t random_word(void) {
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return random_state ^ (random_state >> 29);
}

/* Any element; 0, 1 and r - 1, as words, come often. */
static fr_t random_element(void) {
    fr_t e = {{random_word(), random_word(), random_word(), random_word() >> 11}};
    switch (random_word() % 8) {
    case 0: return fr_zero();
    case 1: return (fr_t){{1, 0, 0, 0}};
    case 2: e = fr_modulus; e.l[0]--; return e;
    case 3: return fr_one;
    default: fr_double(&e, &e); return e;
    }
}

static struct {
    witness_op ops[SEGMENTS];
    uint32_t segments[VM_SEGMENT_WORDS * SEGMENTS];
    uint32_t indptr[MAX_ROWS + 1], lc_wires[MAX_TERMS], lc_coefs[MAX_TERMS];
    uint32_t hashes[2 * (POSEIDON_MAX_WIDTH + 1)];
    uint8_t same[SEGMENTS];
    fr_t table[COEFFICIENTS], parameters[MAX_PARAMETERS];
    uint64_t table_limbs[COEFFICIENTS * VM_LIMBS], parameter_limbs[MAX_PARAMETERS * VM_LIMBS];
    size_t parameters_len;
    fr_t wires[MAX_WIRES], expected[MAX_WIRES];
} p;

/* One operation in each segment over `rows` combinations of `terms` terms of its own inputs. */
static void program(int32_t opcode, int32_t imm, size_t rows, size_t terms) {
    uint32_t coefs[OWN * 3], row = 0, term = 0;
    for (size_t k = 0; k < rows * terms; k++)
        coefs[k] = terms == 1 ? 0 : (uint32_t)(random_word() % COEFFICIENTS);
    for (uint32_t s = 0; s < SEGMENTS; s++) {
        const int32_t first = (int32_t)row, dst = 1 + SEGMENTS * OWN + (int32_t)s * 800;
        p.ops[s] = (witness_op){opcode, dst, first, rows > 1 ? first + 1 : -1,
                                rows == 3 ? first + 2 : -1, imm};
        for (size_t k = 0; k < rows * terms; k++, term++) {
            if (k % terms == 0) p.indptr[row++] = term;
            p.lc_wires[term] = 1 + s * OWN + (uint32_t)(k % OWN);
            p.lc_coefs[term] = coefs[k];
        }
        memcpy(&p.segments[VM_SEGMENT_WORDS * s], (uint32_t[]){s, s + 1, 0},
               VM_SEGMENT_WORDS * sizeof(uint32_t));
    }
    p.indptr[row] = term;
}

/* In tasks of `size` segments. */
static void run(fr_t *wires, uint32_t size) {
    uint32_t tasks[VM_TASK_WORDS * SEGMENTS], n = 0;
    for (uint32_t s = 0; s < SEGMENTS; s += size, n++) {
        const uint32_t count = SEGMENTS - s < size ? SEGMENTS - s : size;
        memcpy(&tasks[VM_TASK_WORDS * n], (uint32_t[]){s, count, 0},
               VM_TASK_WORDS * sizeof(uint32_t));
    }
    op_witness_run((uint64_t *)wires, (const int32_t *)p.ops, p.segments, tasks, n, p.indptr,
                   p.lc_wires, p.lc_coefs, (const uint64_t *)p.table, p.table_limbs, p.hashes,
                   (const uint64_t *)p.parameters, p.parameters_len, p.parameter_limbs, 1);
}

static int compare(void) {
    memset(p.wires, 0, sizeof p.wires);
    p.wires[0] = fr_one;
    for (size_t i = 1; i <= SEGMENTS * OWN; i++) p.wires[i] = random_element();
    memcpy(p.expected, p.wires, sizeof p.wires);
    op_witness_shapes(p.same, (const int32_t *)p.ops, p.segments, SEGMENTS, p.indptr, p.lc_coefs);
    for (size_t s = 1; s < SEGMENTS; s++) CHECK(p.same[s]);
    run(p.expected, 1);
    run(p.wires, SEGMENTS);
    CHECK(memcmp(p.wires, p.expected, sizeof p.wires) == 0);
    return 0;
}

static int test_permutations(int32_t t) {
    p.parameters_len = poseidon_parameters_len((size_t)t, ROUNDS_PARTIAL);
    for (size_t i = 0; i < p.parameters_len; i++) p.parameters[i] = random_element();
    op_witness_limbs(p.parameter_limbs, (const uint64_t *)p.parameters, p.parameters_len, 1);
    memset(p.hashes, 0, sizeof p.hashes);
    p.hashes[2 * t] = ROUNDS_PARTIAL;
    for (int round = 0; round < 4; round++) {
        program(round % 2 ? VM_POSEIDON : VM_POSEIDON_WORD, t, (size_t)t, 1 + (round > 1));
        CHECK(!compare());
    }
    return 0;
}

int main(void) {
    for (int i = 0; i < COEFFICIENTS; i++) p.table[i] = random_element();
    p.table[0] = fr_one;
    fr_neg(&p.table[1], &fr_one);
    op_witness_limbs(p.table_limbs, (const uint64_t *)p.table, COEFFICIENTS, 1);
    for (int round = 0; round < 200; round++) {
        const size_t terms = 1 + random_word() % (round % 2 ? OWN : 4);
        program(VM_MULADD, 0, 2 + (size_t)(round & 1), terms);
        CHECK(!compare());
        program(VM_FIFTH_POWER, 0, 1, terms);
        CHECK(!compare());
        program(VM_DIVIDE, 0, 2, terms);
        CHECK(!compare());
        program(VM_INVERSE_OR_ZERO, 0, 1, terms);
        CHECK(!compare());
    }
    for (int32_t t = 2; t <= POSEIDON_MAX_WIDTH; t++) CHECK(!test_permutations(t));
    puts("witness lanes ok");
    return 0;
}
