/* Poseidon permutations of width t = 2..17: eight full rounds around rounds_partial partial ones.
 *
 * The naive form multiplies by the dense matrix M in every round. The fast form computes only words 0
 * in the partial rounds, each from the last t boxed words 0 and the last t - 1 words 0, with one
 * reduction; the other words come back after them. native/poseidon_parameters.py derives it. */
#ifndef ZK_POSEIDON_ROUNDS_H
#define ZK_POSEIDON_ROUNDS_H

enum {
    POSEIDON_MAX_WIDTH = 17,
    POSEIDON_FULL_ROUNDS = 8,
    POSEIDON_HALF = POSEIDON_FULL_ROUNDS / 2,
    POSEIDON_MAX_PARTIAL = 80,
    POSEIDON_MAX_PAST = POSEIDON_MAX_PARTIAL + POSEIDON_MAX_WIDTH
};

/* Parameters of the fast form, in the order in which they lie behind each other; d = t - 1. */
typedef struct {
    size_t t, rounds_partial;
    const fr_t *full_constants;    /* 8 rows of t; word 0 of row 4 is not used */
    const fr_t *partial_constants; /* rounds_partial + 1: of words 0, the last of the full round after */
    const fr_t *matrix;            /* t rows of t: M */
    const fr_t *past;              /* d rows of d: words 0 before the first, newest first */
    const fr_t *boxed_weights;     /* t: of the boxed words 0, newest first */
    const fr_t *word_weights;      /* d: of the words 0, newest first */
    const fr_t *after;             /* d rows of 2 d: words 1.. from words 0 and boxed words 0 */
} poseidon_t;

static size_t poseidon_parameters_len(size_t t, size_t rounds_partial) {
    const size_t d = t - 1;
    return POSEIDON_FULL_ROUNDS * t + rounds_partial + 1 + t * t + d * d + t + d + 2 * d * d;
}

static zk_status poseidon_open(poseidon_t *p, size_t t, size_t rounds_partial,
                               const uint64_t *parameters, size_t parameters_len) {
    if (t < 2 || t > POSEIDON_MAX_WIDTH || rounds_partial > POSEIDON_MAX_PARTIAL)
        return ZK_BAD_ARGUMENT;
    if (parameters_len != poseidon_parameters_len(t, rounds_partial)) return ZK_BAD_LENGTH;
    p->t = t;
    p->rounds_partial = rounds_partial;
    p->full_constants = (const fr_t *)parameters;
    p->partial_constants = p->full_constants + POSEIDON_FULL_ROUNDS * t;
    p->matrix = p->partial_constants + rounds_partial + 1;
    p->past = p->matrix + t * t;
    p->boxed_weights = p->past + (t - 1) * (t - 1);
    p->word_weights = p->boxed_weights + t;
    p->after = p->word_weights + t - 1;
    return ZK_OK;
}

static inline void poseidon_box(fr_t *x) {
    fr_t square;
    fr_square(&square, x);
    fr_square(&square, &square);
    fr_mul(x, x, &square);
}

static inline void poseidon_sum(fr_wide_t *acc, const fr_t *weights, const fr_t *words, size_t n) {
    for (size_t j = 0; j < n; j++) fr_wide_mul_add(acc, &weights[j], &words[j]);
}

static inline void poseidon_dot(fr_t *out, const fr_t *row, const fr_t *state, size_t t) {
    fr_wide_t acc = {{0}};
    poseidon_sum(&acc, row, state, t);
    fr_wide_reduce(out, &acc, t);
}

/* state = matrix state + constants */
static inline void poseidon_mix(fr_t *state, const poseidon_t *p, const fr_t *constants, size_t t) {
    fr_t mixed[POSEIDON_MAX_WIDTH];
    for (size_t i = 0; i < t; i++) {
        poseidon_dot(&mixed[i], p->matrix + i * t, state, t);
        fr_add(&mixed[i], &mixed[i], &constants[i]);
    }
    memcpy(state, mixed, t * sizeof *state);
}

static inline void poseidon_boxes(fr_t *state, size_t t) {
    for (size_t i = 0; i < t; i++) poseidon_box(&state[i]);
}

/* Words 0 of the partial rounds and what the S-box makes of them. Both arrays are filled downwards,
 * so that what is behind a place is its past, newest first. */
typedef struct {
    fr_t words[POSEIDON_MAX_PAST], boxed[POSEIDON_MAX_PAST];
} poseidon_past;

/* out = the sum of n products + the sum of m others + a b */
static inline void poseidon_two_dots(fr_t *out, const fr_t *left, const fr_t *x, size_t n,
                                     const fr_t *right, const fr_t *y, size_t m, const fr_t *a,
                                     const fr_t *b) {
    fr_wide_t acc = {{0}};
    fr_t first = fr_zero();
    poseidon_sum(&acc, left, x, n);
    if (n + m + 1 > FR_WIDE_TERMS) {
        fr_wide_reduce(&first, &acc, n);
        acc = (fr_wide_t){{0}};
    }
    poseidon_sum(&acc, right, y, m);
    fr_wide_mul_add(&acc, a, b);
    fr_wide_reduce(out, &acc, n + m + 1 > FR_WIDE_TERMS ? m + 1 : n + m + 1);
    if (n + m + 1 > FR_WIDE_TERMS) fr_add(out, out, &first);
}

/* From the state after the S-boxes of the last full round before: that round makes word 0 number
 * rounds_partial, and number 0 belongs to the full round after. */
static inline void poseidon_enter(poseidon_past *past, const fr_t *state, const poseidon_t *p,
                                  size_t t) {
    const size_t d = t - 1, at = p->rounds_partial;
    past->boxed[at] = state[0];
    memset(&past->boxed[at + 1], 0, d * sizeof(fr_t));
    for (size_t i = 0; i < d; i++)
        poseidon_dot(&past->words[at + 1 + i], p->past + i * d, state + 1, d);
    fr_wide_t acc = {{0}};
    poseidon_sum(&acc, p->word_weights, &past->words[at + 1], d);
    fr_wide_mul_add(&acc, p->boxed_weights, &state[0]);
    fr_wide_reduce(&past->words[at], &acc, t);
    fr_add(&past->words[at], &past->words[at], p->partial_constants);
}

/* Word 0 number `at` from number at + 1, called x; powers = x^2, x^4. The way from x to the next is
 * three products long, x^2, x^4 and x^4 (weight x); x^5 is for the rounds after. */
static inline void poseidon_partial_round(poseidon_past *past, fr_t powers[2], const poseidon_t *p,
                                          size_t t, size_t at) {
    const fr_t *x = &past->words[at + 1];
    fr_t weighted;
    fr_square(&powers[0], x);
    fr_mul(&weighted, x, p->boxed_weights);
    fr_square(&powers[1], &powers[0]);
    poseidon_two_dots(&past->words[at], p->boxed_weights + 1, &past->boxed[at + 1], t - 1,
                      p->word_weights, x, t - 1, &powers[1], &weighted);
    fr_add(&past->words[at], &past->words[at], p->partial_constants + p->rounds_partial - at);
    fr_mul(&past->boxed[at], &powers[1], x);
}

/* What enters the S-boxes of the first full round after. */
static inline void poseidon_leave(fr_t *state, const poseidon_past *past, const poseidon_t *p,
                                  size_t t) {
    const size_t d = t - 1;
    const fr_t *row = p->after;
    state[0] = past->words[0];
    for (size_t i = 1; i <= d; i++, row += 2 * d) {
        poseidon_two_dots(&state[i], row, past->words, d, row + d, past->boxed, d - 1,
                          &row[2 * d - 1], &past->boxed[d - 1]);
        fr_add(&state[i], &state[i], p->full_constants + POSEIDON_HALF * t + i);
    }
}

/* The whole permutation; inlined below with t known, so that loops over the state unroll. */
static inline __attribute__((always_inline)) void poseidon_rounds(fr_t *state, const poseidon_t *p,
                                                                  size_t t) {
    static const fr_t nothing[POSEIDON_MAX_WIDTH];
    const fr_t *constants = p->full_constants;
    poseidon_past past;
    fr_t powers[2];
    for (size_t i = 0; i < t; i++) fr_add(&state[i], &state[i], &constants[i]);
    for (size_t r = 1; r < POSEIDON_HALF; r++) {
        poseidon_boxes(state, t);
        poseidon_mix(state, p, constants + r * t, t);
    }
    poseidon_boxes(state, t);
    poseidon_enter(&past, state, p, t);
    for (size_t at = p->rounds_partial; at-- > 0;)
        poseidon_partial_round(&past, powers, p, t, at);
    poseidon_leave(state, &past, p, t);
    for (size_t r = POSEIDON_HALF + 1; r < POSEIDON_FULL_ROUNDS; r++) {
        poseidon_boxes(state, t);
        poseidon_mix(state, p, constants + r * t, t);
    }
    poseidon_boxes(state, t);
    poseidon_mix(state, p, nothing, t);
}

static void poseidon_permute(fr_t *state, const poseidon_t *p) {
    switch (p->t) {
    case 3: poseidon_rounds(state, p, 3); break;
    case 5: poseidon_rounds(state, p, 5); break;
    case 6: poseidon_rounds(state, p, 6); break;
    default: poseidon_rounds(state, p, p->t); break;
    }
}
#endif
