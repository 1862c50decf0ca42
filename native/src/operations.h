/* The dispatch table: one row for each operation that has variants, OP(name, parameters, arguments).
 * A row declares the member of zk_operations, fills it with the kernel `op_<name>` of each variant and
 * defines the public function `zk_<name>` declared in zk.h (the compiler checks that they agree).
 *
 * To add a kernel file: write `static zk_status op_<name>(...)` in it, add its #include line to
 * kernels.h, its declaration to zk.h and its row here. */
#ifndef ZK_OPERATIONS_H
#define ZK_OPERATIONS_H
#include "zk.h"

#define ZK_ELEMENTWISE_PARAMETERS                                                                \
    (uint64_t * out, const uint64_t *a, size_t a_len, const uint64_t *b, size_t b_len)
#define ZK_ELEMENTWISE_ARGUMENTS (out, a, a_len, b, b_len)
#define ZK_MAP_PARAMETERS (uint64_t * out, const uint64_t *a, size_t n)
#define ZK_MAP_ARGUMENTS (out, a, n)
#define ZK_SEARCH_PARAMETERS (int64_t * index, const uint64_t *raw, size_t n)
#define ZK_SEARCH_ARGUMENTS (index, raw, n)

#define ZK_OPERATIONS(OP)                                                                        \
    /* field_vector.c */                                                                         \
    OP(fr_add, ZK_ELEMENTWISE_PARAMETERS, ZK_ELEMENTWISE_ARGUMENTS)                              \
    OP(fr_sub, ZK_ELEMENTWISE_PARAMETERS, ZK_ELEMENTWISE_ARGUMENTS)                              \
    OP(fr_mul, ZK_ELEMENTWISE_PARAMETERS, ZK_ELEMENTWISE_ARGUMENTS)                              \
    OP(fr_neg, ZK_MAP_PARAMETERS, ZK_MAP_ARGUMENTS)                                              \
    OP(fr_inverse, ZK_MAP_PARAMETERS, ZK_MAP_ARGUMENTS)                                          \
    OP(fr_powers, (uint64_t * out, size_t n, const uint64_t *base), (out, n, base))              \
    OP(fr_dot, (uint64_t * out, const uint64_t *a, const uint64_t *b, size_t n), (out, a, b, n)) \
    OP(fr_to_montgomery, ZK_MAP_PARAMETERS, ZK_MAP_ARGUMENTS)                                    \
    OP(fr_from_montgomery, ZK_MAP_PARAMETERS, ZK_MAP_ARGUMENTS)                                  \
    OP(fr_first_noncanonical, ZK_SEARCH_PARAMETERS, ZK_SEARCH_ARGUMENTS)                         \
    OP(fp_mul, ZK_ELEMENTWISE_PARAMETERS, ZK_ELEMENTWISE_ARGUMENTS)                              \
    OP(fp_inverse, ZK_MAP_PARAMETERS, ZK_MAP_ARGUMENTS)                                          \
    OP(fp_to_montgomery, ZK_MAP_PARAMETERS, ZK_MAP_ARGUMENTS)                                    \
    OP(fp_from_montgomery, ZK_MAP_PARAMETERS, ZK_MAP_ARGUMENTS)                                  \
    OP(fp_first_noncanonical, ZK_SEARCH_PARAMETERS, ZK_SEARCH_ARGUMENTS)

typedef struct {
#define ZK_MEMBER(name, parameters, arguments) zk_status(*name) parameters;
    ZK_OPERATIONS(ZK_MEMBER)
#undef ZK_MEMBER
} zk_operations;

/* Each variant translation unit ends with this: the table `zk_operations_<variant>`. */
#define ZK_FILL(name, parameters, arguments) .name = op_##name,
#define ZK_DEFINE_TABLE(table) const zk_operations table = {ZK_OPERATIONS(ZK_FILL)};

extern const zk_operations zk_operations_portable;
#ifdef __x86_64__
extern const zk_operations zk_operations_adx;
#endif
#endif
