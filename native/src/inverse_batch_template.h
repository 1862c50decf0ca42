/* Montgomery's trick over FIELD (fr or fp). */
#define F(name) JOIN(FIELD, name)
#define F_T JOIN(FIELD, t)

/* out[i] = 1/a[i] (0 -> 0) with one inversion and 3n multiplications. out must not overlap a. */
ZK_UNUSED static void F(inverse_batch_vartime)(F_T *out, const F_T *a, size_t n) {
    F_T product = F(one);
    for (size_t i = 0; i < n; i++) {
        out[i] = product;
        if (!F(is_zero)(&a[i])) F(mul)(&product, &product, &a[i]);
    }
    F_T tail;
    F(inverse_vartime)(&tail, &product);
    for (size_t i = n; i-- > 0;) {
        if (F(is_zero)(&a[i])) {
            out[i] = F(zero)();
            continue;
        }
        F(mul)(&out[i], &out[i], &tail);
        F(mul)(&tail, &tail, &a[i]);
    }
}

#undef F
#undef F_T
#undef FIELD
