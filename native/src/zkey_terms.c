/* The coefficient records of a .zkey -> matrices A and B in CSR form, with a table of the distinct
 * coefficients. A record is 44 bytes, anywhere in memory: u32 matrix (0 or 1), u32 row, u32 wire,
 * 32 bytes of value. Rows may come in any order; terms of a row keep that of the file. */

enum { ZKEY_RECORD_BYTES = 44 };

typedef struct {
    uint32_t matrix, row, wire;
    limbs_t value;
} zkey_record_t;

static inline zkey_record_t zkey_record(const uint8_t *records, size_t i) {
    zkey_record_t record;
    const uint8_t *at = records + i * ZKEY_RECORD_BYTES;
    memcpy(&record.matrix, at, 4);
    memcpy(&record.row, at + 4, 4);
    memcpy(&record.wire, at + 8, 4);
    memcpy(&record.value, at + 12, 32);
    return record;
}

/* Open addressing: slots hold 1 + the index of a value in the table, 0 where free. The weights are
 * secret random odd numbers, so that no file can be made whose values collide. */
typedef struct {
    limbs_t *values;
    uint32_t *slots;
    const uint64_t *weights;
    size_t count, capacity; /* of values; there are twice as many slots */
    unsigned log_slots;
} zkey_table_t;

/* The index of the value in the table, entered if it is new; `capacity` when the table is full. */
static size_t zkey_index_of(zkey_table_t *table, const limbs_t *value) {
    uint64_t hash = 0;
    for (int i = 0; i < 4; i++) hash += value->l[i] * table->weights[i];
    size_t mask = ((size_t)1 << table->log_slots) - 1;
    for (size_t slot = (size_t)(hash >> (64 - table->log_slots));; slot = (slot + 1) & mask) {
        uint32_t entry = table->slots[slot];
        if (entry != 0 && memcmp(&table->values[entry - 1], value, sizeof *value) == 0)
            return entry - 1;
        if (entry != 0) continue;
        if (table->count == table->capacity) return table->capacity;
        table->values[table->count] = *value;
        table->slots[slot] = (uint32_t)++table->count;
        return table->count - 1;
    }
}

/* indptr[m][row + 1] = terms of that row, for both matrices; the first record out of bounds, or
 * -1. */
static int64_t zkey_count(uint32_t *indptr, const uint8_t *records, size_t n, size_t rows,
                          size_t n_wires) {
    memset(indptr, 0, 2 * (rows + 1) * sizeof *indptr);
    for (size_t i = 0; i < n; i++) {
        zkey_record_t record = zkey_record(records, i);
        if (record.matrix > 1 || record.row >= rows || record.wire >= n_wires) return (int64_t)i;
        indptr[record.matrix * (rows + 1) + record.row + 1]++;
    }
    for (int m = 0; m < 2; m++)
        for (size_t row = 0; row < rows; row++)
            indptr[(size_t)m * (rows + 1) + row + 1] += indptr[(size_t)m * (rows + 1) + row];
    return -1;
}

/* found[0]: the first record that is out of bounds, else -1. found[1]: the number of distinct
 * values, or -1 when there are more than 2^log_table: then call again with a larger table. */
static zk_status op_zkey_terms(int64_t *found, uint32_t *indptr, uint32_t *wires, uint32_t *coefs,
                               uint64_t *table, uint32_t *slots, unsigned log_table,
                               const uint64_t *weights, const uint8_t *records, size_t n,
                               size_t rows, size_t n_wires) {
    if (log_table > 31) return ZK_BAD_ARGUMENT;
    found[1] = 0;
    found[0] = zkey_count(indptr, records, n, rows, n_wires);
    if (found[0] >= 0) return ZK_OK;
    zkey_table_t distinct = {(limbs_t *)table,          slots,        weights, 0,
                             (size_t)1 << log_table, log_table + 1};
    memset(slots, 0, ((size_t)1 << distinct.log_slots) * sizeof *slots);
    size_t second = indptr[rows]; /* where the terms of B begin */
    for (size_t i = 0; i < n; i++) {
        zkey_record_t record = zkey_record(records, i);
        size_t index = zkey_index_of(&distinct, &record.value);
        if (index == distinct.capacity) {
            found[1] = -1;
            return ZK_OK;
        }
        uint32_t *next = &indptr[record.matrix * (rows + 1) + record.row];
        size_t at = record.matrix * second + (*next)++;
        wires[at] = record.wire;
        coefs[at] = (uint32_t)index;
    }
    for (size_t m = 0; m < 2; m++) { /* each start has moved to the next row's */
        uint32_t *starts = indptr + m * (rows + 1);
        memmove(starts + 1, starts, rows * sizeof *starts);
        starts[0] = 0;
    }
    found[1] = (int64_t)distinct.count;
    return ZK_OK;
}
