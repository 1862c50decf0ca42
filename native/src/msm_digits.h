/* All signed digits of all scalars, window by window: digits[w * stride + i] is digit w of scalar
 * number i. */
#ifndef ZK_MSM_DIGITS_H
#define ZK_MSM_DIGITS_H

/* Scalars first.. of n; adds to nonzero[w] how many digits of window w are not zero. */
static void msm_write_each(int16_t *digits, size_t stride, const digits_t *plan,
                           const limbs_t *scalars, size_t first, size_t end, size_t *nonzero) {
    for (size_t i = first; i < end; i++) {
        const limbs_t shifted = digits_of(plan, &scalars[i]);
        for (unsigned w = 0; w < plan->windows; w++) {
            int32_t digit = digit_at(plan, &shifted, w);
            digits[w * stride + i] = (int16_t)digit;
            nonzero[w] += digit != 0;
        }
    }
}

#ifdef ZK_HAVE_LANES
/* scalars + offset. */
LANES_INLINE void msm_add_offset(lanes_word_t w[4], const limbs_t *offset) {
    const __m512i one = lanes_set(1);
    __mmask8 carry = 0;
    LANES_UNROLL
    for (int i = 0; i < 4; i++) {
        const __m512i sum = _mm512_add_epi64(w[i], lanes_set(offset->l[i]));
        const __mmask8 over = _mm512_cmplt_epu64_mask(sum, w[i]);
        w[i] = _mm512_mask_add_epi64(sum, carry, sum, one);
        carry = over | (carry & _mm512_testn_epi64_mask(w[i], w[i]));
    }
}

static void msm_write_digits(int16_t *digits, size_t stride, const digits_t *plan,
                             const limbs_t *scalars, size_t first, size_t end, size_t *nonzero) {
    const __m512i mask = lanes_set(((uint64_t)1 << plan->width) - 1);
    size_t i = first;
    for (; i + ZK_LANES <= end; i += ZK_LANES) {
        lanes_words_t words;
        lanes_read(&words, scalars[i].l);
        msm_add_offset(words.w, &plan->offset);
        for (unsigned w = 0; w < plan->windows; w++) {
            const unsigned bit = w * plan->width, limb = bit >> 6, shift = bit & 63;
            __m512i digit = _mm512_srl_epi64(words.w[limb], _mm_cvtsi32_si128((int)shift));
            if (shift + plan->width > 64 && limb < 3) {
                const __m128i left = _mm_cvtsi32_si128((int)(64 - shift));
                digit = _mm512_or_si512(digit, _mm512_sll_epi64(words.w[limb + 1], left));
            }
            digit = _mm512_and_si512(digit, mask);
            if (w + 1 < plan->windows)
                digit = _mm512_sub_epi64(digit, lanes_set((uint64_t)1 << (plan->width - 1)));
            _mm_storeu_si128((__m128i *)&digits[w * stride + i], _mm512_cvtepi64_epi16(digit));
            const unsigned set = _mm512_test_epi64_mask(digit, digit);
            nonzero[w] += (unsigned)__builtin_popcount(set);
        }
    }
    msm_write_each(digits, stride, plan, scalars, i, end, nonzero);
}
#else
#define msm_write_digits msm_write_each
#endif
#endif
