/* Many multiples of one point of GROUP over BASE, from a table of all its window multiples:
 * table[w * half + d - 1] = d 2^(c w) base, d = 1 .. half = 2^(c-1). Affine additions in blocks. */
#define G(name) JOIN(GROUP, name)
#define AFFINE JOIN(GROUP, affine_t)
#define JACOBIAN JOIN(GROUP, jacobian_t)

typedef struct {
    AFFINE *out, *table;
    const limbs_t *scalars;
    size_t n, blocks;
    digits_t plan;
    G(adder_t) *adders;
    atomic_size_t next_block;
} G(fixed_t);

/* The row of one window: 1, 2, .. half times `base`, by doubling the known part of the row. */
ZK_UNUSED static void G(fixed_fill_row)(AFFINE *row, size_t half, const AFFINE *base,
                                        G(adder_t) *adder) {
    row[0] = *base;
    for (size_t known = 1; known < half; known *= 2) {
        for (size_t i = 0; i < known; i++)
            G(adder_push)(adder, &row[known + i], &row[known - 1], &row[i]);
        G(adder_flush)(adder);
    }
}

ZK_UNUSED static void G(fixed_fill_table)(AFFINE *table, const digits_t *plan, const AFFINE *base,
                                          G(adder_t) *adder) {
    size_t half = (size_t)1 << (plan->width - 1);
    AFFINE shifted = *base;
    G(adder_reset)(adder);
    for (unsigned window = 0; window < plan->windows; window++) {
        AFFINE *row = table + window * half;
        G(fixed_fill_row)(row, half, &shifted, adder);
        G(adder_push)(adder, &shifted, &row[half - 1], &row[half - 1]);
        G(adder_flush)(adder);
    }
}

/* The digit of scalar i in a window; asks for its place in the row. */
static inline int32_t G(fixed_fetch)(const G(fixed_t) *job, const AFFINE *row, unsigned window,
                                     size_t i) {
    limbs_t shifted = digits_of(&job->plan, &job->scalars[i]);
    int32_t digit = digit_at(&job->plan, &shifted, window);
    if (digit != 0) zk_prefetch(&row[abs(digit) - 1], sizeof(AFFINE));
    return digit;
}

/* out[i] for one block of scalars: a sum over the windows, all the block's sums side by side. */
ZK_UNUSED static void G(fixed_block)(G(fixed_t) *job, G(adder_t) *adder, size_t block) {
    size_t half = (size_t)1 << (job->plan.width - 1);
    size_t begin = zk_part_begin(job->n, job->blocks, block);
    size_t end = zk_part_begin(job->n, job->blocks, block + 1);
    G(adder_reset)(adder);
    memset(job->out + begin, 0, (end - begin) * sizeof(AFFINE));
    for (unsigned window = 0; window < job->plan.windows; window++) {
        const AFFINE *row = job->table + window * half;
        int32_t next = G(fixed_fetch)(job, row, window, begin);
        for (size_t i = begin; i < end; i++) {
            int32_t digit = next;
            if (i + 1 < end) next = G(fixed_fetch)(job, row, window, i + 1);
            if (digit == 0) continue;
            *G(adder_left)(adder) = job->out[i];
            G(affine_negate_if)(G(adder_right)(adder), &row[abs(digit) - 1], digit < 0);
            G(adder_commit)(adder, &job->out[i]);
        }
        G(adder_flush)(adder);
    }
}

ZK_UNUSED static void G(fixed_work)(void *context, size_t worker) {
    G(fixed_t) *job = context;
    for (;;) {
        size_t block = atomic_fetch_add(&job->next_block, 1);
        if (block >= job->blocks) return;
        G(fixed_block)(job, &job->adders[worker], block);
    }
}

/* Words of scratch: the adders, then the table. */
ZK_UNUSED static size_t G(fixed_scratch)(size_t n, size_t threads) {
    digits_t plan = digits_plan(fixed_base_width(n));
    size_t table = (size_t)plan.windows << (plan.width - 1);
    size_t bytes = threads * sizeof(G(adder_t)) + table * sizeof(AFFINE) + ZK_CACHE_LINE;
    return bytes / sizeof(uint64_t);
}

ZK_UNUSED static void G(fixed_run)(uint64_t *out, uint64_t *scratch, const uint64_t *base,
                                   const uint64_t *scalars, size_t n, size_t threads) {
    G(fixed_t) job = {.out = (AFFINE *)out,
                      .scalars = (const limbs_t *)scalars,
                      .n = n,
                      .blocks = n / BATCH_ADD_BLOCK + 1,
                      .plan = digits_plan(fixed_base_width(n)),
                      .adders = zk_align(scratch)};
    job.table = (AFFINE *)(job.adders + threads);
    G(fixed_fill_table)(job.table, &job.plan, (const AFFINE *)base, job.adders);
    atomic_init(&job.next_block, 0);
    zk_parallel(threads, threads, G(fixed_work), &job);
}

#undef G
#undef AFFINE
#undef JACOBIAN
#undef GROUP
