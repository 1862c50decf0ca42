/* Unreduced products in MULX/ADX assembly. Included by arith_adx.h, whose macros it uses. */
#ifndef ZK_WIDE_ADX_H
#define ZK_WIDE_ADX_H

/* Add a * (the limb of b at byte `at`) to p0..p4; the carries go on through the limbs above, which
 * `propagate` lists. lo is zero while they do. */
#define ZK_WIDE_ROW(at, p0, p1, p2, p3, p4, propagate)                                           \
    "movq " at "(%[b]), %%rdx\n\t"                                                               \
    "xorl %k[lo], %k[lo]\n\t"                                                                    \
    "mulxq (%[a]), %[lo], %[hi]\n\t"                                                             \
    "adoxq %[lo], %[" p0 "]\n\t"                                                                 \
    "adcxq %[hi], %[" p1 "]\n\t"                                                                 \
    "mulxq 8(%[a]), %[lo], %[hi]\n\t"                                                            \
    "adoxq %[lo], %[" p1 "]\n\t"                                                                 \
    "adcxq %[hi], %[" p2 "]\n\t"                                                                 \
    "mulxq 16(%[a]), %[lo], %[hi]\n\t"                                                           \
    "adoxq %[lo], %[" p2 "]\n\t"                                                                 \
    "adcxq %[hi], %[" p3 "]\n\t"                                                                 \
    "mulxq 24(%[a]), %[lo], %[hi]\n\t"                                                           \
    "adoxq %[lo], %[" p3 "]\n\t"                                                                 \
    "adcxq %[hi], %[" p4 "]\n\t"                                                                 \
    "movl $0, %k[lo]\n\t"                                                                        \
    "adoxq %[lo], %[" p4 "]\n\t" propagate
#define ZK_WIDE_CARRY(p)                                                                         \
    "adcxq %[lo], %[" p "]\n\t"                                                                  \
    "adoxq %[lo], %[" p "]\n\t"

/* acc += a * b, below 2^512. */
static inline void zk_wide_mul_add(uint64_t acc[8], const uint64_t a[4], const uint64_t b[4]) {
    uint64_t lo, hi;
    __asm__(ZK_WIDE_ROW("0", "t0", "t1", "t2", "t3", "t4",
                        ZK_WIDE_CARRY("t5") ZK_WIDE_CARRY("t6") ZK_WIDE_CARRY("t7"))
            ZK_WIDE_ROW("8", "t1", "t2", "t3", "t4", "t5",
                        ZK_WIDE_CARRY("t6") ZK_WIDE_CARRY("t7"))
            ZK_WIDE_ROW("16", "t2", "t3", "t4", "t5", "t6", ZK_WIDE_CARRY("t7"))
            ZK_WIDE_ROW("24", "t3", "t4", "t5", "t6", "t7", "")
            : [t0] "+&r"(acc[0]), [t1] "+&r"(acc[1]), [t2] "+&r"(acc[2]), [t3] "+&r"(acc[3]),
              [t4] "+&r"(acc[4]), [t5] "+&r"(acc[5]), [t6] "+&r"(acc[6]), [t7] "+&r"(acc[7]),
              [lo] "=&r"(lo), [hi] "=&r"(hi)
            : ZK_INPUT(a, a), ZK_INPUT(b, b)
            : "rdx", "cc");
}

/* out = acc / 2^256 mod m, not fully reduced: below acc / 2^256 + m, which is below 2^256. */
static inline void zk_wide_reduce(uint64_t out[4], const uint64_t acc[8], const uint64_t m[4],
                                  uint64_t minus_inverse) {
    uint64_t t0 = acc[0], t1 = acc[1], t2 = acc[2], t3 = acc[3], lo, hi;
    __asm__(ZK_REDUCE_ROW("%[lo]") ZK_REDUCE_ROW("%[lo]") ZK_REDUCE_ROW("%[lo]")
            ZK_REDUCE_ROW("%[lo]")
            "addq (%[h]), %[t0]\n\t"
            "adcq 8(%[h]), %[t1]\n\t"
            "adcq 16(%[h]), %[t2]\n\t"
            "adcq 24(%[h]), %[t3]\n\t"
            : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [lo] "=&r"(lo),
              [hi] "=&r"(hi)
            : ZK_INPUT(h, acc + 4), ZK_INPUT(m, m), [k] "rm"(minus_inverse)
            : "rdx", "cc");
    ZK_STORE(out, t0, t1, t2, t3);
}
#undef ZK_WIDE_ROW
#undef ZK_WIDE_CARRY
#endif
