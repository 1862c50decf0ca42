/* BLAKE-512, the SHA-3 finalist (Aumasson, Henzen, Meier, Phan, version 1.3, section 2.2), no salt.
 * No branch and no address depends on the message, only on its length. */

enum { BLAKE_BLOCK_BYTES = 128, BLAKE_ROUNDS = 16, BLAKE_DIGEST_BYTES = 64 };

static const uint64_t blake_iv[8] = {
    0x6A09E667F3BCC908ULL, 0xBB67AE8584CAA73BULL, 0x3C6EF372FE94F82BULL, 0xA54FF53A5F1D36F1ULL,
    0x510E527FADE682D1ULL, 0x9B05688C2B3E6C1FULL, 0x1F83D9ABFB41BD6BULL, 0x5BE0CD19137E2179ULL};

static const uint64_t blake_pi[16] = {
    0x243F6A8885A308D3ULL, 0x13198A2E03707344ULL, 0xA4093822299F31D0ULL, 0x082EFA98EC4E6C89ULL,
    0x452821E638D01377ULL, 0xBE5466CF34E90C6CULL, 0xC0AC29B7C97C50DDULL, 0x3F84D5B5B5470917ULL,
    0x9216D5D98979FB1BULL, 0xD1310BA698DFB5ACULL, 0x2FFD72DBD01ADFB7ULL, 0xB8E1AFED6A267E96ULL,
    0xBA7C9045F12C7F99ULL, 0x24A19947B3916CF7ULL, 0x0801F2E2858EFC16ULL, 0x636920D871574E69ULL};

static const uint8_t blake_order[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

static inline uint64_t blake_rotate(uint64_t word, int count) {
    return word >> count | word << (64 - count);
}

static inline void blake_mix(uint64_t *a, uint64_t *b, uint64_t *c, uint64_t *d, uint64_t first,
                             uint64_t second) {
    *a += *b + first;
    *d = blake_rotate(*d ^ *a, 32);
    *c += *d;
    *b = blake_rotate(*b ^ *c, 25);
    *a += *b + second;
    *d = blake_rotate(*d ^ *a, 16);
    *c += *d;
    *b = blake_rotate(*b ^ *c, 11);
}

static void blake_round(uint64_t v[16], const uint64_t m[16], const uint8_t order[16]) {
    for (int i = 0; i < 8; i++) {
        const int shift = i < 4 ? 0 : 1; /* columns, then diagonals */
        const int x = order[2 * i], y = order[2 * i + 1], k = i & 3;
        blake_mix(&v[k], &v[4 + (k + shift) % 4], &v[8 + (k + 2 * shift) % 4],
                  &v[12 + (k + 3 * shift) % 4], m[x] ^ blake_pi[y], m[y] ^ blake_pi[x]);
    }
}

/* One block; counter_bits is the number of message bits up to its end, 0 for padding alone. */
static void blake_compress(uint64_t chain[8], const uint8_t block[BLAKE_BLOCK_BYTES],
                           uint64_t counter_bits) {
    uint64_t m[16], v[16];
    for (int i = 0; i < 16; i++) {
        m[i] = 0;
        for (int j = 0; j < 8; j++) m[i] = m[i] << 8 | block[8 * i + j];
    }
    for (int i = 0; i < 8; i++) {
        v[i] = chain[i];
        v[i + 8] = blake_pi[i];
    }
    v[12] ^= counter_bits;
    v[13] ^= counter_bits; /* the high half of the counter, v[14] and v[15], stays zero */
    for (int r = 0; r < BLAKE_ROUNDS; r++) blake_round(v, m, blake_order[r % 10]);
    for (int i = 0; i < 8; i++) chain[i] ^= v[i] ^ v[i + 8];
    zk_wipe(m, sizeof m);
    zk_wipe(v, sizeof v);
}

static void store_big_endian(uint8_t out[8], uint64_t word) {
    for (int i = 0; i < 8; i++) out[i] = (uint8_t)(word >> (56 - 8 * i));
}

/* The last block, or two when the 16 bytes of length and the padding bits do not fit behind `rest`. */
static void blake_finish(uint64_t chain[8], const uint8_t *rest, size_t rest_len, uint64_t bits) {
    uint8_t block[BLAKE_BLOCK_BYTES] = {0};
    if (rest_len) memcpy(block, rest, rest_len);
    block[rest_len] = 0x80;
    uint64_t counter = rest_len ? bits : 0;
    if (rest_len >= BLAKE_BLOCK_BYTES - 16) {
        blake_compress(chain, block, counter);
        memset(block, 0, sizeof block);
        counter = 0;
    }
    block[BLAKE_BLOCK_BYTES - 17] |= 1;
    store_big_endian(block + BLAKE_BLOCK_BYTES - 8, bits);
    blake_compress(chain, block, counter);
    zk_wipe(block, sizeof block);
}

static void blake512(uint8_t digest[BLAKE_DIGEST_BYTES], const uint8_t *message, size_t length) {
    uint64_t chain[8];
    memcpy(chain, blake_iv, sizeof chain);
    size_t done = 0;
    for (; length - done >= BLAKE_BLOCK_BYTES; done += BLAKE_BLOCK_BYTES)
        blake_compress(chain, message + done, 8 * (uint64_t)(done + BLAKE_BLOCK_BYTES));
    blake_finish(chain, message + done, length - done, 8 * (uint64_t)length);
    for (int i = 0; i < 8; i++) store_big_endian(digest + 8 * i, chain[i]);
    zk_wipe(chain, sizeof chain);
}

static zk_status op_blake512(uint8_t *digest, const uint8_t *message, size_t length) {
    blake512(digest, message, length);
    return ZK_OK;
}
