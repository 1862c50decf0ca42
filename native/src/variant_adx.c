/* Every kernel over MULX/ADCX/ADOX arithmetic (Intel since Broadwell, AMD since Zen). */
#include "kernel_prelude.h"
#ifdef __x86_64__
#include "arith_adx.h"
#include "kernels.h"
ZK_DEFINE_TABLE(zk_operations_adx)
#endif
