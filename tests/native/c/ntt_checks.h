/* The transforms on lanes against the scalar ones of the same variant, under the law of lazy
 * reduction; included by lanes.c. Scratch has exactly the size that zk.h asks for: the address
 * sanitizer sees a word too many. */
enum { MAX_LOG = 13 };

/* Style 0: zeros and m - 1 mixed, 1: m - 1 everywhere, 2: below 2^253. */
static void fill_vector(fr_t *out, size_t n, int style) {
    for (size_t i = 0; i < n; i++) {
        uint64_t last = random_word() >> 11;
        out[i] = (fr_t){{random_word(), random_word(), random_word(), last}};
        if (style == 2) continue;
        out[i] = fr_modulus;
        out[i].l[0] -= 1;
        if (style == 0 && last % 2) out[i] = fr_zero();
    }
}

static fr_t *elements(size_t n) { return malloc(n * sizeof(fr_t)); }

static int test_kinds(unsigned log_n, int style, size_t threads) {
    const size_t n = (size_t)1 << log_n;
    fr_t *values = elements(n), *before = elements(n), *got = elements(n), *expected = elements(n);
    fr_t *scratch = elements(n), *roots = elements(n / 2), *double_roots = elements(n);
    CHECK(op_ntt_roots((uint64_t *)roots, n / 2, log_n) == ZK_OK);
    CHECK(op_ntt_roots((uint64_t *)double_roots, n, log_n + 1) == ZK_OK);
    fill_vector(values, n, style);
    memcpy(before, values, n * sizeof(fr_t));
    for (ntt_kind_t kind = NTT_FORWARD; kind <= NTT_ODD_COSET_INVERSE; kind++) {
        ntt_on_lanes(got, scratch, values, log_n, kind, threads);
        ntt_on_scalars(expected, scratch, values, log_n, kind, roots, double_roots, 1);
        CHECK(memcmp(got, expected, n * sizeof(fr_t)) == 0);
        CHECK(memcmp(values, before, n * sizeof(fr_t)) == 0);
    }
    fr_t *all[] = {values, before, got, expected, scratch, roots, double_roots};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) free(all[i]);
    return 0;
}

/* Back and on in three passes: n times the values that two transforms give. */
static int test_extension(unsigned log_n, int style, size_t threads) {
    const size_t n = (size_t)1 << log_n;
    fr_t *values = elements(n), *other = elements(n), *scratch = elements(2 * n);
    fr_t *expected = elements(n);
    fill_vector(values, n, style);
    ntt_on_lanes(other, scratch, values, log_n, NTT_INVERSE, 1);
    ntt_on_lanes(expected, scratch, other, log_n, NTT_ODD_COSET, 1);
    ntt_extend_on_lanes(values, scratch, log_n, threads);
    for (size_t i = 0; i < n; i++) {
        for (unsigned k = 0; k < log_n; k++) fr_double(&expected[i], &expected[i]);
        CHECK(fr_equal(&values[i], &expected[i]));
    }
    free(values), free(other), free(scratch), free(expected);
    return 0;
}

/* One block, longer than the transforms above have: lane 0 against the scalar transform. */
static int test_block(unsigned log) {
    const size_t n = (size_t)1 << log, room_size = n * 1024;
    fr_t *values = elements(n), *expected = elements(n), *scratch = elements(n);
    fr_t *roots = elements(n / 2);
    void *bytes = malloc(room_size);
    ntt_room_t room = ntt_room(bytes, room_size);
    const fr_t root = ntt_root_of_unity(log, false);
    const fr8_fixed_t *levels = ntt_levels(&room, log, &root);
    fr8_t *block = ntt_take(&room, ntt_block_length(log) * sizeof(fr8_t));
    fill_vector(values, n, 2);
    for (size_t i = 0; i < n; i++) {
        fr_t lanes[ZK_LANES];
        for (int lane = 0; lane < ZK_LANES; lane++) lanes[lane] = values[i];
        fr8_load(&block[ntt_block_place(ntt_reversed(i, log))], lanes);
    }
    ntt_block(block, log, levels);
    op_ntt_roots((uint64_t *)roots, n / 2, log);
    ntt_on_scalars(expected, scratch, values, log, NTT_FORWARD, roots, NULL, 1);
    for (size_t i = 0; i < n; i++) {
        fr_t lanes[ZK_LANES];
        fr8_t *value = &block[ntt_block_place(i)];
        CHECK(value->bound <= NTT_OUTPUT_BOUND);
        fr8_reduce(value, value);
        fr8_store(lanes, value);
        CHECK(fr_equal(&lanes[0], &expected[i]) && fr_equal(&lanes[7], &expected[i]));
    }
    free(values), free(expected), free(scratch), free(roots), free(bytes);
    return 0;
}

static int test_transforms(void) {
    for (unsigned log_n = NTT_LANES_MIN_LOG; log_n <= MAX_LOG; log_n++)
        for (int style = 0; style < (log_n < 12 ? 3 : 1); style++)
            if (test_kinds(log_n, style, 1 + log_n % 3) ||
                test_extension(log_n, style, 1 + log_n % 3))
                return 1;
    for (unsigned log = 4; log <= 11; log++)
        if (test_block(log)) return 1;
    return 0;
}
