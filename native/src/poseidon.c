/* Poseidon on batches: poseidon_rounds.h has the permutation. */

/* Rows of a task: a multiple of the eight that go through the lanes together. */
enum { POSEIDON_ROWS_A_TASK = 16 };

typedef struct {
    const poseidon_t *instance;
#ifdef ZK_HAVE_LANES
    const poseidon8_t *lanes;
#endif
    fr_t *out;
    const fr_t *in;
    size_t n;
    const fr_t *firsts; /* hash only: initial word 0 of each row, or NULL for zero */
    bool hash;          /* rows of t - 1 inputs to one word; else t words to t */
} poseidon_job;

/* The state that a row begins with. */
static void poseidon_read_row(fr_t *state, const poseidon_job *job, size_t row) {
    const size_t t = job->instance->t;
    if (job->hash) {
        state[0] = job->firsts ? job->firsts[row] : fr_zero();
        memcpy(state + 1, job->in + row * (t - 1), (t - 1) * sizeof(fr_t));
    } else {
        memcpy(state, job->in + row * t, t * sizeof(fr_t));
    }
}

static void poseidon_row(const poseidon_job *job, size_t row) {
    const size_t t = job->instance->t, words = job->hash ? 1 : t;
    fr_t state[POSEIDON_MAX_WIDTH];
    poseidon_read_row(state, job, row);
    poseidon_permute(state, job->instance);
    memcpy(job->out + row * words, state, words * sizeof(fr_t));
}

#ifdef ZK_HAVE_LANES
/* Fewer rows than this take longer through the lanes, whose parameters are converted first. */
enum { POSEIDON_LANES_FROM = 4 };

/* Rows first.. first + count - 1, at most eight: the lanes left over repeat the last one. */
static void poseidon_eight_rows(const poseidon_job *job, size_t first, size_t count) {
    const size_t t = job->instance->t, words = job->hash ? 1 : t;
    fr_t rows[ZK_LANES][POSEIDON_MAX_WIDTH], *places[ZK_LANES];
    fr8_t state[POSEIDON_MAX_WIDTH];
    for (size_t lane = 0; lane < ZK_LANES; lane++)
        poseidon_read_row(rows[lane], job, first + (lane < count ? lane : count - 1));
    for (size_t i = 0; i < t; i++) {
        for (size_t lane = 0; lane < ZK_LANES; lane++) places[lane] = &rows[lane][i];
        lanes_words_t column;
        lanes_read_from(&column, (const limbs_t *const *)places);
        fr8_from_words(&state[i], &column);
    }
    poseidon8_permute(state, job->lanes, words);
    for (size_t i = 0; i < words; i++) {
        for (size_t lane = 0; lane < ZK_LANES; lane++) places[lane] = &rows[lane][i];
        lanes_words_t column;
        fr8_to_words(&column, &state[i]);
        lanes_write_to(places, &column);
    }
    for (size_t lane = 0; lane < count; lane++)
        memcpy(job->out + (first + lane) * words, rows[lane], words * sizeof(fr_t));
}
#endif

static void poseidon_task(void *context, size_t index) {
    const poseidon_job *job = context;
    const size_t first = index * POSEIDON_ROWS_A_TASK, rest = job->n - first;
    const size_t end = first + (rest < POSEIDON_ROWS_A_TASK ? rest : POSEIDON_ROWS_A_TASK);
#ifdef ZK_HAVE_LANES
    if (job->lanes) {
        for (size_t i = first; i < end; i += ZK_LANES)
            poseidon_eight_rows(job, i, end - i < ZK_LANES ? end - i : ZK_LANES);
        return;
    }
#endif
    for (size_t i = first; i < end; i++) poseidon_row(job, i);
}

static void poseidon_rows(poseidon_job *job, size_t threads) {
    const size_t tasks = (job->n + POSEIDON_ROWS_A_TASK - 1) / POSEIDON_ROWS_A_TASK;
#ifdef ZK_HAVE_LANES
    poseidon8_constant converted[POSEIDON8_PARAMETERS];
    const poseidon8_t lanes = poseidon8_open(job->instance, converted);
    if (job->n >= POSEIDON_LANES_FROM) {
        poseidon8_convert(converted, job->instance);
        job->lanes = &lanes;
    }
#endif
    zk_parallel(threads, tasks, poseidon_task, job);
}

static zk_status op_poseidon_permute(uint64_t *out, const uint64_t *states, size_t n, size_t t,
                                     size_t rounds_partial, const uint64_t *parameters,
                                     size_t parameters_len, size_t threads) {
    poseidon_t instance;
    zk_status status = poseidon_open(&instance, t, rounds_partial, parameters, parameters_len);
    if (status != ZK_OK) return status;
    poseidon_job job = {
        .instance = &instance, .out = (fr_t *)out, .in = (const fr_t *)states, .n = n};
    poseidon_rows(&job, threads);
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
    poseidon_job job = {.instance = &instance,
                        .out = (fr_t *)out,
                        .in = (const fr_t *)inputs,
                        .n = n,
                        .firsts = firsts_len ? (const fr_t *)firsts : NULL,
                        .hash = true};
    poseidon_rows(&job, threads);
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
