/* The unity list. A variant translation unit includes one arith_*.h, then this file: every kernel is
 * compiled again, static, over that variant's field arithmetic. Order is dependency order. */
#ifndef ZK_KERNELS_H
#define ZK_KERNELS_H
#include "fields.h"
#include "field_vector.c"
#endif
