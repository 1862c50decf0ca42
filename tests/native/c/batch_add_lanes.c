/* White-box tests of the eight-lane adder, built with ZK_LANES_VERIFY: sums of all kinds of
 * operands, in blocks of all kinds of lengths, against the scalar formulas. These hold for any pairs
 * (x, y) whose x differ, so that random ones serve as points. */
#include VARIANT

#include <stdio.h>

#define CHECK(condition)                                                                         \
    do {                                                                                         \
        if (!(condition)) {                                                                      \
            printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                               \
            return 1;                                                                            \
        }                                                                                        \
    } while (0)

static uint64_t random_state = 254;

static uint64_t random_word(void) {
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return random_state ^ (random_state >> 29);
}

enum { POOL = 12, MOST = 3 * g1_add_sums };

#define GROUP g1
#include "batch_add_lanes_checks.h"
#define GROUP g2
#include "batch_add_lanes_checks.h"

int main(void) {
    int failed = g1_checks() | g2_checks();
    if (!failed) puts("lanes adder ok");
    return failed;
}
