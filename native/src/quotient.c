/* The quotient of a Groth16 proof: a b - c on the odd coset, where c interpolates over the domain
 * the products of a's and b's values. Six transforms in four vectors.
 *
 * The transforms from the domain to the coset leave out the factor 1/n: every value comes out n
 * times too large, and the last pass makes up for it. */

/* For small domains, which stay scalar: the coefficients, found at mirrored places after a forward
 * transform, times the powers of the double root w: v[i] = v[n - i] w^i. */
typedef struct {
    fr_t *values;
    const fr_t *double_roots;
    size_t n, parts;
} quotient_twist_t;

/* A part of the lower half's places, and their mirrors. */
static void quotient_twist(void *context, size_t part) {
    const quotient_twist_t *twist = context;
    fr_t *v = twist->values;
    const fr_t *w = twist->double_roots;
    size_t last = twist->n / 2 + 1, end = zk_part_begin(last, twist->parts, part + 1);
    for (size_t i = zk_part_begin(last, twist->parts, part); i < end; i++) {
        size_t mirror = i == 0 ? 0 : twist->n - i;
        fr_t low = v[i];
        fr_mul(&v[i], &v[mirror], &w[i]);
        if (mirror != i) fr_mul(&v[mirror], &low, &w[mirror]);
    }
}

typedef struct {
    unsigned log_n;
    const fr_t *roots, *double_roots;
    size_t threads, parts;
} quotient_domain_t;

/* n times the values on the odd coset of the polynomial with these values over the domain. Data
 * goes to and fro between values and room, and ends in values. */
static void quotient_extend(fr_t *values, fr_t *room, const quotient_domain_t *domain) {
    if (domain->log_n >= NTT_LANES_MIN_LOG) {
        ntt_extend_on_lanes(values, room, domain->log_n, domain->threads);
        return;
    }
    /* a transform of an odd number of passes starts in the buffer that it does not end in */
    bool moves = (domain->log_n + 1) / 2 % 2;
    fr_t *middle = moves ? room : values, *other = moves ? values : room;
    ntt_run(middle, other, values, domain->log_n, domain->roots, domain->threads);
    quotient_twist_t twist = {middle, domain->double_roots, (size_t)1 << domain->log_n,
                              domain->parts};
    zk_parallel(domain->threads, twist.parts, quotient_twist, &twist);
    ntt_run(values, room, middle, domain->log_n, domain->roots, domain->threads);
}

typedef struct {
    fr_t *out;
    const fr_t *a, *b;
    fr_t factor, c_factor; /* 1/n^2 and 1/n, canonical: products with them are canonical too */
    size_t n, parts;
} quotient_join_t;

static void quotient_products(void *context, size_t part) {
    const quotient_join_t *join = context;
    size_t i = zk_part_begin(join->n, join->parts, part);
    size_t end = zk_part_begin(join->n, join->parts, part + 1);
    i += fr_mul_on_lanes(&join->out[i], &join->a[i], &join->b[i], false, end - i);
    for (; i < end; i++) fr_mul(&join->out[i], &join->a[i], &join->b[i]);
}

static void quotient_join_some(const quotient_join_t *join, size_t begin, size_t end) {
    for (size_t i = begin; i < end; i++) {
        fr_t product, c;
        fr_mul(&product, &join->a[i], &join->b[i]);
        fr_mul(&product, &product, &join->factor);
        fr_mul(&c, &join->out[i], &join->c_factor);
        fr_sub(&join->out[i], &product, &c);
    }
}

#ifdef ZK_HAVE_LANES
/* One operand in the lanes' Montgomery form keeps the memory's, and a canonical factor
 * broadcast as if it were the memory's takes it away. */
static void quotient_join_lanes(const quotient_join_t *join, size_t begin, size_t end) {
    fr8_t factor, c_factor;
    fr8_broadcast(&factor, &join->factor);
    fr8_broadcast(&c_factor, &join->c_factor);
    size_t i = begin;
    for (; i + ZK_LANES <= end; i += ZK_LANES) {
        fr8_t a, b, c;
        fr8_load_montgomery(&a, &join->a[i]);
        fr8_load(&b, &join->b[i]);
        fr8_load(&c, &join->out[i]);
        fr8_mul(&a, &a, &b);
        fr8_mul(&a, &a, &factor);
        fr8_mul(&c, &c, &c_factor);
        fr8_sub(&a, &a, &c, 2);
        fr8_reduce(&a, &a);
        fr8_store(&join->out[i], &a);
    }
    quotient_join_some(join, i, end);
}
#else
#define quotient_join_lanes quotient_join_some
#endif

/* out, which holds c, becomes a b - c. */
static void quotient_join(void *context, size_t part) {
    const quotient_join_t *join = context;
    quotient_join_lanes(join, zk_part_begin(join->n, join->parts, part),
                        zk_part_begin(join->n, join->parts, part + 1));
}

/* 1/n and 1/n^2, canonical. */
static void quotient_factors(quotient_join_t *join, unsigned log_n) {
    fr_t inverse;
    ntt_inverse_of_size(&inverse, log_n);
    fr_from_montgomery(&join->c_factor, &inverse);
    fr_mul(&join->factor, &inverse, &join->c_factor);
}

static zk_status op_quotient(uint64_t *out, uint64_t *scratch, uint64_t *a, uint64_t *b,
                             unsigned log_n, const uint64_t *roots, const uint64_t *double_roots,
                             size_t threads) {
    if (ntt_check(log_n) != ZK_OK) return ZK_BAD_ARGUMENT;
    size_t n = (size_t)1 << log_n, parts = n < 1024 ? 1 : 4 * threads;
    quotient_domain_t domain = {log_n, (const fr_t *)roots, (const fr_t *)double_roots, threads,
                                parts};
    quotient_join_t join = {
        .out = (fr_t *)out, .a = (const fr_t *)a, .b = (const fr_t *)b, .n = n, .parts = parts};
    zk_parallel(threads, parts, quotient_products, &join);
    fr_t *vectors[3] = {(fr_t *)a, (fr_t *)b, (fr_t *)out};
    for (int i = 0; i < 3; i++) quotient_extend(vectors[i], (fr_t *)scratch, &domain);
    quotient_factors(&join, log_n);
    zk_parallel(threads, parts, quotient_join, &join);
    return ZK_OK;
}
