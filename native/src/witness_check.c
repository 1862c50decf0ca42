/* Bounds of a witness program, checked once so that the machine needs no check of its own. */

typedef struct {
    size_t ops, segments, combinations, terms, coefficients, wires, inputs;
    const uint32_t *hashes;
} witness_sizes;

typedef struct {
    zk_witness_fault fault;
    size_t index;
} witness_finding;

static const witness_finding witness_sound = {ZK_WITNESS_SOUND, 0};

static witness_finding check_combinations(const uint32_t *indptr, const uint32_t *wires,
                                          const uint32_t *coefs, const witness_sizes *n) {
    if (indptr[0] != 0) return (witness_finding){ZK_WITNESS_INDPTR, 0};
    for (size_t i = 0; i < n->combinations; i++)
        if (indptr[i + 1] < indptr[i]) return (witness_finding){ZK_WITNESS_INDPTR, i + 1};
    if (indptr[n->combinations] != n->terms)
        return (witness_finding){ZK_WITNESS_INDPTR, n->combinations};
    for (size_t k = 0; k < n->terms; k++) {
        if (wires[k] >= n->wires) return (witness_finding){ZK_WITNESS_WIRE, k};
        if (coefs[k] >= n->coefficients) return (witness_finding){ZK_WITNESS_COEFFICIENT, k};
    }
    return witness_sound;
}

/* How many of a, b, c an opcode needs, and how many wires it writes (0: see op_writes). */
static const struct {
    int reads, writes;
} opcode_shape[VM_OPCODES] = {
    [VM_LINEAR] = {1, 1},    [VM_MULADD] = {2, 1}, [VM_INVERSE_OR_ZERO] = {1, 1},
    [VM_IS_ZERO] = {1, 1},   [VM_BITS] = {1, 0},   [VM_DIVIDE] = {2, 1},
    [VM_LESS_THAN] = {2, 1}, [VM_DIVMOD] = {2, 2}, [VM_SQRT] = {1, 1},
    [VM_FIFTH_POWER] = {1, 3}, [VM_POSEIDON] = {1, 0}, [VM_POSEIDON_WORD] = {1, 0},
};

static bool is_permutation(const witness_op *op) {
    return op->opcode == VM_POSEIDON || op->opcode == VM_POSEIDON_WORD;
}

/* imm has passed check_imm. */
static size_t op_writes(const witness_op *op, const witness_sizes *n) {
    if (op->opcode == VM_BITS) return (size_t)op->imm;
    if (is_permutation(op)) return poseidon_wires_len((size_t)op->imm, n->hashes[2 * op->imm]);
    return (size_t)opcode_shape[op->opcode].writes;
}

static zk_witness_fault check_imm(const witness_op *op, const witness_sizes *n) {
    if (op->opcode == VM_BITS && (op->imm < 0 || op->imm > VM_MAX_BITS)) return ZK_WITNESS_BITS;
    if (!is_permutation(op)) return ZK_WITNESS_SOUND;
    if (op->imm < 0 || op->imm > POSEIDON_MAX_WIDTH || !n->hashes[2 * op->imm])
        return ZK_WITNESS_WIDTH;
    return (size_t)op->a + (size_t)op->imm > n->combinations ? ZK_WITNESS_COMBINATION
                                                             : ZK_WITNESS_SOUND;
}

static zk_witness_fault check_op(const witness_op *op, const witness_sizes *n) {
    if (op->opcode < 0 || op->opcode >= VM_OPCODES) return ZK_WITNESS_OPCODE;
    const int reads = opcode_shape[op->opcode].reads;
    const int32_t operands[3] = {op->a, op->b, op->c};
    for (int i = 0; i < 3; i++) {
        if (operands[i] < (i < reads ? 0 : -1)) return ZK_WITNESS_COMBINATION;
        if (operands[i] >= 0 && (size_t)operands[i] >= n->combinations)
            return ZK_WITNESS_COMBINATION;
    }
    const zk_witness_fault imm_fault = check_imm(op, n);
    if (imm_fault != ZK_WITNESS_SOUND) return imm_fault;
    if (op->dst < 0 || (size_t)op->dst <= n->inputs ||
        (size_t)op->dst + op_writes(op, n) > n->wires)
        return ZK_WITNESS_DESTINATION;
    return ZK_WITNESS_SOUND;
}

static witness_finding check_ops(const witness_op *ops, const witness_sizes *n) {
    for (size_t i = 0; i < n->ops; i++) {
        zk_witness_fault fault = check_op(&ops[i], n);
        if (fault != ZK_WITNESS_SOUND) return (witness_finding){fault, i};
    }
    return witness_sound;
}

static witness_finding check_segments(const uint32_t *segments, const witness_sizes *n) {
    size_t covered = 0;
    uint32_t level = 0;
    for (size_t i = 0; i < n->segments; i++) {
        const uint32_t *segment = segments + VM_SEGMENT_WORDS * i;
        if (segment[0] != covered || segment[1] < segment[0] || segment[1] > n->ops)
            return (witness_finding){ZK_WITNESS_SEGMENT, i};
        if (segment[2] < level) return (witness_finding){ZK_WITNESS_LEVEL, i};
        covered = segment[1];
        level = segment[2];
    }
    if (covered != n->ops) return (witness_finding){ZK_WITNESS_SEGMENT, n->segments};
    return witness_sound;
}

static zk_status op_witness_check(int64_t *finding, const int32_t *ops, size_t n_ops,
                                  const uint32_t *segments, size_t n_segments,
                                  const uint32_t *lc_indptr, size_t n_combinations,
                                  const uint32_t *lc_wires, const uint32_t *lc_coefs, size_t n_terms,
                                  size_t n_coefficients, size_t n_wires, size_t n_inputs,
                                  const uint32_t *hashes) {
    const witness_sizes n = {n_ops, n_segments, n_combinations, n_terms, n_coefficients, n_wires,
                             n_inputs, hashes};
    witness_finding found = check_combinations(lc_indptr, lc_wires, lc_coefs, &n);
    if (found.fault == ZK_WITNESS_SOUND) found = check_ops((const witness_op *)ops, &n);
    if (found.fault == ZK_WITNESS_SOUND) found = check_segments(segments, &n);
    finding[0] = (int64_t)found.fault;
    finding[1] = (int64_t)found.index;
    return ZK_OK;
}
