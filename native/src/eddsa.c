/* EdDSA on Baby Jubjub: Poseidon (t = 6) is the challenge hash, BLAKE-512 the key schedule. Signing
 * and key derivation are constant time, verification is not. native/reference/eddsa.py has the scheme. */

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "bytes are copied to limbs as they stand");

/* fl: integers mod l, the prime order of BASE8. */
static const limbs_t fl_modulus = {{0x677297dc392126f1ULL, 0xab3eedb83920ee0aULL,
                                    0x370a08b6d0302b0bULL, 0x060c89ce5c263405ULL}};
static const limbs_t fl_one = {{0x073315dea08f9c76ULL, 0xe7acffc6a098f24bULL,
                                0xf85a9201d818f015ULL, 0x01f16424e1bb7724ULL}};
static const limbs_t fl_r2 = {{0x35e44abee7ecb21eULL, 0x74646cacf5f84ec4ULL, 0xe472df203faa158fULL,
                               0x0445b524f1ba50a8ULL}};
static const uint64_t fl_minus_inverse = 0x532ce5aebc48f5efULL;
#define FIELD fl
#include "field_template.h"

enum { EDDSA_KEY_BYTES = 32, EDDSA_WIDTH = 6, FL_CHUNK_BYTES = 31 };

/* 2^248: chunks of 31 bytes are below l. */
static const fl_t fl_chunk = {{0xd904c97a775a2f00ULL, 0xa6cae2481d683a2aULL, 0xb35286f08de00a6bULL,
                               0x00105ec8c1aa06b8ULL}};

/* out = the little-endian integer mod l, Montgomery form. */
static void fl_from_bytes(fl_t *out, const uint8_t *bytes, size_t length) {
    fl_t chunk;
    *out = fl_zero();
    for (size_t end = length; end > 0;) {
        const size_t begin = (end - 1) / FL_CHUNK_BYTES * FL_CHUNK_BYTES;
        chunk = fl_zero();
        memcpy(chunk.l, bytes + begin, end - begin);
        fl_to_montgomery(&chunk, &chunk);
        fl_mul(out, out, &fl_chunk);
        fl_add(out, out, &chunk);
        end = begin;
    }
    zk_wipe(&chunk, sizeof chunk);
}

/* What a private key expands to. */
typedef struct {
    limbs_t scalar;         /* pruned: a multiple of 8 with bit 254 as its highest */
    uint8_t nonce_seed[32]; /* prefix of the nonce hash */
} eddsa_secret;

static void eddsa_expand(eddsa_secret *secret, const uint8_t private_key[EDDSA_KEY_BYTES]) {
    uint8_t digest[BLAKE_DIGEST_BYTES];
    blake512(digest, private_key, EDDSA_KEY_BYTES);
    digest[0] &= 0xF8;
    digest[31] = (uint8_t)((digest[31] & 0x7F) | 0x40);
    memcpy(secret->scalar.l, digest, 32);
    memcpy(secret->nonce_seed, digest + 32, 32);
    zk_wipe(digest, sizeof digest);
}

static void bjj_mul_base8(fr_t affine[2], const uint64_t scalar[4]) {
    bjj_t point;
    bjj_from_scaled(&point, &bjj_base8_x, &bjj_base8_y);
    bjj_mul(&point, &point, scalar);
    bjj_to_affine(affine, &point);
    zk_wipe(&point, sizeof point);
}

static void eddsa_derive(fr_t public_key[2], const eddsa_secret *secret) {
    uint64_t scalar[4];
    limbs_shift_right(scalar, secret->scalar.l, 3);
    bjj_mul_base8(public_key, scalar);
    zk_wipe(scalar, sizeof scalar);
}

/* The deterministic nonce of a message, mod l. */
static void eddsa_nonce(fl_t *nonce, const eddsa_secret *secret, const fr_t *message) {
    uint8_t preimage[64], digest[BLAKE_DIGEST_BYTES];
    fr_t canonical;
    fr_from_montgomery(&canonical, message);
    memcpy(preimage, secret->nonce_seed, 32);
    memcpy(preimage + 32, canonical.l, 32);
    blake512(digest, preimage, sizeof preimage);
    fl_from_bytes(nonce, digest, sizeof digest);
    zk_wipe(preimage, sizeof preimage);
    zk_wipe(digest, sizeof digest);
}

/* Poseidon(R8, A, message) mod l, Montgomery form. */
static void eddsa_challenge(fl_t *challenge, const fr_t r8[2], const fr_t public_key[2],
                            const fr_t *message, const poseidon_t *hash) {
    fr_t state[EDDSA_WIDTH] = {fr_zero(),     r8[0],         r8[1],
                               public_key[0], public_key[1], *message};
    poseidon_permute(state, hash);
    fr_from_montgomery(&state[0], &state[0]);
    fl_from_bytes(challenge, (const uint8_t *)state[0].l, sizeof state[0].l);
}

static zk_status op_eddsa_public_key(uint64_t *public_key, const uint8_t *private_key) {
    eddsa_secret secret;
    eddsa_expand(&secret, private_key);
    eddsa_derive((fr_t *)public_key, &secret);
    zk_wipe(&secret, sizeof secret);
    return ZK_OK;
}

static zk_status op_eddsa_sign(uint64_t *r8, uint64_t *s, const uint8_t *private_key,
                               const uint64_t *message, size_t rounds_partial,
                               const uint64_t *parameters, size_t parameters_len) {
    poseidon_t hash;
    zk_status status =
        poseidon_open(&hash, EDDSA_WIDTH, rounds_partial, parameters, parameters_len);
    if (status != ZK_OK) return status;
    eddsa_secret secret;
    fr_t public_key[2];
    fl_t nonce, canonical_nonce, scalar, sum;
    eddsa_expand(&secret, private_key);
    eddsa_derive(public_key, &secret);
    eddsa_nonce(&nonce, &secret, (const fr_t *)message);
    fl_from_montgomery(&canonical_nonce, &nonce);
    bjj_mul_base8((fr_t *)r8, canonical_nonce.l);
    eddsa_challenge(&sum, (const fr_t *)r8, public_key, (const fr_t *)message, &hash);
    fl_from_bytes(&scalar, (const uint8_t *)secret.scalar.l, sizeof secret.scalar.l);
    fl_mul(&sum, &sum, &scalar);
    fl_add(&sum, &sum, &nonce);
    fl_from_montgomery((fl_t *)s, &sum);
    zk_wipe(&secret, sizeof secret);
    zk_wipe(&nonce, sizeof nonce);
    zk_wipe(&canonical_nonce, sizeof canonical_nonce);
    zk_wipe(&scalar, sizeof scalar);
    return ZK_OK;
}

static zk_status op_babyjub_base_table(uint64_t *table) {
    bjj_t base;
    bjj_from_scaled(&base, &bjj_base8_x, &bjj_base8_y);
    bjj_odd_multiples((bjj_addend *)table, BJJ_BASE_ODDS, &base);
    return ZK_OK;
}

/* p = the point with these coordinates; false when they are unreduced, off the curve, or of a point of
 * order 1, 2, 4 or 8. cleared = 8 p. */
static bool eddsa_read_point(bjj_t *p, bjj_t *cleared, const fr_t affine[2]) {
    if (!limbs_less(affine[0].l, fr_modulus.l) || !limbs_less(affine[1].l, fr_modulus.l))
        return false;
    bjj_from_affine(p, affine);
    if (!bjj_is_on_curve(p)) return false;
    bjj_clear_cofactor(cleared, p);
    return !bjj_is_identity(cleared);
}

/* Whether p, in any coordinates, is the point q with z = 1. */
static bool bjj_equals_affine(const bjj_t *p, const bjj_t *q) {
    fr_t x, y;
    fr_mul(&x, &q->x, &p->z);
    fr_mul(&y, &q->y, &p->z);
    return fr_equal(&x, &p->x) && fr_equal(&y, &p->y);
}

/* s BASE8 - challenge (8 A) == R8 */
static bool eddsa_verify_vartime(const fr_t public_key[2], const fr_t *message, const fr_t r8[2],
                                 const uint64_t s[4], const poseidon_t *hash,
                                 const bjj_addend base_odds[BJJ_BASE_ODDS]) {
    bjj_t key, cleared_key, commitment, cleared_commitment, total;
    fl_t challenge;
    if (!limbs_less(s, fl_modulus.l) || !limbs_less(message->l, fr_modulus.l)) return false;
    if (!eddsa_read_point(&key, &cleared_key, public_key)) return false;
    if (!eddsa_read_point(&commitment, &cleared_commitment, r8)) return false;
    eddsa_challenge(&challenge, r8, public_key, message, hash);
    fl_neg(&challenge, &challenge);
    fl_from_montgomery(&challenge, &challenge);
    bjj_mul_two_vartime(&total, s, base_odds, challenge.l, &cleared_key);
    return bjj_equals_affine(&total, &commitment);
}

#ifdef ZK_HAVE_LANES
#include "babyjubjub_lanes.h"
#include "eddsa_lanes.h"
#endif

typedef struct {
    uint8_t *valid;
    const fr_t *public_keys, *messages, *r8;
    const uint64_t *s;
    size_t n;
    const poseidon_t *hash;
    const bjj_addend *base_odds;
#ifdef ZK_HAVE_LANES
    const eddsa8_t *shared; /* NULL for a batch too small for lanes */
#endif
} eddsa_job;

enum { EDDSA_ROWS_A_TASK = 8 };

#ifdef ZK_HAVE_LANES
_Static_assert((int)EDDSA_ROWS_A_TASK == (int)ZK_LANES,
               "a task is what goes through the lanes together");

/* Fewer rows than this are faster one by one. */
enum { EDDSA_LANES_FROM = 3 };

/* Copy a row to a lane; false, with zeros in the lane, when an element or s is not reduced. */
static bool eddsa8_read_row(eddsa8_rows *rows, int lane, const eddsa_job *job, size_t i) {
    const fr_t *key = job->public_keys + 2 * i, *r8 = job->r8 + 2 * i, *message = job->messages + i;
    const uint64_t *s = job->s + 4 * i;
    for (int k = 0; k < 2; k++)
        if (!limbs_less(key[k].l, fr_modulus.l) || !limbs_less(r8[k].l, fr_modulus.l)) return false;
    if (!limbs_less(message->l, fr_modulus.l) || !limbs_less(s, fl_modulus.l)) return false;
    for (int k = 0; k < 2; k++) {
        rows->key[k][lane] = key[k];
        rows->r8[k][lane] = r8[k];
    }
    rows->message[lane] = *message;
    memcpy(rows->s[lane].l, s, sizeof rows->s[lane].l);
    return true;
}

/* Rows first .. first + count - 1; lanes left over hold zeros. */
static void eddsa_eight_rows(const eddsa_job *job, size_t first, size_t count) {
    eddsa8_rows rows;
    bool reduced[ZK_LANES];
    memset(&rows, 0, sizeof rows);
    for (size_t i = 0; i < count; i++)
        reduced[i] = eddsa8_read_row(&rows, (int)i, job, first + i);
    const unsigned valid = eddsa8_verify_vartime(&rows, job->shared);
    for (size_t i = 0; i < count; i++)
        job->valid[first + i] = reduced[i] && (valid >> i & 1);
}
#endif

static void eddsa_task(void *context, size_t index) {
    const eddsa_job *job = context;
    const size_t first = index * EDDSA_ROWS_A_TASK, rest = job->n - first;
    const size_t count = rest < EDDSA_ROWS_A_TASK ? rest : EDDSA_ROWS_A_TASK;
#ifdef ZK_HAVE_LANES
    if (job->shared && count >= EDDSA_LANES_FROM) {
        eddsa_eight_rows(job, first, count);
        return;
    }
#endif
    for (size_t i = first; i < first + count; i++)
        job->valid[i] = eddsa_verify_vartime(job->public_keys + 2 * i, job->messages + i,
                                             job->r8 + 2 * i, job->s + 4 * i, job->hash,
                                             job->base_odds);
}

static zk_status op_eddsa_verify(uint8_t *valid, const uint64_t *public_keys,
                                 const uint64_t *messages, const uint64_t *r8, const uint64_t *s,
                                 size_t n, const uint64_t *base_table, size_t rounds_partial,
                                 const uint64_t *parameters, size_t parameters_len,
                                 size_t threads) {
    poseidon_t hash;
    zk_status status =
        poseidon_open(&hash, EDDSA_WIDTH, rounds_partial, parameters, parameters_len);
    if (status != ZK_OK) return status;
    eddsa_job job = {.valid = valid,
                     .public_keys = (const fr_t *)public_keys,
                     .messages = (const fr_t *)messages,
                     .r8 = (const fr_t *)r8,
                     .s = s,
                     .n = n,
                     .hash = &hash,
                     .base_odds = (const bjj_addend *)base_table};
#ifdef ZK_HAVE_LANES
    eddsa8_t shared;
    if (n >= EDDSA_LANES_FROM) {
        eddsa8_open(&shared, &hash);
        job.shared = &shared;
    }
#endif
    zk_parallel(threads, (n + EDDSA_ROWS_A_TASK - 1) / EDDSA_ROWS_A_TASK, eddsa_task, &job);
    return ZK_OK;
}
