/* The transpose of a sparse matrix (CSR, coefficients through a table) times a vector over Fr,
 * without transposing: each part of the columns goes through all terms and takes its own. */

typedef struct {
    fr_t *out; /* one for each column */
    const uint32_t *indptr, *wires, *coefficients;
    const fr_t *table, *vector; /* a vector with a place for each row */
    size_t rows, columns, parts;
} sparse_transpose_t;

static void sparse_transpose_columns(void *context, size_t part) {
    const sparse_transpose_t *job = context;
    size_t first = zk_part_begin(job->columns, job->parts, part);
    size_t width = zk_part_begin(job->columns, job->parts, part + 1) - first;
    memset(job->out + first, 0, width * sizeof(fr_t));
    for (size_t row = 0; row < job->rows; row++)
        for (size_t k = job->indptr[row]; k < job->indptr[row + 1]; k++) {
            if (job->wires[k] - first >= width) continue; /* also below first: wraps around */
            fr_t *sum = &job->out[job->wires[k]], term = job->vector[row];
            const fr_t *coefficient = &job->table[job->coefficients[k]];
            if (!fr_equal(coefficient, &fr_one)) fr_mul(&term, &term, coefficient);
            fr_add(sum, sum, &term);
        }
}

static zk_status op_sparse_matvec_transposed(uint64_t *out, size_t columns, const uint32_t *indptr,
                                             size_t rows, const uint32_t *wires,
                                             const uint32_t *coefficients, size_t terms,
                                             const uint64_t *table, size_t table_len,
                                             const uint64_t *vector, size_t threads) {
    if (!sparse_is_sound(indptr, rows, wires, coefficients, terms, table_len, columns))
        return ZK_BAD_ARGUMENT;
    sparse_transpose_t job = {.out = (fr_t *)out,
                              .indptr = indptr,
                              .wires = wires,
                              .coefficients = coefficients,
                              .table = (const fr_t *)table,
                              .vector = (const fr_t *)vector,
                              .rows = rows,
                              .columns = columns,
                              .parts = terms < 1024 ? 1 : 2 * threads};
    zk_parallel(threads, job.parts, sparse_transpose_columns, &job);
    return ZK_OK;
}
