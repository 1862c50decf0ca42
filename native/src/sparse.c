/* Sparse matrix (CSR, coefficients through a table) times vector over Fr.
 *
 * Parts are cut so that rows and terms together are equal. Indices are checked part by part, right
 * before they are used. Terms with coefficient 1 or -1 are added at once; products wait until there
 * are eight of them, from any rows, and are made together. */
typedef struct {
    fr_t *out;
    const uint32_t *indptr, *wires, *coefficients;
    const fr_t *table, *vector;
    size_t rows, terms, table_len, vector_len, parts;
    fr_t minus_one;
    atomic_bool unsound;
} sparse_job_t;

enum { SPARSE_BATCH = 8 };

/* Products that wait, and the rows they belong to. */
typedef struct {
    fr_t *row[SPARSE_BATCH];
    const fr_t *coefficient[SPARSE_BATCH], *value[SPARSE_BATCH];
    size_t n;
} sparse_waiting_t;

/* The first row whose terms and rows before it number at least the part's share. Whatever the
 * numbers in indptr are, it is in range and does not fall from part to part. */
static size_t sparse_part_begin(const sparse_job_t *job, size_t part) {
    if (part >= job->parts) return job->rows;
    size_t share = zk_part_begin(job->rows + job->terms, job->parts, part);
    size_t low = 0, high = job->rows;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (job->indptr[middle] + middle < share)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whether the terms of rows `begin` .. `end` - 1 exist and name what exists. */
static bool sparse_rows_are_sound(const sparse_job_t *job, size_t begin, size_t end) {
    bool sound = true;
    for (size_t row = begin; row < end; row++)
        sound &= job->indptr[row] <= job->indptr[row + 1] && job->indptr[row + 1] <= job->terms;
    if (!sound) return false;
    for (size_t k = job->indptr[begin]; k < job->indptr[end]; k++)
        sound &= job->wires[k] < job->vector_len && job->coefficients[k] < job->table_len;
    return sound;
}

/* Whether every index of the matrix stays inside its array. */
static bool sparse_is_sound(const uint32_t *indptr, size_t rows, const uint32_t *wires,
                            const uint32_t *coefficients, size_t terms, size_t table_len,
                            size_t vector_len) {
    const sparse_job_t job = {.indptr = indptr,
                              .wires = wires,
                              .coefficients = coefficients,
                              .terms = terms,
                              .table_len = table_len,
                              .vector_len = vector_len};
    return indptr[0] == 0 && indptr[rows] == terms && sparse_rows_are_sound(&job, 0, rows);
}

static void sparse_multiply_each(const sparse_waiting_t *waiting) {
    for (size_t i = 0; i < waiting->n; i++) {
        fr_t product;
        fr_mul(&product, waiting->coefficient[i], waiting->value[i]);
        fr_add(waiting->row[i], waiting->row[i], &product);
    }
}

#ifdef ZK_HAVE_LANES
/* All eight at once: values as loaded times coefficients in the lanes' Montgomery form. */
static void sparse_multiply(const sparse_waiting_t *waiting) {
    if (waiting->n < SPARSE_BATCH) {
        sparse_multiply_each(waiting);
        return;
    }
    fr_t products[SPARSE_BATCH];
    lanes_words_t words;
    fr8_t coefficient, value;
    lanes_read_from(&words, waiting->coefficient);
    fr8_from_words(&coefficient, &words);
    lanes_read_from(&words, waiting->value);
    lanes_split(&value, &words);
    LANES_SET_BOUND(&value, 1);
    fr8_mul(&value, &value, &coefficient);
    fr8_store(products, &value);
    for (size_t i = 0; i < SPARSE_BATCH; i++)
        fr_add(waiting->row[i], waiting->row[i], &products[i]);
}
#else
#define sparse_multiply sparse_multiply_each
#endif

static inline void sparse_add_term(const sparse_job_t *job, sparse_waiting_t *waiting, fr_t *row,
                                   size_t k) {
    const fr_t *coefficient = &job->table[job->coefficients[k]];
    const fr_t *value = &job->vector[job->wires[k]];
    if (fr_equal(coefficient, &fr_one)) {
        fr_add(row, row, value);
    } else if (fr_equal(coefficient, &job->minus_one)) {
        fr_sub(row, row, value);
    } else if (!fr_is_zero(value)) {
        waiting->row[waiting->n] = row;
        waiting->coefficient[waiting->n] = coefficient;
        waiting->value[waiting->n] = value;
        if (++waiting->n < SPARSE_BATCH) return;
        sparse_multiply(waiting);
        waiting->n = 0;
    }
}

static void sparse_rows(void *context, size_t part) {
    sparse_job_t *job = context;
    size_t begin = sparse_part_begin(job, part), end = sparse_part_begin(job, part + 1);
    if (!sparse_rows_are_sound(job, begin, end)) {
        atomic_store(&job->unsound, true);
        return;
    }
    sparse_waiting_t waiting = {.n = 0};
    for (size_t row = begin; row < end; row++) {
        job->out[row] = fr_zero();
        for (size_t k = job->indptr[row]; k < job->indptr[row + 1]; k++)
            sparse_add_term(job, &waiting, &job->out[row], k);
    }
    sparse_multiply(&waiting);
}

static zk_status op_sparse_matvec(uint64_t *out, const uint32_t *indptr, size_t rows,
                                  const uint32_t *wires, const uint32_t *coefficients,
                                  size_t terms, const uint64_t *table, size_t table_len,
                                  const uint64_t *vector, size_t vector_len, size_t threads) {
    if (indptr[0] != 0 || indptr[rows] != terms) return ZK_BAD_ARGUMENT;
    sparse_job_t job = {.out = (fr_t *)out,
                        .indptr = indptr,
                        .wires = wires,
                        .coefficients = coefficients,
                        .table = (const fr_t *)table,
                        .vector = (const fr_t *)vector,
                        .rows = rows,
                        .terms = terms,
                        .table_len = table_len,
                        .vector_len = vector_len,
                        .parts = rows + terms < 1024 ? 1 : 4 * threads};
    fr_neg(&job.minus_one, &fr_one);
    zk_parallel(threads, job.parts, sparse_rows, &job);
    return atomic_load(&job.unsound) ? ZK_BAD_ARGUMENT : ZK_OK;
}
