/* Sparse matrix (CSR, coefficients through a table) times vector over Fr. */

typedef struct {
    fr_t *out;
    const uint32_t *indptr, *wires, *coefficients;
    const fr_t *table, *vector;
    size_t rows, parts;
} sparse_job_t;

static void sparse_rows(void *context, size_t part) {
    const sparse_job_t *job = context;
    size_t end = zk_part_begin(job->rows, job->parts, part + 1);
    for (size_t row = zk_part_begin(job->rows, job->parts, part); row < end; row++) {
        fr_t sum = fr_zero(), term;
        for (size_t k = job->indptr[row]; k < job->indptr[row + 1]; k++) {
            const fr_t *coefficient = &job->table[job->coefficients[k]];
            const fr_t *value = &job->vector[job->wires[k]];
            if (fr_is_zero(value)) continue;
            if (fr_equal(coefficient, &fr_one)) {
                fr_add(&sum, &sum, value);
                continue;
            }
            fr_mul(&term, coefficient, value);
            fr_add(&sum, &sum, &term);
        }
        job->out[row] = sum;
    }
}

/* Whether every index stays inside its array. */
static bool sparse_is_sound(const uint32_t *indptr, size_t rows, const uint32_t *wires,
                            const uint32_t *coefficients, size_t terms, size_t table_len,
                            size_t vector_len) {
    if (indptr[0] != 0 || indptr[rows] != terms) return false;
    for (size_t row = 0; row < rows; row++)
        if (indptr[row] > indptr[row + 1]) return false;
    bool inside = true;
    for (size_t k = 0; k < terms; k++)
        inside &= wires[k] < vector_len && coefficients[k] < table_len;
    return inside;
}

static zk_status op_sparse_matvec(uint64_t *out, const uint32_t *indptr, size_t rows,
                                  const uint32_t *wires, const uint32_t *coefficients,
                                  size_t terms, const uint64_t *table, size_t table_len,
                                  const uint64_t *vector, size_t vector_len, size_t threads) {
    if (!sparse_is_sound(indptr, rows, wires, coefficients, terms, table_len, vector_len))
        return ZK_BAD_ARGUMENT;
    sparse_job_t job = {(fr_t *)out,           indptr, wires, coefficients, (const fr_t *)table,
                        (const fr_t *)vector, rows,   rows < 1024 ? 1 : 8 * threads};
    zk_parallel(threads, job.parts, sparse_rows, &job);
    return ZK_OK;
}
