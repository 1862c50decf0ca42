/* One operation of the witness machine in eight segments of one shape, in the lanes of lanes.h.
 *
 * Wires are taken as they stand, x 2^256. Constants come as native/api_witness.py had them split by
 * zk_witness_limbs: five limbs of 52 bits each, factors as c 2^260, so that a product with one is
 * again in the form of the wires; for a product of two wires one is multiplied by 16 before. */
#ifndef ZK_WITNESS_LANES_H
#define ZK_WITNESS_LANES_H

enum { VM8_TERMS = 32 }; /* terms of a combination before their sum is reduced */

typedef const uint64_t (*vm8_limbs)[LANES_LIMBS];

static inline void vm8_constant(fr8_t *out, const uint64_t limbs[LANES_LIMBS]) {
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) out->l[i] = lanes_set(limbs[i]);
    LANES_SET_BOUND(out, 1);
}

/* 16 a, for a of bound 2: bound 32. */
static inline void vm8_times_16(fr8_t *out, const fr8_t *a) {
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS; i++) out->l[i] = _mm512_slli_epi64(a->l[i], 4);
    fr8_normalize(out, 32);
}

/* The product of two wires of bound 2. */
static inline void vm8_mul(fr8_t *out, const fr8_t *a, const fr8_t *b) {
    fr8_t shifted;
    vm8_times_16(&shifted, a);
    fr8_mul(out, &shifted, b);
}

static inline void vm8_one(fr8_t *out) {
    lanes_words_t words;
    for (int i = 0; i < 4; i++) words.w[i] = lanes_set(fr_one.l[i]);
    lanes_split(out, &words);
    LANES_SET_BOUND(out, 1);
}

/* To wire `offset` behind each of the eight. */
static inline void vm8_write(fr_t *const out[ZK_LANES], size_t offset, const fr8_t *a) {
    fr8_t least;
    lanes_words_t words;
    limbs_t *to[ZK_LANES];
    for (int lane = 0; lane < ZK_LANES; lane++) to[lane] = out[lane] + offset;
    fr8_canonical(&least, a);
    lanes_join(&words, &least);
    lanes_write_to(to, &words);
}

static inline void vm8_read_term(fr8_t *out, const witness_machine *m,
                                 const uint32_t terms[ZK_LANES], uint32_t k) {
    const limbs_t *from[ZK_LANES];
    lanes_words_t words;
    for (int lane = 0; lane < ZK_LANES; lane++)
        from[lane] = &m->wires[m->lc_wires[terms[lane] + k]];
    lanes_read_from(&words, from);
    lanes_split(out, &words);
    LANES_SET_BOUND(out, 1);
}

/* The sum over at most VM8_TERMS terms of each lane; bound 2. The coefficients are those of lane 0,
 * the shape being the same. */
static void vm8_sum(fr8_t *out, const witness_machine *m, const uint32_t terms[ZK_LANES],
                    uint32_t first, uint32_t last) {
    lanes_wide_t products = lanes_wide_zero();
    fr8_t plain = lanes_zero(), wire, factor;
    unsigned added = 0, subtracted = 0;
    for (uint32_t k = first; k < last; k++) {
        const uint32_t coef = m->lc_coefs[terms[0] + k];
        vm8_read_term(&wire, m, terms, k);
        if (fr_equal(&m->table[coef], &fr_one)) {
            lanes_add_raw(&plain, &plain, &wire);
            added++;
        } else if (fr_equal(&m->table[coef], &m->minus_one)) {
            lanes_sub_raw(&plain, &plain, &wire);
            subtracted++;
        } else {
            vm8_constant(&factor, ((vm8_limbs)m->table_limbs)[coef]);
            lanes_wide_mul_add(&products, &factor, &wire);
        }
    }
    if (added + subtracted < last - first) {
        fr8_wide_reduce_raw(out, &products);
        lanes_add_raw(&plain, &plain, out);
        added += 2;
    }
    fr8_lift_raw(&plain, subtracted);
    fr8_normalize(&plain, added + subtracted + 1); /* m - 0 is m */
    fr8_reduce(out, &plain);
}

/* The values of combination lcs[lane] of each lane; bound 2. */
static void vm8_value(fr8_t *out, const witness_machine *m, const int32_t lcs[ZK_LANES]) {
    uint32_t terms[ZK_LANES];
    *out = lanes_zero();
    if (lcs[0] < 0) return;
    for (int lane = 0; lane < ZK_LANES; lane++) terms[lane] = m->indptr[lcs[lane]];
    const uint32_t length = m->indptr[lcs[0] + 1] - terms[0];
    if (length == 1 && fr_equal(&m->table[m->lc_coefs[terms[0]]], &fr_one)) {
        vm8_read_term(out, m, terms, 0);
        return;
    }
    for (uint32_t first = 0; first < length; first += VM8_TERMS) {
        fr8_t part;
        vm8_sum(&part, m, terms, first,
                length - first < VM8_TERMS ? length : first + VM8_TERMS);
        fr8_add(out, out, &part);
        fr8_reduce(out, out);
    }
}

/* The values of one of the operands 'a', 'b', 'c' of eight operations. */
static inline void vm8_operand(fr8_t *out, const witness_machine *m,
                               const witness_op *const ops[ZK_LANES], char operand) {
    int32_t lcs[ZK_LANES];
    for (int lane = 0; lane < ZK_LANES; lane++) {
        const witness_op *op = ops[lane];
        lcs[lane] = operand == 'a' ? op->a : operand == 'b' ? op->b : op->c;
    }
    vm8_value(out, m, lcs);
}

static void vm8_muladd(const witness_machine *m, const witness_op *const ops[ZK_LANES],
                       fr_t *const out[ZK_LANES]) {
    fr8_t x, y, z;
    vm8_operand(&x, m, ops, 'a');
    vm8_operand(&y, m, ops, 'b');
    vm8_mul(&x, &x, &y);
    if (ops[0]->c >= 0) {
        vm8_operand(&z, m, ops, 'c');
        fr8_add(&x, &x, &z);
        fr8_reduce(&x, &x);
    }
    vm8_write(out, 0, &x);
}

/* Write x^2, x^4, x^5 from wire `offset` on and leave x^5 in x; bound 2. */
static inline void vm8_powers(fr_t *const out[ZK_LANES], size_t offset, fr8_t *x) {
    fr8_t shifted, square, fourth;
    vm8_times_16(&shifted, x);
    fr8_mul(&square, &shifted, x);
    vm8_mul(&fourth, &square, &square);
    fr8_mul(x, &shifted, &fourth);
    vm8_write(out, offset, &square);
    vm8_write(out, offset + 1, &fourth);
    vm8_write(out, offset + 2, x);
}

typedef struct {
    size_t t, rounds_partial;
    vm8_limbs full_constants, partial_constants, matrix, entry_matrix, sparse;
} vm8_poseidon;

static vm8_poseidon vm8_open(const witness_machine *m, size_t t) {
    const poseidon_t *p = &m->hashes[t];
    vm8_limbs limbs = (vm8_limbs)m->parameter_limbs + (p->full_constants - m->parameters);
    vm8_poseidon opened = {t, p->rounds_partial, limbs, limbs, limbs, limbs, limbs};
    opened.partial_constants += p->partial_constants - p->full_constants;
    opened.matrix += p->matrix - p->full_constants;
    opened.entry_matrix += p->entry_matrix - p->full_constants;
    opened.sparse += p->sparse - p->full_constants;
    return opened;
}

/* The sum of row[i] state[i]; bound 2. */
static inline void vm8_dot(fr8_t *out, vm8_limbs row, const fr8_t *state, size_t t) {
    lanes_wide_t sum = lanes_wide_zero();
    for (size_t i = 0; i < t; i++) {
        fr8_t factor;
        vm8_constant(&factor, row[i]);
        lanes_wide_mul_add(&sum, &factor, &state[i]);
    }
    fr8_wide_reduce(out, &sum);
}

static void vm8_mix(fr8_t *state, vm8_limbs matrix, size_t t) {
    fr8_t mixed[POSEIDON_MAX_WIDTH];
    for (size_t i = 0; i < t; i++) vm8_dot(&mixed[i], matrix + i * t, state, t);
    memcpy(state, mixed, t * sizeof *state);
}

static inline void vm8_add_constant(fr8_t *x, const uint64_t limbs[LANES_LIMBS]) {
    fr8_t constant;
    vm8_constant(&constant, limbs);
    fr8_add(x, x, &constant);
    fr8_reduce(x, x);
}

/* The S-boxes of a full round; words before `first` have their constants. */
static void vm8_boxes(fr_t *const out[ZK_LANES], size_t offset, fr8_t *state, vm8_limbs constants,
                      size_t t, size_t first) {
    for (size_t i = 0; i < t; i++) {
        if (i >= first) vm8_add_constant(&state[i], constants[i]);
        vm8_powers(out, offset + POSEIDON_WIRES_A_BOX * i, &state[i]);
    }
}

/* The partial rounds. The words behind word 0 grow by a bound of 2 a round; they are reduced before
 * a dot product would pass the bound of 84. */
static size_t vm8_partial_rounds(fr_t *const out[ZK_LANES], size_t offset, fr8_t *state,
                                 const vm8_poseidon *p, vm8_limbs after) {
    const size_t t = p->t, period = (LANES_MAX_BOUND - 2) / (2 * (t - 1)) - 1;
    size_t since = 0;
    for (size_t r = 0; r < p->rounds_partial; r++, offset += POSEIDON_WIRES_A_BOX) {
        vm8_limbs sparse = p->sparse + r * (2 * t - 1);
        fr8_t shifted, square, fourth, factor, product;
        vm8_times_16(&shifted, &state[0]);
        fr8_mul(&square, &shifted, &state[0]);
        vm8_mul(&fourth, &square, &square);
        fr8_mul(&state[0], &shifted, &fourth);
        const fr8_t boxed = state[0];
        vm8_dot(&state[0], sparse, state, t);
        vm8_add_constant(&state[0],
                         r + 1 < p->rounds_partial ? p->partial_constants[r + 1] : after[0]);
        const bool full = since++ >= period;
        if (full) since = 0;
        for (size_t i = 1; i < t; i++) {
            vm8_constant(&factor, sparse[t - 1 + i]);
            fr8_mul(&product, &factor, &boxed);
            fr8_add(&state[i], &state[i], &product);
            if (full) fr8_reduce(&state[i], &state[i]);
        }
        vm8_write(out, offset, &square);
        vm8_write(out, offset + 1, &fourth);
        vm8_write(out, offset + 2, &state[0]);
    }
    for (size_t i = 1; i < t; i++) fr8_reduce(&state[i], &state[i]);
    return offset;
}

static void vm8_trace(fr_t *const out[ZK_LANES], fr8_t *state, const vm8_poseidon *p,
                      bool first_word) {
    const size_t t = p->t, half = POSEIDON_FULL_ROUNDS / 2, wires = POSEIDON_WIRES_A_BOX * t;
    vm8_limbs constants = p->full_constants;
    size_t offset = 0;
    vm8_mix(state, p->matrix, t);
    for (size_t r = 1; r < half; r++, offset += wires) {
        vm8_boxes(out, offset, state, constants + r * t, t, 0);
        vm8_mix(state, r == half - 1 ? p->entry_matrix : p->matrix, t);
    }
    vm8_add_constant(&state[0], p->partial_constants[0]);
    offset = vm8_partial_rounds(out, offset, state, p, constants + half * t);
    for (size_t r = half; r < 2 * half - 1; r++, offset += wires) {
        vm8_boxes(out, offset, state, constants + r * t, t, r == half);
        vm8_mix(state, p->matrix, t);
    }
    vm8_boxes(out, offset, state, constants + (2 * half - 1) * t, t, 0);
    if (!first_word) return;
    vm8_dot(&state[0], p->matrix, state, t);
    vm8_write(out, offset + wires - 1, &state[0]);
}

static void vm8_permutation(const witness_machine *m, const witness_op *const ops[ZK_LANES],
                            fr_t *const out[ZK_LANES]) {
    fr8_t state[POSEIDON_MAX_WIDTH];
    const vm8_poseidon p = vm8_open(m, (size_t)ops[0]->imm);
    for (int32_t i = 0; i < ops[0]->imm; i++) {
        int32_t lcs[ZK_LANES];
        for (int lane = 0; lane < ZK_LANES; lane++) lcs[lane] = ops[lane]->a + i;
        vm8_value(&state[i], m, lcs);
    }
    vm8_trace(out, state, &p, ops[0]->opcode == VM_POSEIDON_WORD);
}

static void vm8_fifth_power(const witness_machine *m, const witness_op *const ops[ZK_LANES],
                            fr_t *const out[ZK_LANES]) {
    fr8_t x;
    vm8_operand(&x, m, ops, 'a');
    vm8_powers(out, 0, &x);
}
#endif
