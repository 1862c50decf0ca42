/* What every kernel file may use, whatever the variant. */
#ifndef ZK_KERNEL_PRELUDE_H
#define ZK_KERNEL_PRELUDE_H
#include <stdatomic.h>
#include <string.h>

#include "limbs.h"
#include "names.h"
#include "operations.h"
#include "pool.h"
/* Inline helpers that a variant or a white-box test may leave unused. */
#define ZK_UNUSED __attribute__((unused))
#endif
