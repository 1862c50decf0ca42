/* Fr, the scalar field (r), and Fp, the coordinate field (q in the EVM's text), of BN254. */
#ifndef ZK_FIELDS_H
#define ZK_FIELDS_H

static const limbs_t fr_modulus = {{0x43e1f593f0000001ULL, 0x2833e84879b97091ULL,
                                    0xb85045b68181585dULL, 0x30644e72e131a029ULL}};
static const limbs_t fr_one = {{0xac96341c4ffffffbULL, 0x36fc76959f60cd29ULL,
                                0x666ea36f7879462eULL, 0x0e0a77c19a07df2fULL}};
static const limbs_t fr_r2 = {{0x1bb8e645ae216da7ULL, 0x53fe3ab1e35c59e3ULL, 0x8c49833d53bb8085ULL,
                               0x0216d0b17f4e44a5ULL}};
static const uint64_t fr_minus_inverse = 0xc2e1f593efffffffULL;

static const limbs_t fp_modulus = {{0x3c208c16d87cfd47ULL, 0x97816a916871ca8dULL,
                                    0xb85045b68181585dULL, 0x30644e72e131a029ULL}};
static const limbs_t fp_one = {{0xd35d438dc58f0d9dULL, 0x0a78eb28f5c70b3dULL,
                                0x666ea36f7879462cULL, 0x0e0a77c19a07df2fULL}};
static const limbs_t fp_r2 = {{0xf32cfc5b538afa89ULL, 0xb5e71911d44501fbULL, 0x47ab1eff0a417ff6ULL,
                               0x06d89f71cab8351fULL}};
static const uint64_t fp_minus_inverse = 0x87d20782e4866389ULL;

#define FIELD fr
#include "field_template.h"
#define FIELD fr
#include "inverse_batch_template.h"
#define FIELD fp
#include "field_template.h"
#define FIELD fp
#include "inverse_batch_template.h"
#endif
