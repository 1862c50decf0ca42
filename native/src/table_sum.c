/* Sums over few points that never change, from tables of their multiples: an addition for each
 * digit of each scalar and no doubling. */

enum { TABLE_WIDTH = 6, TABLE_WINDOWS = 43, TABLE_HALF = 1 << (TABLE_WIDTH - 1) };

/* table[TABLE_HALF w + d - 1] = d 2^(TABLE_WIDTH w) point; the rows of all windows grow together. */
static void table_fill(g1_affine_t *table, const g1_affine_t *point, g1_adder_t *adder) {
    g1_jacobian_t shifted = g1_from_affine(point);
    for (size_t window = 0; window < TABLE_WINDOWS; window++) {
        g1_to_affine(&table[window * TABLE_HALF], &shifted);
        for (int i = 0; i < TABLE_WIDTH; i++) g1_double(&shifted, &shifted);
    }
    g1_adder_reset(adder);
    for (size_t known = 1; known < TABLE_HALF; known *= 2) {
        for (g1_affine_t *row = table; row < table + TABLE_WINDOWS * TABLE_HALF; row += TABLE_HALF)
            for (size_t i = 0; i < known; i++)
                g1_adder_push(adder, &row[known + i], &row[known - 1], &row[i]);
        g1_adder_flush(adder);
    }
}

static zk_status op_g1_table(uint64_t *tables, uint64_t *scratch, const uint64_t *points,
                             size_t n) {
    for (size_t i = 0; i < n; i++)
        table_fill((g1_affine_t *)tables + i * TABLE_WINDOWS * TABLE_HALF,
                   (const g1_affine_t *)points + i, zk_align(scratch));
    return ZK_OK;
}

static zk_status op_g1_table_sum(uint64_t *out, const uint64_t *constant, const uint64_t *tables,
                                 const uint64_t *scalars, size_t n) {
    const digits_t plan = digits_plan(TABLE_WIDTH);
    g1_jacobian_t sum = g1_from_affine((const g1_affine_t *)constant);
    for (size_t i = 0; i < n; i++) {
        const g1_affine_t *table = (const g1_affine_t *)tables + i * TABLE_WINDOWS * TABLE_HALF;
        const limbs_t shifted = digits_of(&plan, (const limbs_t *)scalars + i);
        for (unsigned window = 0; window < TABLE_WINDOWS; window++) {
            const int32_t digit = digit_at(&plan, &shifted, window);
            if (digit == 0) continue;
            g1_affine_t term;
            g1_affine_negate_if(&term, &table[window * TABLE_HALF + (size_t)abs(digit) - 1],
                                digit < 0);
            g1_add_affine(&sum, &sum, &term);
        }
    }
    g1_to_affine((g1_affine_t *)out, &sum);
    return ZK_OK;
}
