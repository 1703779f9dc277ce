/* journal_test.c - promise P5: whatever is edited, deleted, inserted, reordered or re-dated in the journal is found. */
#include "proto/memory.h"
#include "server/check.h"
#include "tests/lib/disk.h"
#include "tests/lib/rng.h"
#include "tests/lib/sample.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRIES_MAX = 200 };

/* The journal of a small registry, entry by entry; [0] is number 1. */
static struct {
    struct disk disk;
    unsigned count;
    struct line {
        struct entry entry;
        struct text bytes;
    } lines[ENTRIES_MAX];
    unsigned report; /* the line in which HRX submits a report */
} registry;

static struct arena *arena = &registry.disk.arena;

static void read_lines(void)
{
    struct txn *txn;
    assert_int_equal(store_begin(registry.disk.store, false, &txn), OK);
    for (registry.count = 0; registry.count < ENTRIES_MAX; registry.count++) {
        struct line *line = &registry.lines[registry.count];
        if (journal_read(txn_space(txn), registry.count + 1, arena, &line->entry, &line->bytes) != OK) break;
        struct text *borrowed[] = {&line->entry.command, &line->entry.signature, &line->entry.seed};
        for (int i = 0; i < 3; i++)
            borrowed[i]->at = arena_copy(arena, borrowed[i]->at, borrowed[i]->length);
    }
    txn_abort(&txn);
}

static int setup(void **state)
{
    struct disk *disk = &registry.disk;
    (void)state;
    disk_init(disk, NULL);
    if (disk_do(disk, "HRX", "report", "submit", 0, "project", "1", "month", "2009-09", "invested", "120", "cumulative",
                "920", "progress", "主体三层", "difficulties", "无", "next", "封顶", NULL) != OK)
        return -1;
    uint64_t report = disk->id;
    registry.report = (unsigned)disk->engine.head.number - 1;
    disk->now.s += 3600;
    if (disk_do(disk, "XMB", "report", "return", (int64_t)report, "reason", "数据不全", NULL) != OK) return -1;
    disk->now.s += 3600;
    if (disk_do(disk, "HRX", "report", "submit", (int64_t)report, "next", "封顶验收", NULL) != OK) return -1;
    if (disk_do(disk, "XMB", "report", "accept", (int64_t)report, NULL) != OK) return -1;
    read_lines();
    return registry.count == disk->engine.head.number ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    disk_free(&registry.disk);
    return 0;
}

/* ---- copies of the registry with another journal ---- */

struct copy {
    char directory[SCRATCH_PATH_MAX];
    struct store *store;
};

static struct text pack_entry(const struct entry *entry)
{
    struct pack pack;
    pack_init(&pack, ENTRY_BYTES_MAX);
    entry_pack(&pack, entry);
    assert_false(pack.failed);
    struct text bytes = {arena_copy(arena, pack.at, pack.used), (uint32_t)pack.used};
    pack_free(&pack);
    return bytes;
}

static void copy_table(const struct space *from, const struct space *to, enum table table)
{
    struct key key = {.used = 0};
    struct text value;
    for (; from->seek(from->self, table, &key, &value) == OK; key_after(&key)) {
        const char *kept = arena_copy(arena, value.at, value.length);
        assert_int_equal(to->put(to->self, table, &key, (struct text){kept, value.length}), OK);
    }
}

/* An LMDB store with the state of the registry, and with these lines as its journal. */
static void make_copy(struct copy *copy, const struct text *lines, unsigned count)
{
    struct txn *from, *to;
    scratch_make(copy->directory);
    assert_int_equal(store_open(copy->directory, &registry.disk.options, &copy->store, NULL), OK);
    assert_int_equal(store_begin(registry.disk.store, false, &from), OK);
    assert_int_equal(store_begin(copy->store, true, &to), OK);
    for (unsigned table = 0; table < TABLE_COUNT; table++)
        if (table != TABLE_JOURNAL) copy_table(txn_space(from), txn_space(to), (enum table)table);
    for (unsigned i = 0; i < count; i++)
        assert_int_equal(journal_append(txn_space(to), i + 1, lines[i]), OK);
    txn_abort(&from);
    assert_int_equal(txn_commit(&to), OK);
}

static void free_copy(struct copy *copy)
{
    store_close(copy->store);
    scratch_remove(copy->directory);
}

/* The chain of a journal made of these lines: OK, or what is wrong and where. */
static enum err chain_of(const struct text *lines, unsigned count, uint64_t *bad)
{
    struct copy copy;
    struct txn *txn;
    make_copy(&copy, lines, count);
    assert_int_equal(store_begin(copy.store, false, &txn), OK);
    enum err err = check_chain(txn_space(txn), 1, count, bad);
    txn_abort(&txn);
    free_copy(&copy);
    return err;
}

static enum err all_of(const struct text *lines, unsigned count, struct check_report *report)
{
    struct copy copy;
    make_copy(&copy, lines, count);
    enum err err = check_all(copy.store, report);
    free_copy(&copy);
    return err;
}

static void lines_of(struct text lines[ENTRIES_MAX])
{
    for (unsigned i = 0; i < registry.count; i++)
        lines[i] = registry.lines[i].bytes;
}

/* Chains the lines from `from` on anew, as somebody would who can write all of the journal. */
static void rechain(struct text lines[ENTRIES_MAX], unsigned from, unsigned count)
{
    for (unsigned i = from; i < count; i++) {
        struct entry entry;
        assert_int_equal(entry_unpack(lines[i].at, lines[i].length, arena, &entry, NULL), OK);
        entry.number = i + 1;
        if (i > 0) entry_hash(lines[i - 1].at, lines[i - 1].length, entry.before);
        lines[i] = pack_entry(&entry);
    }
}

static void a_true_journal_proves_itself(void **state)
{
    struct text lines[ENTRIES_MAX];
    struct check_report report;
    uint64_t bad = 77;
    (void)state;
    lines_of(lines);
    assert_int_equal(chain_of(lines, registry.count, &bad), OK);
    assert_int_equal(bad, 0);
    assert_int_equal(all_of(lines, registry.count, &report), OK);
    assert_int_equal(report.entries, registry.count);
    assert_int_equal(report.decided, registry.count);
    assert_int_equal(report.differing, 0);
    assert_true(report.is_signed >= 10);
    assert_string_equal(report.what, "");
    assert_memory_equal(report.head, registry.disk.engine.head.hash, HASH_BYTES);
    /* chaining anew what is true already changes nothing */
    rechain(lines, 0, registry.count);
    for (unsigned i = 0; i < registry.count; i++)
        assert_true(text_equal(lines[i], registry.lines[i].bytes));
}

static void every_edited_byte_is_found(void **state)
{
    struct text lines[ENTRIES_MAX];
    struct rng rng = rng_make(30);
    uint64_t bad;
    (void)state;
    lines_of(lines);
    for (unsigned i = 0; i + 1 < registry.count; i++) {
        uint32_t step = i == registry.report ? 1 : lines[i].length / 3; /* one entry whole, samples of the others */
        for (uint32_t at = (uint32_t)rng_below(&rng, step); at < lines[i].length; at += step) {
            struct text good = lines[i];
            char *edited = arena_copy(arena, good.at, good.length);
            edited[at] = (char)(edited[at] ^ 1 << rng_below(&rng, 8));
            lines[i].at = edited;
            if (chain_of(lines, registry.count, &bad) == OK) fail_msg("entry %u byte %u", i + 1, at);
            assert_true(bad == i + 1 || bad == i + 2);
            lines[i] = good;
        }
    }
}

static void a_deleted_entry_is_found(void **state)
{
    struct text lines[ENTRIES_MAX];
    uint64_t bad;
    (void)state;
    for (unsigned gone = 0; gone < registry.count - 1; gone += 5) {
        lines_of(lines);
        memmove(&lines[gone], &lines[gone + 1], (registry.count - gone - 1) * sizeof *lines);
        assert_int_equal(chain_of(lines, registry.count - 1, &bad), ERR_DAMAGED);
        assert_int_equal(bad, gone + 1);
        /* also when the numbers were mended */
        struct entry entry;
        for (unsigned i = gone; i < registry.count - 1; i++) {
            assert_int_equal(entry_unpack(lines[i].at, lines[i].length, arena, &entry, NULL), OK);
            entry.number = i + 1;
            lines[i] = pack_entry(&entry);
        }
        assert_int_equal(chain_of(lines, registry.count - 1, &bad), ERR_DAMAGED);
    }
}

static void an_inserted_entry_is_found(void **state)
{
    struct text lines[ENTRIES_MAX];
    uint64_t bad;
    (void)state;
    for (unsigned at = 1; at < registry.count; at += 7) {
        lines_of(lines);
        memmove(&lines[at + 1], &lines[at], (registry.count - at) * sizeof *lines);
        struct entry entry;
        assert_int_equal(entry_unpack(lines[at - 1].at, lines[at - 1].length, arena, &entry, NULL), OK);
        entry.number = at + 1; /* the same act once more, well chained to what stands before */
        entry_hash(lines[at - 1].at, lines[at - 1].length, entry.before);
        lines[at] = pack_entry(&entry);
        assert_int_equal(chain_of(lines, registry.count + 1, &bad), ERR_DAMAGED);
        assert_int_equal(bad, at + 2);
    }
}

static void reordered_entries_are_found(void **state)
{
    struct text lines[ENTRIES_MAX];
    uint64_t bad;
    (void)state;
    for (unsigned at = 0; at + 1 < registry.count; at += 3) {
        lines_of(lines);
        struct text first = lines[at];
        lines[at] = lines[at + 1];
        lines[at + 1] = first;
        assert_int_equal(chain_of(lines, registry.count, &bad), ERR_DAMAGED);
        assert_int_equal(bad, at + 1);
    }
}

static void a_redated_entry_is_found(void **state)
{
    struct text lines[ENTRIES_MAX];
    uint64_t bad;
    (void)state;
    lines_of(lines);
    struct entry entry = registry.lines[registry.report].entry;
    entry.time.s -= 86400;
    lines[registry.report] = pack_entry(&entry);
    assert_int_equal(chain_of(lines, registry.count, &bad), ERR_DAMAGED);
    assert_int_equal(bad, registry.report + 2);
}

/* Whoever can chain everything anew still can't sign for another. */
static void a_forged_act_is_found_by_its_signature(void **state)
{
    struct text lines[ENTRIES_MAX];
    struct entry entry = registry.lines[registry.report].entry;
    uint64_t bad;
    (void)state;
    lines_of(lines); /* another figure in the command */
    char *command = arena_copy(arena, entry.command.at, entry.command.length);
    command[entry.command.length - 4] ^= 1;
    entry.command.at = command;
    lines[registry.report] = pack_entry(&entry);
    rechain(lines, registry.report, registry.count);
    enum err err = chain_of(lines, registry.count, &bad);
    assert_true(err == ERR_BAD_SIGNATURE || err == ERR_DAMAGED);
    assert_int_equal(bad, registry.report + 1);

    lines_of(lines); /* another's signature */
    entry = registry.lines[registry.report].entry;
    entry.signature = registry.lines[registry.report + 1].entry.signature;
    lines[registry.report] = pack_entry(&entry);
    rechain(lines, registry.report, registry.count);
    assert_int_equal(chain_of(lines, registry.count, &bad), ERR_BAD_SIGNATURE);

    lines_of(lines); /* no signature where one is due */
    entry.signature = (struct text){"", 0};
    lines[registry.report] = pack_entry(&entry);
    rechain(lines, registry.report, registry.count);
    assert_int_equal(chain_of(lines, registry.count, &bad), ERR_BAD_SIGNATURE);

    lines_of(lines); /* given as somebody else's act */
    entry = registry.lines[registry.report].entry;
    entry.device = disk_person(&registry.disk, "PJX")->device;
    lines[registry.report] = pack_entry(&entry);
    rechain(lines, registry.report, registry.count);
    assert_int_equal(chain_of(lines, registry.count, &bad), ERR_BAD_SIGNATURE);
}

/* What is chained anew without touching what was signed is found by deciding and folding again. */
static void a_forged_consequence_is_found_by_the_full_check(void **state)
{
    struct text lines[ENTRIES_MAX];
    struct check_report report;
    (void)state;
    struct entry entry = registry.lines[registry.report].entry;
    lines_of(lines); /* received a day earlier than it was */
    entry.time.s -= 86400;
    lines[registry.report] = pack_entry(&entry);
    rechain(lines, registry.report, registry.count);
    assert_int_equal(all_of(lines, registry.count, &report), ERR_DAMAGED);
    assert_true(report.differing > 0 || report.what[0] != '\0');

    lines_of(lines); /* effects that the act does not have */
    entry = registry.lines[registry.report].entry;
    entry.effects = registry.lines[registry.report + 2].entry.effects;
    lines[registry.report] = pack_entry(&entry);
    rechain(lines, registry.report, registry.count);
    assert_int_equal(all_of(lines, registry.count, &report), ERR_DAMAGED);

    lines_of(lines); /* done by another operator, it says */
    entry = registry.lines[registry.report].entry;
    entry.operator = disk_person(&registry.disk, "PJX")->operator;
    lines[registry.report] = pack_entry(&entry);
    rechain(lines, registry.report, registry.count);
    assert_int_equal(all_of(lines, registry.count, &report), ERR_DAMAGED);
}

/* The last entries cut off: the state knows more than the journal. */
static void a_shortened_journal_is_found(void **state)
{
    struct text lines[ENTRIES_MAX];
    struct check_report report;
    uint64_t bad;
    (void)state;
    lines_of(lines);
    for (unsigned less = 1; less <= 3; less++) {
        assert_int_equal(chain_of(lines, registry.count - less, &bad), OK); /* by itself it is whole */
        assert_int_equal(all_of(lines, registry.count - less, &report), ERR_DAMAGED);
    }
    struct copy copy;
    struct txn *txn;
    make_copy(&copy, lines, registry.count - 1);
    assert_int_equal(store_begin(copy.store, false, &txn), OK);
    assert_int_equal(check_chain(txn_space(txn), 1, registry.count, &bad), ERR_DAMAGED);
    assert_int_equal(bad, registry.count);
    txn_abort(&txn);
    free_copy(&copy);
}

/* A piece of the chain can be checked alone, as the daemon does when it starts. */
static void a_part_of_the_chain_is_checked_against_what_stands_before(void **state)
{
    struct text lines[ENTRIES_MAX];
    struct copy copy;
    struct txn *txn;
    uint64_t bad;
    (void)state;
    lines_of(lines);
    struct entry entry = registry.lines[4].entry;
    entry.time.s++;
    lines[4] = pack_entry(&entry); /* number 5 */
    make_copy(&copy, lines, registry.count);
    assert_int_equal(store_begin(copy.store, false, &txn), OK);
    assert_int_equal(check_chain(txn_space(txn), 1, 5, &bad), OK); /* nothing stands behind it yet */
    assert_int_equal(check_chain(txn_space(txn), 6, registry.count, &bad), ERR_DAMAGED);
    assert_int_equal(bad, 6);
    assert_int_equal(check_chain(txn_space(txn), 7, registry.count, &bad), OK);
    txn_abort(&txn);
    assert_int_equal(check_recent(copy.store, NULL), ERR_DAMAGED);
    free_copy(&copy);
    assert_int_equal(check_recent(registry.disk.store, NULL), OK);
}

/* ---- entries as bytes ---- */

static void entries_keep_their_bytes(void **state)
{
    struct rng rng = rng_make(31);
    uint8_t bytes[200];
    (void)state;
    for (int i = 0; i < 500; i++) {
        struct pack effects;
        struct entry read;
        for (size_t j = 0; j < sizeof bytes; j++)
            bytes[j] = (uint8_t)rng_next(&rng);
        pack_init(&effects, 1000);
        pack_array(&effects, 1);
        pack_int(&effects, rng_between(&rng, INT64_MIN, INT64_MAX));
        struct entry entry = {.number = 1 + rng_below(&rng, 1000),
                              .time = {(int64_t)(rng_next(&rng) >> 24)},
                              .tables = 1 + (uint32_t)rng_below(&rng, 9),
                              .actor = (enum actor_type)rng_below(&rng, 4),
                              .device = rng_next(&rng) >> 1,
                              .operator = rng_next(&rng) >> 1,
                              .seed = {(const char *)bytes, rng_once_in(&rng, 2) ? SEED_BYTES : 0},
                              .command = {(const char *)bytes, (uint32_t)rng_below(&rng, sizeof bytes)},
                              .signature = {(const char *)bytes, rng_once_in(&rng, 2) ? SIGNATURE_BYTES : 0},
                              .effects = {(const char *)effects.at, (uint32_t)effects.used}};
        memcpy(entry.before, bytes + 100, HASH_BYTES);
        struct text packed = pack_entry(&entry);
        assert_int_equal(entry_unpack(packed.at, packed.length, arena, &read, NULL), OK);
        assert_true(text_equal(pack_entry(&read), packed));
        for (uint32_t length = 0; length < packed.length; length += 7)
            assert_int_not_equal(entry_unpack(packed.at, length, arena, &read, NULL), OK);
        pack_free(&effects);
    }
}

static void the_hash_covers_every_byte(void **state)
{
    uint8_t bytes[300], hash[HASH_BYTES], other[HASH_BYTES];
    (void)state;
    memset(bytes, 7, sizeof bytes);
    entry_hash(bytes, sizeof bytes, hash);
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] ^= 1;
        entry_hash(bytes, sizeof bytes, other);
        assert_memory_not_equal(hash, other, HASH_BYTES);
        bytes[i] ^= 1;
    }
    entry_hash(bytes, sizeof bytes - 1, other);
    assert_memory_not_equal(hash, other, HASH_BYTES);
}

static void the_head_is_the_newest_entry(void **state)
{
    struct memory memory;
    struct head head;
    (void)state;
    memory_init(&memory);
    assert_int_equal(journal_head(&memory.space, &head), OK);
    assert_int_equal(head.number, 0);
    for (unsigned i = 0; i < registry.count; i++) {
        uint8_t hash[HASH_BYTES];
        assert_int_equal(journal_append(&memory.space, i + 1, registry.lines[i].bytes), OK);
        assert_int_equal(journal_head(&memory.space, &head), OK);
        entry_hash(registry.lines[i].bytes.at, registry.lines[i].bytes.length, hash);
        assert_int_equal(head.number, i + 1);
        assert_memory_equal(head.hash, hash, HASH_BYTES);
        assert_int_equal(head.time.s, registry.lines[i].entry.time.s);
    }
    memory_free(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_true_journal_proves_itself),
        cmocka_unit_test(every_edited_byte_is_found),
        cmocka_unit_test(a_deleted_entry_is_found),
        cmocka_unit_test(an_inserted_entry_is_found),
        cmocka_unit_test(reordered_entries_are_found),
        cmocka_unit_test(a_redated_entry_is_found),
        cmocka_unit_test(a_forged_act_is_found_by_its_signature),
        cmocka_unit_test(a_forged_consequence_is_found_by_the_full_check),
        cmocka_unit_test(a_shortened_journal_is_found),
        cmocka_unit_test(a_part_of_the_chain_is_checked_against_what_stands_before),
        cmocka_unit_test(entries_keep_their_bytes),
        cmocka_unit_test(the_hash_covers_every_byte),
        cmocka_unit_test(the_head_is_the_newest_entry),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
