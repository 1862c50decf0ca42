/* Jobs of multi-scalar multiplication in GROUP: the points of one window and one range, put in
 * buckets by their signed digits. Points wait until there are many; these are sorted by bucket and
 * added in pairs, round after round, all additions of a round sharing inversions. Equal digits cost
 * therefore no more than different ones, and digits of zero cost nothing. */
#define G(name) JOIN(GROUP, name)
#define AFFINE JOIN(GROUP, affine_t)
#define JACOBIAN JOIN(GROUP, jacobian_t)

/* What one worker needs; lives in the caller's scratch. */
typedef struct {
    G(adder_t) adder;
    AFFINE points[MSM_BUCKETS]; /* of a sorted batch; shrinks from round to round */
    _Alignas(ZK_CACHE_LINE) AFFINE sums[MSM_BUCKETS];
    msm_entry_t waiting[MSM_WAITING], sorted[MSM_WAITING];
    size_t n_waiting;
    uint32_t starts[MSM_BUCKETS + 1];
#ifdef ZK_HAVE_LANES
    uint16_t stamps[MSM_BUCKETS]; /* see msm_place in msm_lanes_template.h */
    uint16_t stamp;
#endif
} G(msm_worker_t);

/* Counting sort of the waiting points by bucket. */
ZK_UNUSED static void G(msm_sort)(G(msm_worker_t) *worker, size_t buckets) {
    uint32_t *starts = worker->starts;
    memset(starts, 0, (buckets + 1) * sizeof *starts);
    for (size_t i = 0; i < worker->n_waiting; i++) starts[worker->waiting[i].bucket + 1]++;
    for (size_t b = 0; b < buckets; b++) starts[b + 1] += starts[b];
    for (size_t i = 0; i < worker->n_waiting; i++)
        worker->sorted[starts[worker->waiting[i].bucket]++] = worker->waiting[i];
}

/* *out = point number i of the sorted batch: in the first round from the caller's array, with the
 * sign of its digit, after it (`points` is NULL) from the worker. */
static inline void G(msm_load)(AFFINE *out, const G(msm_worker_t) *worker, const AFFINE *points,
                               size_t i) {
    if (points == NULL) {
        *out = worker->points[i];
        return;
    }
    uint32_t entry = worker->sorted[i].point;
    G(affine_negate_if)(out, &points[entry >> 1], entry & 1);
}

/* Points of a sorted batch lie anywhere: fetch those of entries i and i + 1 early. */
static inline void G(msm_prefetch)(const G(msm_worker_t) *worker, const AFFINE *points, size_t i,
                                   size_t count) {
    if (i + 1 >= count) return;
    zk_prefetch(&points[worker->sorted[i].point >> 1], sizeof(AFFINE));
    zk_prefetch(&points[worker->sorted[i + 1].point >> 1], sizeof(AFFINE));
}

/* One round over `count` sorted points: neighbours in one bucket are added, a point alone in its
 * bucket is added to the bucket's sum. Returns how many points are left. */
ZK_UNUSED static size_t G(msm_round)(G(msm_worker_t) *worker, const AFFINE *points, size_t count) {
    G(adder_t) *adder = &worker->adder;
    size_t left = 0;
    uint32_t previous = UINT32_MAX; /* bucket of the points just handled */
    for (size_t i = 0; i < count;) {
        uint32_t bucket = worker->sorted[i].bucket;
        bool pair = i + 1 < count && worker->sorted[i + 1].bucket == bucket;
        if (points) G(msm_prefetch)(worker, points, i + MSM_PREFETCH, count);
        if (pair) {
            G(msm_load)(G(adder_left)(adder), worker, points, i);
            G(msm_load)(G(adder_right)(adder), worker, points, i + 1);
            G(adder_commit)(adder, &worker->points[left]);
        } else if (bucket != previous && G(affine_is_infinity)(&worker->sums[bucket])) {
            G(msm_load)(&worker->sums[bucket], worker, points, i);
        } else if (bucket != previous) {
            *G(adder_left)(adder) = worker->sums[bucket];
            G(msm_load)(G(adder_right)(adder), worker, points, i);
            G(adder_commit)(adder, &worker->sums[bucket]);
        } else {
            G(msm_load)(&worker->points[left], worker, points, i);
        }
        if (pair || bucket == previous) worker->sorted[left++].bucket = bucket;
        i += pair ? 2 : 1;
        previous = bucket;
    }
    G(adder_flush)(adder);
    return left;
}

/* Add the waiting points to the sums. */
ZK_UNUSED static void G(msm_drain)(G(msm_worker_t) *worker, const AFFINE *points, size_t buckets) {
    G(msm_sort)(worker, buckets);
    size_t left = G(msm_round)(worker, points, worker->n_waiting);
    while (left > 0) left = G(msm_round)(worker, NULL, left);
    worker->n_waiting = 0;
}

#ifdef ZK_HAVE_LANES
#include "msm_lanes_template.h"
#endif

/* Put points begin..end in their buckets. */
ZK_UNUSED static void G(msm_collect)(G(msm_worker_t) *worker, const AFFINE *points,
                                     const int16_t *digits, size_t begin, size_t end,
                                     size_t buckets) {
    for (size_t i = begin; i < end; i++) {
        int32_t digit = digits[i];
        if (digit == 0 || G(affine_is_infinity)(&points[i])) continue;
        worker->waiting[worker->n_waiting++] = msm_entry(i, digit);
        if (worker->n_waiting == MSM_WAITING) G(msm_drain)(worker, points, buckets);
    }
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

ZK_UNUSED static void G(msm_run_job)(msm_job_t *job, void *room) {
    G(msm_worker_t) *worker = room;
    const msm_t *msm = job->msm;
    const AFFINE *points = (const AFFINE *)msm->sum->points;
    const int16_t *digits = msm->values + job->window * msm->sum->n;
    const unsigned log_buckets = msm->digits.width - 1;
    const size_t buckets = (size_t)1 << log_buckets;
    const size_t begin = zk_part_begin(msm->sum->n, job->parts, job->part);
    const size_t end = zk_part_begin(msm->sum->n, job->parts, job->part + 1);
    memset(worker->sums, 0, buckets * sizeof(AFFINE));
    worker->n_waiting = 0;
    G(adder_reset)(&worker->adder);
#ifdef ZK_HAVE_LANES
    if (log_buckets >= MSM_LOG_MANY_BUCKETS)
        G(msm_place_all)(worker, points, digits, begin, end, buckets);
    else
#endif
        G(msm_collect)(worker, points, digits, begin, end, buckets);
    G(msm_drain)(worker, points, buckets);
    G(msm_weigh)(&job->result.GROUP, worker, log_buckets);
}

/* results of jobs -> the sum, by Horner's rule from the top window. */
ZK_UNUSED static void G(msm_combine)(const msm_t *msm, const msm_job_t *jobs, size_t n_jobs) {
    JACOBIAN total = G(infinity)();
    for (unsigned window = msm->digits.windows; window-- > 0;) {
        for (unsigned bit = 0; bit < msm->digits.width && !G(is_infinity)(&total); bit++)
            G(double)(&total, &total);
        for (size_t i = 0; i < n_jobs; i++)
            if (jobs[i].msm == msm && jobs[i].window == window)
                G(add)(&total, &total, &jobs[i].result.GROUP);
    }
    G(to_affine)((AFFINE *)msm->sum->out, &total);
}

#undef G
#undef AFFINE
#undef JACOBIAN
#undef GROUP
