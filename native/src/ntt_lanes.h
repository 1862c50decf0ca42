/* The transforms of large vectors on lanes, in two passes over memory (D. Bailey's four steps). The
 * vector is read as a matrix of N1 rows and N2 columns, n = N1 N2:
 *     pass 1  transforms columns of i = i1 N2 + i2 over i1, multiplies by w^(i2 k1) and writes the
 *             transpose, at i2 N1 + k1;
 *     pass 2  transforms columns of that over i2, in place: k = k1 + N1 k2 is in natural order.
 * Eight columns at a time are unpacked to a block (ntt_block.h) that stays in the cache of a core.
 * Shifts to the odd coset and 1/n go with the factors between passes. Data are integers below m
 * (or 2 m between passes), whatever form they are in: the transform is linear. */
#ifndef ZK_NTT_LANES_H
#define ZK_NTT_LANES_H
#include "ntt_block.h"

enum { NTT_LANES_MIN_LOG = 10, NTT_PREFETCH_ROWS = 12 };

/* One pass: transforms of 2^log rows over groups of eight columns. */
typedef struct {
    fr_t *out;
    const fr_t *in;
    unsigned log;
    size_t groups;
    bool rows_in, rows_out;     /* "columns" are rows in memory */
    const fr8_fixed_t *levels;  /* see ntt_block */
    const fr8_fixed_t *before;  /* factors of the rows read, or NULL */
    const fr8_fixed_t *between; /* factors of the rows, then a second transform by levels2 */
    const fr8_fixed_t *levels2;
    const fr8_t *starts, *steps; /* row k of group g is times starts[g] steps[g]^k, or NULL */
    const fr8_fixed_t *after;    /* factors of the rows written, or NULL */
    fr8_t *blocks;
    atomic_size_t next;
} ntt_columns_t;

/* Column 8 group + lane, in bit-reversed order of its rows. */
static void ntt_load_block(fr8_t *block, const ntt_columns_t *pass, size_t group) {
    const size_t n = (size_t)1 << pass->log, width = ZK_LANES * pass->groups;
    const fr_t *in = pass->in + ZK_LANES * group * (pass->rows_in ? n : 1);
    for (size_t i = 0; i < n; i++) {
        lanes_words_t words;
        fr8_t value;
        if (pass->rows_in) {
            const limbs_t *places[ZK_LANES];
            for (size_t lane = 0; lane < ZK_LANES; lane++) places[lane] = in + lane * n + i;
            lanes_read_from(&words, places);
        } else {
            const fr_t *row = in + i * width;
            for (size_t k = 0; k < ZK_LANES; k += 2)
                __builtin_prefetch(row + NTT_PREFETCH_ROWS * width + k);
            lanes_read(&words, (const uint64_t *)row);
        }
        lanes_split(&value, &words);
        LANES_SET_BOUND(&value, NTT_INPUT_BOUND);
        if (pass->before != NULL) {
            fr8_mul_fixed(&value, &value, &pass->before[i]);
            fr8_reduce(&value, &value);
        }
        block[ntt_block_place(ntt_reversed(i, pass->log))] = value;
    }
}

static void ntt_store_row(const ntt_columns_t *pass, size_t group, size_t i, const fr8_t *value) {
    const size_t n = (size_t)1 << pass->log, width = ZK_LANES * pass->groups;
    lanes_words_t words;
    lanes_join(&words, value);
    if (pass->rows_out) {
        fr_t *out = pass->out + ZK_LANES * group * n + i;
        limbs_t *places[ZK_LANES];
        for (size_t lane = 0; lane < ZK_LANES; lane++) places[lane] = out + lane * n;
        lanes_write_to(places, &words);
    } else {
        lanes_write((uint64_t *)(pass->out + i * width + ZK_LANES * group), &words);
    }
}

/* With the factors between passes (bound 2), or canonical. */
static void ntt_store_block(const ntt_columns_t *pass, size_t group, const fr8_t *block) {
    const size_t n = (size_t)1 << pass->log;
    fr8_t power = pass->steps != NULL ? pass->starts[group] : lanes_zero(), value;
    for (size_t i = 0; i < n; i++) {
        const fr8_t *from = &block[ntt_block_place(i)];
        if (pass->after != NULL) fr8_mul_fixed(&value, from, &pass->after[i]), from = &value;
        fr8_reduce(&value, from);
        if (pass->steps != NULL) {
            fr8_mul(&value, &value, &power);
            fr8_mul(&power, &power, &pass->steps[group]);
        } else {
            fr8_canonical(&value, &value);
        }
        ntt_store_row(pass, group, i, &value);
    }
}

/* To bit-reversed order, times the factors between two transforms. */
static void ntt_turn_block(fr8_t *block, unsigned log, const fr8_fixed_t *factors) {
    for (size_t i = 0; i < (size_t)1 << log; i++) {
        const size_t j = ntt_reversed(i, log);
        fr8_t *a = &block[ntt_block_place(i)], *b = &block[ntt_block_place(j)], value;
        if (j < i) continue;
        fr8_mul_fixed(&value, a, &factors[i]);
        fr8_mul_fixed(a, b, &factors[j]);
        fr8_reduce(a, a);
        fr8_reduce(b, &value);
    }
}

static void ntt_columns_worker(void *context, size_t worker) {
    ntt_columns_t *pass = context;
    fr8_t *block = pass->blocks + worker * ntt_block_length(pass->log);
    for (;;) {
        const size_t group = atomic_fetch_add(&pass->next, 1);
        if (group >= pass->groups) return;
        ntt_load_block(block, pass, group);
        ntt_block(block, pass->log, pass->levels);
        if (pass->between != NULL) {
            ntt_turn_block(block, pass->log, pass->between);
            ntt_block(block, pass->log, pass->levels2);
        }
        ntt_store_block(pass, group, block);
    }
}

/* Tables and blocks are cut from the caller's scratch. */
typedef struct {
    uint8_t *next, *end;
} ntt_room_t;

static ntt_room_t ntt_room(void *scratch, size_t bytes) {
    uint8_t *first = (uint8_t *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
    return (ntt_room_t){first, (uint8_t *)scratch + bytes};
}

static void *ntt_take(ntt_room_t *room, size_t bytes) {
    uint8_t *out = room->next;
    room->next += (bytes + 63) & ~(size_t)63;
    return out;
}

static void ntt_columns(ntt_columns_t *pass, ntt_room_t room, size_t threads) {
    const size_t block = ntt_block_length(pass->log) * sizeof(fr8_t);
    const size_t fitting = (size_t)(room.end - room.next) / block;
    const size_t workers = threads < fitting ? threads : fitting;
    pass->blocks = (fr8_t *)room.next;
    atomic_init(&pass->next, 0);
    zk_parallel(threads, workers, ntt_columns_worker, pass);
}

/* 8 count numbers first base^i, in the lanes' Montgomery form, bound 2. */
static fr8_t *ntt_powers(ntt_room_t *room, size_t count, const fr_t *first, const fr_t *base) {
    fr8_t *out = ntt_take(room, count * sizeof(fr8_t));
    fr_t elements[ZK_LANES], eighth = fr_one;
    fr8_t power, step;
    for (int i = 0; i < ZK_LANES; i++) {
        fr_mul(&elements[i], first, &eighth);
        fr_mul(&eighth, &eighth, base);
    }
    fr8_broadcast(&step, &eighth);
    fr8_load_montgomery(&power, elements);
    fr8_reduce(&power, &power);
    for (size_t i = 0; i < count; i++) {
        out[i] = power;
        fr8_mul(&power, &power, &step);
    }
    return out;
}

/* 1, base, base^2 .. as fixed factors: count of them, a multiple of eight. */
static void ntt_fixed_powers(fr8_fixed_t *out, ntt_room_t room, size_t count, const fr_t *base) {
    const fr8_t *powers = ntt_powers(&room, count / ZK_LANES, &fr_one, base);
    for (size_t i = 0; i < count / ZK_LANES; i++) {
        fr8_t power;
        fr8_canonical(&power, &powers[i]);
        fr8_fixed_from(out + ZK_LANES * i, &power);
    }
}

/* Factors of 2^log rows. */
static fr8_fixed_t *ntt_rows(ntt_room_t *room, unsigned log, const fr_t *base) {
    fr8_fixed_t *out = ntt_take(room, sizeof(fr8_fixed_t) << log);
    ntt_fixed_powers(out, *room, (size_t)1 << log, base);
    return out;
}

/* The factors of ntt_block for the 2^log-th root of unity. */
static fr8_fixed_t *ntt_levels(ntt_room_t *room, unsigned log, const fr_t *root) {
    fr8_fixed_t *out = ntt_take(room, sizeof(fr8_fixed_t) << log);
    size_t half = (size_t)1 << (log - 1);
    ntt_fixed_powers(out + half, *room, half, root);
    for (half /= 2; half > 0; half /= 2)
        for (size_t i = 0; i < half; i++) out[half + i] = out[2 * half + 2 * i];
    return out;
}

/* base^(2^k) */
static fr_t ntt_squared(const fr_t *base, unsigned k) {
    fr_t out = *base;
    while (k-- > 0) fr_square(&out, &out);
    return out;
}

/* The sizes of a transform of 2^log_n, and its roots of unity: of order n and of order 2n. */
typedef struct {
    unsigned log_rows, log_columns, log_longer;
    fr_t root, double_root;
} ntt_shape_t;

static ntt_shape_t ntt_shape(unsigned log_n, bool inverse) {
    ntt_shape_t shape = {(log_n + 1) / 2, log_n / 2, (log_n + 1) / 2, fr_zero(), fr_zero()};
    shape.double_root = ntt_root_of_unity(log_n + 1, inverse);
    fr_square(&shape.root, &shape.double_root);
    return shape;
}

static void ntt_on_lanes(fr_t *out, fr_t *scratch, const fr_t *values, unsigned log_n,
                         ntt_kind_t kind, size_t threads) {
    const bool inverse = kind == NTT_INVERSE || kind == NTT_ODD_COSET_INVERSE;
    const ntt_shape_t shape = ntt_shape(log_n, inverse);
    ntt_room_t room = ntt_room(scratch, sizeof(fr_t) << log_n);
    const fr_t longer_root = ntt_squared(&shape.root, log_n - shape.log_longer);
    const fr8_fixed_t *levels = ntt_levels(&room, shape.log_longer, &longer_root);
    fr_t start = fr_one;
    if (inverse) ntt_inverse_of_size(&start, log_n);

    ntt_columns_t first = {.out = out, .in = values, .log = shape.log_rows, .levels = levels,
                           .groups = ((size_t)1 << shape.log_columns) / ZK_LANES,
                           .rows_out = true};
    ntt_columns_t second = {.out = out, .in = out, .log = shape.log_columns, .levels = levels,
                            .groups = ((size_t)1 << shape.log_rows) / ZK_LANES};
    if (kind == NTT_ODD_COSET) {
        const fr_t row_shift = ntt_squared(&shape.double_root, shape.log_columns);
        first.before = ntt_rows(&room, shape.log_rows, &row_shift);
    }
    if (kind == NTT_ODD_COSET_INVERSE) {
        const fr_t row_shift = ntt_squared(&shape.double_root, shape.log_rows);
        second.after = ntt_rows(&room, shape.log_columns, &row_shift);
    }
    const fr_t *start_base = kind == NTT_ODD_COSET ? &shape.double_root : &fr_one;
    const fr_t *first_step = kind == NTT_ODD_COSET_INVERSE ? &shape.double_root : &fr_one;
    first.starts = ntt_powers(&room, first.groups, &start, start_base);
    first.steps = ntt_powers(&room, first.groups, first_step, &shape.root);
    ntt_columns(&first, room, threads);
    ntt_columns(&second, room, threads);
}

/* n times the values on the odd coset of the polynomial with these values over the domain, in
 * place; scratch holds 2 n elements. The second pass back and the first pass on work on the same
 * columns, so that three passes do: in the middle, coefficient k1 + N1 k2 lies in row k2. */
static void ntt_extend_on_lanes(fr_t *values, fr_t *scratch, unsigned log_n, size_t threads) {
    const ntt_shape_t back = ntt_shape(log_n, true), on = ntt_shape(log_n, false);
    const size_t n = (size_t)1 << log_n;
    ntt_room_t room = ntt_room(scratch + n, n * sizeof(fr_t));
    const fr_t root_back = ntt_squared(&back.root, log_n - back.log_longer);
    const fr_t root_on = ntt_squared(&on.root, log_n - on.log_longer);
    const fr_t row_shift = ntt_squared(&on.double_root, on.log_rows);
    const fr8_fixed_t *levels_back = ntt_levels(&room, back.log_longer, &root_back);
    const fr8_fixed_t *levels_on = ntt_levels(&room, on.log_longer, &root_on);

    ntt_columns_t first = {.out = scratch, .in = values, .log = back.log_rows,
                           .groups = ((size_t)1 << back.log_columns) / ZK_LANES,
                           .rows_out = true, .levels = levels_back};
    ntt_columns_t middle = {.out = scratch, .in = scratch, .log = back.log_columns,
                            .groups = ((size_t)1 << back.log_rows) / ZK_LANES,
                            .levels = levels_back, .levels2 = levels_on};
    ntt_columns_t last = {.out = values, .in = scratch, .log = on.log_rows,
                          .groups = first.groups, .rows_in = true, .levels = levels_on};
    first.starts = ntt_powers(&room, first.groups, &fr_one, &fr_one);
    first.steps = ntt_powers(&room, first.groups, &fr_one, &back.root);
    middle.between = ntt_rows(&room, back.log_columns, &row_shift);
    middle.starts = ntt_powers(&room, middle.groups, &fr_one, &on.double_root);
    middle.steps = ntt_powers(&room, middle.groups, &fr_one, &on.root);
    ntt_columns(&first, room, threads);
    ntt_columns(&middle, room, threads);
    ntt_columns(&last, room, threads);
}
#endif
