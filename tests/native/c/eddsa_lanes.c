/* White-box tests of eight verifications at a time, built with ZK_LANES_VERIFY: random points, edge
 * scalars and random parameters of the hash, against the scalar code. */
#include VARIANT

#include <stdio.h>

static uint64_t random_state = 6;

static uint64_t random_word(void) {
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return random_state ^ (random_state >> 29);
}

static limbs_t random_limbs(int top_shift) {
    return (limbs_t){{random_word(), random_word(), random_word(), random_word() >> top_shift}};
}

/* A valid row: some parameters of the hash, a key a BASE8, R8 = r BASE8, s = r + 8 challenge a. */
static void sign(fr_t key[2], fr_t r8[2], fr_t *message, limbs_t *s, const poseidon_t *hash) {
    const limbs_t a = random_limbs(14), r = random_limbs(14);
    fl_t challenge, factor;
    *message = random_limbs(11);
    bjj_mul_base8(key, a.l);
    bjj_mul_base8(r8, r.l);
    eddsa_challenge(&challenge, r8, key, message, hash);
    for (int i = 0; i < 3; i++) fl_add(&challenge, &challenge, &challenge);
    fl_to_montgomery(&factor, &a);
    fl_mul(&challenge, &challenge, &factor);
    fl_to_montgomery(&factor, &r);
    fl_add(&challenge, &challenge, &factor);
    fl_from_montgomery(s, &challenge);
}

enum { ROWS = 11, ROUNDS_PARTIAL = 4, MAX_PARAMETERS = 400 };

static fr_t parameters[MAX_PARAMETERS], keys[ROWS][2], r8s[ROWS][2], messages[ROWS];
static limbs_t ss[ROWS];
static uint64_t base_table[ZK_BABYJUB_BASE_TABLE_WORDS];

static int verdicts_differ(const poseidon_t *hash, size_t length) {
    uint8_t valid[ROWS];
    op_eddsa_verify(valid, keys[0][0].l, messages[0].l, r8s[0][0].l, ss[0].l, ROWS, base_table,
                    ROUNDS_PARTIAL, parameters[0].l, length, 1);
    for (int i = 0; i < ROWS; i++) {
        const bool expected = eddsa_verify_vartime(keys[i], &messages[i], r8s[i], ss[i].l, hash,
                                                   (const bjj_addend *)base_table);
        if (valid[i] != expected || expected != (i != 5)) return 1;
    }
    return 0;
}

/* Row 5 is spoilt in a way of its own each time. */
static void spoil(int way) {
    switch (way) {
    case 0: ss[5].l[0] ^= 1; break;
    case 1: keys[5][0] = fr_modulus; break;
    case 2: memset(r8s[5], 0xff, sizeof r8s[5]); break;
    case 3: messages[5] = fr_modulus; break;
    case 4: ss[5] = fl_modulus; break;
    case 5: keys[5][0] = keys[5][1]; break;
    case 6: r8s[5][0] = fr_zero(), r8s[5][1] = fr_one; break;
    case 7: memset(keys[5], 0, sizeof keys[5]); break;
    case 8: /* the equation holds for identities and s = 0 */
        keys[5][0] = r8s[5][0] = fr_zero();
        keys[5][1] = r8s[5][1] = fr_one;
        ss[5] = fr_zero();
        break;
    default: fr_neg(&r8s[5][0], &r8s[5][0]); break;
    }
}

int main(void) {
    poseidon_t hash;
    const size_t length = poseidon_parameters_len(EDDSA_WIDTH, ROUNDS_PARTIAL);
    for (size_t i = 0; i < MAX_PARAMETERS; i++) parameters[i] = random_limbs(11);
    if (length > MAX_PARAMETERS) return 1;
    if (poseidon_open(&hash, EDDSA_WIDTH, ROUNDS_PARTIAL, parameters[0].l, length)) return 1;
    op_babyjub_base_table(base_table);
    for (int way = 0; way < 10; way++) {
        for (int i = 0; i < ROWS; i++) sign(keys[i], r8s[i], &messages[i], &ss[i], &hash);
        spoil(way);
        if (verdicts_differ(&hash, length)) {
            printf("way %d\n", way);
            return 1;
        }
    }
    puts("eddsa lanes ok");
    return 0;
}
