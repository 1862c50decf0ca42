/* What every kernel file may use, whatever the variant. */
#ifndef ZK_KERNEL_PRELUDE_H
#define ZK_KERNEL_PRELUDE_H
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "limbs.h"
#include "names.h"
#include "operations.h"
#include "pool.h"
/* Inline helpers that a variant or a white-box test may leave unused. */
#define ZK_UNUSED __attribute__((unused))

#define ZK_CACHE_LINE 64

/* The first cache line that begins in scratch; callers leave room for one more. */
ZK_UNUSED static inline void *zk_align(uint64_t *scratch) {
    return scratch + (ZK_CACHE_LINE - (uintptr_t)scratch % ZK_CACHE_LINE) / sizeof(uint64_t);
}

/* Ask for `bytes` at address before they are needed. */
ZK_UNUSED static inline void zk_prefetch(const void *address, size_t bytes) {
    for (size_t i = 0; i < bytes; i += 64) __builtin_prefetch((const char *)address + i);
}

ZK_UNUSED static inline void zk_prefetch_write(const void *address, size_t bytes) {
    for (size_t i = 0; i < bytes; i += 64) __builtin_prefetch((const char *)address + i, 1);
}
/* The same, but no nearer than the second-level cache. */
ZK_UNUSED static inline void zk_prefetch_far(const void *address, size_t bytes) {
    for (size_t i = 0; i < bytes; i += 64) __builtin_prefetch((const char *)address + i, 1, 2);
}
#endif
