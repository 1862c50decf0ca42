/* A variant is used only after it gave the same bytes as the portable code. */
#ifndef ZK_SELF_CHECK_H
#define ZK_SELF_CHECK_H
#include "operations.h"

/* ZK_OK, or ZK_SELF_CHECK when the two tables disagree. */
zk_status zk_self_check(const zk_operations *variant, const zk_operations *portable);

#ifdef __x86_64__
/* gcc's __builtin_cpu_supports does not know "adx" in every version. */
int zk_cpu_has_adx(void);

/* All that lanes.h needs. */
int zk_cpu_has_lanes(void);
#endif
#endif
