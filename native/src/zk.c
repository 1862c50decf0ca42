/* Dispatch: choose a variant once, at run time, and send every operation of zk.h to it. */
#include "zk.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "operations.h"
#include "self_check.h"

enum { VARIANTS = 3 };

static const char *const variant_names[VARIANTS] = {"portable", "adx", "ifma"};
static const zk_operations *const variant_tables[VARIANTS] = {
    &zk_operations_portable,
#ifdef __x86_64__
    &zk_operations_adx,
    &zk_operations_ifma,
#endif
};

static pthread_once_t chosen_once = PTHREAD_ONCE_INIT;
static int active = -1;
static zk_status failure = ZK_SELF_CHECK; /* why no variant is active, when none is */

int zk_abi_version(void) { return 2; }

static int machine_has(int variant) {
#ifdef __x86_64__
    __builtin_cpu_init();
    const int adx = __builtin_cpu_supports("bmi2") && zk_cpu_has_adx();
    if (variant == 1) return adx;
    if (variant == 2) return adx && zk_cpu_has_lanes();
#endif
    return variant == 0;
}

int zk_variant_available(int variant) {
    return variant >= 0 && variant < VARIANTS && variant_tables[variant] && machine_has(variant);
}

/* Make `variant` the active one if it is there and agrees with the portable code. */
static zk_status activate(int variant) {
    if (!zk_variant_available(variant)) return ZK_UNSUPPORTED;
    zk_status status = zk_self_check(variant_tables[variant], variant_tables[0]);
    if (status == ZK_OK) active = variant;
    return status;
}

static void choose(void) {
    const char *forced = getenv("TALLYSTICK_NATIVE");
    if (forced && *forced) {
        int wanted = -1;
        for (int v = 0; v < VARIANTS; v++)
            if (strcmp(forced, variant_names[v]) == 0) wanted = v;
        failure = activate(wanted);
        return;
    }
    for (int v = VARIANTS - 1; v >= 0; v--)
        if (zk_variant_available(v) && activate(v) == ZK_OK) return;
}

int zk_variant_active(void) {
    pthread_once(&chosen_once, choose);
    return active;
}

zk_status zk_variant_force(int variant) {
    pthread_once(&chosen_once, choose);
    return activate(variant);
}

#define ZK_DEFINE_PUBLIC(name, parameters, arguments)                                            \
    zk_status zk_##name parameters {                                                             \
        int variant = zk_variant_active();                                                       \
        return variant < 0 ? failure : variant_tables[variant]->name arguments;                  \
    }
ZK_OPERATIONS(ZK_DEFINE_PUBLIC)
