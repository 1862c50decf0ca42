/* Eight verifications at a time, one a lane. */
#ifndef ZK_EDDSA_LANES_H
#define ZK_EDDSA_LANES_H

/* What all verifications of a batch share. */
typedef struct {
    poseidon8_constant constants[POSEIDON8_PARAMETERS];
    poseidon8_t hash;
    bjj8_one_multiples base;
} eddsa8_t;

static void eddsa8_open(eddsa8_t *shared, const poseidon_t *hash) {
    poseidon8_convert(shared->constants, hash);
    shared->hash = poseidon8_open(hash, shared->constants);
    bjj8_base_table(shared->base);
}

/* Eight rows, reduced. */
typedef struct {
    fr_t key[2][ZK_LANES], r8[2][ZK_LANES], message[ZK_LANES];
    limbs_t s[ZK_LANES];
} eddsa8_rows;

/* p = points with these coordinates, cleared = 8 p; lanes of points on the curve whose order is not
 * 1, 2, 4 or 8. */
static __mmask8 eddsa8_read_points(bjj8_t *p, bjj8_t *cleared, const fr8_t affine[2]) {
    bjj8_from_affine(p, &affine[0], &affine[1]);
    bjj8_clear_cofactor(cleared, p);
    return bjj8_on_curve_lanes(p) & (__mmask8)~bjj8_identity_lanes(cleared);
}

/* The negated challenges mod l. state: word 0, R8, A and the message, bound 16. */
static void eddsa8_challenges(lanes_words_t *negated, fr8_t *state, const poseidon8_t *hash) {
    fr_t words[ZK_LANES];
    fl_t challenge;
    poseidon8_permute(state, hash, 1);
    fr8_reduce(&state[0], &state[0]);
    fr8_store_montgomery(words, &state[0]);
    for (int lane = 0; lane < ZK_LANES; lane++) {
        fr_from_montgomery(&words[lane], &words[lane]);
        fl_from_bytes(&challenge, (const uint8_t *)words[lane].l, sizeof words[lane].l);
        fl_neg(&challenge, &challenge);
        fl_from_montgomery(&words[lane], &challenge);
    }
    lanes_read(negated, words[0].l);
}

/* Lanes whose points are fit and where s BASE8 - challenge (8 A) == R8. */
static __mmask8 eddsa8_verify_vartime(const eddsa8_rows *rows, const eddsa8_t *shared) {
    bjj8_t key, cleared_key, commitment, cleared_commitment, total;
    fr8_t state[EDDSA_WIDTH], x, y;
    lanes_words_t s, challenges;
    bjj8_own_multiples multiples;
    state[0] = lanes_zero();
    for (int i = 0; i < 2; i++) {
        fr8_load_montgomery(&state[1 + i], rows->r8[i]);
        fr8_load_montgomery(&state[3 + i], rows->key[i]);
    }
    fr8_load_montgomery(&state[5], rows->message);
    lanes_read(&s, rows->s[0].l);
    const __mmask8 fit = eddsa8_read_points(&commitment, &cleared_commitment, &state[1]) &
                         eddsa8_read_points(&key, &cleared_key, &state[3]);
    eddsa8_challenges(&challenges, state, &shared->hash);
    bjj8_own_table(multiples, &cleared_key);
    bjj8_mul_two_vartime(&total, &s, shared->base, &challenges, multiples);
    fr8_mul(&x, &commitment.x, &total.z);
    fr8_mul(&y, &commitment.y, &total.z);
    return fit & bjj8_equal_lanes(&x, &total.x) & bjj8_equal_lanes(&y, &total.y);
}
#endif
