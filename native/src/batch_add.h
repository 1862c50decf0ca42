/* Block-wise affine addition for G1 and G2. */
#ifndef ZK_BATCH_ADD_H
#define ZK_BATCH_ADD_H

/* One field inversion costs about 400 multiplications: spread over a block it adds under half a
 * multiplication to each sum, while the block still fits the second-level cache. */
enum { BATCH_ADD_BLOCK = 1024 };

#define GROUP g1
#define BASE fp
#include "batch_add_template.h"
#define GROUP g2
#define BASE fp2
#include "batch_add_template.h"
#endif
