/* Every kernel in portable C: the variant all others are compared with. */
#include "kernel_prelude.h"
#include "arith_portable.h"
#include "kernels.h"
ZK_DEFINE_TABLE(zk_operations_portable)
