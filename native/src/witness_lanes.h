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

/* The state passes from the form of the wires to that of poseidon_lanes.h, which writes wires. */
static void vm8_permutation(const witness_machine *m, const witness_op *const ops[ZK_LANES],
                            fr_t *const out[ZK_LANES]) {
    const poseidon_t *hash = &m->hashes[ops[0]->imm];
    const poseidon8_constant *constants = (const poseidon8_constant *)m->parameter_limbs;
    const poseidon8_t p = poseidon8_open(hash, constants + (hash->full_constants - m->parameters));
    fr8_t state[POSEIDON_MAX_WIDTH];
    for (int32_t i = 0; i < ops[0]->imm; i++) {
        int32_t lcs[ZK_LANES];
        for (int lane = 0; lane < ZK_LANES; lane++) lcs[lane] = ops[lane]->a + i;
        vm8_value(&state[i], m, lcs);
        vm8_times_16(&state[i], &state[i]);
        fr8_reduce(&state[i], &state[i]);
    }
    poseidon8_trace(out, state, &p, ops[0]->opcode == VM_POSEIDON_WORD);
}

static void vm8_fifth_power(const witness_machine *m, const witness_op *const ops[ZK_LANES],
                            fr_t *const out[ZK_LANES]) {
    fr8_t x;
    vm8_operand(&x, m, ops, 'a');
    vm8_powers(out, 0, &x);
}
#endif
