/* Poseidon permutations of width t = 2..17: eight full rounds around rounds_partial partial ones.
 *
 * The naive form multiplies by the dense matrix M in every round. The fast form is the same map: the
 * constants of the partial rounds are moved to word 0, and in coordinates z with x = diag(1, T_r) z,
 * T_r a power of the lower right block of M, every partial round mixes with a matrix that is zero but
 * for its first row, first column and a unit diagonal. native/poseidon_parameters.py derives both. */

enum { POSEIDON_MAX_WIDTH = 17, POSEIDON_FULL_ROUNDS = 8, POSEIDON_ROWS_A_TASK = 16 };

/* Parameters of the fast form, in the order in which they lie behind each other. */
typedef struct {
    size_t t, rounds_partial;
    const fr_t *full_constants;    /* 8 rows of t */
    const fr_t *partial_constants; /* rounds_partial */
    const fr_t *matrix;            /* t rows of t: M */
    const fr_t *entry_matrix;      /* t rows of t: replaces M before the first partial round */
    const fr_t *sparse;            /* rounds_partial rows: first row (t), rest of the first column (t-1) */
} poseidon_t;

static size_t poseidon_parameters_len(size_t t, size_t rounds_partial) {
    return POSEIDON_FULL_ROUNDS * t + rounds_partial + 2 * t * t + rounds_partial * (2 * t - 1);
}

static zk_status poseidon_open(poseidon_t *p, size_t t, size_t rounds_partial,
                               const uint64_t *parameters, size_t parameters_len) {
    if (t < 2 || t > POSEIDON_MAX_WIDTH) return ZK_BAD_ARGUMENT;
    if (parameters_len != poseidon_parameters_len(t, rounds_partial)) return ZK_BAD_LENGTH;
    p->t = t;
    p->rounds_partial = rounds_partial;
    p->full_constants = (const fr_t *)parameters;
    p->partial_constants = p->full_constants + POSEIDON_FULL_ROUNDS * t;
    p->matrix = p->partial_constants + rounds_partial;
    p->entry_matrix = p->matrix + t * t;
    p->sparse = p->entry_matrix + t * t;
    return ZK_OK;
}

static inline void poseidon_box(fr_t *x) {
    fr_t square;
    fr_square(&square, x);
    fr_square(&square, &square);
    fr_mul(x, x, &square);
}

static inline void poseidon_dot(fr_t *out, const fr_t *row, const fr_t *state, size_t t) {
    fr_wide_t acc = {{0}};
    for (size_t j = 0; j < t; j++) fr_wide_mul_add(&acc, &row[j], &state[j]);
    fr_wide_reduce(out, &acc, t);
}

static inline void poseidon_mix(fr_t *state, const fr_t *matrix, size_t t) {
    fr_t mixed[POSEIDON_MAX_WIDTH];
    for (size_t i = 0; i < t; i++) poseidon_dot(&mixed[i], matrix + i * t, state, t);
    memcpy(state, mixed, t * sizeof *state);
}

static inline void poseidon_full_round(fr_t *state, const fr_t *constants, const fr_t *matrix,
                                       size_t t) {
    for (size_t i = 0; i < t; i++) {
        fr_add(&state[i], &state[i], &constants[i]);
        poseidon_box(&state[i]);
    }
    poseidon_mix(state, matrix, t);
}

static inline void poseidon_partial_round(fr_t *state, const fr_t *constant, const fr_t *sparse,
                                          size_t t) {
    fr_t mixed, product;
    fr_add(&state[0], &state[0], constant);
    poseidon_box(&state[0]);
    poseidon_dot(&mixed, sparse, state, t);
    for (size_t i = 1; i < t; i++) {
        fr_mul(&product, &sparse[t - 1 + i], &state[0]);
        fr_add(&state[i], &state[i], &product);
    }
    state[0] = mixed;
}

/* The whole permutation; inlined below with t known, so that loops over the state unroll. */
static inline __attribute__((always_inline)) void poseidon_rounds(fr_t *state, const poseidon_t *p,
                                                                  size_t t) {
    const size_t half = POSEIDON_FULL_ROUNDS / 2;
    for (size_t r = 0; r < half; r++)
        poseidon_full_round(state, p->full_constants + r * t,
                            r == half - 1 ? p->entry_matrix : p->matrix, t);
    for (size_t r = 0; r < p->rounds_partial; r++)
        poseidon_partial_round(state, p->partial_constants + r, p->sparse + r * (2 * t - 1), t);
    for (size_t r = half; r < 2 * half; r++)
        poseidon_full_round(state, p->full_constants + r * t, p->matrix, t);
}

static void poseidon_permute(fr_t *state, const poseidon_t *p) { poseidon_rounds(state, p, p->t); }

typedef struct {
    const poseidon_t *instance;
    fr_t *out;
    const fr_t *in;
    size_t n;
    const fr_t *firsts; /* hash only: initial word 0 of each row, or NULL for zero */
} poseidon_job;

static void poseidon_permute_task(void *context, size_t index) {
    const poseidon_job *job = context;
    const size_t t = job->instance->t, first = index * POSEIDON_ROWS_A_TASK;
    for (size_t i = first; i < job->n && i < first + POSEIDON_ROWS_A_TASK; i++) {
        memcpy(job->out + i * t, job->in + i * t, t * sizeof(fr_t));
        poseidon_permute(job->out + i * t, job->instance);
    }
}

static void poseidon_hash_task(void *context, size_t index) {
    const poseidon_job *job = context;
    const size_t k = job->instance->t - 1, first = index * POSEIDON_ROWS_A_TASK;
    fr_t state[POSEIDON_MAX_WIDTH];
    for (size_t i = first; i < job->n && i < first + POSEIDON_ROWS_A_TASK; i++) {
        state[0] = job->firsts ? job->firsts[i] : fr_zero();
        memcpy(state + 1, job->in + i * k, k * sizeof(fr_t));
        poseidon_permute(state, job->instance);
        job->out[i] = state[0];
    }
}

static size_t poseidon_tasks(size_t n) {
    return (n + POSEIDON_ROWS_A_TASK - 1) / POSEIDON_ROWS_A_TASK;
}

static zk_status op_poseidon_permute(uint64_t *out, const uint64_t *states, size_t n, size_t t,
                                     size_t rounds_partial, const uint64_t *parameters,
                                     size_t parameters_len, size_t threads) {
    poseidon_t instance;
    zk_status status = poseidon_open(&instance, t, rounds_partial, parameters, parameters_len);
    if (status != ZK_OK) return status;
    poseidon_job job = {&instance, (fr_t *)out, (const fr_t *)states, n, NULL};
    zk_parallel(threads, poseidon_tasks(n), poseidon_permute_task, &job);
    return ZK_OK;
}

static zk_status op_poseidon_hash(uint64_t *out, const uint64_t *inputs, size_t n, size_t k,
                                  const uint64_t *firsts, size_t firsts_len, size_t rounds_partial,
                                  const uint64_t *parameters, size_t parameters_len,
                                  size_t threads) {
    poseidon_t instance;
    if (firsts_len != 0 && firsts_len != n) return ZK_BAD_LENGTH;
    zk_status status = poseidon_open(&instance, k + 1, rounds_partial, parameters, parameters_len);
    if (status != ZK_OK) return status;
    poseidon_job job = {&instance, (fr_t *)out, (const fr_t *)inputs, n,
                        firsts_len ? (const fr_t *)firsts : NULL};
    zk_parallel(threads, poseidon_tasks(n), poseidon_hash_task, &job);
    return ZK_OK;
}

static zk_status op_poseidon_hash_canonical(uint64_t *out, const uint64_t *inputs, size_t k,
                                            size_t rounds_partial, const uint64_t *parameters,
                                            size_t parameters_len) {
    poseidon_t instance;
    zk_status status = poseidon_open(&instance, k + 1, rounds_partial, parameters, parameters_len);
    if (status != ZK_OK) return status;
    fr_t state[POSEIDON_MAX_WIDTH] = {fr_zero()};
    for (size_t i = 0; i < k; i++) fr_to_montgomery(&state[i + 1], (const fr_t *)inputs + i);
    poseidon_permute(state, &instance);
    fr_from_montgomery((fr_t *)out, &state[0]);
    return ZK_OK;
}

static void poseidon_round_naive(fr_t *state, const fr_t *constants, const fr_t *matrix, size_t t,
                                 size_t boxes) {
    fr_t mixed[POSEIDON_MAX_WIDTH], product;
    for (size_t i = 0; i < t; i++) fr_add(&state[i], &state[i], &constants[i]);
    for (size_t i = 0; i < boxes; i++) poseidon_box(&state[i]);
    for (size_t i = 0; i < t; i++) {
        mixed[i] = fr_zero();
        for (size_t j = 0; j < t; j++) {
            fr_mul(&product, &matrix[i * t + j], &state[j]);
            fr_add(&mixed[i], &mixed[i], &product);
        }
    }
    memcpy(state, mixed, t * sizeof *state);
}

static zk_status op_poseidon_permute_naive(uint64_t *out, const uint64_t *states, size_t n, size_t t,
                                           size_t rounds_partial, const uint64_t *constants,
                                           size_t constants_len, const uint64_t *matrix,
                                           size_t matrix_len) {
    const size_t half = POSEIDON_FULL_ROUNDS / 2, rounds = POSEIDON_FULL_ROUNDS + rounds_partial;
    if (t < 2 || t > POSEIDON_MAX_WIDTH) return ZK_BAD_ARGUMENT;
    if (constants_len != rounds * t || matrix_len != t * t) return ZK_BAD_LENGTH;
    for (size_t i = 0; i < n; i++) {
        fr_t *state = (fr_t *)out + i * t;
        memcpy(state, (const fr_t *)states + i * t, t * sizeof *state);
        for (size_t r = 0; r < rounds; r++) {
            const bool full = r < half || r >= half + rounds_partial;
            poseidon_round_naive(state, (const fr_t *)constants + r * t, (const fr_t *)matrix, t,
                                 full ? t : 1);
        }
    }
    return ZK_OK;
}
