/* Sums of multiples in GROUP over BASE. A block of terms shares everything: scalars are cut in two
 * halves of 32 signed digits, each term gets a table of its point's small multiples, and then digit
 * by digit, from the top, all sums are multiplied by 16 and what the digits choose is added. Every
 * addition is affine, the inversion shared by the block. A sum that crosses blocks is left in
 * pieces, which are added at the end. */
#define G(name) JOIN(GROUP, name)
#define B(name) JOIN(BASE, name)
#define B_T JOIN(BASE, t)
#define AFFINE JOIN(GROUP, affine_t)
#define JACOBIAN JOIN(GROUP, jacobian_t)

/* What a block leaves of a sum that is not wholly in it. */
typedef struct {
    AFFINE point;
    uint32_t sum; /* which, or COMBINE_NOWHERE */
} G(piece_t);

typedef struct {
    AFFINE *out;
    const AFFINE *points;
    const limbs_t *scalars;
    /* NULL, all three: term i is point i, scalar i and sum i */
    const uint32_t *starts, *indices, *kinds;
    size_t n_sums, n_terms;
    G(piece_t) *pieces; /* two for each block: of its first and of its last sum */
    struct G(combine_worker) *workers;
    atomic_size_t next_block;
} G(combine_t);

/* What one worker needs; lives in the caller's scratch. */
typedef struct G(combine_worker) {
    G(adder_t) adder;
    AFFINE multiples[COMBINE_BLOCK][GLV_LARGEST_DIGIT]; /* 1 .. 8 times the point of each term */
    AFFINE images[COMBINE_BLOCK][GLV_LARGEST_DIGIT];    /* the same with beta x for x */
    const AFFINE *chosen[2 * COMBINE_BLOCK];            /* what is to be added, by sum */
    bool negative[2 * COMBINE_BLOCK];                   /* ... or subtracted */
    uint32_t owners[2 * COMBINE_BLOCK]; /* of `chosen`: places in sums */
    AFFINE partial[2 * COMBINE_BLOCK];  /* sums of chosen points */
    AFFINE sums[COMBINE_BLOCK];
    uint32_t owner_of_term[COMBINE_BLOCK];
    uint32_t sum_numbers[COMBINE_BLOCK]; /* of sums */
    int8_t digits[COMBINE_BLOCK][2][GLV_DIGITS];
    uint8_t largest[COMBINE_BLOCK]; /* digit of each term */
    size_t n_terms, n_sums;
} G(combine_worker_t);

static inline size_t G(combine_blocks)(size_t n_terms) {
    return (n_terms + COMBINE_BLOCK - 1) / COMBINE_BLOCK;
}

/* The sum that term `term` belongs to. */
ZK_UNUSED static size_t G(combine_sum_of)(const G(combine_t) *job, size_t term) {
    size_t low = 0, high = job->n_sums; /* starts[low] <= term < starts[high] */
    if (job->starts == NULL) return term;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (job->starts[middle] <= term)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Whether terms [begin, end) hold all terms of a sum. */
static inline bool G(combine_is_whole)(const G(combine_t) *job, size_t sum, size_t begin,
                                       size_t end) {
    return job->starts == NULL || (begin <= job->starts[sum] && job->starts[sum + 1] <= end);
}

/* Which sums the terms belong to, their points and digits. */
ZK_UNUSED static void G(combine_load)(const G(combine_t) *job, G(combine_worker_t) *w,
                                      size_t begin, size_t end) {
    size_t sum = G(combine_sum_of)(job, begin);
    w->n_terms = end - begin;
    w->n_sums = 0;
    for (size_t i = 0; i < w->n_terms; i++) {
        size_t term = begin + i, previous = sum;
        if (job->starts == NULL) sum = term;
        else
            while (job->starts[sum + 1] <= term) sum++;
        if (i == 0 || sum != previous) w->sum_numbers[w->n_sums++] = (uint32_t)sum;
        w->owner_of_term[i] = (uint32_t)w->n_sums - 1;
        w->multiples[i][0] = job->points[job->indices ? job->indices[term] : term];
        const limbs_t *scalar = &job->scalars[job->kinds ? job->kinds[term] : term];
        glv_split(w->digits[i][0], w->digits[i][1], scalar);
        int largest = 0;
        for (int d = 0; d < GLV_DIGITS; d++) {
            int first = abs(w->digits[i][0][d]), second = abs(w->digits[i][1][d]);
            if (first > largest) largest = first;
            if (second > largest) largest = second;
        }
        w->largest[i] = (uint8_t)largest;
    }
}

/* The tables, as far as the digits of each term need them: 2; 3, 4; 5 .. 8. */
ZK_UNUSED static void G(combine_tables)(G(combine_worker_t) *w) {
    G(adder_reset)(&w->adder);
    for (unsigned known = 1; known < GLV_LARGEST_DIGIT; known *= 2) {
        for (size_t i = 0; i < w->n_terms; i++) {
            AFFINE *row = w->multiples[i];
            for (unsigned d = 0; d < known && known + d < w->largest[i]; d++)
                G(adder_push_signed)(&w->adder, &row[known + d], &row[known - 1], &row[d], false);
        }
        G(adder_flush)(&w->adder);
    }
    for (size_t i = 0; i < w->n_terms; i++)
        for (unsigned d = 0; d < w->largest[i]; d++) {
            B(scale)(&w->images[i][d].x, &w->multiples[i][d].x, &G(beta));
            w->images[i][d].y = w->multiples[i][d].y;
        }
}

/* The multiples chosen by digit number `place` of all terms, in the order of their sums. */
ZK_UNUSED static size_t G(combine_choose)(G(combine_worker_t) *w, int place) {
    size_t count = 0;
    for (size_t i = 0; i < w->n_terms; i++)
        for (int half = 0; half < 2; half++) {
            int digit = w->digits[i][half][place];
            if (digit == 0) continue;
            const AFFINE *row = half == 0 ? w->multiples[i] : w->images[i];
            w->chosen[count] = &row[abs(digit) - 1];
            w->negative[count] = digit < 0;
            w->owners[count++] = w->owner_of_term[i];
        }
    return count;
}

/* The first round over the chosen points: neighbours of one sum are added in pairs, others copied;
 * partial sums take their places. Returns how many there are. */
ZK_UNUSED static size_t G(combine_pairs)(G(combine_worker_t) *w, size_t count) {
    size_t left = 0;
    for (size_t i = 0; i < count; left++) {
        uint32_t owner = w->owners[i];
        bool pair = i + 1 < count && w->owners[i + 1] == owner;
        G(affine_negate_if)(&w->partial[left], w->chosen[i], w->negative[i]);
        if (pair)
            G(adder_push_signed)(&w->adder, &w->partial[left], &w->partial[left],
                                 w->chosen[i + 1], w->negative[i + 1]);
        w->owners[left] = owner;
        i += pair ? 2 : 1;
    }
    G(adder_flush)(&w->adder);
    return left;
}

/* One more round: neighbours of one sum are added in pairs, a point alone is added to its sum.
 * Returns how many points are left. */
ZK_UNUSED static size_t G(combine_round)(G(combine_worker_t) *w, size_t count) {
    size_t left = 0;
    uint32_t previous = COMBINE_NOWHERE; /* the sum of the points just handled */
    for (size_t i = 0; i < count;) {
        uint32_t owner = w->owners[i];
        bool pair = i + 1 < count && w->owners[i + 1] == owner;
        if (pair)
            G(adder_push)(&w->adder, &w->partial[left], &w->partial[i], &w->partial[i + 1]);
        else if (owner != previous)
            G(adder_push)(&w->adder, &w->sums[owner], &w->sums[owner], &w->partial[i]);
        else
            w->partial[left] = w->partial[i];
        if (pair || owner == previous) w->owners[left++] = owner;
        i += pair ? 2 : 1;
        previous = owner;
    }
    G(adder_flush)(&w->adder);
    return left;
}

/* The highest place at which any term has a digit, -1 if all scalars are zero. */
ZK_UNUSED static int G(combine_top)(const G(combine_worker_t) *w) {
    int top = GLV_DIGITS - 1;
    for (; top >= 0; top--)
        for (size_t i = 0; i < w->n_terms; i++)
            if (w->digits[i][0][top] != 0 || w->digits[i][1][top] != 0) return top;
    return top;
}

/* All the block's sums side by side, by Horner's rule over the places of the digits. */
ZK_UNUSED static void G(combine_evaluate)(G(combine_worker_t) *w) {
    memset(w->sums, 0, w->n_sums * sizeof(AFFINE));
    int top = G(combine_top)(w);
    for (int place = top; place >= 0; place--) {
        for (int bit = 0; place < top && bit < GLV_DIGIT_BITS; bit++) {
            for (size_t i = 0; i < w->n_sums; i++)
                G(adder_push_signed)(&w->adder, &w->sums[i], &w->sums[i], &w->sums[i], false);
            G(adder_flush)(&w->adder);
        }
        size_t left = G(combine_pairs)(w, G(combine_choose)(w, place));
        while (left > 0) left = G(combine_round)(w, left);
    }
}

/* Sums that lie wholly in the block go to their place, others become pieces. */
ZK_UNUSED static void G(combine_store)(G(combine_t) *job, const G(combine_worker_t) *w,
                                       size_t block) {
    size_t begin = block * COMBINE_BLOCK, end = begin + w->n_terms;
    G(piece_t) *pieces = &job->pieces[2 * block];
    pieces[0].sum = pieces[1].sum = COMBINE_NOWHERE;
    for (size_t i = 0; i < w->n_sums; i++) {
        size_t sum = w->sum_numbers[i];
        if (G(combine_is_whole)(job, sum, begin, end))
            job->out[sum] = w->sums[i];
        else
            pieces[i > 0] = (G(piece_t)){w->sums[i], (uint32_t)sum};
    }
}

ZK_UNUSED static void G(combine_work)(void *context, size_t worker) {
    G(combine_t) *job = context;
    G(combine_worker_t) *w = &job->workers[worker];
    for (;;) {
        size_t begin = atomic_fetch_add(&job->next_block, 1) * COMBINE_BLOCK;
        if (begin >= job->n_terms) return;
        size_t end = job->n_terms - begin < COMBINE_BLOCK ? job->n_terms : begin + COMBINE_BLOCK;
        G(combine_load)(job, w, begin, end);
        G(combine_tables)(w);
        G(combine_evaluate)(w);
        G(combine_store)(job, w, begin / COMBINE_BLOCK);
    }
}

/* Add up the pieces; those of one sum follow each other. */
ZK_UNUSED static void G(combine_join)(G(combine_t) *job) {
    size_t n = 2 * G(combine_blocks)(job->n_terms);
    JACOBIAN total = G(infinity)();
    uint32_t sum = COMBINE_NOWHERE;
    for (size_t i = 0; i < n; i++) {
        const G(piece_t) *piece = &job->pieces[i];
        if (piece->sum == COMBINE_NOWHERE) continue;
        if (piece->sum != sum) {
            if (sum != COMBINE_NOWHERE) G(to_affine)(&job->out[sum], &total);
            sum = piece->sum;
            total = G(infinity)();
        }
        G(add_affine)(&total, &total, &piece->point);
    }
    if (sum != COMBINE_NOWHERE) G(to_affine)(&job->out[sum], &total);
}

/* Words of scratch: the workers, then the pieces. */
ZK_UNUSED static size_t G(combine_scratch)(size_t n_terms, size_t threads) {
    size_t bytes = threads * sizeof(G(combine_worker_t)) +
                   2 * G(combine_blocks)(n_terms) * sizeof(G(piece_t)) + ZK_CACHE_LINE;
    return bytes / sizeof(uint64_t) + 1;
}

ZK_UNUSED static void G(combine_run)(G(combine_t) *job, uint64_t *scratch, size_t threads) {
    job->workers = zk_align(scratch);
    job->pieces = (G(piece_t) *)(job->workers + threads);
    memset(job->out, 0, job->n_sums * sizeof(AFFINE));
    atomic_init(&job->next_block, 0);
    zk_parallel(threads, threads, G(combine_work), job);
    G(combine_join)(job);
}

#undef G
#undef B
#undef B_T
#undef AFFINE
#undef JACOBIAN
#undef GROUP
#undef BASE
