/* Self-check of a variant: products and sums of both fields, on edge and pseudo-random operands. */
#include "self_check.h"

#include <string.h>
#ifdef __x86_64__
#include <cpuid.h>

int zk_cpu_has_adx(void) {
    unsigned a, b, c, d;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & (1u << 19)) != 0;
}

/* The compiler's own test also asks whether the system saves the wide registers. */
int zk_cpu_has_lanes(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512ifma") && __builtin_cpu_supports("avx512vbmi2");
}
#endif

enum { SAMPLES = 64 };

/* Operands below 2^253, hence below both moduli; 0 and 1 lead. */
static void fill(uint64_t *words, uint64_t state) {
    for (size_t i = 0; i < 4 * SAMPLES; i++) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        words[i] = state ^ (state >> 29);
        if (i % 4 == 3) words[i] >>= 11;
    }
    memset(words, 0, 8 * sizeof *words);
    words[4] = 1;
}

zk_status zk_self_check(const zk_operations *variant, const zk_operations *portable) {
    uint64_t a[4 * SAMPLES], b[4 * SAMPLES], got[4 * SAMPLES], expected[4 * SAMPLES];
    fill(a, 1);
    fill(b, 2);
#define COMPARE(name)                                                                            \
    variant->name(got, a, SAMPLES, b, SAMPLES);                                                  \
    portable->name(expected, a, SAMPLES, b, SAMPLES);                                            \
    if (memcmp(got, expected, sizeof got) != 0) return ZK_SELF_CHECK;
    COMPARE(fr_mul)
    COMPARE(fr_add)
    COMPARE(fr_sub)
    COMPARE(fp_mul)
#undef COMPARE
    /* Poseidon with b as its parameters (width 2, one partial round): the unreduced sums. */
    variant->poseidon_permute(got, a, SAMPLES / 2, 2, 1, b, 28, 1);
    portable->poseidon_permute(expected, a, SAMPLES / 2, 2, 1, b, 28, 1);
    if (memcmp(got, expected, sizeof got) != 0) return ZK_SELF_CHECK;
    variant->fr_inverse(got, a, SAMPLES);
    portable->fr_inverse(expected, a, SAMPLES);
    return memcmp(got, expected, sizeof got) == 0 ? ZK_OK : ZK_SELF_CHECK;
}
