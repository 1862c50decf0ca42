/* The checks of a build with -DZK_LANES_VERIFY: every number of lanes.h carries its bound, and an
 * operation that would break the law aborts with its name. In other builds these are empty. */
#ifndef ZK_LANES_VERIFY_H
#define ZK_LANES_VERIFY_H
#ifdef ZK_LANES_VERIFY
#include <stdio.h>

#define LANES_BOUND(number) ((number)->bound)
#define LANES_SET_BOUND(number, value) ((number)->bound = (value))

static void lanes_require(bool holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "lanes.h: the law of lazy reduction is broken: %s\n", what);
    abort();
}

/* Normal limbs, and below bound * modulus. */
static void lanes_verify_number(const lanes_t *a, const uint64_t modulus[LANES_LIMBS]) {
    uint64_t limbs[LANES_LIMBS][ZK_LANES], limit[LANES_LIMBS];
    u128 carry = 0;
    for (int i = 0; i < LANES_LIMBS; i++) {
        memcpy(limbs[i], &a->l[i], sizeof limbs[i]);
        carry += (u128)modulus[i] * a->bound;
        limit[i] = (uint64_t)carry & lanes_mask;
        carry >>= LANES_LIMB_BITS;
    }
    lanes_require(carry == 0 && a->bound <= LANES_MAX_BOUND, "a bound above 84");
    for (int lane = 0; lane < ZK_LANES; lane++) {
        bool zero = true, less = false;
        for (int i = 0; i < LANES_LIMBS; i++) {
            lanes_require(limbs[i][lane] <= lanes_mask, "a limb that is not normal");
            zero &= limbs[i][lane] == 0;
            if (limbs[i][lane] != limit[i]) less = limbs[i][lane] < limit[i];
        }
        lanes_require(zero || less, "a number that is not below its bound");
    }
}

#define lanes_verify_max(out, a, b)                                                              \
    LANES_SET_BOUND(out, LANES_BOUND(a) > LANES_BOUND(b) ? LANES_BOUND(a) : LANES_BOUND(b))
#define lanes_verify_product(acc, a, b)                                                          \
    LANES_SET_BOUND(acc, LANES_BOUND(acc) + LANES_BOUND(a) * LANES_BOUND(b))
#else
#define LANES_BOUND(number) 0u
#define LANES_SET_BOUND(number, value) ((void)0)
#define lanes_require(holds, what) ((void)0)
#define lanes_verify_number(number, modulus) ((void)0)
#define lanes_verify_max(out, a, b) ((void)0)
#define lanes_verify_product(acc, a, b) ((void)0)
#endif
#endif
