/* Points straight into many buckets, in eight lanes: no sorting, and the points are read in order.
 * A bucket can take one point a block; others for it wait for a sorted batch. The stamp of a bucket
 * is 0 while it is empty, else the number of the last block that has changed it. Part of
 * msm_template.h. */

/* Begin another block. Numbers are few: after the last one start again, all buckets older. */
ZK_UNUSED static inline void G(msm_next_block)(G(msm_worker_t) *worker, size_t buckets) {
    if (++worker->stamp < UINT16_MAX) return;
    worker->stamp = 2;
    for (size_t b = 0; b < buckets; b++) worker->stamps[b] = worker->stamps[b] != 0;
}

/* Put one point in its bucket, or let it wait. */
ZK_UNUSED static inline void G(msm_place)(G(msm_worker_t) *worker, const AFFINE *points,
                                          msm_entry_t entry, size_t buckets) {
    G(lanes_adder_t) *adder = &worker->adder.lanes;
    const AFFINE *point = &points[entry.point >> 1];
    AFFINE *sum = &worker->sums[entry.bucket];
    uint16_t *stamp = &worker->stamps[entry.bucket];
    if (*stamp == worker->stamp) {
        worker->waiting[worker->n_waiting++] = entry;
        if (worker->n_waiting < MSM_WAITING) return;
        G(lanes_adder_flush)(adder);
        G(msm_next_block)(worker, buckets);
        G(msm_drain)(worker, points, buckets);
    } else if (*stamp == 0) {
        *stamp = 1;
        G(affine_negate_if)(sum, point, entry.point & 1);
    } else {
        *stamp = worker->stamp;
        zk_prefetch_far(sum, sizeof *sum);
        G(lanes_adder_push)(adder, sum, sum, false, point, entry.point & 1);
        if (adder->count == 0) G(msm_next_block)(worker, buckets);
    }
}

/* msm_collect, but for points that need not wait. */
ZK_UNUSED static void G(msm_place_all)(G(msm_worker_t) *worker, const AFFINE *points,
                                       const int16_t *digits, size_t begin, size_t end,
                                       size_t buckets) {
    memset(worker->stamps, 0, buckets * sizeof *worker->stamps);
    worker->stamp = 2;
    for (size_t i = begin; i < end; i++) {
        int32_t digit = digits[i];
        if (i + MSM_AHEAD < end) zk_prefetch_far(&points[i + MSM_AHEAD], sizeof(AFFINE));
        if (digit == 0 || G(affine_is_infinity)(&points[i])) continue;
        G(msm_place)(worker, points, msm_entry(i, digit), buckets);
    }
    G(lanes_adder_flush)(&worker->adder.lanes);
}
