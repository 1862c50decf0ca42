/* Multi-scalar multiplication in GROUP over BASE: Pippenger's buckets with signed windows. A job is
 * one window of one range of the points. It goes through its range in chunks: the points of a chunk
 * are sorted by bucket and added in pairs, round after round, all additions of a round sharing
 * inversions. Equal digits therefore cost no more than different ones, and digits of zero cost
 * nothing. */
#define G(name) JOIN(GROUP, name)
#define AFFINE JOIN(GROUP, affine_t)
#define JACOBIAN JOIN(GROUP, jacobian_t)

/* What one worker needs; lives in the caller's scratch. */
typedef struct {
    G(adder_t) adder;
    AFFINE points[MSM_CHUNK];   /* of a chunk, sorted by bucket; shrinks from round to round */
    uint32_t buckets[MSM_CHUNK]; /* of each of them */
    uint32_t entries[MSM_CHUNK]; /* point index in the chunk, times 2, plus 1 for minus */
    int32_t digits[MSM_CHUNK];
    _Alignas(ZK_CACHE_LINE) AFFINE sums[MSM_BUCKETS];
    uint32_t starts[MSM_BUCKETS + 1];
} G(msm_worker_t);

typedef struct {
    const AFFINE *points;
    const limbs_t *scalars;
    size_t n;
    msm_plan_t plan;
    G(msm_worker_t) *workers;
    JACOBIAN *results; /* of each job */
    atomic_size_t next_job;
} G(msm_t);

/* Fill worker->digits for points first..first+count; returns how many are not zero. */
ZK_UNUSED static size_t G(msm_read_digits)(const G(msm_t) *msm, G(msm_worker_t) *worker,
                                           unsigned window, size_t first, size_t count) {
    size_t nonzero = 0;
    for (size_t i = 0; i < count; i++) {
        limbs_t shifted = digits_of(&msm->plan.digits, &msm->scalars[first + i]);
        int32_t digit = digit_at(&msm->plan.digits, &shifted, window);
        worker->digits[i] = digit;
        nonzero += digit != 0;
    }
    return nonzero;
}

static inline uint32_t G(msm_bucket)(int32_t digit) {
    return (uint32_t)(digit < 0 ? -digit : digit) - 1;
}

/* Counting sort of the nonzero digits by bucket into worker->entries and worker->buckets. */
ZK_UNUSED static void G(msm_sort)(G(msm_worker_t) *worker, size_t count, size_t buckets) {
    uint32_t *starts = worker->starts;
    memset(starts, 0, (buckets + 1) * sizeof *starts);
    for (size_t i = 0; i < count; i++)
        if (worker->digits[i] != 0) starts[G(msm_bucket)(worker->digits[i]) + 1]++;
    for (size_t b = 0; b < buckets; b++) starts[b + 1] += starts[b];
    for (size_t i = 0; i < count; i++) {
        int32_t digit = worker->digits[i];
        if (digit == 0) continue;
        uint32_t bucket = G(msm_bucket)(digit), at = starts[bucket]++;
        worker->entries[at] = (uint32_t)(2 * i) + (digit < 0);
        worker->buckets[at] = bucket;
    }
}

/* *out = point number i of the sorted chunk: in the first round from the caller's array, with the
 * sign of its digit, after it (`points` is NULL) from the worker. */
static inline void G(msm_load)(AFFINE *out, const G(msm_worker_t) *worker, const AFFINE *points,
                               size_t i) {
    if (points == NULL) {
        *out = worker->points[i];
        return;
    }
    uint32_t entry = worker->entries[i];
    G(affine_negate_if)(out, &points[entry >> 1], entry & 1);
}

/* Points of a sorted chunk lie anywhere in it: fetch those of entries i and i + 1 early. */
static inline void G(msm_prefetch)(const G(msm_worker_t) *worker, const AFFINE *points, size_t i,
                                   size_t count) {
    if (i + 1 >= count) return;
    zk_prefetch(&points[worker->entries[i] >> 1], sizeof(AFFINE));
    zk_prefetch(&points[worker->entries[i + 1] >> 1], sizeof(AFFINE));
}

/* One round over `count` sorted points: neighbours in one bucket are added, a point alone in its
 * bucket is added to the bucket's sum. Returns how many points are left. */
ZK_UNUSED static size_t G(msm_round)(G(msm_worker_t) *worker, const AFFINE *points, size_t count) {
    G(adder_t) *adder = &worker->adder;
    size_t left = 0;
    uint32_t previous = UINT32_MAX; /* bucket of the points just handled */
    for (size_t i = 0; i < count;) {
        uint32_t bucket = worker->buckets[i];
        bool pair = i + 1 < count && worker->buckets[i + 1] == bucket;
        if (points) G(msm_prefetch)(worker, points, i + MSM_PREFETCH, count);
        if (pair) {
            G(msm_load)(G(adder_left)(adder), worker, points, i);
            G(msm_load)(G(adder_right)(adder), worker, points, i + 1);
            G(adder_commit)(adder, &worker->points[left]);
        } else if (bucket != previous) {
            *G(adder_left)(adder) = worker->sums[bucket];
            G(msm_load)(G(adder_right)(adder), worker, points, i);
            G(adder_commit)(adder, &worker->sums[bucket]);
        } else {
            G(msm_load)(&worker->points[left], worker, points, i);
        }
        if (pair || bucket == previous) worker->buckets[left++] = bucket;
        i += pair ? 2 : 1;
        previous = bucket;
    }
    G(adder_flush)(adder);
    return left;
}

/* sum of (i + 1) points[stride i], by running totals from the top. */
ZK_UNUSED static void G(msm_weigh_each)(JACOBIAN *out, const AFFINE *points, size_t stride,
                                        size_t count) {
    JACOBIAN running = G(infinity)(), total = G(infinity)();
    for (size_t i = count; i-- > 0;) {
        G(add_affine)(&running, &running, &points[stride * i]);
        G(add)(&total, &total, &running);
    }
    *out = total;
}

/* Add the upper half of each of `rows` rows of `length` points to the lower half, and so on, until
 * `left` points at the head of each row hold its sums. */
ZK_UNUSED static void G(msm_fold)(G(adder_t) *adder, AFFINE *points, size_t rows, size_t length,
                                  size_t left) {
    for (size_t half = length / 2; half >= left; half /= 2) {
        for (size_t i = 0; i < rows * half; i++) {
            AFFINE *sum = &points[i / half * length + i % half];
            G(adder_push)(adder, sum, sum, sum + half);
        }
        G(adder_flush)(adder);
    }
}

/* sum of (b + 1) sums[b]. Many buckets are put in rows, b = columns row + column: the rows weighed
 * by `columns row` and the columns weighed by `column + 1` are few, and affine additions make
 * them. */
ZK_UNUSED static void G(msm_weigh)(JACOBIAN *out, G(msm_worker_t) *worker, unsigned log_buckets) {
    size_t buckets = (size_t)1 << log_buckets;
    if (log_buckets < MSM_LOG_FEW_BUCKETS) {
        G(msm_weigh_each)(out, worker->sums, 1, buckets);
        return;
    }
    unsigned log_columns = log_buckets / 2;
    size_t columns = (size_t)1 << log_columns, rows = buckets / columns;
    AFFINE *column_sums = worker->points; /* free now, and at least as long */
    memcpy(column_sums, worker->sums, buckets * sizeof(AFFINE));
    G(msm_fold)(&worker->adder, column_sums, 1, buckets, columns);
    G(msm_fold)(&worker->adder, worker->sums, rows, columns, 1);
    JACOBIAN by_column;
    G(msm_weigh_each)(out, worker->sums + columns, columns, rows - 1);
    for (unsigned i = 0; i < log_columns; i++) G(double)(out, out);
    G(msm_weigh_each)(&by_column, column_sums, 1, columns);
    G(add)(out, out, &by_column);
}

ZK_UNUSED static void G(msm_run_job)(G(msm_t) *msm, G(msm_worker_t) *worker, size_t job) {
    size_t part, parts, buckets = (size_t)1 << (msm->plan.digits.width - 1);
    unsigned window = msm_job_window(&msm->plan, job, &part, &parts);
    size_t end = zk_part_begin(msm->n, parts, part + 1);
    memset(worker->sums, 0, buckets * sizeof(AFFINE));
    G(adder_reset)(&worker->adder);
    bool any = false;
    for (size_t first = zk_part_begin(msm->n, parts, part); first < end; first += MSM_CHUNK) {
        size_t count = end - first < MSM_CHUNK ? end - first : MSM_CHUNK;
        size_t left = G(msm_read_digits)(msm, worker, window, first, count);
        if (left == 0) continue;
        any = true;
        G(msm_sort)(worker, count, buckets);
        left = G(msm_round)(worker, msm->points + first, left);
        while (left > 0) left = G(msm_round)(worker, NULL, left);
    }
    if (any)
        G(msm_weigh)(&msm->results[job], worker, msm->plan.digits.width - 1);
    else
        msm->results[job] = G(infinity)();
}

/* The task of one worker: take jobs until none is left. */
ZK_UNUSED static void G(msm_work)(void *context, size_t worker) {
    G(msm_t) *msm = context;
    for (;;) {
        size_t job = atomic_fetch_add(&msm->next_job, 1);
        if (job >= msm->plan.jobs) return;
        G(msm_run_job)(msm, &msm->workers[worker], job);
    }
}

/* results of jobs -> the sum, by Horner's rule from the top window. */
ZK_UNUSED static void G(msm_combine)(AFFINE *out, const G(msm_t) *msm) {
    const msm_plan_t *plan = &msm->plan;
    JACOBIAN total = G(infinity)();
    for (unsigned window = plan->digits.windows; window-- > 0;) {
        size_t parts = window > 0 ? plan->parts : plan->lowest_parts;
        size_t first = window > 0 ? (window - 1) * plan->parts : plan->jobs - parts;
        for (unsigned bit = 0; bit < plan->digits.width; bit++) G(double)(&total, &total);
        for (size_t part = 0; part < parts; part++)
            G(add)(&total, &total, &msm->results[first + part]);
    }
    G(to_affine)(out, &total);
}

/* Words of scratch: workers, then results. */
ZK_UNUSED static size_t G(msm_scratch)(size_t n, size_t threads) {
    size_t bytes = threads * sizeof(G(msm_worker_t)) +
                   msm_plan(n, threads).jobs * sizeof(JACOBIAN) + ZK_CACHE_LINE;
    return bytes / sizeof(uint64_t);
}

ZK_UNUSED static void G(msm_run)(uint64_t *out, uint64_t *scratch, const uint64_t *points,
                                 const uint64_t *scalars, size_t n, size_t threads) {
    G(msm_t) msm = {.points = (const AFFINE *)points,
                    .scalars = (const limbs_t *)scalars,
                    .n = n,
                    .plan = msm_plan(n, threads),
                    .workers = zk_align(scratch)};
    msm.results = (JACOBIAN *)(msm.workers + threads);
    atomic_init(&msm.next_job, 0);
    zk_parallel(threads, threads, G(msm_work), &msm);
    G(msm_combine)((AFFINE *)out, &msm);
}

#undef G
#undef AFFINE
#undef JACOBIAN
#undef GROUP
