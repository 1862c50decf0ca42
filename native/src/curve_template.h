/* Arithmetic of y^2 = x^3 + b over BASE. Include with GROUP (g1 or g2) and BASE (fp or fp2)
 * defined, after the constant GROUP_b. Affine infinity is (0, 0), which is on neither curve;
 * Jacobian points (x / z^2, y / z^3) have z = 0 at infinity. Formulas: hyperelliptic.org/EFD, short
 * Weierstrass with a = 0 (dbl-2009-l, madd-2007-bl, add-2007-bl). Aliasing allowed; variable
 * time. */
#define G(name) JOIN(GROUP, name)
#define B(name) JOIN(BASE, name)
#define B_T JOIN(BASE, t)
#define AFFINE JOIN(GROUP, affine_t)
#define JACOBIAN JOIN(GROUP, jacobian_t)

typedef struct {
    B_T x, y;
} AFFINE;

typedef struct {
    B_T x, y, z;
} JACOBIAN;

ZK_UNUSED static inline bool G(affine_is_infinity)(const AFFINE *p) {
    return B(is_zero)(&p->x) && B(is_zero)(&p->y);
}

ZK_UNUSED static inline bool G(is_infinity)(const JACOBIAN *p) { return B(is_zero)(&p->z); }

ZK_UNUSED static inline JACOBIAN G(infinity)(void) {
    return (JACOBIAN){B(one), B(one), B(zero)()};
}

ZK_UNUSED static inline JACOBIAN G(from_affine)(const AFFINE *p) {
    if (G(affine_is_infinity)(p)) return G(infinity)();
    return (JACOBIAN){p->x, p->y, B(one)};
}

ZK_UNUSED static inline void G(affine_neg)(AFFINE *out, const AFFINE *p) {
    out->x = p->x;
    B(neg)(&out->y, &p->y);
}

ZK_UNUSED static inline void G(affine_negate_if)(AFFINE *out, const AFFINE *p, bool negative) {
    out->x = p->x;
    B(negate_if)(&out->y, &p->y, negative);
}

ZK_UNUSED static bool G(is_on_curve)(const AFFINE *p) {
    if (G(affine_is_infinity)(p)) return true;
    B_T left, right;
    B(square)(&left, &p->y);
    B(square)(&right, &p->x);
    B(mul)(&right, &right, &p->x);
    B(add)(&right, &right, &G(b));
    return B(equal)(&left, &right);
}

ZK_UNUSED static void G(double)(JACOBIAN *out, const JACOBIAN *p) {
    B_T a, b, c, d, e, f;
    B(square)(&a, &p->x);
    B(square)(&b, &p->y);
    B(square)(&c, &b);
    B(add)(&d, &p->x, &b);
    B(square)(&d, &d);
    B(sub)(&d, &d, &a);
    B(sub)(&d, &d, &c);
    B(double)(&d, &d);
    B(double)(&e, &a);
    B(add)(&e, &e, &a);
    B(square)(&f, &e);
    B(mul)(&a, &p->y, &p->z);
    B(double)(&out->z, &a);
    B(sub)(&f, &f, &d);
    B(sub)(&out->x, &f, &d);
    B(sub)(&d, &d, &out->x);
    B(mul)(&d, &d, &e);
    B(double)(&c, &c);
    B(double)(&c, &c);
    B(double)(&c, &c);
    B(sub)(&out->y, &d, &c);
}

/* The shared tail of both additions: from u1 s1 (first operand), h = u2 - u1, r = 2 (s2 - s1). */
ZK_UNUSED static void G(finish_add)(JACOBIAN *out, const B_T *u1, const B_T *s1, const B_T *i,
                                    const B_T *h, const B_T *r) {
    B_T j, v, t;
    B(mul)(&j, h, i);
    B(mul)(&v, u1, i);
    B(square)(&t, r);
    B(sub)(&t, &t, &j);
    B(sub)(&t, &t, &v);
    B(sub)(&out->x, &t, &v);
    B(sub)(&v, &v, &out->x);
    B(mul)(&v, &v, r);
    B(mul)(&j, &j, s1);
    B(double)(&j, &j);
    B(sub)(&out->y, &v, &j);
}

ZK_UNUSED static void G(add_affine)(JACOBIAN *out, const JACOBIAN *p, const AFFINE *q) {
    if (G(affine_is_infinity)(q)) {
        *out = *p;
        return;
    }
    if (G(is_infinity)(p)) {
        *out = G(from_affine)(q);
        return;
    }
    B_T zz, h, r, hh, i, z;
    B(square)(&zz, &p->z);
    B(mul)(&h, &q->x, &zz);
    B(sub)(&h, &h, &p->x);
    B(mul)(&r, &q->y, &p->z);
    B(mul)(&r, &r, &zz);
    B(sub)(&r, &r, &p->y);
    B(double)(&r, &r);
    if (B(is_zero)(&h)) {
        if (B(is_zero)(&r))
            G(double)(out, p);
        else
            *out = G(infinity)();
        return;
    }
    B(square)(&hh, &h);
    B(double)(&i, &hh);
    B(double)(&i, &i);
    B(add)(&z, &p->z, &h);
    B(square)(&z, &z);
    B(sub)(&z, &z, &zz);
    B_T u1 = p->x, s1 = p->y;
    B(sub)(&out->z, &z, &hh);
    G(finish_add)(out, &u1, &s1, &i, &h, &r);
}

ZK_UNUSED static void G(add)(JACOBIAN *out, const JACOBIAN *p, const JACOBIAN *q) {
    if (G(is_infinity)(q)) {
        *out = *p;
        return;
    }
    if (G(is_infinity)(p)) {
        *out = *q;
        return;
    }
    B_T zz1, zz2, u1, s1, h, r, i, z;
    B(square)(&zz1, &p->z);
    B(square)(&zz2, &q->z);
    B(mul)(&u1, &p->x, &zz2);
    B(mul)(&h, &q->x, &zz1);
    B(sub)(&h, &h, &u1);
    B(mul)(&s1, &p->y, &q->z);
    B(mul)(&s1, &s1, &zz2);
    B(mul)(&r, &q->y, &p->z);
    B(mul)(&r, &r, &zz1);
    B(sub)(&r, &r, &s1);
    B(double)(&r, &r);
    if (B(is_zero)(&h)) {
        if (B(is_zero)(&r))
            G(double)(out, p);
        else
            *out = G(infinity)();
        return;
    }
    B(double)(&i, &h);
    B(square)(&i, &i);
    B(add)(&z, &p->z, &q->z);
    B(square)(&z, &z);
    B(sub)(&z, &z, &zz1);
    B(sub)(&z, &z, &zz2);
    B(mul)(&out->z, &z, &h);
    G(finish_add)(out, &u1, &s1, &i, &h, &r);
}

/* The affine form given 1/z (0 at infinity). */
ZK_UNUSED static void G(to_affine_with)(AFFINE *out, const JACOBIAN *p, const B_T *z_inverse) {
    B_T zz;
    B(square)(&zz, z_inverse);
    B(mul)(&out->x, &p->x, &zz);
    B(mul)(&zz, &zz, z_inverse);
    B(mul)(&out->y, &p->y, &zz);
}

ZK_UNUSED static void G(to_affine)(AFFINE *out, const JACOBIAN *p) {
    B_T z_inverse;
    B(inverse_vartime)(&z_inverse, &p->z);
    G(to_affine_with)(out, p, &z_inverse);
}

/* out = scalar p, most significant bit first; scalar is any 256-bit integer. */
ZK_UNUSED static void G(mul_vartime)(JACOBIAN *out, const AFFINE *p, const uint64_t scalar[4]) {
    JACOBIAN acc = G(infinity)();
    for (int i = 255; i >= 0; i--) {
        if (!G(is_infinity)(&acc)) G(double)(&acc, &acc);
        if ((scalar[i >> 6] >> (i & 63)) & 1) G(add_affine)(&acc, &acc, p);
    }
    *out = acc;
}

#undef G
#undef B
#undef B_T
#undef AFFINE
#undef JACOBIAN
#undef GROUP
#undef BASE
