/* Segments of one shape, which differ in nothing but the wires they name, run in lockstep: what an
 * operation costs to interpret is shared, inversions are batched, and where the variant has lanes
 * eight segments go through them at a time. The wires are those that segment by segment would give. */

enum {
    VM_TASK_WORDS = 3,
    VM_GROUP = ZK_WITNESS_GROUP, /* segments at once */
    VM_WORTH_LANES = 3           /* fewer segments are faster one by one than in lanes */
};

typedef struct {
    const witness_machine *machine;
    const witness_op *next[VM_GROUP]; /* the next operation of each segment */
    size_t count;
} witness_group;

#ifdef ZK_HAVE_LANES
#include "witness_lanes.h"

/* The operations and destinations of eight segments; segment 0 stands in for those past the last,
 * whose wires are then written twice with the same values. */
static void group_lanes(const witness_op *ops[ZK_LANES], fr_t *out[ZK_LANES],
                        const witness_group *g, size_t first) {
    for (size_t lane = 0; lane < ZK_LANES; lane++) {
        ops[lane] = g->next[first + lane < g->count ? first + lane : 0];
        out[lane] = &g->machine->wires[ops[lane]->dst];
    }
}

/* Quotients (or inverses, dividends being 1) with one inversion for all segments. */
static void group_divide(const witness_group *g, bool has_dividend) {
    enum { VECTORS = VM_GROUP / ZK_LANES };
    const witness_op *ops[ZK_LANES];
    fr_t *out[ZK_LANES];
    fr8_t divisors[VECTORS], inverses[VECTORS], x;
    const size_t vectors = (g->count + ZK_LANES - 1) / ZK_LANES;
    for (size_t v = 0; v < vectors; v++) {
        group_lanes(ops, out, g, v * ZK_LANES);
        vm8_operand(&divisors[v], g->machine, ops, has_dividend ? 'b' : 'a');
        vm8_times_16(&divisors[v], &divisors[v]);
        fr8_reduce(&divisors[v], &divisors[v]);
    }
    fr8_inverse_batch_vartime(inverses, divisors, vectors);
    for (size_t v = 0; v < vectors; v++) {
        group_lanes(ops, out, g, v * ZK_LANES);
        if (has_dividend)
            vm8_operand(&x, g->machine, ops, 'a');
        else
            vm8_one(&x);
        fr8_mul(&x, &x, &inverses[v]);
        vm8_write(out, 0, &x);
    }
}

/* The operation in all segments that are enough to fill lanes; returns how many that were. */
static size_t group_step_lanes(const witness_group *g, int32_t opcode) {
    size_t first = 0;
    for (; first + VM_WORTH_LANES <= g->count; first += ZK_LANES) {
        const witness_op *ops[ZK_LANES];
        fr_t *out[ZK_LANES];
        group_lanes(ops, out, g, first);
        switch (opcode) {
        case VM_MULADD: vm8_muladd(g->machine, ops, out); break;
        case VM_FIFTH_POWER: vm8_fifth_power(g->machine, ops, out); break;
        case VM_POSEIDON:
        case VM_POSEIDON_WORD: vm8_permutation(g->machine, ops, out); break;
        default: return 0;
        }
    }
    return first;
}
#else
static void group_divide(const witness_group *g, bool has_dividend) {
    fr_t divisors[VM_GROUP], inverses[VM_GROUP], room;
    for (size_t s = 0; s < g->count; s++) {
        const witness_op *op = g->next[s];
        divisors[s] = *witness_value(g->machine, has_dividend ? op->b : op->a, &room);
    }
    fr_inverse_batch_vartime(inverses, divisors, g->count);
    for (size_t s = 0; s < g->count; s++) {
        const witness_op *op = g->next[s];
        fr_t *out = &g->machine->wires[op->dst];
        *out = inverses[s];
        if (has_dividend)
            fr_mul(out, witness_value(g->machine, op->a, &room), &inverses[s]);
    }
}

static size_t group_step_lanes(const witness_group *g, int32_t opcode) {
    (void)g, (void)opcode;
    return 0;
}
#endif

static void group_step(const witness_group *g) {
    const int32_t opcode = g->next[0]->opcode;
    if (opcode == VM_DIVIDE || opcode == VM_INVERSE_OR_ZERO) {
        group_divide(g, opcode == VM_DIVIDE);
        return;
    }
    for (size_t s = group_step_lanes(g, opcode); s < g->count; s++)
        witness_step(g->machine, g->next[s]);
}

static void witness_run_segment(const witness_machine *m, const uint32_t *segment) {
    for (uint32_t i = segment[0]; i < segment[1]; i++) witness_step(m, &m->ops[i]);
}

/* Run `count` neighbouring segments of one shape. */
static void witness_run_group(const witness_machine *m, const uint32_t *segments, size_t count) {
    if (count == 1) {
        witness_run_segment(m, segments);
        return;
    }
    witness_group group = {.machine = m, .count = count};
    for (size_t s = 0; s < count; s++) group.next[s] = &m->ops[segments[VM_SEGMENT_WORDS * s]];
    for (uint32_t left = segments[1] - segments[0]; left > 0; left--) {
        group_step(&group);
        for (size_t s = 0; s < count; s++) group.next[s]++;
    }
}

static bool same_combination(const witness_machine *m, int32_t left, int32_t right) {
    if (left < 0 || right < 0) return left < 0 && right < 0;
    const uint32_t length = m->indptr[left + 1] - m->indptr[left];
    return m->indptr[right + 1] - m->indptr[right] == length &&
           memcmp(m->lc_coefs + m->indptr[left], m->lc_coefs + m->indptr[right],
                  length * sizeof *m->lc_coefs) == 0;
}

static bool same_op(const witness_machine *m, const witness_op *left, const witness_op *right) {
    if (left->opcode != right->opcode || left->imm != right->imm) return false;
    const bool whole = left->opcode == VM_POSEIDON || left->opcode == VM_POSEIDON_WORD;
    for (int32_t i = 0; whole && i < left->imm; i++)
        if (!same_combination(m, left->a + i, right->a + i)) return false;
    return whole || (same_combination(m, left->a, right->a) &&
                     same_combination(m, left->b, right->b) &&
                     same_combination(m, left->c, right->c));
}

/* Whether two segments have one shape. */
static bool same_shape(const witness_machine *m, const uint32_t *left, const uint32_t *right) {
    if (left[1] - left[0] != right[1] - right[0] || left[2] != right[2]) return false;
    for (uint32_t i = 0; i < left[1] - left[0]; i++)
        if (!same_op(m, &m->ops[left[0] + i], &m->ops[right[0] + i])) return false;
    return true;
}

/* same[i] = 1 if segment i has the level and the shape of the one before. */
static zk_status op_witness_shapes(uint8_t *same, const int32_t *ops, const uint32_t *segments,
                                   size_t n_segments, const uint32_t *lc_indptr,
                                   const uint32_t *lc_coefs) {
    const witness_machine machine = {
        .ops = (const witness_op *)ops, .indptr = lc_indptr, .lc_coefs = lc_coefs};
    for (size_t i = 0; i < n_segments; i++) {
        const uint32_t *segment = segments + VM_SEGMENT_WORDS * i;
        same[i] = i > 0 && same_shape(&machine, segment - VM_SEGMENT_WORDS, segment);
    }
    return ZK_OK;
}

/* Five limbs of 52 bits of each element, or of 16 times it if `scaled`. */
static zk_status op_witness_limbs(uint64_t *out, const uint64_t *elements, size_t n, int scaled) {
    const uint64_t mask = ((uint64_t)1 << 52) - 1;
    for (size_t i = 0; i < n; i++, out += VM_LIMBS) {
        fr_t x = ((const fr_t *)elements)[i];
        for (int k = 0; scaled && k < 4; k++) fr_double(&x, &x);
        out[0] = x.l[0] & mask;
        out[1] = (x.l[0] >> 52 | x.l[1] << 12) & mask;
        out[2] = (x.l[1] >> 40 | x.l[2] << 24) & mask;
        out[3] = (x.l[2] >> 28 | x.l[3] << 36) & mask;
        out[4] = x.l[3] >> 16;
    }
    return ZK_OK;
}

typedef struct {
    const witness_machine *machine;
    const uint32_t *segments, *tasks;
} witness_job;

static void witness_task(void *context, size_t index) {
    const witness_job *job = context;
    const uint32_t *task = job->tasks + VM_TASK_WORDS * index;
    witness_run_group(job->machine, job->segments + VM_SEGMENT_WORDS * task[0], task[1]);
}

/* hashes: a row [partial rounds, first element of the parameters] for each width 0..17, partial
 * rounds 0 where the program has no permutation of that width. */
static zk_status witness_open_hashes(witness_machine *m, const uint32_t *hashes,
                                     size_t parameters_len) {
    for (size_t t = 0; t <= POSEIDON_MAX_WIDTH; t++) {
        const size_t rounds = hashes[2 * t], first = hashes[2 * t + 1];
        m->hashes[t].t = 0;
        if (!rounds) continue;
        const size_t length = poseidon_parameters_len(t, rounds);
        if (first + length > parameters_len) return ZK_BAD_LENGTH;
        const uint64_t *own = (const uint64_t *)(m->parameters + first);
        zk_status status = poseidon_open(&m->hashes[t], t, rounds, own, length);
        if (status != ZK_OK) return status;
    }
    return ZK_OK;
}

static zk_status op_witness_run(uint64_t *wires, const int32_t *ops, const uint32_t *segments,
                                const uint32_t *tasks, size_t n_tasks, const uint32_t *lc_indptr,
                                const uint32_t *lc_wires, const uint32_t *lc_coefs,
                                const uint64_t *table, const uint64_t *table_limbs,
                                const uint32_t *hashes, const uint64_t *parameters,
                                size_t parameters_len, const uint64_t *parameter_limbs,
                                size_t threads) {
    witness_machine machine = {.ops = (const witness_op *)ops, .indptr = lc_indptr,
                               .lc_wires = lc_wires, .lc_coefs = lc_coefs,
                               .table = (const fr_t *)table, .table_limbs = table_limbs,
                               .parameters = (const fr_t *)parameters,
                               .parameter_limbs = parameter_limbs, .wires = (fr_t *)wires};
    fr_neg(&machine.minus_one, &fr_one);
    zk_status status = witness_open_hashes(&machine, hashes, parameters_len);
    if (status != ZK_OK) return status;
    for (size_t first = 0, last; first < n_tasks; first = last) {
        const uint32_t *level = tasks + VM_TASK_WORDS * first + 2;
        for (last = first + 1; last < n_tasks; last++)
            if (tasks[VM_TASK_WORDS * last + 2] != *level) break;
        witness_job job = {&machine, segments, tasks + VM_TASK_WORDS * first};
        zk_parallel(threads, last - first, witness_task, &job);
    }
    return ZK_OK;
}
