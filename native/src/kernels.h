/* The unity list. A variant translation unit includes one arith_*.h, then this file: every kernel
 * is compiled again, static, over that variant's field arithmetic. Order is dependency order. */
#ifndef ZK_KERNELS_H
#define ZK_KERNELS_H
/* what kernels are made of */
#include "inverse.h"
#include "fields.h"
#include "square_root.h"
#include "wide.h"
#include "wipe.h"
#include "fp2.h"
#include "curves.h"
#ifdef ZK_HAVE_LANES
#include "lanes.h"
#endif
#include "tower.h"
#include "miller.h"
#include "final_exponentiation.h"
#include "poseidon_rounds.h"
#ifdef ZK_HAVE_LANES
#include "poseidon_lanes.h"
#endif
#include "batch_add.h"
#include "digits.h"
#include "glv.h"
/* kernels */
#include "field_vector.c"
#include "field_rate.c"
#include "ntt.c"
#include "quotient.c"
#include "sparse.c"
#include "assignment.c"
#include "copy_rows.c"
#include "sparse_transpose.c"
#include "zkey_terms.c"
#include "curve_vector.c"
#include "subgroup.c"
#include "msm.c"
#include "fixed_base.c"
#include "combine.c"
#include "pairing.c"
#include "table_sum.c"
#include "blake512.c"
#include "keccak.c"
#include "poseidon.c"
#include "babyjubjub.c"
#include "eddsa.c"
#include "witness_poseidon.c"
#include "witness.c"
#include "witness_group.c"
#include "witness_check.c"
#endif
