/* Between eight elements in memory, four words of 64 bits each, and five vectors of 52-bit limbs. */
#ifndef ZK_LANES_PACK_H
#define ZK_LANES_PACK_H

/* Word i of eight elements. */
typedef struct {
    lanes_word_t w[4];
} lanes_words_t;

static const uint64_t lanes_even_words[8] = {0, 4, 8, 12, 1, 5, 9, 13};
static const uint64_t lanes_odd_words[8] = {2, 6, 10, 14, 3, 7, 11, 15};

/* pairs[i] holds elements 2i and 2i + 1. */
LANES_INLINE void lanes_transpose_in(lanes_words_t *out, const lanes_word_t pairs[4]) {
    const __m512i even = _mm512_loadu_si512(lanes_even_words);
    const __m512i odd = _mm512_loadu_si512(lanes_odd_words);
    __m512i low01 = _mm512_permutex2var_epi64(pairs[0], even, pairs[1]);
    __m512i low23 = _mm512_permutex2var_epi64(pairs[0], odd, pairs[1]);
    __m512i high01 = _mm512_permutex2var_epi64(pairs[2], even, pairs[3]);
    __m512i high23 = _mm512_permutex2var_epi64(pairs[2], odd, pairs[3]);
    out->w[0] = _mm512_shuffle_i64x2(low01, high01, 0x44);
    out->w[1] = _mm512_shuffle_i64x2(low01, high01, 0xee);
    out->w[2] = _mm512_shuffle_i64x2(low23, high23, 0x44);
    out->w[3] = _mm512_shuffle_i64x2(low23, high23, 0xee);
}

LANES_INLINE void lanes_transpose_out(lanes_word_t pairs[4], const lanes_words_t *in) {
    const __m512i even = _mm512_loadu_si512(lanes_even_words);
    const __m512i odd = _mm512_loadu_si512(lanes_odd_words);
    __m512i low01 = _mm512_shuffle_i64x2(in->w[0], in->w[1], 0x44);
    __m512i high01 = _mm512_shuffle_i64x2(in->w[0], in->w[1], 0xee);
    __m512i low23 = _mm512_shuffle_i64x2(in->w[2], in->w[3], 0x44);
    __m512i high23 = _mm512_shuffle_i64x2(in->w[2], in->w[3], 0xee);
    pairs[0] = _mm512_permutex2var_epi64(low01, even, low23);
    pairs[1] = _mm512_permutex2var_epi64(low01, odd, low23);
    pairs[2] = _mm512_permutex2var_epi64(high01, even, high23);
    pairs[3] = _mm512_permutex2var_epi64(high01, odd, high23);
}

/* Eight consecutive elements. */
LANES_INLINE void lanes_read(lanes_words_t *out, const uint64_t *elements) {
    __m512i pairs[4];
    for (int i = 0; i < 4; i++) pairs[i] = _mm512_loadu_si512(elements + 8 * i);
    lanes_transpose_in(out, pairs);
}

LANES_INLINE void lanes_write(uint64_t *elements, const lanes_words_t *in) {
    __m512i pairs[4];
    lanes_transpose_out(pairs, in);
    for (int i = 0; i < 4; i++) _mm512_storeu_si512(elements + 8 * i, pairs[i]);
}

/* Eight elements from anywhere. */
LANES_INLINE void lanes_read_from(lanes_words_t *out, const limbs_t *const elements[8]) {
    __m512i pairs[4];
    for (int i = 0; i < 4; i++) {
        __m256i low = _mm256_loadu_si256((const __m256i *)elements[2 * i]);
        __m256i high = _mm256_loadu_si256((const __m256i *)elements[2 * i + 1]);
        pairs[i] = _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
    }
    lanes_transpose_in(out, pairs);
}

LANES_INLINE void lanes_write_to(limbs_t *const elements[8], const lanes_words_t *in) {
    __m512i pairs[4];
    lanes_transpose_out(pairs, in);
    for (int i = 0; i < 4; i++) {
        _mm256_storeu_si256((__m256i *)elements[2 * i], _mm512_castsi512_si256(pairs[i]));
        _mm256_storeu_si256((__m256i *)elements[2 * i + 1], _mm512_extracti64x4_epi64(pairs[i], 1));
    }
}

/* Limbs of 2^shift * (the words), for shifts of 0 and 4. */
#define LANES_SPLIT(name, shift)                                                                 \
    LANES_INLINE void name(lanes_t *out, const lanes_words_t *in) {                              \
        const __m512i mask = lanes_set(lanes_mask), *w = in->w;                                  \
        out->l[0] = _mm512_and_si512(_mm512_slli_epi64(w[0], shift), mask);                      \
        out->l[1] = _mm512_and_si512(_mm512_shrdi_epi64(w[0], w[1], 52 - shift), mask);          \
        out->l[2] = _mm512_and_si512(_mm512_shrdi_epi64(w[1], w[2], 40 - shift), mask);          \
        out->l[3] = _mm512_and_si512(_mm512_shrdi_epi64(w[2], w[3], 28 - shift), mask);          \
        out->l[4] = _mm512_srli_epi64(w[3], 16 - shift);                                         \
    }
LANES_SPLIT(lanes_split, 0)
LANES_SPLIT(lanes_split_shifted, 4)
#undef LANES_SPLIT

/* The words of a number below 2^256. */
LANES_INLINE void lanes_join(lanes_words_t *out, const lanes_t *in) {
    const __m512i *l = in->l;
    out->w[0] = _mm512_or_si512(l[0], _mm512_slli_epi64(l[1], 52));
    out->w[1] = _mm512_or_si512(_mm512_srli_epi64(l[1], 12), _mm512_slli_epi64(l[2], 40));
    out->w[2] = _mm512_or_si512(_mm512_srli_epi64(l[2], 24), _mm512_slli_epi64(l[3], 28));
    out->w[3] = _mm512_or_si512(_mm512_srli_epi64(l[3], 36), _mm512_slli_epi64(l[4], 16));
}

/* Divide a multiple of 16 by 16; limbs stay normal. */
LANES_INLINE void lanes_divide_by_16(lanes_t *a) {
    LANES_UNROLL
    for (int i = 0; i < LANES_LIMBS - 1; i++) {
        __m512i low_bits = _mm512_slli_epi64(a->l[i + 1], LANES_LIMB_BITS - 4);
        __m512i moved = _mm512_and_si512(low_bits, lanes_set(lanes_mask));
        a->l[i] = _mm512_or_si512(_mm512_srli_epi64(a->l[i], 4), moved);
    }
    a->l[LANES_LIMBS - 1] = _mm512_srli_epi64(a->l[LANES_LIMBS - 1], 4);
}
#endif
