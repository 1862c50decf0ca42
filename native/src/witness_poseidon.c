/* The values inside a Poseidon permutation, as native/reference/poseidon_wires.py lists them: from
 * after the S-boxes of the first round on, x^2, x^4 and x^5 of every S-box, in partial rounds the
 * next word 0 in place of x^5.
 *
 * The state is that of poseidon.c: constants moved to word 0 and sparse matrices in the partial
 * rounds. What enters an S-box is the same in any such form, so are the values. */

enum { POSEIDON_WIRES_A_BOX = 3 };

static size_t poseidon_wires_len(size_t t, size_t rounds_partial) {
    return POSEIDON_WIRES_A_BOX * ((POSEIDON_FULL_ROUNDS - 1) * t + rounds_partial);
}

/* out = x^2, x^4, x^5 */
static inline void poseidon_powers(fr_t out[3], const fr_t *x) {
    fr_square(&out[0], x);
    fr_square(&out[1], &out[0]);
    fr_mul(&out[2], &out[1], x);
}

/* The S-boxes of a round on all words, then what the matrix makes of them. */
static inline fr_t *poseidon_trace_full(fr_t *out, fr_t *state, const fr_t *constants,
                                        const fr_t *matrix, size_t t) {
    for (size_t i = 0; i < t; i++, out += POSEIDON_WIRES_A_BOX) {
        fr_t x;
        fr_add(&x, &state[i], &constants[i]);
        poseidon_powers(out, &x);
        state[i] = out[2];
    }
    if (matrix) poseidon_mix(state, matrix, t);
    return out;
}

/* A partial round on a state whose word 0 has its constant; so has word 0 of the result. The way
 * from one word 0 to the next is three products long: x^2, x^4, x^4 (corner x) + the rest. */
static inline fr_t *poseidon_trace_partial(fr_t *out, fr_t *state, const fr_t *next_constant,
                                           const fr_t *sparse, size_t t) {
    fr_t boxed, corner, product;
    fr_wide_t next = {{0}};
    fr_mul(&corner, &state[0], &sparse[0]);
    fr_square(&out[0], &state[0]);
    fr_square(&out[1], &out[0]);
    for (size_t i = 1; i < t; i++) fr_wide_mul_add(&next, &sparse[i], &state[i]);
    fr_wide_mul_add(&next, &out[1], &corner);
    fr_mul(&boxed, &out[1], &state[0]);
    fr_wide_reduce(&out[2], &next, t);
    fr_add(&out[2], &out[2], next_constant);
    state[0] = out[2];
    for (size_t i = 1; i < t; i++) {
        fr_mul(&product, &sparse[t - 1 + i], &boxed);
        fr_add(&state[i], &state[i], &product);
    }
    return out + POSEIDON_WIRES_A_BOX;
}

/* The last round when only word 0 is wanted: the last S-box gives that word and not x^5. */
static inline void poseidon_trace_word(fr_t *out, fr_t *state, const fr_t *constants,
                                       const fr_t *row, size_t t) {
    fr_t word;
    poseidon_trace_full(out, state, constants, NULL, t);
    poseidon_dot(&word, row, state, t);
    out[POSEIDON_WIRES_A_BOX * t - 1] = word;
}

/* Inlined below with t known, so that loops over the state unroll. */
static inline __attribute__((always_inline)) void poseidon_trace_rounds(fr_t *out, fr_t *state,
                                                                        const poseidon_t *p,
                                                                        size_t t, bool first_word) {
    const size_t half = POSEIDON_FULL_ROUNDS / 2;
    const fr_t *constants = p->full_constants;
    poseidon_mix(state, p->matrix, t);
    for (size_t r = 1; r < half; r++)
        out = poseidon_trace_full(out, state, constants + r * t,
                                  r == half - 1 ? p->entry_matrix : p->matrix, t);
    /* Word 0 takes its constants one round ahead; in the next full round they are in already. */
    fr_t after[POSEIDON_MAX_WIDTH];
    memcpy(after, constants + half * t, t * sizeof(fr_t));
    fr_add(&state[0], &state[0], &p->partial_constants[0]);
    for (size_t r = 0; r < p->rounds_partial; r++)
        out = poseidon_trace_partial(
            out, state, r + 1 < p->rounds_partial ? &p->partial_constants[r + 1] : &after[0],
            p->sparse + r * (2 * t - 1), t);
    fr_sub(&state[0], &state[0], &after[0]);
    for (size_t r = half; r < 2 * half - 1; r++)
        out = poseidon_trace_full(out, state, constants + r * t, p->matrix, t);
    constants += (2 * half - 1) * t;
    if (first_word)
        poseidon_trace_word(out, state, constants, p->matrix, t);
    else
        poseidon_trace_full(out, state, constants, NULL, t);
}

/* Fill out from the state after the S-boxes of the first round, which is destroyed. */
static void poseidon_trace(fr_t *out, fr_t *state, const poseidon_t *p, bool first_word) {
    switch (p->t) {
    case 3: poseidon_trace_rounds(out, state, p, 3, first_word); break;
    case 5: poseidon_trace_rounds(out, state, p, 5, first_word); break;
    default: poseidon_trace_rounds(out, state, p, p->t, first_word); break;
    }
}
