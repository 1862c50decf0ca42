/* Forget secrets: a store that the compiler may not remove. */
#ifndef ZK_WIPE_H
#define ZK_WIPE_H

ZK_UNUSED static void zk_wipe(void *secret, size_t bytes) {
    memset(secret, 0, bytes);
    __asm__ volatile("" : : "r"(secret) : "memory");
}
#endif
