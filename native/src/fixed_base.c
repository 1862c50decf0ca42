/* Multiplication of one fixed point by many scalars, for the trusted set-up. */

/* The width for n scalars: the table costs windows * 2^(c-1) additions, the products n *
 * windows. */
static unsigned fixed_base_width(size_t n) {
    unsigned width = 3;
    while (width < DIGITS_MAX_WIDTH && ((size_t)1 << width) * 4 < n) width++;
    return width;
}

enum { FIXED_BASE_AHEAD = 8 }; /* digits whose places in the table are asked for early */

#define GROUP g1
#include "fixed_base_template.h"
#define GROUP g2
#include "fixed_base_template.h"

static bool fixed_base_is_sound(int group, uint64_t width) {
    return (group == 1 || group == 2) && width >= DIGITS_MIN_WIDTH && width <= DIGITS_MAX_WIDTH;
}

/* plan: the width for n scalars in all, words of the table, words of scratch. */
static zk_status op_fixed_base_plan(uint64_t *plan, int group, size_t n, size_t threads) {
    unsigned width = fixed_base_width(n);
    if (!fixed_base_is_sound(group, width)) return ZK_BAD_ARGUMENT;
    plan[0] = width;
    plan[1] = group == 1 ? g1_fixed_table_words(width) : g2_fixed_table_words(width);
    plan[2] = group == 1 ? g1_fixed_scratch(threads) : g2_fixed_scratch(threads);
    return ZK_OK;
}

#define FIXED_BASE_OPERATION(GROUP, number)                                                      \
    static zk_status op_##GROUP##_fixed_base_table ZK_FIXED_TABLE_PARAMETERS {                   \
        if (!fixed_base_is_sound(number, width)) return ZK_BAD_ARGUMENT;                         \
        GROUP##_fixed_table(table, scratch, base, (unsigned)width, threads);                     \
        return ZK_OK;                                                                            \
    }                                                                                            \
    static zk_status op_##GROUP##_fixed_base_mul ZK_FIXED_MUL_PARAMETERS {                       \
        if (!fixed_base_is_sound(number, width)) return ZK_BAD_ARGUMENT;                         \
        GROUP##_fixed_run(out, scratch, table, (unsigned)width, scalars, n, threads);            \
        return ZK_OK;                                                                            \
    }

FIXED_BASE_OPERATION(g1, 1)
FIXED_BASE_OPERATION(g2, 2)
#undef FIXED_BASE_OPERATION
