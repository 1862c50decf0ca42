/* The tests of lanes.c for one field: FIELD (fr or fp) and LANES (fr8 or fp8). */
#define F(name) JOIN(FIELD, name)
#define F_T JOIN(FIELD, t)
#define L(name) JOIN(LANES, name)

/* Load, make canonical and raise to bound k. */
static void L(operand)(lanes_t *out, const F_T *elements, unsigned k) {
    L(load_montgomery)(out, elements);
    L(reduce)(out, out);
    L(canonical)(out, out);
    raise(out, L(modulus), k - 1);
}

static int L(same)(lanes_t *got, const F_T expected[ZK_LANES]) {
    F_T words[ZK_LANES];
    L(reduce)(got, got);
    L(store_montgomery)(words, got);
    return memcmp(words, expected, sizeof words) == 0;
}

#define EXPECT(scalar)                                                                           \
    for (int lane = 0; lane < ZK_LANES; lane++) scalar(&expected[lane], &a[lane], &b[lane]);     \
    CHECK(L(same)(&out, expected));

static int L(test_arithmetic)(const F_T *a, const F_T *b, unsigned i, unsigned j) {
    F_T expected[ZK_LANES];
    lanes_t x, y, out;
    L(operand)(&x, a, i);
    L(operand)(&y, b, j);
    L(mul)(&out, &x, &y);
    CHECK(out.bound == 2);
    EXPECT(F(mul))
    L(add)(&out, &x, &y);
    EXPECT(F(add))
    L(sub)(&out, &x, &y, 21);
    EXPECT(F(sub))
    L(operand)(&x, a, i > 9 ? 9 : i);
    L(square)(&out, &x);
    for (int lane = 0; lane < ZK_LANES; lane++) F(square)(&expected[lane], &a[lane]);
    CHECK(L(same)(&out, expected));
    L(neg)(&out, &x, 9);
    for (int lane = 0; lane < ZK_LANES; lane++) F(neg)(&expected[lane], &a[lane]);
    CHECK(L(same)(&out, expected));
    return 0;
}

static int L(test_memory)(const F_T *a) {
    F_T words[ZK_LANES], scattered[2 * ZK_LANES];
    limbs_t *places[ZK_LANES];
    lanes_t out;
    lanes_words_t w;
    L(load)(&out, a);
    L(store)(words, &out);
    CHECK(memcmp(words, a, sizeof words) == 0);
    for (unsigned bound = 1; bound <= LANES_MAX_BOUND; bound += 1) {
        L(operand)(&out, a, bound);
        CHECK(L(same)(&out, a)); /* reduce, then store */
    }
    for (int lane = 0; lane < ZK_LANES; lane++) places[lane] = &scattered[(lane * 5) % 16];
    lanes_read(&w, (const uint64_t *)a);
    lanes_write_to(places, &w);
    for (int lane = 0; lane < ZK_LANES; lane++) CHECK(F(equal)(places[lane], &a[lane]));
    lanes_read_from(&w, (const limbs_t *const *)places);
    L(from_words)(&out, &w);
    CHECK(out.bound == 16 && L(same)(&out, a));
    L(broadcast)(&out, &a[5]);
    L(store_montgomery)(words, &out);
    for (int lane = 0; lane < ZK_LANES; lane++) CHECK(F(equal)(&words[lane], &a[5]));
    return 0;
}

static int L(test_zero_and_inverse)(const F_T *a, const F_T *b) {
    F_T expected[ZK_LANES];
    lanes_t vectors[3], inverses[3];
    unsigned zeros = 0;
    L(operand)(&vectors[0], a, 2); /* zero stands as m */
    L(operand)(&vectors[1], b, 1);
    L(operand)(&vectors[2], a, 1);
    for (int lane = 0; lane < ZK_LANES; lane++) zeros |= (unsigned)F(is_zero)(&a[lane]) << lane;
    CHECK(L(zero_lanes)(&vectors[0]) == zeros && L(zero_lanes)(&vectors[2]) == zeros);
    L(inverse_batch_vartime)(inverses, vectors, 3);
    for (int i = 0; i < 3; i++) {
        const F_T *from = i == 1 ? b : a;
        for (int lane = 0; lane < ZK_LANES; lane++)
            F(inverse_vartime)(&expected[lane], &from[lane]);
        CHECK(L(same)(&inverses[i], expected));
    }
    return 0;
}

static int L(checks)(void) {
    static const unsigned bounds[][2] = {{1, 1}, {2, 2}, {16, 5}, {4, 21}, {42, 2}, {21, 4}};
    F_T a[ZK_LANES], b[ZK_LANES];
    for (int turn = 0; turn < 64; turn++) {
        fill(a, &F(modulus), turn);
        fill(b, &F(modulus), turn / 8);
        for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++)
            if (L(test_arithmetic)(a, b, bounds[i][0], bounds[i][1])) return 1;
        if (L(test_memory)(a) || L(test_zero_and_inverse)(a, b)) return 1;
    }
    return 0;
}

#undef EXPECT
#undef F
#undef F_T
#undef L
#undef FIELD
#undef LANES
