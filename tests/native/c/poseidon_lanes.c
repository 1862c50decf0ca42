/* White-box tests of eight Poseidon permutations at a time, built with ZK_LANES_VERIFY. The oracle is
 * the scalar permutation, with random parameters of every width. */
#include VARIANT

#include <stdio.h>

enum { ELEMENTS = 4096 };

static fr_t parameters[ELEMENTS], states[ZK_LANES][POSEIDON_MAX_WIDTH];
static fr_t expected[ZK_LANES][ELEMENTS], got[ZK_LANES][ELEMENTS];

static poseidon8_constant converted[POSEIDON8_PARAMETERS];

static uint64_t random_state = 5;

static uint64_t random_word(void) {
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return random_state ^ (random_state >> 29);
}

/* Lane 0 is all 0, lane 1 all m - 1, the others are random. */
static void fill(size_t t) {
    for (size_t i = 0; i < ELEMENTS; i++)
        parameters[i] = (fr_t){{random_word(), random_word(), random_word(), random_word() >> 11}};
    memcpy(states, parameters + ELEMENTS / 2, sizeof states);
    for (size_t i = 0; i < t; i++) {
        states[0][i] = fr_zero();
        states[1][i] = fr_modulus;
        states[1][i].l[0]--;
    }
}

static void load(fr8_t *state, size_t t) {
    for (size_t i = 0; i < t; i++) {
        fr_t column[ZK_LANES];
        for (int lane = 0; lane < ZK_LANES; lane++) column[lane] = states[lane][i];
        fr8_load_montgomery(&state[i], column);
    }
}

static int permutation_differs(const poseidon_t *p, const poseidon8_t *p8, size_t rows) {
    fr8_t state[POSEIDON_MAX_WIDTH];
    int differs = 0;
    load(state, p->t);
    poseidon8_permute(state, p8, rows);
    for (int lane = 0; lane < ZK_LANES; lane++) {
        fr_t words[POSEIDON_MAX_WIDTH];
        memcpy(words, states[lane], sizeof words);
        poseidon_permute(words, p);
        for (size_t i = 0; i < rows; i++) {
            fr_t column[ZK_LANES];
            fr8_t reduced;
            fr8_reduce(&reduced, &state[i]);
            fr8_store_montgomery(column, &reduced);
            differs |= !fr_equal(&column[lane], &words[i]);
        }
    }
    return differs;
}

static int trace_differs(const poseidon_t *p, const poseidon8_t *p8, bool first_word) {
    const size_t length = poseidon_wires_len(p->t, p->rounds_partial);
    fr_t *out[ZK_LANES];
    fr8_t state[POSEIDON_MAX_WIDTH];
    int differs = 0;
    for (int lane = 0; lane < ZK_LANES; lane++) out[lane] = got[lane];
    load(state, p->t);
    for (size_t i = 0; i < p->t; i++) fr8_reduce(&state[i], &state[i]);
    poseidon8_trace(out, state, p8, first_word);
    for (int lane = 0; lane < ZK_LANES; lane++) {
        fr_t words[POSEIDON_MAX_WIDTH];
        memcpy(words, states[lane], sizeof words);
        poseidon_trace(expected[lane], words, p, first_word);
        differs |= memcmp(expected[lane], got[lane], length * sizeof(fr_t));
    }
    return differs;
}

int main(void) {
    for (size_t t = 2; t <= POSEIDON_MAX_WIDTH; t++) {
        for (size_t rounds = 0; rounds <= POSEIDON_MAX_PARTIAL; rounds += 1 + rounds * 3 / 2) {
            poseidon_t p;
            fill(t);
            const size_t length = poseidon_parameters_len(t, rounds);
            if (poseidon_open(&p, t, rounds, (const uint64_t *)parameters, length)) return 1;
            poseidon8_convert(converted, &p);
            const poseidon8_t p8 = poseidon8_open(&p, converted);
            if (permutation_differs(&p, &p8, t) || permutation_differs(&p, &p8, 1) ||
                trace_differs(&p, &p8, false) || trace_differs(&p, &p8, true)) {
                printf("width %zu, %zu partial rounds\n", t, rounds);
                return 1;
            }
        }
    }
    puts("poseidon lanes ok");
    return 0;
}
