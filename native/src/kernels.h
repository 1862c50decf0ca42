/* The unity list. A variant translation unit includes one arith_*.h, then this file: every kernel is
 * compiled again, static, over that variant's field arithmetic. Order is dependency order. */
#ifndef ZK_KERNELS_H
#define ZK_KERNELS_H
#include <string.h>

#include "fields.h"
#include "square_root.h"
#include "wide.h"
#include "wipe.h"
/* kernels */
#include "field_vector.c"
#include "blake512.c"
#include "poseidon.c"
#include "babyjubjub.c"
#include "eddsa.c"
#include "witness.c"
#include "witness_check.c"
#endif
