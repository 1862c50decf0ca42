/* White-box tests of one variant: compiled with -DVARIANT="variant_portable.c" (or another), so
 * that the static helpers of the kernels are in reach. Prints the first failed line and exits 1. */
#include VARIANT

#include <stdio.h>

#define CHECK(condition)                                                                         \
    do {                                                                                         \
        if (!(condition)) {                                                                      \
            printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                               \
            return 1;                                                                            \
        }                                                                                        \
    } while (0)

static uint64_t random_state = 254;

static uint64_t random_word(void) {
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return random_state ^ (random_state >> 29);
}

/* Below 2^253, hence reduced in both fields. */
static limbs_t random_element(void) {
    limbs_t out = {{random_word(), random_word(), random_word(), random_word() >> 11}};
    return out;
}

static limbs_t edge(const limbs_t *modulus, int which) {
    limbs_t out = {{0, 0, 0, 0}};
    if (which == 1) out.l[0] = 1;
    if (which == 2) out = *modulus, out.l[0] -= 1;
    if (which == 3) out.l[0] = out.l[1] = out.l[2] = UINT64_MAX;
    if (which > 3) out = random_element();
    return out;
}

static int test_multiplication_against_limbs(void) {
    for (int i = 0; i < 16; i++) {
        for (int j = 0; j < 16; j++) {
            fr_t a = edge(&fr_modulus, i), b = edge(&fr_modulus, j), got, expected;
            fr_mul(&got, &a, &b);
            limbs_montgomery_mul(expected.l, a.l, b.l, fr_modulus.l, fr_minus_inverse);
            CHECK(fr_equal(&got, &expected));
            fr_square(&got, &a);
            limbs_montgomery_mul(expected.l, a.l, a.l, fr_modulus.l, fr_minus_inverse);
            CHECK(fr_equal(&got, &expected));
        }
    }
    return 0;
}

static int test_helpers_allow_aliasing(void) {
    fp_t a = random_element(), b = random_element(), sum, product, alias = a;
    fp_add(&sum, &a, &b);
    fp_add(&alias, &alias, &b);
    CHECK(fp_equal(&alias, &sum));
    fp_mul(&product, &a, &a);
    alias = a;
    fp_mul(&alias, &alias, &alias);
    CHECK(fp_equal(&alias, &product));
    fp2_t x = {a, b}, y = {b, a}, z, in_place = x;
    fp2_mul(&z, &x, &y);
    fp2_mul(&in_place, &in_place, &y);
    CHECK(fp2_equal(&z, &in_place));
    return 0;
}

/* The two inversions, and the definition. */
static int test_inverse(void) {
    for (int i = 0; i < 40; i++) {
        fp_t a = edge(&fp_modulus, i), fast, slow, product;
        fp_inverse_vartime(&fast, &a);
        fp_inverse(&slow, &a);
        CHECK(fp_equal(&fast, &slow));
        fp_mul(&product, &a, &fast);
        CHECK(fp_is_zero(&a) ? fp_is_zero(&fast) : fp_equal(&product, &fp_one));
    }
    return 0;
}

static int test_wide_products(void) {
    for (int i = 0; i < 40; i++) {
        fp_t a = edge(&fp_modulus, i % 8), b = edge(&fp_modulus, i / 8), got, expected;
        uint64_t product[8], other[8];
        zk_wide_mul(product, a.l, b.l);
        zk_wide_reduce_full(got.l, product, fp_modulus.l, fp_minus_inverse);
        fp_mul(&expected, &a, &b);
        CHECK(fp_equal(&got, &expected));
        zk_wide_mul(other, a.l, a.l);
        zk_wide_sub(product, other, fp_modulus.l);
        zk_wide_reduce_full(got.l, product, fp_modulus.l, fp_minus_inverse);
        fp_t square;
        fp_square(&square, &a);
        fp_sub(&expected, &expected, &square);
        CHECK(fp_equal(&got, &expected));
    }
    return 0;
}

static int test_negate_if(void) {
    fp_t zero = fp_zero(), a = random_element(), got, expected;
    fp_negate_if(&got, &zero, true);
    CHECK(fp_is_zero(&got));
    fp_negate_if(&got, &a, true);
    fp_neg(&expected, &a);
    CHECK(fp_equal(&got, &expected));
    fp_negate_if(&got, &a, false);
    CHECK(fp_equal(&got, &a));
    return 0;
}

/* Digits of every width are in range and add up to the scalar again (by Horner's rule mod
 * 2^256). */
static int test_digits(void) {
    for (unsigned width = DIGITS_MIN_WIDTH; width <= DIGITS_MAX_WIDTH; width++) {
        digits_t plan = digits_plan(width);
        for (int i = 0; i < 12; i++) {
            limbs_t scalar = edge(&fr_modulus, i), total = {{0, 0, 0, 0}};
            limbs_t shifted = digits_of(&plan, &scalar);
            for (unsigned window = plan.windows; window-- > 0;) {
                int32_t digit = digit_at(&plan, &shifted, window);
                CHECK(abs(digit) <= 1 << (width - 1));
                for (unsigned k = 0; k < width; k++) limbs_add(total.l, total.l, total.l);
                uint64_t sign = digit < 0 ? UINT64_MAX : 0;
                limbs_t wide = {{(uint64_t)(int64_t)digit, sign, sign, sign}};
                limbs_add(total.l, total.l, wide.l);
            }
            CHECK(limbs_equal(total.l, scalar.l));
        }
    }
    return 0;
}

static g1_affine_t generator(void) {
    g1_affine_t g = {fp_one, fp_one};
    fp_double(&g.y, &g.y);
    return g;
}

/* Every special case of a pending sum, more than one block of them, against Jacobian addition. */
static int test_batch_addition(void) {
    static g1_adder_t adder;
    static g1_affine_t points[3 * BATCH_ADD_BLOCK], sums[3 * BATCH_ADD_BLOCK];
    const g1_affine_t infinity = {fp_zero(), fp_zero()}, g = generator();
    const size_t n = 2 * BATCH_ADD_BLOCK + 7;
    g1_jacobian_t walk = g1_from_affine(&g);
    for (size_t i = 0; i < n; i++) {
        if (i % 5 == 1) points[i] = points[i - 1];                     /* doubling */
        else if (i % 5 == 2) g1_affine_neg(&points[i], &points[i - 1]); /* cancelling */
        else if (i % 5 == 4) points[i] = infinity;
        else g1_to_affine(&points[i], &walk);
        g1_add_affine(&walk, &walk, &g);
    }
    g1_adder_reset(&adder);
    for (size_t i = 0; i + 1 < n; i++) g1_adder_push(&adder, &sums[i], &points[i], &points[i + 1]);
    g1_adder_flush(&adder);
    for (size_t i = 0; i + 1 < n; i++) {
        g1_jacobian_t sum = g1_from_affine(&points[i]);
        g1_affine_t expected;
        g1_add_affine(&sum, &sum, &points[i + 1]);
        g1_to_affine(&expected, &sum);
        CHECK(fp_equal(&sums[i].x, &expected.x) && fp_equal(&sums[i].y, &expected.y));
    }
    return 0;
}

/* Products whose operands are sums that were not reduced. */
static int test_fp2_on_edges(void) {
    const fp_t nine = {{0xf60647ce410d7ff7ULL, 0x2f3d6f4dd31bd011ULL, 0x2943337e3940c6d1ULL,
                        0x1d9598e8a7e39857ULL}};
    const fp2_t xi = {nine, fp_one};
    for (int i = 0; i < 64; i++) {
        fp2_t a = {edge(&fp_modulus, i % 8), edge(&fp_modulus, i / 8)}, got, expected;
        fp2_square(&got, &a);
        fp2_mul(&expected, &a, &a);
        CHECK(fp2_equal(&got, &expected));
        got = a;
        fp2_square(&got, &got);
        CHECK(fp2_equal(&got, &expected));
        fp2_mul(&expected, &a, &xi);
        fp2_mul_xi(&got, &a);
        CHECK(fp2_equal(&got, &expected));
        fp2_mul_xi(&a, &a);
        CHECK(fp2_equal(&a, &expected));
    }
    return 0;
}

/* 9 a + b on both sides of every multiple of q: a near k q / 9, b = 0, 1 and q. */
static int test_nine_times(void) {
    limbs_t ninth, start = {{0, 0, 0, 0}};
    u128 rest = 0;
    for (int i = 3; i >= 0; i--) {
        rest = rest << 64 | fp_modulus.l[i];
        ninth.l[i] = (uint64_t)(rest / 9);
        rest %= 9;
    }
    for (int k = 0; k <= 8; k++, limbs_add(start.l, start.l, ninth.l)) {
        for (uint64_t step = 0; step < 10; step++) {
            const limbs_t offset = {{step, 0, 0, 0}};
            for (int which = 0; which < 3; which++) {
                fp_t a = start, b = edge(&fp_modulus, which), got, expected = fp_zero();
                if (which == 2) b = fp_modulus;
                limbs_add(a.l, a.l, offset.l);
                for (int i = 0; i < 9; i++) fp_add(&expected, &expected, &a);
                if (which != 2) fp_add(&expected, &expected, &b);
                fp_nine_times_plus(&got, &a, &b);
                CHECK(fp_equal(&got, &expected));
            }
        }
    }
    return 0;
}

static void fill_fp12(fp12_t *a) {
    limbs_t *words = (limbs_t *)a;
    for (int i = 0; i < 12; i++) words[i] = random_element();
}

/* Sparse products against full ones, and a^x against square and multiply. */
static int test_tower_shortcuts(void) {
    fp12_t a, b, line = fp12_one(), got, expected;
    fill_fp12(&a);
    fill_fp12(&b);
    line.c1 = (fp6_t){b.c0.c0, b.c0.c1, fp2_zero()};
    fp12_mul(&expected, &a, &line);
    fp12_mul_monic_line(&got, &a, &line.c1.c0, &line.c1.c1);
    CHECK(fp12_equal(&got, &expected));
    line.c0.c0 = b.c0.c2;
    fp12_mul(&expected, &a, &line);
    fp12_mul_line(&a, &a, &line.c0.c0, &line.c1.c0, &line.c1.c1);
    CHECK(fp12_equal(&a, &expected));
    easy_part(&b);
    expected = fp12_one();
    for (int i = 62; i >= 0; i--) {
        fp12_square(&expected, &expected);
        if ((4965661367192848881ULL >> i) & 1) fp12_mul(&expected, &expected, &b);
    }
    power_x(&got, &b);
    CHECK(fp12_equal(&got, &expected));
    return 0;
}

static int test_tower(void) {
    fp12_t a, b, product, power, one = fp12_one();
    limbs_t *words = (limbs_t *)&a;
    for (int i = 0; i < 12; i++) words[i] = random_element();
    fp12_inverse_vartime(&b, &a);
    fp12_mul(&product, &a, &b);
    CHECK(fp12_equal(&product, &one));
    fp12_square(&b, &a);
    fp12_mul(&product, &a, &a);
    CHECK(fp12_equal(&b, &product));
    power = one; /* a^q by square and multiply */
    for (int i = 253; i >= 0; i--) {
        fp12_mul(&power, &power, &power);
        if ((fp_modulus.l[i >> 6] >> (i & 63)) & 1) fp12_mul(&power, &power, &a);
    }
    fp12_frobenius(&b, &a);
    CHECK(fp12_equal(&b, &power));
    easy_part(&a); /* into the cyclotomic subgroup */
    fp12_cyclotomic_square(&b, &a);
    fp12_mul(&product, &a, &a);
    CHECK(fp12_equal(&b, &product));
    return 0;
}

struct sum_job {
    atomic_size_t total;
    size_t depth;
};

static void add_index(void *context, size_t i) {
    struct sum_job *job = context;
    atomic_fetch_add(&job->total, i);
    if (job->depth == 0) return;
    struct sum_job inner = {0, 0};
    zk_parallel(4, 10, add_index, &inner); /* a call from inside a task must not wait for itself */
    atomic_fetch_add(&job->total, inner.total);
}

static int test_pool(void) {
    for (size_t threads = 1; threads < 9; threads++) {
        struct sum_job job = {0, 1};
        zk_parallel(threads, 100, add_index, &job);
        CHECK(job.total == 4950 + 100 * 45);
        zk_parallel(threads, 0, add_index, &job);
        CHECK(zk_part_begin(10, threads, 0) == 0 && zk_part_begin(10, threads, threads) == 10);
    }
    return 0;
}

/* Scratch of exactly the size asked for: the address sanitizer sees a word too many. */
static int test_scratch_sizes(void) {
    enum { N = 300 };
    static uint64_t points[8 * N], scalars[4 * N];
    const g1_affine_t g = generator();
    for (size_t i = 0; i < N; i++) {
        limbs_t scalar = random_element();
        memcpy(points + 8 * i, &g, sizeof g);
        memcpy(scalars + 4 * i, &scalar, sizeof scalar);
    }
    for (size_t threads = 1; threads < 4; threads++) {
        uint64_t words, plan[3], sum[8], *multiples = malloc(N * sizeof(g1_affine_t));
        const zk_sum job = {.group = 1, .out = sum, .points = points, .scalars = scalars, .n = N};
        CHECK(op_msm_many_scratch_words(&words, &job, 1, threads) == ZK_OK);
        uint64_t *scratch = malloc(words * sizeof(uint64_t));
        CHECK(op_msm_many(scratch, &job, 1, threads) == ZK_OK);
        free(scratch);
        CHECK(op_fixed_base_plan(plan, 1, N, threads) == ZK_OK);
        uint64_t *table = malloc(plan[1] * sizeof(uint64_t));
        scratch = malloc(plan[2] * sizeof(uint64_t));
        CHECK(op_g1_fixed_base_table(table, scratch, points, plan[0], threads) == ZK_OK);
        op_g1_fixed_base_mul(multiples, scratch, table, plan[0], scalars, N, threads);
        free(table);
        g1_jacobian_t total = g1_infinity();
        for (size_t i = 0; i < N; i++)
            g1_add_affine(&total, &total, (const g1_affine_t *)multiples + i);
        g1_affine_t expected;
        g1_to_affine(&expected, &total);
        CHECK(memcmp(&expected, sum, sizeof expected) == 0);
        free(scratch);
        CHECK(op_combine_scratch_words(&words, 1, N, threads) == ZK_OK);
        scratch = malloc(words * sizeof(uint64_t));
        uint64_t *scaled = malloc(N * sizeof(g1_affine_t));
        op_g1_scale(scaled, scratch, points, scalars, N, threads);
        CHECK(memcmp(scaled, multiples, N * sizeof(g1_affine_t)) == 0);
        free(scaled);
        free(scratch);
        free(multiples);
    }
    return 0;
}

int main(void) {
    return test_multiplication_against_limbs() || test_helpers_allow_aliasing() || test_inverse() ||
           test_wide_products() || test_negate_if() || test_digits() || test_batch_addition() ||
           test_fp2_on_edges() || test_nine_times() || test_tower_shortcuts() || test_tower() || test_pool() || test_scratch_sizes();
}
