/* Which points of the twist lie in the subgroup of order r, by the endomorphism psi (g2_frobenius):
 * p + s + psi(s) + psi^2(s) = psi^3(2 s) for s = x p. (El Housni, Guillevic, Piellard, "Co-factor
 * clearing and subgroup membership testing on pairing-friendly curves".) psi satisfies
 * psi^2 - t psi + q = 0; modulo that the equation is (a + b psi) p = 0, so the order of p divides
 * a^2 + a b t + b^2 q, whose greatest common divisor with the order of the twist is r. A few points
 * are looked at one by one, many in blocks that share inversions. */

/* The digits of the curve's x in signed binary form, least significant first. */
static const int8_t x_signed_bits[63] = {
    1, 0, 0, 0, -1, 0, 0, 0,  0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0,
    -1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, -1, 0, -1, 0, -1, 0,
    1, 0, 1, 0, 0, -1, 0, 1, 0, 1, 0, -1, 0, 0, 1, 0, 1, 0, 0, 0, 1};

static void g2_mul_x(g2_jacobian_t *out, const g2_affine_t *p) {
    g2_affine_t minus_p;
    g2_affine_neg(&minus_p, p);
    *out = g2_from_affine(p);
    for (int i = 61; i >= 0; i--) {
        g2_double(out, out);
        if (x_signed_bits[i] != 0) g2_add_affine(out, out, x_signed_bits[i] > 0 ? p : &minus_p);
    }
}

/* Whether two points are the same: both at infinity, or equal after clearing denominators. */
static bool g2_equal(const g2_jacobian_t *p, const g2_jacobian_t *q) {
    if (g2_is_infinity(p) || g2_is_infinity(q)) return g2_is_infinity(p) && g2_is_infinity(q);
    fp2_t pp, qq, left, right;
    fp2_square(&pp, &p->z);
    fp2_square(&qq, &q->z);
    fp2_mul(&left, &p->x, &qq);
    fp2_mul(&right, &q->x, &pp);
    if (!fp2_equal(&left, &right)) return false;
    fp2_mul(&pp, &pp, &p->z);
    fp2_mul(&qq, &qq, &q->z);
    fp2_mul(&left, &p->y, &qq);
    fp2_mul(&right, &q->y, &pp);
    return fp2_equal(&left, &right);
}

/* One point. */
static bool g2_is_in_subgroup(const g2_affine_t *p) {
    if (g2_affine_is_infinity(p)) return true;
    g2_jacobian_t multiple, left, image, right;
    g2_mul_x(&multiple, p);
    g2_add_affine(&left, &multiple, p);
    g2_frobenius_jacobian(&image, &multiple);
    g2_add(&left, &left, &image);
    g2_frobenius_jacobian(&image, &image);
    g2_add(&left, &left, &image);
    g2_frobenius_jacobian(&image, &image);
    g2_double(&right, &image);
    return g2_equal(&left, &right);
}

enum { SUBGROUP_BLOCK = 256, SUBGROUP_FEW = 64 };

typedef struct {
    g2_adder_t adder;
    g2_affine_t left[SUBGROUP_BLOCK], right[SUBGROUP_BLOCK], image[SUBGROUP_BLOCK];
} subgroup_worker_t;

typedef struct {
    const g2_affine_t *points;
    size_t n;
    subgroup_worker_t *workers;
    int64_t *first; /* outside the subgroup, of each worker */
    atomic_size_t next_block;
} subgroup_t;

/* sums[i] += terms[i] */
static void subgroup_add(g2_adder_t *adder, g2_affine_t *sums, const g2_affine_t *terms, size_t n) {
    for (size_t i = 0; i < n; i++) g2_adder_push(adder, &sums[i], &sums[i], &terms[i]);
    g2_adder_flush(adder);
}

/* left = x p, for all points of a block side by side. */
static void subgroup_multiply(subgroup_worker_t *worker, const g2_affine_t *points, size_t n) {
    g2_affine_t *minus = worker->right;
    memcpy(worker->left, points, n * sizeof *points);
    for (size_t i = 0; i < n; i++) g2_affine_neg(&minus[i], &points[i]);
    for (int i = 61; i >= 0; i--) {
        subgroup_add(&worker->adder, worker->left, worker->left, n);
        if (x_signed_bits[i] == 0) continue;
        subgroup_add(&worker->adder, worker->left, x_signed_bits[i] > 0 ? points : minus, n);
    }
}

/* The first of at most a block of points that is outside, -1 if none is. */
static int64_t subgroup_block(subgroup_worker_t *worker, const g2_affine_t *points, size_t n) {
    g2_adder_t *adder = &worker->adder;
    g2_adder_reset(adder);
    subgroup_multiply(worker, points, n);
    memcpy(worker->image, worker->left, n * sizeof *points);
    subgroup_add(adder, worker->left, points, n);
    for (int power = 1; power <= 3; power++) {
        for (size_t i = 0; i < n; i++) g2_frobenius(&worker->image[i], &worker->image[i]);
        if (power < 3) subgroup_add(adder, worker->left, worker->image, n);
    }
    memcpy(worker->right, worker->image, n * sizeof *points);
    subgroup_add(adder, worker->right, worker->image, n);
    for (size_t i = 0; i < n; i++)
        if (memcmp(&worker->left[i], &worker->right[i], sizeof *points) != 0) return (int64_t)i;
    return -1;
}

/* As subgroup_block, one point after the other. */
static int64_t subgroup_few(const g2_affine_t *points, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!g2_is_in_subgroup(&points[i])) return (int64_t)i;
    return -1;
}

static void subgroup_work(void *context, size_t number) {
    subgroup_t *job = context;
    job->first[number] = -1;
    for (;;) {
        size_t begin = atomic_fetch_add(&job->next_block, 1) * SUBGROUP_BLOCK;
        if (begin >= job->n) return;
        size_t n = job->n - begin < SUBGROUP_BLOCK ? job->n - begin : SUBGROUP_BLOCK;
        int64_t found = subgroup_block(&job->workers[number], job->points + begin, n);
        if (found < 0) continue;
        job->first[number] = (int64_t)begin + found;
        return;
    }
}

static zk_status op_subgroup_scratch_words(uint64_t *words, int group, size_t n, size_t threads) {
    (void)n;
    if (group != 2) return ZK_BAD_ARGUMENT;
    size_t bytes = threads * (sizeof(subgroup_worker_t) + sizeof(int64_t)) + ZK_CACHE_LINE;
    *words = bytes / sizeof(uint64_t) + 1;
    return ZK_OK;
}

static zk_status op_g2_first_outside_subgroup(int64_t *index, uint64_t *scratch,
                                              const uint64_t *points, size_t n, size_t threads) {
    if (n <= SUBGROUP_FEW) {
        *index = subgroup_few((const g2_affine_t *)points, n);
        return ZK_OK;
    }
    subgroup_t job = {.points = (const g2_affine_t *)points, .n = n, .workers = zk_align(scratch)};
    job.first = (int64_t *)(job.workers + threads);
    atomic_init(&job.next_block, 0);
    for (size_t i = 0; i < threads; i++) job.first[i] = -1;
    zk_parallel(threads, threads, subgroup_work, &job);
    *index = -1;
    for (size_t i = 0; i < threads; i++)
        if (job.first[i] >= 0 && (*index < 0 || job.first[i] < *index)) *index = job.first[i];
    return ZK_OK;
}
