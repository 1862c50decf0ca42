/* Block-wise affine addition for G1 and G2. */
#ifndef ZK_BATCH_ADD_H
#define ZK_BATCH_ADD_H

/* An inversion costs about 90 multiplications: spread over a block it is a small part of each sum,
 * while the block (twice as big in G2) still leaves room in the second-level cache. */
enum { BATCH_ADD_BLOCK = 512, BATCH_ADD_CHAINS = 4 };

#ifdef ZK_HAVE_LANES
#include "batch_add_lanes.h"
#define GROUP g1
#include "batch_add_values_template.h"
#define GROUP g2
#include "batch_add_values_template.h"
#else
#define GROUP g1
#define BASE fp
#include "batch_add_template.h"
#define GROUP g2
#define BASE fp2
#include "batch_add_template.h"
#endif
#endif
