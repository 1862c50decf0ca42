/* White-box tests of the eight-lane arithmetic, built with ZK_LANES_VERIFY so that the law of lazy
 * reduction is checked at every operation. The oracle is the scalar arithmetic of the same variant.
 * Run with the argument `break` it breaks the law on purpose and must abort. */
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

/* Eight elements: 0, 1, m - 1, m - 2 and random ones, moved round by `turn`. */
static void fill(limbs_t elements[ZK_LANES], const limbs_t *modulus, int turn) {
    for (int lane = 0; lane < ZK_LANES; lane++) {
        limbs_t *e = &elements[(lane + turn) % ZK_LANES];
        *e = (limbs_t){{random_word(), random_word(), random_word(), random_word() >> 11}};
        if (lane == 0) *e = (limbs_t){{0, 0, 0, 0}};
        if (lane == 1) *e = (limbs_t){{1, 0, 0, 0}};
        if (lane == 2 || lane == 3) *e = *modulus, e->l[0] -= (uint64_t)lane - 1;
    }
}

/* Add k m to a reduced vector: the same elements as large as bound k + 1 allows. */
static void raise(lanes_t *a, const uint64_t modulus[LANES_LIMBS], unsigned k) {
    for (int i = 0; i < LANES_LIMBS; i++)
        a->l[i] = _mm512_add_epi64(a->l[i], lanes_set(k * modulus[i]));
    lanes_carry(a);
    a->bound = k + 1;
}

#define FIELD fr
#define LANES fr8
#include "lanes_checks.h"
#define FIELD fp
#define LANES fp8
#include "lanes_checks.h"

/* Fp2 against the scalar Fp2, operands raised to the largest bounds allowed. */
static int test_fp2(void) {
    for (int turn = 0; turn < 64; turn++) {
        fp2_t a[ZK_LANES], b[ZK_LANES], expected;
        fp_t parts[4][ZK_LANES], got[2][ZK_LANES];
        fp28_t x, y, out;
        for (int i = 0; i < 4; i++) fill(parts[i], &fp_modulus, turn * (i + 1) + turn / 8);
        for (int lane = 0; lane < ZK_LANES; lane++) {
            a[lane] = (fp2_t){parts[0][lane], parts[1][lane]};
            b[lane] = (fp2_t){parts[2][lane], parts[3][lane]};
        }
        fp8_t *numbers[4] = {&x.c0, &x.c1, &y.c0, &y.c1};
        for (int i = 0; i < 4; i++) {
            fp8_load_montgomery(numbers[i], parts[i]);
            fp8_reduce(numbers[i], numbers[i]);
            fp8_canonical(numbers[i], numbers[i]);
            raise(numbers[i], fp8_modulus, i < 2 ? 2 : 6);
        }
#define SAME(operation)                                                                          \
    fp28_reduce(&out, &out);                                                                     \
    fp8_store_montgomery(got[0], &out.c0);                                                       \
    fp8_store_montgomery(got[1], &out.c1);                                                       \
    for (int lane = 0; lane < ZK_LANES; lane++) {                                                \
        operation;                                                                               \
        CHECK(fp_equal(&got[0][lane], &expected.c0) && fp_equal(&got[1][lane], &expected.c1));   \
    }
        fp28_mul(&out, &x, &y);
        SAME(fp2_mul(&expected, &a[lane], &b[lane]))
        fp28_square(&out, &x);
        SAME(fp2_square(&expected, &a[lane]))
        fp28_add(&out, &x, &y);
        SAME(fp2_add(&expected, &a[lane], &b[lane]))
        fp28_sub(&out, &x, &y, 7);
        SAME(fp2_sub(&expected, &a[lane], &b[lane]))
        fp28_scale(&out, &x, &y.c1);
        SAME(fp2_scale(&expected, &a[lane], &b[lane].c1))
        fp28_norm(&out.c0, &x);
        out.c1 = lanes_zero();
        SAME(fp2_norm(&expected.c0, &a[lane]); expected.c1 = fp_zero())
#undef SAME
    }
    return 0;
}

/* Sixteen times the product of eight numbers and a factor w, given as w 2^260, is the scalar
 * product of the integers a and w 2^260. */
static int expect_fixed(const fr_t a[ZK_LANES], const fr_t *w, const lanes_t *product) {
    fr_t got[ZK_LANES], expected;
    lanes_t reduced;
    fr8_reduce(&reduced, product);
    fr8_store(got, &reduced);
    for (int lane = 0; lane < ZK_LANES; lane++) {
        for (int i = 0; i < 4; i++) fr_double(&got[lane], &got[lane]);
        fr_mul(&expected, &a[lane], w);
        CHECK(fr_equal(&got[lane], &expected));
    }
    return 0;
}

/* Products with known factors, operands of every bound, edge values on both sides. */
static int test_fixed(void) {
    for (int turn = 0; turn < 64; turn++) {
        fr_t a[ZK_LANES], w[ZK_LANES];
        fr8_fixed_t fixed[ZK_LANES];
        lanes_t factors, x, product, sum, difference;
        fill(a, &fr_modulus, turn);
        fill(w, &fr_modulus, turn / 8);
        fr8_load(&factors, w);
        fr8_fixed_from(fixed, &factors);
        for (unsigned k = 0; k < LANES_MAX_BOUND; k++) {
            const int lane = (turn + (int)k) % ZK_LANES;
            fr8_load(&x, a);
            raise(&x, fr8_modulus, k);
            fr8_mul_fixed(&product, &x, &fixed[lane]);
            CHECK(product.bound == FR8_FIXED_BOUND);
            if (expect_fixed(a, &w[lane], &product)) return 1;
            sum = lanes_zero(), difference = x;
            fr8_butterfly_fixed(&sum, &difference, &fixed[lane]);
            CHECK(sum.bound == 12 && difference.bound == 12);
            if (expect_fixed(a, &w[lane], &sum)) return 1;
            fr8_neg(&difference, &difference, 12);
            if (expect_fixed(a, &w[lane], &difference)) return 1;
        }
    }
    return 0;
}

#include "ntt_checks.h"

int main(int count, char **arguments) {
    if (count > 1 && strcmp(arguments[1], "break") == 0) {
        lanes_t a;
        fr8_broadcast(&a, &fr_one);
        raise(&a, fr8_modulus, 9);
        fr8_mul(&a, &a, &a); /* 10 * 10 is above 84 */
        return 0;
    }
    int failed = fr8_checks() | fp8_checks() | test_fp2() | test_fixed() | test_transforms();
    if (!failed) puts("lanes ok");
    return failed;
}
