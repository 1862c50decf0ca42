/* Signed digits of scalars below r: k = sum of d_w 2^(c w), |d_w| <= 2^(c-1). Adding the offset sum
 * of 2^(c-1) 2^(c w) to k makes every digit plus 2^(c-1) an ordinary window of the sum, so any
 * digit is found without walking through the carries of those below. The top window has bits to
 * spare (c windows >= 255), is not offset and never negative. */
#ifndef ZK_DIGITS_H
#define ZK_DIGITS_H

enum { DIGITS_MIN_WIDTH = 2, DIGITS_MAX_WIDTH = 16 };

typedef struct {
    unsigned width;   /* c */
    unsigned windows; /* enough for scalars below r < 2^254 */
    limbs_t offset;
} digits_t;

ZK_UNUSED static digits_t digits_plan(unsigned width) {
    digits_t plan = {width, (254 + width) / width, {{0, 0, 0, 0}}};
    for (unsigned w = 0; w + 1 < plan.windows; w++) {
        unsigned bit = w * width + width - 1;
        plan.offset.l[bit >> 6] |= 1ULL << (bit & 63);
    }
    return plan;
}

/* k + offset, which digit_at reads. */
static inline limbs_t digits_of(const digits_t *plan, const limbs_t *scalar) {
    limbs_t shifted;
    limbs_add(shifted.l, scalar->l, plan->offset.l);
    return shifted;
}

static inline int32_t digit_at(const digits_t *plan, const limbs_t *shifted, unsigned window) {
    unsigned bit = window * plan->width, limb = bit >> 6, shift = bit & 63;
    uint64_t word = shifted->l[limb] >> shift;
    if (shift + plan->width > 64 && limb < 3) word |= shifted->l[limb + 1] << (64 - shift);
    int32_t biased = (int32_t)(word & ((1ULL << plan->width) - 1));
    return window + 1 == plan->windows ? biased : biased - (int32_t)(1u << (plan->width - 1));
}
#endif
