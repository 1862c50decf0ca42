/* One pool of worker threads for the whole library. */
#ifndef ZK_POOL_H
#define ZK_POOL_H
#include <stddef.h>

typedef void (*zk_task)(void *context, size_t index);

/* Run task(context, i) for every i < count, on the calling thread and up to threads - 1 workers,
 * and return when all have run. Tasks may run in any order. A call from inside a task, or while
 * another thread uses the pool, runs on the calling thread alone. */
void zk_parallel(size_t threads, size_t count, zk_task task, void *context);

/* The half-open range [first, last) of part `index` when n items are cut in `parts`. */
static inline size_t zk_part_begin(size_t n, size_t parts, size_t index) {
    return n / parts * index + (index < n % parts ? index : n % parts);
}
#endif
