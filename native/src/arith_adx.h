/* The multiplication-level primitives in x86-64 assembly: MULX keeps the flags alive, ADCX and ADOX
 * carry two chains at once. Constant time. The operand m must be a modulus below 2^254, so that
 * four limbs and no extra carry word hold every intermediate (limbs_montgomery_mul has the method).
 *
 * Operands are named in the templates: t0..t3 the accumulator, c the running high word, lo and hi
 * temporaries, a b m the addresses of inputs, m0..m3 the limbs of m, k the constant -1/m mod 2^64.
 * rdx is MULX's multiplier. The bound is the multiplier port: a product takes 36 word products. */
#ifndef ZK_ARITH_ADX_H
#define ZK_ARITH_ADX_H

/* An input: its address in a register, and the four limbs there as read. */
#define ZK_INPUT(name, pointer) [name] "r"(pointer), "m"(*(const uint64_t(*)[4])(pointer))

/* (t0, t1, t2, t3, c) = a * b[0]. */
#define ZK_ROW_FIRST                                                                             \
    "movq (%[b]), %%rdx\n\t"                                                                     \
    "mulxq (%[a]), %[t0], %[t1]\n\t"                                                             \
    "mulxq 8(%[a]), %[lo], %[t2]\n\t"                                                            \
    "addq %[lo], %[t1]\n\t"                                                                      \
    "mulxq 16(%[a]), %[lo], %[t3]\n\t"                                                           \
    "adcq %[lo], %[t2]\n\t"                                                                      \
    "mulxq 24(%[a]), %[lo], %[c]\n\t"                                                            \
    "adcq %[lo], %[t3]\n\t"                                                                      \
    "adcq $0, %[c]\n\t"

/* (low, t1, t2, t3, c) = (low, t1, t2, t3) + a * b[i]; `at` is the byte offset of b[i]. */
#define ZK_ROW(at, low)                                                                          \
    "movq " at "(%[b]), %%rdx\n\t"                                                               \
    "xorl %k[lo], %k[lo]\n\t"                                                                    \
    "mulxq (%[a]), %[lo], %[c]\n\t"                                                              \
    "adoxq %[lo], %[" low "]\n\t"                                                                \
    "adcxq %[c], %[t1]\n\t"                                                                      \
    "mulxq 8(%[a]), %[lo], %[c]\n\t"                                                             \
    "adoxq %[lo], %[t1]\n\t"                                                                     \
    "adcxq %[c], %[t2]\n\t"                                                                      \
    "mulxq 16(%[a]), %[lo], %[c]\n\t"                                                            \
    "adoxq %[lo], %[t2]\n\t"                                                                     \
    "adcxq %[c], %[t3]\n\t"                                                                      \
    "mulxq 24(%[a]), %[lo], %[c]\n\t"                                                            \
    "adoxq %[lo], %[t3]\n\t"                                                                     \
    "adcxq %[zero], %[c]\n\t"                                                                    \
    "adoxq %[zero], %[c]\n\t"

/* (next, t1, t2, t3) = ((low, t1, t2, t3, c) + m * q) / 2^64, where q = low * k makes it whole. */
#define ZK_ROW_REDUCE(low, next)                                                                 \
    "movq %[k], %%rdx\n\t"                                                                       \
    "imulq %[" low "], %%rdx\n\t"                                                                \
    "xorl %k[lo], %k[lo]\n\t"                                                                    \
    "mulxq %[m0], %[lo], %[" next "]\n\t"                                                        \
    "adcxq %[" low "], %[lo]\n\t"                                                                \
    "adcxq %[t1], %[" next "]\n\t"                                                               \
    "mulxq %[m1], %[lo], %[t1]\n\t"                                                              \
    "adoxq %[lo], %[" next "]\n\t"                                                               \
    "adcxq %[t2], %[t1]\n\t"                                                                     \
    "mulxq %[m2], %[lo], %[t2]\n\t"                                                              \
    "adoxq %[lo], %[t1]\n\t"                                                                     \
    "adcxq %[t3], %[t2]\n\t"                                                                     \
    "mulxq %[m3], %[lo], %[t3]\n\t"                                                              \
    "adoxq %[lo], %[t2]\n\t"                                                                     \
    "adcxq %[zero], %[t3]\n\t"                                                                   \
    "adoxq %[c], %[t3]\n\t"

/* t = (t + m * (t[0] * k mod 2^64)) / 2^64, then `top` is added to the highest word. */
#define ZK_REDUCE_ROW(top)                                                                       \
    "movq %[k], %%rdx\n\t"                                                                       \
    "imulq %[t0], %%rdx\n\t"                                                                     \
    "xorl %k[lo], %k[lo]\n\t"                                                                    \
    "mulxq (%[m]), %[lo], %[hi]\n\t"                                                               \
    "adcxq %[t0], %[lo]\n\t"                                                                     \
    "movq %[hi], %[t0]\n\t"                                                                      \
    "adcxq %[t1], %[t0]\n\t"                                                                     \
    "mulxq 8(%[m]), %[lo], %[t1]\n\t"                                                             \
    "adoxq %[lo], %[t0]\n\t"                                                                     \
    "adcxq %[t2], %[t1]\n\t"                                                                     \
    "mulxq 16(%[m]), %[lo], %[t2]\n\t"                                                            \
    "adoxq %[lo], %[t1]\n\t"                                                                     \
    "adcxq %[t3], %[t2]\n\t"                                                                     \
    "mulxq 24(%[m]), %[lo], %[t3]\n\t"                                                            \
    "adoxq %[lo], %[t2]\n\t"                                                                     \
    "movl $0, %k[lo]\n\t"                                                                        \
    "adcxq %[lo], %[t3]\n\t"                                                                     \
    "adoxq " top ", %[t3]\n\t"

/* t = t >= m ? t - m : t, for t < 2m. */
#define ZK_SUBTRACT_ONCE                                                                         \
    "movq %[t0], %[lo]\n\t"                                                                      \
    "subq (%[m]), %[lo]\n\t"                                                                       \
    "movq %[t1], %[hi]\n\t"                                                                      \
    "sbbq 8(%[m]), %[hi]\n\t"                                                                     \
    "movq %[t2], %[c]\n\t"                                                                       \
    "sbbq 16(%[m]), %[c]\n\t"                                                                     \
    "movq %[t3], %%rdx\n\t"                                                                      \
    "sbbq 24(%[m]), %%rdx\n\t"                                                                    \
    "cmovncq %[lo], %[t0]\n\t"                                                                   \
    "cmovncq %[hi], %[t1]\n\t"                                                                   \
    "cmovncq %[c], %[t2]\n\t"                                                                    \
    "cmovncq %%rdx, %[t3]\n\t"

static const uint64_t zk_zero_word = 0; /* spares the instruction that would clear a register */

#define ZK_STORE(out, t0, t1, t2, t3) \
    ((out)[0] = (t0), (out)[1] = (t1), (out)[2] = (t2), (out)[3] = (t3))

/* out = a + b mod m for a, b < m. */
static inline void zk_mod_add(uint64_t out[4], const uint64_t a[4], const uint64_t b[4],
                              const uint64_t m[4]) {
    uint64_t t0 = a[0], t1 = a[1], t2 = a[2], t3 = a[3], lo, hi, c;
    __asm__("addq (%[b]), %[t0]\n\t"
            "adcq 8(%[b]), %[t1]\n\t"
            "adcq 16(%[b]), %[t2]\n\t"
            "adcq 24(%[b]), %[t3]\n\t" ZK_SUBTRACT_ONCE
            : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [lo] "=&r"(lo),
              [hi] "=&r"(hi), [c] "=&r"(c)
            : ZK_INPUT(b, b), ZK_INPUT(m, m)
            : "rdx", "cc");
    ZK_STORE(out, t0, t1, t2, t3);
}

/* out = a - b mod m for a, b < m. */
static inline void zk_mod_sub(uint64_t out[4], const uint64_t a[4], const uint64_t b[4],
                              const uint64_t m[4]) {
    uint64_t t0 = a[0], t1 = a[1], t2 = a[2], t3 = a[3], f0 = 0, f1 = 0, f2 = 0, f3 = 0;
    __asm__("subq (%[b]), %[t0]\n\t"
            "sbbq 8(%[b]), %[t1]\n\t"
            "sbbq 16(%[b]), %[t2]\n\t"
            "sbbq 24(%[b]), %[t3]\n\t"
            "cmovcq (%[m]), %[f0]\n\t"
            "cmovcq 8(%[m]), %[f1]\n\t"
            "cmovcq 16(%[m]), %[f2]\n\t"
            "cmovcq 24(%[m]), %[f3]\n\t"
            "addq %[f0], %[t0]\n\t"
            "adcq %[f1], %[t1]\n\t"
            "adcq %[f2], %[t2]\n\t"
            "adcq %[f3], %[t3]\n\t"
            : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [f0] "+&r"(f0),
              [f1] "+&r"(f1), [f2] "+&r"(f2), [f3] "+&r"(f3)
            : ZK_INPUT(b, b), ZK_INPUT(m, m)
            : "cc");
    ZK_STORE(out, t0, t1, t2, t3);
}

/* out = a * b / 2^256 mod m. Rows of the product and of the reduction take turns, each reduction
 * leaving its lowest word in the register that the one before it freed: hi, t0, hi, t0. */
static inline void zk_montgomery_mul(uint64_t out[4], const uint64_t a[4], const uint64_t b[4],
                                     const uint64_t m[4], uint64_t minus_inverse) {
    uint64_t t0, t1, t2, t3, lo, hi, c;
    __asm__(ZK_ROW_FIRST ZK_ROW_REDUCE("t0", "hi")
            ZK_ROW("8", "hi") ZK_ROW_REDUCE("hi", "t0")
            ZK_ROW("16", "t0") ZK_ROW_REDUCE("t0", "hi")
            ZK_ROW("24", "hi") ZK_ROW_REDUCE("hi", "t0")
            "movq %[t0], %[lo]\n\t"
            "subq %[m0], %[lo]\n\t"
            "movq %[t1], %[hi]\n\t"
            "sbbq %[m1], %[hi]\n\t"
            "movq %[t2], %[c]\n\t"
            "sbbq %[m2], %[c]\n\t"
            "movq %[t3], %%rdx\n\t"
            "sbbq %[m3], %%rdx\n\t"
            "cmovncq %[lo], %[t0]\n\t"
            "cmovncq %[hi], %[t1]\n\t"
            "cmovncq %[c], %[t2]\n\t"
            "cmovncq %%rdx, %[t3]\n\t"
            : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [lo] "=&r"(lo),
              [hi] "=&r"(hi), [c] "=&r"(c)
            : ZK_INPUT(a, a), ZK_INPUT(b, b), [m0] "m"(m[0]), [m1] "m"(m[1]), [m2] "m"(m[2]),
              [m3] "m"(m[3]), [k] "rm"(minus_inverse), [zero] "m"(zk_zero_word)
            : "rdx", "cc");
    ZK_STORE(out, t0, t1, t2, t3);
}

/* t + 2^256 (c, h1, h2, h3) = a^2: six cross products, doubled, plus four squares. */
#define ZK_WIDE_SQUARE                                                                           \
    "movq (%[a]), %%rdx\n\t"                                                                       \
    "mulxq 8(%[a]), %[t1], %[t2]\n\t"                                                             \
    "mulxq 16(%[a]), %[lo], %[t3]\n\t"                                                            \
    "addq %[lo], %[t2]\n\t"                                                                      \
    "mulxq 24(%[a]), %[lo], %[c]\n\t"                                                            \
    "adcq %[lo], %[t3]\n\t"                                                                      \
    "adcq $0, %[c]\n\t"                                                                         \
    "movq 8(%[a]), %%rdx\n\t"                                                                     \
    "xorl %k[lo], %k[lo]\n\t"                                                                    \
    "mulxq 16(%[a]), %[lo], %[hi]\n\t"                                                            \
    "adcxq %[lo], %[t3]\n\t"                                                                     \
    "adoxq %[hi], %[c]\n\t"                                                                     \
    "mulxq 24(%[a]), %[lo], %[h1]\n\t"                                                            \
    "adcxq %[lo], %[c]\n\t"                                                                     \
    "movl $0, %k[lo]\n\t"                                                                        \
    "adcxq %[lo], %[h1]\n\t"                                                                     \
    "adoxq %[lo], %[h1]\n\t"                                                                     \
    "movq 16(%[a]), %%rdx\n\t"                                                                    \
    "mulxq 24(%[a]), %[lo], %[h2]\n\t"                                                            \
    "addq %[lo], %[h1]\n\t"                                                                      \
    "adcq $0, %[h2]\n\t"                                                                         \
    "movq (%[a]), %%rdx\n\t"                                                                       \
    "mulxq %%rdx, %[t0], %[hi]\n\t"                                                              \
    "xorl %k[h3], %k[h3]\n\t"                                                                    \
    "adcxq %[t1], %[t1]\n\t"                                                                     \
    "adoxq %[hi], %[t1]\n\t"                                                                     \
    "movq 8(%[a]), %%rdx\n\t"                                                                     \
    "mulxq %%rdx, %[lo], %[hi]\n\t"                                                              \
    "adcxq %[t2], %[t2]\n\t"                                                                     \
    "adoxq %[lo], %[t2]\n\t"                                                                     \
    "adcxq %[t3], %[t3]\n\t"                                                                     \
    "adoxq %[hi], %[t3]\n\t"                                                                     \
    "movq 16(%[a]), %%rdx\n\t"                                                                    \
    "mulxq %%rdx, %[lo], %[hi]\n\t"                                                              \
    "adcxq %[c], %[c]\n\t"                                                                     \
    "adoxq %[lo], %[c]\n\t"                                                                     \
    "adcxq %[h1], %[h1]\n\t"                                                                     \
    "adoxq %[hi], %[h1]\n\t"                                                                     \
    "movq 24(%[a]), %%rdx\n\t"                                                                    \
    "mulxq %%rdx, %[lo], %[hi]\n\t"                                                              \
    "adcxq %[h2], %[h2]\n\t"                                                                     \
    "adoxq %[lo], %[h2]\n\t"                                                                     \
    "adcxq %[h3], %[h3]\n\t"                                                                     \
    "adoxq %[hi], %[h3]\n\t"

/* out = a^2 / 2^256 mod m: 30 multiplications instead of 36. c is word 0 of h. */
static inline void zk_montgomery_square(uint64_t out[4], const uint64_t a[4], const uint64_t m[4],
                                        uint64_t minus_inverse) {
    uint64_t t0, t1, t2, t3, h0, h1, h2, h3, lo, hi;
    __asm__(ZK_WIDE_SQUARE
            ZK_REDUCE_ROW("%[lo]") ZK_REDUCE_ROW("%[lo]") ZK_REDUCE_ROW("%[lo]")
            ZK_REDUCE_ROW("%[lo]")
            "addq %[c], %[t0]\n\t"
            "adcq %[h1], %[t1]\n\t"
            "adcq %[h2], %[t2]\n\t"
            "adcq %[h3], %[t3]\n\t" ZK_SUBTRACT_ONCE
            : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [c] "=&r"(h0),
              [h1] "=&r"(h1), [h2] "=&r"(h2), [h3] "=&r"(h3), [lo] "=&r"(lo), [hi] "=&r"(hi)
            : ZK_INPUT(a, a), ZK_INPUT(m, m), [k] "rm"(minus_inverse)
            : "rdx", "cc");
    ZK_STORE(out, t0, t1, t2, t3);
}

#include "wide_adx.h"

#undef ZK_INPUT
#undef ZK_ROW_FIRST
#undef ZK_ROW
#undef ZK_ROW_REDUCE
#undef ZK_REDUCE_ROW
#undef ZK_SUBTRACT_ONCE
#undef ZK_WIDE_SQUARE
#undef ZK_STORE
#endif
