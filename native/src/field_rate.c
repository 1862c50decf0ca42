/* Powers by repeated products that never leave the registers: what a multiplication costs when
 * nothing else does, for measurements. */

enum { RATE_CHAINS = 4 }; /* in flight, so that no product waits for the one before it */

#ifdef ZK_HAVE_LANES
/* Whole groups of lanes of a[0 .. n - 1]; returns how many elements that were. */
static size_t rate_lanes(fr_t *out, const fr_t *a, size_t n, size_t exponent) {
    size_t step = RATE_CHAINS * ZK_LANES, done = 0;
    for (; done + step <= n; done += step) {
        fr8_t base[RATE_CHAINS], power[RATE_CHAINS];
        for (size_t c = 0; c < RATE_CHAINS; c++) {
            fr8_load_montgomery(&base[c], &a[done + c * ZK_LANES]);
            fr8_reduce(&base[c], &base[c]);
            power[c] = base[c];
        }
        for (size_t k = 1; k < exponent; k++) {
            LANES_UNROLL
            for (size_t c = 0; c < RATE_CHAINS; c++) fr8_mul(&power[c], &power[c], &base[c]);
        }
        for (size_t c = 0; c < RATE_CHAINS; c++)
            fr8_store_montgomery(&out[done + c * ZK_LANES], &power[c]);
    }
    return done;
}
#endif

/* out[i] = a[i]^exponent by exponent - 1 products each. */
static zk_status op_fr_power(uint64_t *out, const uint64_t *a, size_t n, size_t exponent) {
    if (exponent == 0) return ZK_BAD_ARGUMENT;
    const fr_t *bases = (const fr_t *)a;
    fr_t *powers = (fr_t *)out;
    size_t i = 0;
#ifdef ZK_HAVE_LANES
    i = rate_lanes(powers, bases, n, exponent);
#endif
    for (; i < n; i += RATE_CHAINS) {
        size_t count = n - i < RATE_CHAINS ? n - i : RATE_CHAINS;
        for (size_t c = 0; c < count; c++) powers[i + c] = bases[i + c];
        for (size_t k = 1; k < exponent; k++)
            for (size_t c = 0; c < count; c++)
                fr_mul(&powers[i + c], &powers[i + c], &bases[i + c]);
    }
    return ZK_OK;
}
