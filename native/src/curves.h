/* G1: y^2 = x^3 + 3 over Fp, of prime order r. G2: y^2 = x^3 + 3/(9 + u) over Fp2, the twist; its
 * group has a cofactor, so being on the curve does not mean being in the subgroup of order r. */
#ifndef ZK_CURVES_H
#define ZK_CURVES_H

static const fp_t g1_b = {{0x7a17caa950ad28d7ULL, 0x1f6ac17ae15521b9ULL, 0x334bea4e696bd284ULL,
                           0x2a1f6744ce179d8eULL}};
static const fp2_t g2_b = {{{0x3bf938e377b802a8ULL, 0x020b1b273633535dULL, 0x26b7edf049755260ULL,
                             0x2514c6324384a86dULL}},
                           {{0x38e7ecccd1dcff67ULL, 0x65f0b37d93ce0d3eULL, 0xd749d0dd22ac00aaULL,
                             0x0141b9ce4a688d4dULL}}};

#define GROUP g1
#define BASE fp
#include "curve_template.h"
#define GROUP g2
#define BASE fp2
#include "curve_template.h"
#endif
