/* The witness machine: operations [opcode, dst, a, b, c, imm] over linear combinations of wires.
 * native/reference/witness.py says what each opcode computes. Variable time. */

enum { VM_SEGMENT_WORDS = 3, VM_MAX_BITS = 254, VM_LIMBS = 5 };

enum vm_opcode {
    VM_LINEAR,
    VM_MULADD,
    VM_INVERSE_OR_ZERO,
    VM_IS_ZERO,
    VM_BITS,
    VM_DIVIDE,
    VM_LESS_THAN,
    VM_DIVMOD,
    VM_SQRT,
    VM_FIFTH_POWER,
    VM_POSEIDON,
    VM_POSEIDON_WORD,
    VM_OPCODES /* how many there are */
};

typedef struct {
    int32_t opcode, dst, a, b, c, imm;
} witness_op;

typedef struct {
    const witness_op *ops;
    const uint32_t *indptr, *lc_wires, *lc_coefs;
    const fr_t *table, *parameters;
    const uint64_t *table_limbs, *parameter_limbs; /* the same for lanes; see op_witness_limbs */
    fr_t *wires;
    fr_t minus_one;
    poseidon_t hashes[POSEIDON_MAX_WIDTH + 1]; /* by width; t = 0 where the program has none */
} witness_machine;

/* The sum over terms first..last of the pool, into out. */
static void witness_sum(fr_t *out, const witness_machine *m, uint32_t first, uint32_t last) {
    fr_t sum = fr_zero(), part;
    fr_wide_t products = {{0}};
    size_t terms = 0;
    for (uint32_t k = first; k < last; k++) {
        const fr_t *wire = &m->wires[m->lc_wires[k]], *coef = &m->table[m->lc_coefs[k]];
        if (fr_equal(coef, &fr_one)) {
            fr_add(&sum, &sum, wire);
        } else if (fr_equal(coef, &m->minus_one)) {
            fr_sub(&sum, &sum, wire);
        } else {
            fr_wide_mul_add(&products, coef, wire);
            if (++terms < FR_WIDE_TERMS) continue;
            fr_wide_reduce(&part, &products, terms);
            fr_add(&sum, &sum, &part);
            products = (fr_wide_t){{0}};
            terms = 0;
        }
    }
    if (terms) {
        fr_wide_reduce(&part, &products, terms);
        fr_add(&sum, &sum, &part);
    }
    *out = sum;
}

/* The value of combination `lc`: a wire as it stands when the combination is just that wire, else
 * `room` after filling it. A negative lc is the empty combination. */
static inline const fr_t *witness_value(const witness_machine *m, int32_t lc, fr_t *room) {
    if (lc < 0) {
        *room = fr_zero();
        return room;
    }
    const uint32_t first = m->indptr[lc], last = m->indptr[lc + 1];
    if (last - first == 1 && fr_equal(&m->table[m->lc_coefs[first]], &fr_one))
        return &m->wires[m->lc_wires[first]];
    witness_sum(room, m, first, last);
    return room;
}

static fr_t fr_from_bit(uint64_t bit) { return bit ? fr_one : fr_zero(); }

static void witness_bits(fr_t *out, const fr_t *x, int32_t count) {
    fr_t canonical;
    fr_from_montgomery(&canonical, x);
    for (int32_t i = 0; i < count; i++) out[i] = fr_from_bit(canonical.l[i / 64] >> (i % 64) & 1);
}

static void witness_less_than(fr_t *out, const fr_t *x, const fr_t *y) {
    fr_t left, right;
    fr_from_montgomery(&left, x);
    fr_from_montgomery(&right, y);
    *out = fr_from_bit(limbs_less(left.l, right.l));
}

/* Binary long division of canonical values, most significant bit first; y < 2^255, so the remainder
 * can be doubled in four limbs. */
static void witness_divmod(fr_t out[2], const fr_t *x, const fr_t *y) {
    fr_t dividend, divisor, quotient = fr_zero(), remainder = fr_zero(), reduced;
    fr_from_montgomery(&dividend, x);
    fr_from_montgomery(&divisor, y);
    if (fr_is_zero(&divisor)) {
        out[0] = out[1] = fr_zero();
        return;
    }
    for (int i = VM_MAX_BITS - 1; i >= 0; i--) {
        limbs_add(remainder.l, remainder.l, remainder.l);
        remainder.l[0] |= dividend.l[i / 64] >> (i % 64) & 1;
        if (limbs_sub(reduced.l, remainder.l, divisor.l)) continue;
        remainder = reduced;
        quotient.l[i / 64] |= 1ULL << (i % 64);
    }
    fr_to_montgomery(&out[0], &quotient);
    fr_to_montgomery(&out[1], &remainder);
}

static void witness_divide(fr_t *out, const fr_t *x, const fr_t *y) {
    fr_t inverse;
    fr_inverse_vartime(&inverse, y);
    fr_mul(out, x, &inverse);
}

static inline void witness_muladd(const witness_machine *m, const witness_op *op, fr_t *out) {
    fr_t room[3], product;
    const fr_t *x = witness_value(m, op->a, &room[0]), *y = witness_value(m, op->b, &room[1]);
    fr_mul(&product, x, y);
    if (op->c >= 0) fr_add(&product, &product, witness_value(m, op->c, &room[2]));
    *out = product;
}

static void witness_poseidon(const witness_machine *m, const witness_op *op, fr_t *out) {
    fr_t state[POSEIDON_MAX_WIDTH];
    for (int32_t i = 0; i < op->imm; i++) {
        const fr_t *word = witness_value(m, op->a + i, &state[i]);
        if (word != &state[i]) state[i] = *word;
    }
    poseidon_trace(out, state, &m->hashes[op->imm], op->opcode == VM_POSEIDON_WORD);
}

static void witness_step(const witness_machine *m, const witness_op *op) {
    fr_t room[2], *out = &m->wires[op->dst];
    if (op->opcode == VM_MULADD) {
        witness_muladd(m, op, out);
        return;
    }
    if (op->opcode == VM_POSEIDON || op->opcode == VM_POSEIDON_WORD) {
        witness_poseidon(m, op, out);
        return;
    }
    const fr_t *x = witness_value(m, op->a, &room[0]);
    switch ((enum vm_opcode)op->opcode) {
    case VM_LINEAR: *out = *x; break;
    case VM_INVERSE_OR_ZERO: fr_inverse_vartime(out, x); break;
    case VM_IS_ZERO: *out = fr_from_bit(fr_is_zero(x)); break;
    case VM_BITS: witness_bits(out, x, op->imm); break;
    case VM_DIVIDE: witness_divide(out, x, witness_value(m, op->b, &room[1])); break;
    case VM_LESS_THAN: witness_less_than(out, x, witness_value(m, op->b, &room[1])); break;
    case VM_DIVMOD: witness_divmod(out, x, witness_value(m, op->b, &room[1])); break;
    case VM_SQRT: fr_square_root_vartime(out, x); break;
    case VM_FIFTH_POWER: poseidon_powers(out, x); break;
    case VM_MULADD:
    case VM_POSEIDON:
    case VM_POSEIDON_WORD:
    case VM_OPCODES: break;
    }
}
