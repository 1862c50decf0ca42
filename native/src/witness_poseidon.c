/* The values inside a Poseidon permutation, as native/reference/poseidon_wires.py lists them: from
 * after the S-boxes of the first round on, x^2, x^4 and x^5 of every S-box, in partial rounds the
 * next word 0 in place of x^5.
 *
 * The partial rounds are those of poseidon_rounds.h: what enters an S-box is the same in any form. */

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

/* The S-boxes of all words of a full round. */
static inline fr_t *poseidon_trace_boxes(fr_t *out, fr_t *state, size_t t) {
    for (size_t i = 0; i < t; i++, out += POSEIDON_WIRES_A_BOX) {
        poseidon_powers(out, &state[i]);
        state[i] = out[2];
    }
    return out;
}

/* Inlined below with t known, so that loops over the state unroll. */
static inline __attribute__((always_inline)) void poseidon_trace_rounds(fr_t *out, fr_t *state,
                                                                        const poseidon_t *p,
                                                                        size_t t, bool first_word) {
    const fr_t *constants = p->full_constants;
    poseidon_past past;
    for (size_t r = 1; r < POSEIDON_HALF; r++) {
        poseidon_mix(state, p, constants + r * t, t);
        out = poseidon_trace_boxes(out, state, t);
    }
    poseidon_enter(&past, state, p, t);
    for (size_t at = p->rounds_partial; at-- > 0; out += POSEIDON_WIRES_A_BOX) {
        poseidon_partial_round(&past, out, p, t, at);
        out[2] = past.words[at];
    }
    poseidon_leave(state, &past, p, t);
    out = poseidon_trace_boxes(out, state, t);
    for (size_t r = POSEIDON_HALF + 1; r < POSEIDON_FULL_ROUNDS; r++) {
        poseidon_mix(state, p, constants + r * t, t);
        out = poseidon_trace_boxes(out, state, t);
    }
    /* When only word 0 is wanted, the last S-box gives that word and not x^5. */
    if (first_word) poseidon_dot(out - 1, p->matrix, state, t);
}

/* Fill out from the state after the S-boxes of the first round, which is destroyed. */
static void poseidon_trace(fr_t *out, fr_t *state, const poseidon_t *p, bool first_word) {
    switch (p->t) {
    case 3: poseidon_trace_rounds(out, state, p, 3, first_word); break;
    case 5: poseidon_trace_rounds(out, state, p, 5, first_word); break;
    default: poseidon_trace_rounds(out, state, p, p->t, first_word); break;
    }
}
