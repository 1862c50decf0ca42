/* Every kernel over MULX/ADX arithmetic, and eight lanes of AVX-512 IFMA where a kernel has work for
 * them (Intel since Ice Lake, AMD since Zen 4). Kernels ask for lanes with `#ifdef ZK_HAVE_LANES`. */
#ifdef __x86_64__
#pragma GCC target("adx,bmi,bmi2,avx512f,avx512vl,avx512dq,avx512bw,avx512ifma,avx512vbmi2")
#define ZK_HAVE_LANES 1
#include "kernel_prelude.h"

#include "arith_adx.h"
#include "kernels.h"
ZK_DEFINE_TABLE(zk_operations_ifma)
#endif
