/* Keccak-256 of pairs of nodes, as in a Merkle tree: 64 bytes to 32 (FIPS 202 section 3, with the
 * padding byte 0x01 of the original submission). */

enum {
    KECCAK_ROUNDS = 24,
    KECCAK_RATE_WORDS = 17,
    KECCAK_PAIR_WORDS = 8,
    KECCAK_NODE_WORDS = 4,
    KECCAK_PAIRS_A_TASK = 256
};

static const uint64_t keccak_iota[KECCAK_ROUNDS] = {
    0x0000000000000001ULL, 0x0000000000008082ULL, 0x800000000000808AULL, 0x8000000080008000ULL,
    0x000000000000808BULL, 0x0000000080000001ULL, 0x8000000080008081ULL, 0x8000000000008009ULL,
    0x000000000000008AULL, 0x0000000000000088ULL, 0x0000000080008009ULL, 0x000000008000000AULL,
    0x000000008000808BULL, 0x800000000000008BULL, 0x8000000000008089ULL, 0x8000000000008003ULL,
    0x8000000000008002ULL, 0x8000000000000080ULL, 0x000000000000800AULL, 0x800000008000000AULL,
    0x8000000080008081ULL, 0x8000000000008080ULL, 0x0000000080000001ULL, 0x8000000080008008ULL};

static inline uint64_t keccak_rotate(uint64_t word, int count) {
    return word << count | word >> ((64 - count) & 63);
}

/* Theta on a, then rho and pi from a to b: word x + 5 y moves to y + 5 (2 x + 3 y). */
static inline void keccak_linear(uint64_t b[25], uint64_t a[25]) {
    uint64_t c[5], d[5];
    for (int x = 0; x < 5; x++) c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (int x = 0; x < 5; x++) d[x] = c[(x + 4) % 5] ^ keccak_rotate(c[(x + 1) % 5], 1);
#define MOVE(from, to, count) b[to] = keccak_rotate(a[from] ^ d[from % 5], count)
    MOVE(0, 0, 0), MOVE(1, 10, 1), MOVE(2, 20, 62), MOVE(3, 5, 28), MOVE(4, 15, 27);
    MOVE(5, 16, 36), MOVE(6, 1, 44), MOVE(7, 11, 6), MOVE(8, 21, 55), MOVE(9, 6, 20);
    MOVE(10, 7, 3), MOVE(11, 17, 10), MOVE(12, 2, 43), MOVE(13, 12, 25), MOVE(14, 22, 39);
    MOVE(15, 23, 41), MOVE(16, 8, 45), MOVE(17, 18, 15), MOVE(18, 3, 21), MOVE(19, 13, 8);
    MOVE(20, 14, 18), MOVE(21, 24, 2), MOVE(22, 9, 61), MOVE(23, 19, 56), MOVE(24, 4, 14);
#undef MOVE
}

/* Chi from b to a. */
static inline void keccak_chi(uint64_t a[25], const uint64_t b[25]) {
    for (int y = 0; y < 25; y += 5) {
        a[y] = b[y] ^ (~b[y + 1] & b[y + 2]);
        a[y + 1] = b[y + 1] ^ (~b[y + 2] & b[y + 3]);
        a[y + 2] = b[y + 2] ^ (~b[y + 3] & b[y + 4]);
        a[y + 3] = b[y + 3] ^ (~b[y + 4] & b[y]);
        a[y + 4] = b[y + 4] ^ (~b[y] & b[y + 1]);
    }
}

static void keccak_permute(uint64_t a[25]) {
    uint64_t b[25];
    for (int round = 0; round < KECCAK_ROUNDS; round++) {
        keccak_linear(b, a);
        keccak_chi(a, b);
        a[0] ^= keccak_iota[round];
    }
}

static inline uint64_t keccak_load(const uint8_t bytes[8]) {
    uint64_t word = 0;
    for (int i = 7; i >= 0; i--) word = word << 8 | bytes[i];
    return word;
}

static void keccak256_pair(uint8_t out[32], const uint8_t pair[64]) {
    uint64_t state[25] = {0};
    for (int i = 0; i < KECCAK_PAIR_WORDS; i++) state[i] = keccak_load(pair + 8 * i);
    state[KECCAK_PAIR_WORDS] = 1; /* the padding, from its first bit to the last of the rate */
    state[KECCAK_RATE_WORDS - 1] = 1ULL << 63;
    keccak_permute(state);
    for (int i = 0; i < KECCAK_NODE_WORDS; i++)
        for (int j = 0; j < 8; j++) out[8 * i + j] = (uint8_t)(state[i] >> (8 * j));
}

typedef struct {
    uint8_t *out;
    const uint8_t *pairs;
    size_t n;
} keccak_job;

static void keccak_task(void *context, size_t index) {
    const keccak_job *job = context;
    const size_t first = index * KECCAK_PAIRS_A_TASK, rest = job->n - first;
    const size_t end = first + (rest < KECCAK_PAIRS_A_TASK ? rest : KECCAK_PAIRS_A_TASK);
    for (size_t i = first; i < end; i++) keccak256_pair(job->out + 32 * i, job->pairs + 64 * i);
}

static zk_status op_keccak256_pairs(uint8_t *out, const uint8_t *pairs, size_t n, size_t threads) {
    keccak_job job = {.out = out, .pairs = pairs, .n = n};
    zk_parallel(threads, (n + KECCAK_PAIRS_A_TASK - 1) / KECCAK_PAIRS_A_TASK, keccak_task, &job);
    return ZK_OK;
}
