#ifndef TALLYSTICK_ZK_H
#define TALLYSTICK_ZK_H
#include <stddef.h>
#include <stdint.h>
/* --- cffi begin --- */
int zk_abi_version(void);
/* --- cffi end --- */
#endif
