/* Eight Poseidon permutations at a time, one a lane: the rounds of poseidon_rounds.h.
 *
 * Bounds in the sense of lanes.h: constants 1, boxed words 2, words with their constant 3. The
 * longest sums stay below 84: 17 boxed words and 16 words make 17 * 2 + 16 * 3 = 82. */
#ifndef ZK_POSEIDON_LANES_H
#define ZK_POSEIDON_LANES_H

enum {
    POSEIDON8_PARAMETERS = 1312, /* what width 17 has with the most partial rounds, in eights */
    POSEIDON8_WORD_BOUND = 3
};

_Static_assert(POSEIDON8_PARAMETERS % ZK_LANES == 0, "parameters are converted eight at a time");

/* A parameter as lanes multiply by it, w 2^260 mod r, the same in each lane. */
typedef struct {
    uint64_t l[LANES_LIMBS];
} poseidon8_constant;

/* As poseidon_t, with the parameters converted. */
typedef struct {
    size_t t, rounds_partial;
    const poseidon8_constant *full_constants, *partial_constants, *matrix, *past, *boxed_weights,
        *word_weights, *after;
} poseidon8_t;

static poseidon8_t poseidon8_open(const poseidon_t *p, const poseidon8_constant *converted) {
    const fr_t *source = p->full_constants;
    return (poseidon8_t){
        .t = p->t,
        .rounds_partial = p->rounds_partial,
        .full_constants = converted,
        .partial_constants = converted + (p->partial_constants - source),
        .matrix = converted + (p->matrix - source),
        .past = converted + (p->past - source),
        .boxed_weights = converted + (p->boxed_weights - source),
        .word_weights = converted + (p->word_weights - source),
        .after = converted + (p->after - source),
    };
}

static void poseidon8_convert_eight(poseidon8_constant out[ZK_LANES],
                                    const fr_t elements[ZK_LANES]) {
    uint64_t limbs[LANES_LIMBS][ZK_LANES];
    fr8_t converted;
    fr8_load_montgomery(&converted, elements);
    fr8_reduce(&converted, &converted);
    fr8_canonical(&converted, &converted);
    for (int i = 0; i < LANES_LIMBS; i++) _mm512_storeu_si512(limbs[i], converted.l[i]);
    for (int lane = 0; lane < ZK_LANES; lane++)
        for (int i = 0; i < LANES_LIMBS; i++) out[lane].l[i] = limbs[i][lane];
}

/* For poseidon8_open. */
static void poseidon8_convert(poseidon8_constant out[POSEIDON8_PARAMETERS], const poseidon_t *p) {
    const size_t length = poseidon_parameters_len(p->t, p->rounds_partial);
    for (size_t i = 0; i < length; i += ZK_LANES) {
        fr_t padded[ZK_LANES] = {fr_zero()};
        const size_t rest = length - i < ZK_LANES ? length - i : ZK_LANES;
        memcpy(padded, p->full_constants + i, rest * sizeof(fr_t));
        poseidon8_convert_eight(out + i, padded);
    }
}

LANES_INLINE fr8_t poseidon8_spread(const poseidon8_constant *c) {
    fr8_t out;
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) out.l[i] = lanes_set(c->l[i]);
    LANES_SET_BOUND(&out, 1);
    return out;
}

LANES_INLINE void poseidon8_sum(lanes_wide_t *acc, const poseidon8_constant *weights,
                                const fr8_t *words, size_t n) {
    for (size_t j = 0; j < n; j++) {
        const fr8_t weight = poseidon8_spread(&weights[j]);
        lanes_wide_mul_add(acc, &weight, &words[j]);
    }
}

/* The reduced sum plus a constant, which is added before the carry. */
LANES_INLINE void poseidon8_finish(fr8_t *out, lanes_wide_t *acc, const poseidon8_constant *c) {
    const fr8_t constant = poseidon8_spread(c);
    lanes_require(LANES_BOUND(acc) <= LANES_MAX_BOUND, "a sum above 84 m^2");
    fr8_wide_reduce_raw(out, acc);
    lanes_add_raw(out, out, &constant);
    fr8_normalize(out, POSEIDON8_WORD_BOUND);
}

/* powers = x^2, x^4, x^5; x is bound 9 at most, they are bound 2. */
LANES_INLINE void poseidon8_powers(fr8_t powers[3], const fr8_t *x) {
    fr8_square(&powers[0], x);
    fr8_square(&powers[1], &powers[0]);
    fr8_mul(&powers[2], &powers[1], x);
}

/* Where the next value of each lane goes, when the values inside are wanted. */
typedef struct {
    limbs_t *places[ZK_LANES];
} poseidon8_cursor;

/* Write a value of bound 17 at most, in the memory's Montgomery form, and move on. */
LANES_INLINE void poseidon8_put(poseidon8_cursor *cursor, const fr8_t *value) {
    lanes_words_t words;
    fr8_to_words(&words, value);
    lanes_write_to(cursor->places, &words);
    for (int lane = 0; lane < ZK_LANES; lane++) cursor->places[lane]++;
}

LANES_INLINE void poseidon8_put_three(poseidon8_cursor *cursor, const fr8_t values[3]) {
    if (!cursor) return;
    for (int i = 0; i < 3; i++) poseidon8_put(cursor, &values[i]);
}

static void poseidon8_boxes(fr8_t *state, size_t t, poseidon8_cursor *cursor) {
    for (size_t i = 0; i < t; i++) {
        fr8_t powers[3];
        poseidon8_powers(powers, &state[i]);
        poseidon8_put_three(cursor, powers);
        state[i] = powers[2];
    }
}

/* state = matrix state + constants, on the first `rows` words */
static void poseidon8_mix(fr8_t *state, const poseidon8_t *p, const poseidon8_constant *constants,
                          size_t rows) {
    fr8_t mixed[POSEIDON_MAX_WIDTH];
    for (size_t i = 0; i < rows; i++) {
        lanes_wide_t acc = lanes_wide_zero();
        poseidon8_sum(&acc, p->matrix + i * p->t, state, p->t);
        poseidon8_finish(&mixed[i], &acc, &constants[i]);
    }
    memcpy(state, mixed, rows * sizeof *state);
}

/* As poseidon_past. */
typedef struct {
    fr8_t words[POSEIDON_MAX_PAST], boxed[POSEIDON_MAX_PAST];
} poseidon8_past;

/* Word 0 number `at` from those before it. */
LANES_INLINE void poseidon8_next_word(poseidon8_past *past, const poseidon8_t *p, size_t at) {
    lanes_wide_t acc = lanes_wide_zero();
    poseidon8_sum(&acc, p->word_weights, &past->words[at + 1], p->t - 1);
    poseidon8_sum(&acc, p->boxed_weights, &past->boxed[at], p->t);
    poseidon8_finish(&past->words[at], &acc, p->partial_constants + p->rounds_partial - at);
}

static void poseidon8_enter(poseidon8_past *past, const fr8_t *state, const poseidon8_t *p) {
    const size_t d = p->t - 1, at = p->rounds_partial;
    past->boxed[at] = state[0];
    for (size_t i = 0; i < d; i++) {
        lanes_wide_t acc = lanes_wide_zero();
        past->boxed[at + 1 + i] = lanes_zero();
        poseidon8_sum(&acc, p->past + i * d, state + 1, d);
        fr8_wide_reduce(&past->words[at + 1 + i], &acc);
    }
    poseidon8_next_word(past, p, at);
}

static void poseidon8_partial_rounds(poseidon8_past *past, const poseidon8_t *p,
                                     poseidon8_cursor *cursor) {
    for (size_t at = p->rounds_partial; at-- > 0;) {
        fr8_t powers[3];
        poseidon8_powers(powers, &past->words[at + 1]);
        past->boxed[at] = powers[2];
        poseidon8_next_word(past, p, at);
        powers[2] = past->words[at];
        poseidon8_put_three(cursor, powers);
    }
}

static void poseidon8_leave(fr8_t *state, const poseidon8_past *past, const poseidon8_t *p) {
    const size_t d = p->t - 1;
    const poseidon8_constant *row = p->after;
    state[0] = past->words[0];
    for (size_t i = 1; i <= d; i++, row += 2 * d) {
        lanes_wide_t acc = lanes_wide_zero();
        poseidon8_sum(&acc, row, past->words, d);
        poseidon8_sum(&acc, row + d, past->boxed, d);
        poseidon8_finish(&state[i], &acc, p->full_constants + POSEIDON_HALF * p->t + i);
    }
}

/* From after the S-boxes of the first round to after those of the last; bound 2 in and out. cursor
 * (or NULL) receives x^2, x^4, x^5 of each S-box on the way, in partial rounds the next word 0 in
 * place of x^5: what witness_poseidon.c writes. */
static void poseidon8_inner_rounds(fr8_t *state, const poseidon8_t *p, poseidon8_cursor *cursor) {
    const poseidon8_constant *constants = p->full_constants;
    const size_t t = p->t;
    poseidon8_past past;
    for (size_t r = 1; r < POSEIDON_HALF; r++) {
        poseidon8_mix(state, p, constants + r * t, t);
        poseidon8_boxes(state, t, cursor);
    }
    poseidon8_enter(&past, state, p);
    poseidon8_partial_rounds(&past, p, cursor);
    poseidon8_leave(state, &past, p);
    poseidon8_boxes(state, t, cursor);
    for (size_t r = POSEIDON_HALF + 1; r < POSEIDON_FULL_ROUNDS; r++) {
        poseidon8_mix(state, p, constants + r * t, t);
        poseidon8_boxes(state, t, cursor);
    }
}

static const poseidon8_constant poseidon8_nothing[POSEIDON_MAX_WIDTH];

/* The permutation of words in the Montgomery form of the lanes, bound 16 in and 3 out. Only the first
 * `rows` words of the result are made, the others are lost. */
static void poseidon8_permute(fr8_t *state, const poseidon8_t *p, size_t rows) {
    for (size_t i = 0; i < p->t; i++) {
        const fr8_t constant = poseidon8_spread(&p->full_constants[i]);
        fr8_add(&state[i], &state[i], &constant);
        fr8_reduce(&state[i], &state[i]);
    }
    poseidon8_boxes(state, p->t, NULL);
    poseidon8_inner_rounds(state, p, NULL);
    poseidon8_mix(state, p, poseidon8_nothing, rows);
}

/* poseidon_trace of witness_poseidon.c on eight permutations: the values inside go to out[lane].
 * state are the words after the S-boxes of the first round, in the form of poseidon8_permute, of
 * bound 2; it is destroyed. */
static void poseidon8_trace(fr_t *const out[ZK_LANES], fr8_t *state, const poseidon8_t *p,
                            bool first_word) {
    poseidon8_cursor cursor;
    memcpy(cursor.places, out, sizeof cursor.places);
    poseidon8_inner_rounds(state, p, &cursor);
    if (!first_word) return;
    for (int lane = 0; lane < ZK_LANES; lane++) cursor.places[lane]--;
    poseidon8_mix(state, p, poseidon8_nothing, 1);
    poseidon8_put(&cursor, &state[0]);
}
#endif
