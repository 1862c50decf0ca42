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

/* First row of a product: p0..p4 = a * (lowest limb of b). */
#define ZK_WIDE_ROW_FIRST                                                                        \
    "movq (%[b]), %%rdx\n\t"                                                                     \
    "mulxq (%[a]), %[t0], %[t1]\n\t"                                                             \
    "mulxq 8(%[a]), %[lo], %[t2]\n\t"                                                            \
    "addq %[lo], %[t1]\n\t"                                                                      \
    "mulxq 16(%[a]), %[lo], %[t3]\n\t"                                                           \
    "adcq %[lo], %[t2]\n\t"                                                                      \
    "mulxq 24(%[a]), %[lo], %[t4]\n\t"                                                           \
    "adcq %[lo], %[t3]\n\t"                                                                      \
    "adcq $0, %[t4]\n\t"

/* Add a * (the limb of b at byte `at`) to p0..p3; p4 becomes the new highest word. */
#define ZK_WIDE_ROW_NEXT(at, p0, p1, p2, p3, p4)                                                 \
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
    "mulxq 24(%[a]), %[lo], %[" p4 "]\n\t"                                                       \
    "adoxq %[lo], %[" p3 "]\n\t"                                                                 \
    "movl $0, %k[lo]\n\t"                                                                        \
    "adcxq %[lo], %[" p4 "]\n\t"                                                                 \
    "adoxq %[lo], %[" p4 "]\n\t"

/* out = a * b, any two 256-bit integers. */
static inline void zk_wide_mul(uint64_t out[8], const uint64_t a[4], const uint64_t b[4]) {
    uint64_t t0, t1, t2, t3, t4, t5, t6, t7, lo, hi;
    __asm__(ZK_WIDE_ROW_FIRST
            ZK_WIDE_ROW_NEXT("8", "t1", "t2", "t3", "t4", "t5")
            ZK_WIDE_ROW_NEXT("16", "t2", "t3", "t4", "t5", "t6")
            ZK_WIDE_ROW_NEXT("24", "t3", "t4", "t5", "t6", "t7")
            : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4),
              [t5] "=&r"(t5), [t6] "=&r"(t6), [t7] "=&r"(t7), [lo] "=&r"(lo), [hi] "=&r"(hi)
            : ZK_INPUT(a, a), ZK_INPUT(b, b)
            : "rdx", "cc");
    ZK_STORE(out, t0, t1, t2, t3);
    ZK_STORE(out + 4, t4, t5, t6, t7);
}

/* out = a + b, below 2^256. */
static inline void zk_add_unreduced(uint64_t out[4], const uint64_t a[4], const uint64_t b[4]) {
    uint64_t t0 = a[0], t1 = a[1], t2 = a[2], t3 = a[3];
    __asm__("addq (%[b]), %[t0]\n\t"
            "adcq 8(%[b]), %[t1]\n\t"
            "adcq 16(%[b]), %[t2]\n\t"
            "adcq 24(%[b]), %[t3]\n\t"
            : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3)
            : ZK_INPUT(b, b)
            : "cc");
    ZK_STORE(out, t0, t1, t2, t3);
}

/* out = a - b, which is not negative. */
static inline void zk_sub_unreduced(uint64_t out[4], const uint64_t a[4], const uint64_t b[4]) {
    uint64_t t0 = a[0], t1 = a[1], t2 = a[2], t3 = a[3];
    __asm__("subq (%[b]), %[t0]\n\t"
            "sbbq 8(%[b]), %[t1]\n\t"
            "sbbq 16(%[b]), %[t2]\n\t"
            "sbbq 24(%[b]), %[t3]\n\t"
            : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3)
            : ZK_INPUT(b, b)
            : "cc");
    ZK_STORE(out, t0, t1, t2, t3);
}

#define ZK_WIDE_SUB(x)                                                                           \
    "subq (%[" x "]), %[t0]\n\t"                                                                 \
    "sbbq 8(%[" x "]), %[t1]\n\t"                                                                \
    "sbbq 16(%[" x "]), %[t2]\n\t"                                                               \
    "sbbq 24(%[" x "]), %[t3]\n\t"                                                               \
    "sbbq 32(%[" x "]), %[t4]\n\t"                                                               \
    "sbbq 40(%[" x "]), %[t5]\n\t"                                                               \
    "sbbq 48(%[" x "]), %[t6]\n\t"                                                               \
    "sbbq 56(%[" x "]), %[t7]\n\t"
#define ZK_WIDE_ACCUMULATOR(acc)                                                                 \
    [t0] "+&r"((acc)[0]), [t1] "+&r"((acc)[1]), [t2] "+&r"((acc)[2]), [t3] "+&r"((acc)[3]),      \
        [t4] "+&r"((acc)[4]), [t5] "+&r"((acc)[5]), [t6] "+&r"((acc)[6]), [t7] "+&r"((acc)[7])

/* acc = acc - b - c, which is not negative. */
static inline void zk_wide_sub_two(uint64_t acc[8], const uint64_t b[8], const uint64_t c[8]) {
    __asm__(ZK_WIDE_SUB("b") ZK_WIDE_SUB("c")
            : ZK_WIDE_ACCUMULATOR(acc)
            : [b] "r"(b), "m"(*(const uint64_t(*)[8])b), [c] "r"(c),
              "m"(*(const uint64_t(*)[8])c)
            : "cc");
}

/* acc = acc - b, plus 2^256 m if that is negative. */
static inline void zk_wide_sub(uint64_t acc[8], const uint64_t b[8], const uint64_t m[4]) {
    uint64_t mask, f0, f1, f2, f3;
    __asm__(ZK_WIDE_SUB("b") "sbbq %[mask], %[mask]\n\t"
            : ZK_WIDE_ACCUMULATOR(acc), [mask] "=&r"(mask)
            : [b] "r"(b), "m"(*(const uint64_t(*)[8])b)
            : "cc");
    f0 = m[0] & mask, f1 = m[1] & mask, f2 = m[2] & mask, f3 = m[3] & mask;
    __asm__("addq %[f0], %[t4]\n\t"
            "adcq %[f1], %[t5]\n\t"
            "adcq %[f2], %[t6]\n\t"
            "adcq %[f3], %[t7]\n\t"
            : [t4] "+&r"(acc[4]), [t5] "+&r"(acc[5]), [t6] "+&r"(acc[6]), [t7] "+&r"(acc[7])
            : [f0] "r"(f0), [f1] "r"(f1), [f2] "r"(f2), [f3] "r"(f3)
            : "cc");
}

/* out = acc / 2^256 mod m, reduced, for acc < 2^256 m. */
static inline void zk_wide_reduce_full(uint64_t out[4], const uint64_t acc[8], const uint64_t m[4],
                                       uint64_t minus_inverse) {
    uint64_t t0 = acc[0], t1 = acc[1], t2 = acc[2], t3 = acc[3], lo, hi, c;
    __asm__(ZK_REDUCE_ROW("%[lo]") ZK_REDUCE_ROW("%[lo]") ZK_REDUCE_ROW("%[lo]")
            ZK_REDUCE_ROW("%[lo]")
            "addq (%[h]), %[t0]\n\t"
            "adcq 8(%[h]), %[t1]\n\t"
            "adcq 16(%[h]), %[t2]\n\t"
            "adcq 24(%[h]), %[t3]\n\t" ZK_SUBTRACT_ONCE
            : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [lo] "=&r"(lo),
              [hi] "=&r"(hi), [c] "=&r"(c)
            : ZK_INPUT(h, acc + 4), ZK_INPUT(m, m), [k] "rm"(minus_inverse)
            : "rdx", "cc");
    ZK_STORE(out, t0, t1, t2, t3);
}
#undef ZK_WIDE_ROW_FIRST
#undef ZK_WIDE_ROW_NEXT
#undef ZK_WIDE_SUB
#undef ZK_WIDE_ACCUMULATOR
#undef ZK_WIDE_ROW
#undef ZK_WIDE_CARRY
#endif
