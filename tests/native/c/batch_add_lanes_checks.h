/* The tests of batch_add_lanes.c for one GROUP. */
#define G(name) JOIN(GROUP, name)
#define AFFINE JOIN(GROUP, affine_t)

/* Random coordinates; 0 stays infinity, 1 and 2 are equal, 3 is opposite to them, 4 and 5 are near
 * the modulus. */
static void G(fill)(AFFINE pool[POOL]) {
    const size_t fields = sizeof(AFFINE) / sizeof(fp_t);
    memset(pool, 0, POOL * sizeof(AFFINE));
    for (size_t i = 1; i < POOL; i++) {
        fp_t *coordinates = (fp_t *)&pool[i];
        for (size_t k = 0; k < fields; k++) {
            fp_t *c = &coordinates[k];
            *c = (fp_t){{random_word(), random_word(), random_word(), random_word() >> 11}};
            if (i == 4 || i == 5) *c = fp_modulus, c->l[0] -= i + k;
        }
    }
    pool[2] = pool[1];
    G(affine_neg)(&pool[3], &pool[1]);
}

static void G(expect)(AFFINE *out, AFFINE left, bool left_negative, AFFINE right,
                      bool right_negative) {
    if (left_negative) G(affine_neg)(&left, &left);
    if (right_negative) G(affine_neg)(&right, &right);
    JOIN(GROUP, jacobian_t) sum = G(from_affine)(&left);
    G(add_affine)(&sum, &sum, &right);
    G(to_affine)(out, &sum);
}

/* `count` sums of points number first.. of the pool: 0 lets all special cases in, 3 none. */
static int G(check_sums)(size_t count, size_t first) {
    static G(lanes_adder_t) adder;
    static AFFINE out[MOST], pool[POOL];
    static struct { uint8_t left, right, signs; } terms[MOST];
    AFFINE expected;
    G(fill)(pool);
    G(lanes_adder_reset)(&adder);
    for (size_t i = 0; i < count; i++) {
        size_t choices = POOL - first;
        terms[i].left = (uint8_t)(first + random_word() % choices);
        terms[i].right = (uint8_t)(first + random_word() % choices);
        if (first > 0 && terms[i].left == terms[i].right)
            terms[i].right = (uint8_t)(first + (terms[i].left - first + 1u) % choices);
        terms[i].signs = (uint8_t)(random_word() >> 13 & 3);
        G(lanes_adder_push)(&adder, &out[i], &pool[terms[i].left], terms[i].signs & 1,
                            &pool[terms[i].right], terms[i].signs >> 1);
    }
    G(lanes_adder_flush)(&adder);
    for (size_t i = 0; i < count; i++) {
        G(expect)(&expected, pool[terms[i].left], terms[i].signs & 1, pool[terms[i].right],
                  terms[i].signs >> 1);
        CHECK(memcmp(&expected, &out[i], sizeof expected) == 0);
    }
    return 0;
}

static int G(checks)(void) {
    static const size_t counts[] = {G(add_sums) - 1, G(add_sums), G(add_sums) + 1, MOST};
    for (size_t first = 0; first <= 3; first += 3) {
        for (size_t count = 0; count < 70; count += count < 10 ? 1 : 5)
            if (G(check_sums)(count, first)) return 1;
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
            if (G(check_sums)(counts[i], first)) return 1;
    }
    return 0;
}

#undef G
#undef AFFINE
#undef GROUP
