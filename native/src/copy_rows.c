/* Rows gathered from a file, where they may begin at any byte, into an array, on all threads. */
typedef struct {
    uint8_t *out;
    const uint8_t *source;
    const uint32_t *indices; /* NULL: every row in order */
    size_t row_bytes, source_rows, n, parts;
    atomic_bool outside;
} copy_rows_t;

static void copy_rows_part(void *context, size_t part) {
    copy_rows_t *job = context;
    size_t size = job->row_bytes, begin = zk_part_begin(job->n, job->parts, part);
    size_t end = zk_part_begin(job->n, job->parts, part + 1);
    if (job->indices == NULL) {
        memcpy(job->out + begin * size, job->source + begin * size, (end - begin) * size);
        return;
    }
    for (size_t i = begin; i < end; i++) {
        size_t row = job->indices[i];
        if (row >= job->source_rows) {
            atomic_store(&job->outside, true);
            return;
        }
        memcpy(job->out + i * size, job->source + row * size, size);
    }
}

static zk_status op_copy_rows(uint8_t *out, const uint8_t *source, size_t source_rows,
                              size_t row_bytes, const uint32_t *indices, size_t n,
                              size_t threads) {
    if (indices == NULL && n != source_rows) return ZK_BAD_LENGTH;
    copy_rows_t job = {.out = out,
                       .source = source,
                       .indices = indices,
                       .row_bytes = row_bytes,
                       .source_rows = source_rows,
                       .n = n,
                       .parts = n < 1024 ? 1 : 4 * threads};
    zk_parallel(threads, job.parts, copy_rows_part, &job);
    return atomic_load(&job.outside) ? ZK_BAD_ARGUMENT : ZK_OK;
}
