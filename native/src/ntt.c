/* Number-theoretic transforms over Fr, natural order on both sides. Large ones run on lanes where
 * there are any (ntt_lanes.h); the others are Stockham's autosort, radix 4: between passes the data
 * moves from one buffer to another, and `roots` holds the first n/2 powers of the primitive n-th
 * root of unity w.
 *
 * Other kernels may call ntt_check, ntt_transform, ntt_inverse_of_size and ntt_run; from
 * NTT_LANES_MIN_LOG on ntt_extend_on_lanes, too. */

typedef enum { NTT_FORWARD, NTT_INVERSE, NTT_ODD_COSET, NTT_ODD_COSET_INVERSE } ntt_kind_t;

/* A pass over sub-transforms of length `length` and stride `stride` (length * stride = n). */
typedef struct {
    fr_t *out;
    const fr_t *in, *roots;
    size_t n, length, stride, parts;
} ntt_pass_t;

/* w^i for i < n. */
static inline void ntt_root(fr_t *out, const ntt_pass_t *pass, size_t i) {
    size_t half = pass->n / 2;
    if (i < half)
        *out = pass->roots[i];
    else
        fr_neg(out, &pass->roots[i - half]);
}

/* For each p < length/4, q < stride (numbered t = p stride + q): the four-point transform of inputs
 * p, p + length/4, .. twisted by w_length^p, to places 4p .. 4p + 3. */
static void ntt_radix4(void *context, size_t part) {
    const ntt_pass_t *pass = context;
    size_t s = pass->stride, quarter = pass->n / 4;
    size_t end = zk_part_begin(quarter, pass->parts, part + 1);
    for (size_t t = zk_part_begin(quarter, pass->parts, part); t < end;) {
        size_t p = t / s, q = t % s, stop = (p + 1) * s < end ? s : end - p * s;
        fr_t w1, w2, w3;
        ntt_root(&w1, pass, p * s);
        ntt_root(&w2, pass, 2 * p * s);
        ntt_root(&w3, pass, 3 * p * s);
        t += stop - q;
        for (; q < stop; q++) {
            const fr_t *in = pass->in + p * s + q;
            fr_t *out = pass->out + 4 * p * s + q;
            fr_t sum02, diff02, sum13, diff13;
            fr_add(&sum02, &in[0], &in[2 * quarter]);
            fr_sub(&diff02, &in[0], &in[2 * quarter]);
            fr_add(&sum13, &in[quarter], &in[3 * quarter]);
            fr_sub(&diff13, &in[quarter], &in[3 * quarter]);
            fr_mul(&diff13, &diff13, &pass->roots[quarter]);
            fr_add(&out[0], &sum02, &sum13);
            fr_sub(&sum02, &sum02, &sum13);
            fr_add(&sum13, &diff02, &diff13);
            fr_sub(&diff02, &diff02, &diff13);
            if (p == 0) {
                out[s] = sum13;
                out[2 * s] = sum02;
                out[3 * s] = diff02;
                continue;
            }
            fr_mul(&out[s], &sum13, &w1);
            fr_mul(&out[2 * s], &sum02, &w2);
            fr_mul(&out[3 * s], &diff02, &w3);
        }
    }
}

/* The last pass when log n is odd: length 2, no twist. */
static void ntt_radix2(void *context, size_t part) {
    const ntt_pass_t *pass = context;
    size_t half = pass->n / 2;
    size_t end = zk_part_begin(half, pass->parts, part + 1);
    for (size_t q = zk_part_begin(half, pass->parts, part); q < end; q++) {
        fr_t sum;
        fr_add(&sum, &pass->in[q], &pass->in[q + half]);
        fr_sub(&pass->out[q + half], &pass->in[q], &pass->in[q + half]);
        pass->out[q] = sum;
    }
}

/* out = transform of in. Passes write to out and scratch in turn, the last to out; in may be the
 * one that the first pass does not write. */
static void ntt_run(fr_t *out, fr_t *scratch, const fr_t *in, unsigned log_n, const fr_t *roots,
                    size_t threads) {
    size_t n = (size_t)1 << log_n, parts = n < 1024 ? 1 : 4 * threads;
    ntt_pass_t pass = {out, in, roots, n, n, 1, parts};
    unsigned passes = (log_n + 1) / 2;
    if (passes == 0) *out = *in;
    for (unsigned i = 0; i < passes; i++) {
        /* alternate so that the last pass writes to out */
        pass.out = (passes - i) % 2 ? out : scratch;
        bool four = pass.length >= 4;
        zk_parallel(threads, pass.parts, four ? ntt_radix4 : ntt_radix2, &pass);
        pass.length /= four ? 4 : 2;
        pass.stride *= four ? 4 : 2;
        pass.in = pass.out;
    }
}

/* v[i] *= z^i w_2n^i or its inverse, or the reversal and scaling that end an inverse transform. */
typedef struct {
    fr_t *values;
    const fr_t *double_roots; /* the n powers of w_2n, or NULL */
    fr_t scale;
    size_t n, parts;
} ntt_twist_t;

static void ntt_shift(void *context, size_t part) {
    const ntt_twist_t *twist = context;
    size_t end = zk_part_begin(twist->n, twist->parts, part + 1);
    for (size_t i = zk_part_begin(twist->n, twist->parts, part); i < end; i++)
        fr_mul(&twist->values[i], &twist->values[i], &twist->double_roots[i]);
}

/* scale * value, also times w_2n^-i = -w_2n^(n - i) when the domain is the odd coset. */
static inline void ntt_finish_one(fr_t *out, const fr_t *value, const ntt_twist_t *twist,
                                  size_t i) {
    fr_mul(out, value, &twist->scale);
    if (twist->double_roots == NULL || i == 0) return;
    fr_mul(out, out, &twist->double_roots[twist->n - i]);
    fr_neg(out, out);
}

/* A forward transform is an inverse one up to the order v[i] <-> v[n - i] and the factor 1/n. */
static void ntt_finish_inverse(void *context, size_t part) {
    const ntt_twist_t *twist = context;
    fr_t *v = twist->values;
    size_t last = twist->n / 2 + 1, end = zk_part_begin(last, twist->parts, part + 1);
    for (size_t i = zk_part_begin(last, twist->parts, part); i < end; i++) {
        size_t mirror = i == 0 ? 0 : twist->n - i;
        fr_t low = v[i];
        ntt_finish_one(&v[i], &v[mirror], twist, i);
        if (mirror != i) ntt_finish_one(&v[mirror], &low, twist, mirror);
    }
}

static void ntt_inverse_of_size(fr_t *out, unsigned log_n) {
    fr_t size = {{(uint64_t)1 << log_n, 0, 0, 0}};
    fr_to_montgomery(&size, &size);
    fr_inverse_vartime(out, &size);
}

/* w = 5^((r - 1) / 2^log_n), of order 2^log_n, or 1/w. */
static fr_t ntt_root_of_unity(unsigned log_n, bool inverse) {
    static const fr_t roots_of_2_to_28[2] = {{{0x636e735580d13d9cULL, 0xa22bf3742445ffd6ULL,
                                               0x56452ac01eb203d8ULL, 0x1860ef942963f9e7ULL}},
                                             {{0x89bcc016584bb683ULL, 0xe8d9887f0164a50cULL,
                                               0x755e95cb795eda3dULL, 0x0f572b871323b130ULL}}};
    fr_t root = roots_of_2_to_28[inverse];
    for (unsigned i = log_n; i < 28; i++) fr_square(&root, &root);
    return root;
}

#ifdef ZK_HAVE_LANES
#include "ntt_lanes.h"
#else
enum { NTT_LANES_MIN_LOG = 64 }; /* never */
#define ntt_on_lanes(...) ((void)0)
#define ntt_extend_on_lanes(...) ((void)0)
#endif

static void ntt_on_scalars(fr_t *out, fr_t *scratch, const fr_t *values, unsigned log_n,
                           ntt_kind_t kind, const fr_t *roots, const fr_t *double_roots,
                           size_t threads) {
    const size_t n = (size_t)1 << log_n, parts = n < 1024 ? 1 : 4 * threads;
    ntt_twist_t twist = {out, double_roots, fr_zero(), n, parts};
    if (kind == NTT_ODD_COSET) {
        /* shift in the buffer that the first pass does not write */
        twist.values = (log_n + 1) / 2 % 2 ? scratch : out;
        memcpy(twist.values, values, n * sizeof(fr_t));
        zk_parallel(threads, parts, ntt_shift, &twist);
        values = twist.values;
    }
    ntt_run(out, scratch, values, log_n, roots, threads);
    if (kind == NTT_FORWARD || kind == NTT_ODD_COSET) return;
    if (kind == NTT_INVERSE) twist.double_roots = NULL;
    ntt_inverse_of_size(&twist.scale, log_n);
    zk_parallel(threads, parts, ntt_finish_inverse, &twist);
}

static zk_status ntt_check(unsigned log_n) { return log_n <= 27 ? ZK_OK : ZK_BAD_ARGUMENT; }

/* out = the transform of values, which stay as they are; scratch holds n elements, too. */
static void ntt_transform(fr_t *out, fr_t *scratch, const fr_t *values, unsigned log_n,
                          ntt_kind_t kind, const fr_t *roots, const fr_t *double_roots,
                          size_t threads) {
    if (log_n >= NTT_LANES_MIN_LOG)
        ntt_on_lanes(out, scratch, values, log_n, kind, threads);
    else
        ntt_on_scalars(out, scratch, values, log_n, kind, roots, double_roots, threads);
}

/* How many powers of the 2^log_n-th root of unity a transform may read, of this size or, as double
 * roots, of half of it. Those on lanes make their own. */
static zk_status op_ntt_root_count(uint64_t *count, unsigned log_n) {
    if (log_n > 28) return ZK_BAD_ARGUMENT;
    *count = log_n == 0 || log_n > NTT_LANES_MIN_LOG ? 1 : (uint64_t)1 << (log_n - 1);
    return ZK_OK;
}

/* 1, w, w^2, .. for the 2^log_n-th root of unity: count of them. */
static zk_status op_ntt_roots(uint64_t *out, size_t count, unsigned log_n) {
    if (log_n > 28) return ZK_BAD_ARGUMENT;
    fr_t root = ntt_root_of_unity(log_n, false), power = fr_one;
    for (size_t i = 0; i < count; i++) {
        ((fr_t *)out)[i] = power;
        fr_mul(&power, &power, &root);
    }
    return ZK_OK;
}

#define NTT_OPERATION(name, kind, double_roots, ...)                                             \
    static zk_status name(uint64_t *out, uint64_t *scratch, const uint64_t *values,              \
                          unsigned log_n, const uint64_t *roots, __VA_ARGS__ size_t threads) {   \
        if (ntt_check(log_n) != ZK_OK) return ZK_BAD_ARGUMENT;                                   \
        ntt_transform((fr_t *)out, (fr_t *)scratch, (const fr_t *)values, log_n, kind,           \
                      (const fr_t *)roots, double_roots, threads);                               \
        return ZK_OK;                                                                            \
    }
#define NTT_WITH_DOUBLE const uint64_t *double_roots,
NTT_OPERATION(op_ntt, NTT_FORWARD, NULL, )
NTT_OPERATION(op_ntt_inverse, NTT_INVERSE, NULL, )
NTT_OPERATION(op_ntt_odd_coset, NTT_ODD_COSET, (const fr_t *)double_roots, NTT_WITH_DOUBLE)
NTT_OPERATION(op_ntt_odd_coset_inverse, NTT_ODD_COSET_INVERSE, (const fr_t *)double_roots,
              NTT_WITH_DOUBLE)
#undef NTT_OPERATION
#undef NTT_WITH_DOUBLE
