/* Elementwise operations on vectors of FIELD (fr or fp). */
#define F(name) JOIN(FIELD, name)
#define F_T JOIN(FIELD, t)
#define OP(name) JOIN(JOIN(op, FIELD), name)
#define L(name) JOIN(LANES, name)

/* The length of an elementwise result; 0 with *status set when the operands do not fit. */
ZK_UNUSED static size_t F(broadcast_length)(zk_status *status, size_t a_len, size_t b_len) {
    bool fits = a_len == b_len || a_len == 1 || b_len == 1;
    *status = fits ? ZK_OK : ZK_BAD_LENGTH;
    if (!fits || a_len == 0 || b_len == 0) return 0;
    return a_len > b_len ? a_len : b_len;
}

/* Products of the first elements, as many as fit whole vectors of lanes; returns how many. b may be
 * a single factor. One operand in the lanes' Montgomery form leaves the product in the memory's. */
ZK_UNUSED static size_t F(mul_on_lanes)(F_T *out, const F_T *a, const F_T *b, bool single,
                                        size_t n) {
    size_t i = 0;
#ifdef ZK_HAVE_LANES
    lanes_t value, factor = lanes_zero();
    if (single) L(broadcast)(&factor, b);
    for (; i + ZK_LANES <= n; i += ZK_LANES) {
        if (!single) L(load_montgomery)(&factor, b + i);
        L(load)(&value, a + i);
        L(mul)(&value, &value, &factor);
        L(store)(out + i, &value);
    }
#else
    (void)out, (void)a, (void)b, (void)single, (void)n;
#endif
    return i;
}

/* out = a times one factor. */
ZK_UNUSED static void F(scale_vector)(F_T *out, const F_T *a, const F_T *factor, size_t n) {
    for (size_t i = F(mul_on_lanes)(out, a, factor, true, n); i < n; i++)
        F(mul)(&out[i], &a[i], factor);
}

#define ELEMENTWISE(name)                                                                       \
    ZK_UNUSED static zk_status OP(name)(uint64_t *out, const uint64_t *a, size_t a_len,         \
                                        const uint64_t *b, size_t b_len) {                      \
        zk_status status;                                                                       \
        size_t n = F(broadcast_length)(&status, a_len, b_len);                                  \
        F_T *result = (F_T *)out;                                                               \
        const F_T *left = (const F_T *)a, *right = (const F_T *)b;                              \
        for (size_t i = 0; i < n; i++)                                                          \
            F(name)(&result[i], &left[a_len == 1 ? 0 : i], &right[b_len == 1 ? 0 : i]);         \
        return status;                                                                          \
    }
ELEMENTWISE(add)
ELEMENTWISE(sub)
#undef ELEMENTWISE

ZK_UNUSED static zk_status OP(mul)(uint64_t *out, const uint64_t *a, size_t a_len,
                                   const uint64_t *b, size_t b_len) {
    zk_status status;
    size_t n = F(broadcast_length)(&status, a_len, b_len);
    F_T *result = (F_T *)out;
    const F_T *left = (const F_T *)a, *right = (const F_T *)b;
    if (n == 0) return status;
    if (b_len == 1 || a_len == 1) {
        F(scale_vector)(result, b_len == 1 ? left : right, b_len == 1 ? right : left, n);
        return status;
    }
    for (size_t i = F(mul_on_lanes)(result, left, right, false, n); i < n; i++)
        F(mul)(&result[i], &left[i], &right[i]);
    return status;
}

ZK_UNUSED static zk_status OP(neg)(uint64_t *out, const uint64_t *a, size_t n) {
    for (size_t i = 0; i < n; i++) F(neg)((F_T *)out + i, (const F_T *)a + i);
    return ZK_OK;
}

ZK_UNUSED static zk_status OP(inverse)(uint64_t *out, const uint64_t *a, size_t n) {
    F(inverse_batch_vartime)((F_T *)out, (const F_T *)a, n);
    return ZK_OK;
}

ZK_UNUSED static zk_status OP(powers)(uint64_t *out, size_t n, const uint64_t *base) {
    F_T *powers = (F_T *)out, step = *(const F_T *)base; /* base^done */
    if (n > 0) powers[0] = F(one);
    for (size_t done = 1; done < n; done *= 2) {
        F(scale_vector)(powers + done, powers, &step, done < n - done ? done : n - done);
        F(square)(&step, &step);
    }
    return ZK_OK;
}

ZK_UNUSED static zk_status OP(dot)(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t n) {
    F_T sum = F(zero)(), product;
    for (size_t i = 0; i < n; i++) {
        F(mul)(&product, (const F_T *)a + i, (const F_T *)b + i);
        F(add)(&sum, &sum, &product);
    }
    *(F_T *)out = sum;
    return ZK_OK;
}

ZK_UNUSED static zk_status OP(to_montgomery)(uint64_t *out, const uint64_t *canonical, size_t n) {
    F(scale_vector)((F_T *)out, (const F_T *)canonical, &F(r2), n);
    return ZK_OK;
}

ZK_UNUSED static zk_status OP(from_montgomery)(uint64_t *canonical, const uint64_t *a, size_t n) {
    const F_T plain_one = {{1, 0, 0, 0}};
    F(scale_vector)((F_T *)canonical, (const F_T *)a, &plain_one, n);
    return ZK_OK;
}

ZK_UNUSED static zk_status OP(first_noncanonical)(int64_t *index, const uint64_t *raw, size_t n) {
    *index = -1;
    for (size_t i = 0; i < n && *index < 0; i++)
        if (!limbs_less(raw + 4 * i, F(modulus).l)) *index = (int64_t)i;
    return ZK_OK;
}

#undef OP
#undef L
#undef LANES
#undef F
#undef F_T
#undef FIELD
