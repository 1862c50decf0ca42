/* A prime field of four limbs. Include with FIELD defined (fr or fp) after defining the constants
 * FIELD_modulus, FIELD_one, FIELD_r2 (limbs_t) and FIELD_minus_inverse. Everything is constant time
 * except names ending in _vartime. Unlike the operations of zk.h, these helpers allow aliasing. */
#define F(name) JOIN(FIELD, name)
#define F_T JOIN(FIELD, t)

typedef limbs_t F_T;

ZK_UNUSED static inline F_T F(zero)(void) { return (F_T){{0, 0, 0, 0}}; }

ZK_UNUSED static inline bool F(is_zero)(const F_T *a) { return limbs_is_zero(a->l); }

ZK_UNUSED static inline bool F(equal)(const F_T *a, const F_T *b) {
    return limbs_equal(a->l, b->l);
}

ZK_UNUSED static inline void F(add)(F_T *out, const F_T *a, const F_T *b) {
    zk_mod_add(out->l, a->l, b->l, F(modulus).l);
}

ZK_UNUSED static inline void F(double)(F_T *out, const F_T *a) { F(add)(out, a, a); }

ZK_UNUSED static inline void F(sub)(F_T *out, const F_T *a, const F_T *b) {
    zk_mod_sub(out->l, a->l, b->l, F(modulus).l);
}

ZK_UNUSED static inline void F(neg)(F_T *out, const F_T *a) {
    F_T zero = F(zero)();
    F(sub)(out, &zero, a);
}

/* out = negative ? -a : a without a branch; the sign of a digit is as good as random. */
ZK_UNUSED static inline void F(negate_if)(F_T *out, const F_T *a, bool negative) {
    F_T negated;
    F(neg)(&negated, a);
    limbs_select(out->l, (uint64_t)0 - negative, negated.l, a->l);
}

ZK_UNUSED static inline void F(mul)(F_T *out, const F_T *a, const F_T *b) {
    zk_montgomery_mul(out->l, a->l, b->l, F(modulus).l, F(minus_inverse));
}

ZK_UNUSED static inline void F(square)(F_T *out, const F_T *a) {
    zk_montgomery_square(out->l, a->l, F(modulus).l, F(minus_inverse));
}

/* Canonical to Montgomery and back. */
ZK_UNUSED static inline void F(to_montgomery)(F_T *out, const F_T *canonical) {
    F(mul)(out, canonical, &F(r2));
}

ZK_UNUSED static inline void F(from_montgomery)(F_T *canonical, const F_T *a) {
    const F_T plain_one = {{1, 0, 0, 0}};
    F(mul)(canonical, a, &plain_one);
}

/* out = a^exponent; branches on the exponent only. */
ZK_UNUSED static void F(pow_vartime)(F_T *out, const F_T *a, const uint64_t exponent[4]) {
    F_T acc = F(one), base = *a;
    for (int i = 255; i >= 0; i--) {
        F(square)(&acc, &acc);
        if ((exponent[i >> 6] >> (i & 63)) & 1) F(mul)(&acc, &acc, &base);
    }
    *out = acc;
}

/* out = 1/a by Fermat (a^(m-2)); 0 -> 0. */
ZK_UNUSED static void F(inverse)(F_T *out, const F_T *a) {
    limbs_t exponent = F(modulus);
    exponent.l[0] -= 2; /* no borrow: the low limb of both moduli is above 2 */
    F(pow_vartime)(out, a, exponent.l);
}

/* out = 1/a; 0 -> 0. The division steps give 1 / (a R) for a R in Montgomery form. */
ZK_UNUSED static void F(inverse_vartime)(F_T *out, const F_T *a) {
    F_T inverse, r3;
    limbs_inverse_vartime(inverse.l, a->l, F(modulus).l, F(minus_inverse));
    F(mul)(&r3, &F(r2), &F(r2));
    F(mul)(out, &inverse, &r3);
}

#undef F
#undef F_T
#undef FIELD
