/* What a prover does with every wire and every constraint, on all threads. */

enum { ASSIGNMENT_SERIAL = 1024 }; /* fewer rows are one part */

static size_t assignment_parts(size_t n, size_t threads) {
    return n < ASSIGNMENT_SERIAL ? 1 : 4 * threads;
}

/* Keep the smallest index that any part reports. */
static void assignment_report(_Atomic size_t *first, size_t index) {
    size_t seen = atomic_load(first);
    while (index < seen && !atomic_compare_exchange_weak(first, &seen, index)) {}
}

typedef struct {
    fr_t *out;
    const fr_t *values;
    const uint32_t *indices;
    const fr_t *factor; /* canonical */
    size_t values_len, n, parts;
    atomic_bool outside;
} gather_job_t;

/* v 2^256 times a plain f is v f 2^256 / 2^256: one product scales and leaves Montgomery form. */
static void gather_some(const gather_job_t *job, size_t begin, size_t end) {
    for (size_t i = begin; i < end; i++)
        fr_mul(&job->out[i], &job->values[job->indices[i]], job->factor);
}

#ifdef ZK_HAVE_LANES
/* As above; the constant of a lane is f 2^260 / 2^256 for the integers v 2^256 as loaded. */
static void gather_lanes(const gather_job_t *job, size_t begin, size_t end) {
    fr8_t factor;
    fr8_broadcast(&factor, job->factor);
    size_t i = begin;
    for (; i + ZK_LANES <= end; i += ZK_LANES) {
        const fr_t *from[ZK_LANES];
        for (size_t k = 0; k < ZK_LANES; k++) from[k] = &job->values[job->indices[i + k]];
        lanes_words_t words;
        fr8_t product;
        lanes_read_from(&words, from);
        lanes_split(&product, &words);
        LANES_SET_BOUND(&product, 1);
        fr8_mul(&product, &product, &factor);
        fr8_store(&job->out[i], &product);
    }
    gather_some(job, i, end);
}
#else
#define gather_lanes gather_some
#endif

static void gather_part(void *context, size_t part) {
    gather_job_t *job = context;
    size_t begin = zk_part_begin(job->n, job->parts, part);
    size_t end = zk_part_begin(job->n, job->parts, part + 1);
    bool inside = true;
    for (size_t i = begin; i < end; i++) inside &= job->indices[i] < job->values_len;
    if (inside)
        gather_lanes(job, begin, end);
    else
        atomic_store(&job->outside, true);
}

static zk_status op_fr_gather_canonical(uint64_t *out, const uint64_t *values, size_t values_len,
                                        const uint32_t *indices, size_t n, const uint64_t *factor,
                                        size_t threads) {
    gather_job_t job = {.out = (fr_t *)out,
                        .values = (const fr_t *)values,
                        .indices = indices,
                        .factor = (const fr_t *)factor,
                        .values_len = values_len,
                        .n = n,
                        .parts = assignment_parts(n, threads)};
    zk_parallel(threads, job.parts, gather_part, &job);
    return atomic_load(&job.outside) ? ZK_BAD_ARGUMENT : ZK_OK;
}

typedef struct {
    const uint64_t *values;
    size_t n, parts;
    _Atomic size_t first;
} canonical_job_t;

static void canonical_part(void *context, size_t part) {
    canonical_job_t *job = context;
    size_t end = zk_part_begin(job->n, job->parts, part + 1);
    for (size_t i = zk_part_begin(job->n, job->parts, part); i < end; i++)
        if (!limbs_less(job->values + 4 * i, fr_modulus.l)) {
            assignment_report(&job->first, i);
            return;
        }
}

static zk_status op_assignment_first_noncanonical(int64_t *index, const uint64_t *values, size_t n,
                                                  size_t threads) {
    canonical_job_t job = {
        .values = values, .n = n, .parts = assignment_parts(n, threads), .first = n};
    zk_parallel(threads, job.parts, canonical_part, &job);
    size_t first = atomic_load(&job.first);
    *index = first == n ? -1 : (int64_t)first;
    return ZK_OK;
}

typedef struct {
    const fr_t *a, *b, *c;
    size_t n, parts;
    _Atomic size_t first, count;
} violations_job_t;

static void violations_part(void *context, size_t part) {
    violations_job_t *job = context;
    size_t end = zk_part_begin(job->n, job->parts, part + 1);
    size_t count = 0;
    for (size_t i = zk_part_begin(job->n, job->parts, part); i < end; i++) {
        fr_t product;
        fr_mul(&product, &job->a[i], &job->b[i]);
        if (fr_equal(&product, &job->c[i])) continue;
        if (count++ == 0) assignment_report(&job->first, i);
    }
    atomic_fetch_add(&job->count, count);
}

static zk_status op_assignment_violations(int64_t *found, const uint64_t *a, const uint64_t *b,
                                          const uint64_t *c, size_t n, size_t threads) {
    violations_job_t job = {.a = (const fr_t *)a,
                            .b = (const fr_t *)b,
                            .c = (const fr_t *)c,
                            .n = n,
                            .parts = assignment_parts(n, threads),
                            .first = n};
    zk_parallel(threads, job.parts, violations_part, &job);
    size_t first = atomic_load(&job.first);
    found[0] = first == n ? -1 : (int64_t)first;
    found[1] = (int64_t)atomic_load(&job.count);
    return ZK_OK;
}
