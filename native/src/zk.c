#include "zk.h"

int zk_abi_version(void) { return 1; }
