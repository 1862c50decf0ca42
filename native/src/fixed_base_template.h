/* Many multiples of one point of GROUP over BASE, from a table of all its window multiples:
 * table[w * half + d - 1] = d 2^(c w) base, d = 1 .. half = 2^(c-1). Affine additions in blocks. */
#define G(name) JOIN(GROUP, name)
#define AFFINE JOIN(GROUP, affine_t)
#define JACOBIAN JOIN(GROUP, jacobian_t)

typedef struct {
    AFFINE *out;
    AFFINE *rows; /* the table while it is filled */
    const AFFINE *table;
    const limbs_t *scalars;
    size_t n, blocks;
    digits_t plan;
    G(adder_t) *adders;
    atomic_size_t next; /* block, or window of the table */
} G(fixed_t);

/* The row of one window: 2, 3, .. half times row[0], by doubling the known part of the row. */
ZK_UNUSED static void G(fixed_fill_row)(AFFINE *row, size_t half, G(adder_t) *adder) {
    G(adder_reset)(adder);
    for (size_t known = 1; known < half; known *= 2) {
        for (size_t i = 0; i < known; i++)
            G(adder_push_signed)(adder, &row[known + i], &row[known - 1], &row[i], false);
        G(adder_flush)(adder);
    }
}

/* The first point of every row: 2^(c w) base. */
ZK_UNUSED static void G(fixed_shift_base)(AFFINE *table, const digits_t *plan,
                                          const AFFINE *base) {
    JACOBIAN shifted = G(from_affine)(base);
    for (unsigned window = 0; window < plan->windows; window++) {
        G(to_affine)(&table[(size_t)window << (plan->width - 1)], &shifted);
        for (unsigned bit = 0; bit < plan->width; bit++) G(double)(&shifted, &shifted);
    }
}

ZK_UNUSED static void G(fixed_table_work)(void *context, size_t worker) {
    G(fixed_t) *job = context;
    size_t half = (size_t)1 << (job->plan.width - 1);
    for (;;) {
        size_t window = atomic_fetch_add(&job->next, 1);
        if (window >= job->plan.windows) return;
        G(fixed_fill_row)(job->rows + window * half, half, &job->adders[worker]);
    }
}

ZK_UNUSED static void G(fixed_table)(uint64_t *table, uint64_t *scratch, const uint64_t *base,
                                     unsigned width, size_t threads) {
    G(fixed_t) job = {.rows = (AFFINE *)table,
                      .plan = digits_plan(width),
                      .adders = zk_align(scratch)};
    G(fixed_shift_base)(job.rows, &job.plan, (const AFFINE *)base);
    atomic_init(&job.next, 0);
    zk_parallel(threads, threads, G(fixed_table_work), &job);
}

/* The digit of scalar i in a window; asks for its place in the row. */
static inline int32_t G(fixed_fetch)(const G(fixed_t) *job, const AFFINE *row, unsigned window,
                                     size_t i) {
    limbs_t shifted = digits_of(&job->plan, &job->scalars[i]);
    int32_t digit = digit_at(&job->plan, &shifted, window);
    if (digit != 0) zk_prefetch(&row[abs(digit) - 1], sizeof(AFFINE));
    return digit;
}

/* One window of a block of scalars. The first writes the sums, the others add to them. */
ZK_UNUSED static void G(fixed_window)(const G(fixed_t) *job, G(adder_t) *adder, unsigned window,
                                      size_t begin, size_t end) {
    const AFFINE *row = job->table + ((size_t)window << (job->plan.width - 1));
    int32_t ahead[FIXED_BASE_AHEAD];
    for (size_t i = begin; i < end + FIXED_BASE_AHEAD; i++) {
        int32_t *slot = &ahead[i % FIXED_BASE_AHEAD], digit = *slot;
        if (i < end) *slot = G(fixed_fetch)(job, row, window, i);
        if (i < begin + FIXED_BASE_AHEAD) continue;
        AFFINE *out = &job->out[i - FIXED_BASE_AHEAD];
        if (window == 0 && digit == 0)
            memset(out, 0, sizeof *out);
        else if (window == 0)
            G(affine_negate_if)(out, &row[abs(digit) - 1], digit < 0);
        else if (digit != 0)
            G(adder_push_signed)(adder, out, out, &row[abs(digit) - 1], digit < 0);
    }
    G(adder_flush)(adder);
}

/* out[i] for one block of scalars: a sum over the windows, all the block's sums side by side. */
ZK_UNUSED static void G(fixed_block)(G(fixed_t) *job, G(adder_t) *adder, size_t block) {
    size_t begin = zk_part_begin(job->n, job->blocks, block);
    size_t end = zk_part_begin(job->n, job->blocks, block + 1);
    if (begin == end) return;
    G(adder_reset)(adder);
    for (unsigned window = 0; window < job->plan.windows; window++)
        G(fixed_window)(job, adder, window, begin, end);
}

ZK_UNUSED static void G(fixed_work)(void *context, size_t worker) {
    G(fixed_t) *job = context;
    for (;;) {
        size_t block = atomic_fetch_add(&job->next, 1);
        if (block >= job->blocks) return;
        G(fixed_block)(job, &job->adders[worker], block);
    }
}

/* Words of a table, and of scratch: one adder a thread. */
ZK_UNUSED static size_t G(fixed_table_words)(unsigned width) {
    digits_t plan = digits_plan(width);
    return ((size_t)plan.windows << (width - 1)) * sizeof(AFFINE) / sizeof(uint64_t);
}

ZK_UNUSED static size_t G(fixed_scratch)(size_t threads) {
    return (threads * sizeof(G(adder_t)) + ZK_CACHE_LINE) / sizeof(uint64_t) + 1;
}

ZK_UNUSED static void G(fixed_run)(uint64_t *out, uint64_t *scratch, const uint64_t *table,
                                   unsigned width, const uint64_t *scalars, size_t n,
                                   size_t threads) {
    G(fixed_t) job = {.out = (AFFINE *)out,
                      .table = (const AFFINE *)table,
                      .scalars = (const limbs_t *)scalars,
                      .n = n,
                      .blocks = n / BATCH_ADD_BLOCK + 1,
                      .plan = digits_plan(width),
                      .adders = zk_align(scratch)};
    atomic_init(&job.next, 0);
    zk_parallel(threads, threads, G(fixed_work), &job);
}

#undef G
#undef AFFINE
#undef JACOBIAN
#undef GROUP
