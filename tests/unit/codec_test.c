/* codec_test.c - records, differences, effects and commands as bytes, for every kind of the tables. */
#include "proto/codec.h"
#include "tests/lib/sample.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 200 };

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_clear(&arena);
    return 0;
}

/* Bytes in a block of exactly their size, so that reading past them is noticed. */
static uint8_t *exact(const struct pack *pack)
{
    uint8_t *bytes = malloc(pack->used > 0 ? pack->used : 1);
    if (bytes == NULL) abort();
    memcpy(bytes, pack->at, pack->used);
    return bytes;
}

static void records_of_every_kind_keep_their_bytes(void **state)
{
    struct rng rng = rng_make(5);
    struct pack first, second;
    (void)state;
    pack_init(&first, RECORD_BYTES_MAX);
    pack_init(&second, RECORD_BYTES_MAX);
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (int i = 0; i < ROUNDS; i++) {
            struct refusal why;
            struct record record = sample_record(&rng, kind->wire, &arena), read = record_make(kind->wire, record.id);
            pack_clear(&first);
            pack_clear(&second);
            record_pack(&first, &record);
            assert_false(first.failed);
            uint8_t *bytes = exact(&first);
            if (record_unpack(bytes, first.used, &arena, &read, &why) != OK)
                fail_msg("%s: %s", kind->name, err_name(why.err));
            if (!sample_equal(&record, &read)) fail_msg("%s: another record", kind->name);
            record_pack(&second, &read);
            assert_int_equal(first.used, second.used);
            assert_memory_equal(first.at, second.at, first.used);
            free(bytes);
            arena_reuse(&arena);
        }
    pack_free(&first);
    pack_free(&second);
}

static void a_kept_record_needs_nothing_of_where_it_came_from(void **state)
{
    struct rng rng = rng_make(6);
    struct pack pack;
    (void)state;
    pack_init(&pack, RECORD_BYTES_MAX);
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (int i = 0; i < 20; i++) {
            struct arena own;
            struct record record = sample_record(&rng, kind->wire, &arena), read = record_make(kind->wire, record.id);
            arena_init(&own, 1 << 20);
            pack_clear(&pack);
            record_pack(&pack, &record);
            uint8_t *bytes = exact(&pack);
            struct arena passing;
            arena_init(&passing, 1 << 20);
            assert_int_equal(record_unpack(bytes, pack.used, &passing, &read, NULL), OK);
            assert_true(record_keep(&read, &own));
            memset(bytes, 0xAA, pack.used);
            free(bytes);
            arena_clear(&passing);
            assert_true(sample_equal(&record, &read));
            arena_clear(&own);
        }
    pack_free(&pack);
}

static void a_difference_turns_one_record_into_the_other(void **state)
{
    struct rng rng = rng_make(7);
    (void)state;
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (int i = 0; i < ROUNDS; i++) {
            struct record a = sample_record(&rng, kind->wire, &arena), b = sample_change(&rng, &a, &arena), merged = a;
            uint64_t mask = record_diff(&a, &b);
            assert_int_equal(record_diff(&a, &a), 0);
            assert_int_equal(record_diff(&b, &a), mask);
            assert_true(record_merge(&merged, &b, mask, &arena));
            assert_int_equal(record_diff(&merged, &b), 0);
            /* exactly those fields: with any one of them missing it is another record */
            for (unsigned position = 0; position < field_count(kind->wire); position++) {
                if ((mask & FIELD_BIT(position)) == 0) continue;
                struct record less = a;
                assert_true(record_merge(&less, &b, mask & ~FIELD_BIT(position), &arena));
                assert_int_equal(record_diff(&less, &b), FIELD_BIT(position));
            }
            arena_reuse(&arena);
        }
}

static void effects_carry_what_differs(void **state)
{
    struct rng rng = rng_make(8);
    struct pack pack;
    (void)state;
    pack_init(&pack, 1 << 20);
    for (int i = 0; i < 300; i++) {
        struct change changes[4];
        const struct change *list[4];
        struct effect *effects;
        struct unpacked unpacked;
        unsigned count, made = 0;
        for (const struct kind *kind = kind_next(NULL); made < 4; kind = kind_next(kind)) {
            if (kind == NULL) kind = kind_next(NULL);
            if (!rng_once_in(&rng, 4)) continue;
            changes[made].before = sample_record(&rng, kind->wire, &arena);
            if (rng_once_in(&rng, 3)) changes[made].before = record_make(kind->wire, changes[made].before.id);
            changes[made].after = sample_change(&rng, &changes[made].before, &arena);
            list[made] = &changes[made];
            made++;
        }
        pack_clear(&pack);
        effects_pack(&pack, list, made);
        assert_int_equal(unpack(pack.at, pack.used, 1 << 16, &unpacked, NULL), OK);
        assert_int_equal(effects_unpack(unpacked.root, &arena, &effects, &count, NULL), OK);
        assert_int_equal(count, made);
        for (unsigned j = 0; j < count; j++) {
            struct record merged = changes[j].before;
            assert_true(effects[j].mask == record_diff(&changes[j].before, &changes[j].after));
            assert_true(record_merge(&merged, &effects[j].fields, effects[j].mask, &arena));
            assert_int_equal(record_diff(&merged, &changes[j].after), 0);
            assert_int_equal(effects[j].fields.id, changes[j].after.id);
        }
        unpack_free(&unpacked);
        arena_reuse(&arena);
    }
    pack_free(&pack);
}

/* ---- fields of a newer version ---- */

/* A report of this version with further fields: [7, {8: 3, 50: "new", 90: [1, 2]}]. */
static struct record newer_report(struct pack *pack)
{
    struct record record = record_make(KIND_report, 1);
    pack_clear(pack);
    pack_array(pack, 2);
    pack_int(pack, 7);
    pack_map(pack, 3);
    pack_int(pack, 8);
    pack_int(pack, 3);
    pack_int(pack, 50);
    pack_text(pack, text_of("new"));
    pack_int(pack, 90);
    pack_array(pack, 2);
    pack_int(pack, 1);
    pack_int(pack, 2);
    assert_int_equal(record_unpack(pack->at, pack->used, &arena, &record, NULL), OK);
    return record;
}

/* The effect of a newer version on a report: a map with one unknown field. */
static struct record newer_effect(unsigned wire, const char *text)
{
    struct pack pack;
    struct unpacked unpacked;
    uint64_t mask;
    struct record fields = record_make(KIND_report, 1);
    pack_init(&pack, 1000);
    pack_map(&pack, 1);
    pack_int(&pack, wire);
    if (text != NULL)
        pack_text(&pack, text_of(text));
    else
        pack_nil(&pack);
    assert_int_equal(unpack(pack.at, pack.used, 10, &unpacked, NULL), OK);
    assert_int_equal(fields_unpack(unpacked.root, FIELDS_STORED, &arena, &fields, &mask, NULL), OK);
    assert_int_equal(mask, 0);
    unpack_free(&unpacked);
    pack_free(&pack);
    return fields;
}

static void fields_of_a_newer_version_are_kept(void **state)
{
    struct pack pack, again;
    (void)state;
    pack_init(&pack, 1000);
    pack_init(&again, 1000);
    struct record record = newer_report(&pack);
    assert_int_equal(record.extra_count, 2);
    assert_int_equal(rec_num(&record, report_project), 3);
    record_pack(&again, &record);
    assert_int_equal(again.used, pack.used);
    assert_memory_equal(again.at, pack.at, pack.used);

    /* an older program that changes a known field keeps them; a newer field between the known ones, too */
    rec_set(&record, report_month, month_make(2009, 9).n);
    struct record fields = newer_effect(60, "between");
    assert_true(record_merge(&record, &fields, 0, &arena));
    fields = newer_effect(50, "changed");
    assert_true(record_merge(&record, &fields, 0, &arena));
    assert_int_equal(record.extra_count, 3);
    assert_int_equal(record.extras[0].wire, 50);
    assert_int_equal(record.extras[1].wire, 60);
    assert_int_equal(record.extras[2].wire, 90);
    assert_true(text_equal(record.extras[0].packed, text_of("\xa7"
                                                            "changed")));
    pack_clear(&again);
    record_pack(&again, &record);
    struct record read = record_make(KIND_report, 1);
    assert_int_equal(record_unpack(again.at, again.used, &arena, &read, NULL), OK);
    assert_true(sample_equal(&record, &read));
    pack_free(&pack);
    pack_free(&again);
}

/* The same journal has to give the same bytes with programs that know the field and that don't. */
static void an_unknown_field_that_is_emptied_leaves_no_trace(void **state)
{
    struct pack pack;
    (void)state;
    pack_init(&pack, 1000);
    struct record record = newer_report(&pack), fields = newer_effect(50, NULL);
    assert_true(record_merge(&record, &fields, 0, &arena));
    assert_int_equal(record.extra_count, 1);
    assert_int_equal(record.extras[0].wire, 90);
    fields = newer_effect(55, NULL); /* never set before */
    assert_true(record_merge(&record, &fields, 0, &arena));
    assert_int_equal(record.extra_count, 1);
    fields = newer_effect(90, NULL);
    assert_true(record_merge(&record, &fields, 0, &arena));
    assert_int_equal(record.extra_count, 0);
    pack_free(&pack);
}

/* ---- commands ---- */

static void commands_keep_their_bytes(void **state)
{
    struct rng rng = rng_make(9);
    struct pack pack, again;
    (void)state;
    pack_init(&pack, COMMAND_BYTES_MAX);
    pack_init(&again, COMMAND_BYTES_MAX);
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (const struct action *action = NULL; (action = action_next(kind->wire, action)) != NULL;)
            for (int i = 0; i < 20; i++) {
                struct refusal why;
                struct command read, peeked;
                struct command command = {.counter = rng_next(&rng) >> 1,
                                          .kind = kind->wire,
                                          .action = action->wire,
                                          .target = rng_between(&rng, -INT64_MAX, INT64_MAX),
                                          .base = rng_between(&rng, -INT64_MAX, INT64_MAX),
                                          .said = {rng_between(&rng, 0, 1ll << 40)},
                                          .args = sample_record(&rng, kind->wire, &arena)};
                command.given = record_mask(&command.args) & rng_next(&rng);
                command.given |=
                    rng_next(&rng) & ~record_mask(&command.args) & (FIELD_BIT(field_count(kind->wire)) - 1);
                command.given &= ~(uint64_t)FIELD_BIT(F_STATE); /* 0 to 16; its own bounds are not at issue */
                pack_clear(&pack);
                pack_clear(&again);
                command_pack(&pack, &command);
                uint8_t *bytes = exact(&pack);
                if (command_unpack(bytes, pack.used, &arena, &read, &why) != OK)
                    fail_msg("%s %s: %s", kind->name, action->name, err_name(why.err));
                command_pack(&again, &read);
                assert_int_equal(again.used, pack.used);
                assert_memory_equal(again.at, pack.at, pack.used);
                assert_true(read.given == command.given);
                for (unsigned j = 0; j < field_count(kind->wire); j++) /* given but not set: to be emptied */
                    assert_int_equal(rec_has(&read.args, j),
                                     (command.given & record_mask(&command.args) & FIELD_BIT(j)) != 0);
                assert_int_equal(command_peek(bytes, pack.used, &peeked), OK);
                assert_true(peeked.counter == command.counter && peeked.kind == command.kind &&
                            peeked.action == command.action);
                assert_true(peeked.target == command.target && peeked.base == command.base &&
                            peeked.said.s == command.said.s);
                free(bytes);
                arena_reuse(&arena);
            }
    pack_free(&pack);
    pack_free(&again);
}

/* Packs [counter, kind, action, target, base, said, {fields...}] from numbers, and reads it. */
static enum err read_head(const int64_t head[6], struct refusal *why)
{
    struct pack pack;
    struct command command;
    pack_init(&pack, 1000);
    pack_array(&pack, 7);
    for (int i = 0; i < 6; i++)
        pack_int(&pack, head[i]);
    pack_map(&pack, 0);
    enum err err = command_unpack(pack.at, pack.used, &arena, &command, why);
    pack_free(&pack);
    return err;
}

static void the_head_of_a_command_is_checked(void **state)
{
    static const struct {
        const char *why;
        int64_t head[6];
        enum err want;
    } cases[] = {
        {"a report is saved", {1, KIND_report, ACT_report_save, 0, 0, 0}, OK},
        {"own earlier commands", {3, KIND_report, ACT_report_save, -1, -2, 0}, OK},
        {"counter below 0", {-1, KIND_report, ACT_report_save, 0, 0, 0}, ERR_BAD_FRAME},
        {"no kind", {1, 0, ACT_report_save, 0, 0, 0}, ERR_BAD_FRAME},
        {"a kind past the last", {1, KIND_LIMIT, 1, 0, 0, 0}, ERR_BAD_FRAME},
        {"an unknown kind", {1, KIND_LIMIT - 1, 1, 0, 0, 0}, ERR_NO_SUCH_ACTION},
        {"no action", {1, KIND_report, 0, 0, 0, 0}, ERR_BAD_FRAME},
        {"an action past the last", {1, KIND_report, ACTION_LIMIT, 0, 0, 0}, ERR_BAD_FRAME},
        {"an unknown action", {1, KIND_report, ACTION_LIMIT - 1, 0, 0, 0}, ERR_NO_SUCH_ACTION},
        {"the lowest target has no opposite", {1, KIND_report, ACT_report_save, INT64_MIN, 0, 0}, ERR_BAD_FRAME},
        {"the lowest base has no opposite", {1, KIND_report, ACT_report_save, 0, INT64_MIN, 0}, ERR_BAD_FRAME},
        {"a time before 1970", {1, KIND_report, ACT_report_save, 0, 0, -1}, ERR_BAD_FRAME},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct refusal why = {.err = OK};
        enum err err = read_head(cases[i].head, &why);
        if (err != cases[i].want) fail_msg("%s: %s", cases[i].why, err_name(err));
        assert_int_equal(why.err, err);
    }
}

/* A command that saves a report, with one field of any form. */
static enum err read_field(int64_t wire, void (*write)(struct pack *pack), struct refusal *why)
{
    static const int64_t head[6] = {1, KIND_report, ACT_report_save, 0, 0, 0};
    struct pack pack;
    struct command command;
    pack_init(&pack, COMMAND_BYTES_MAX);
    pack_array(&pack, 7);
    for (int i = 0; i < 6; i++)
        pack_int(&pack, head[i]);
    pack_map(&pack, 1);
    pack_int(&pack, wire);
    write(&pack);
    enum err err = command_unpack(pack.at, pack.used, &arena, &command, why);
    pack_free(&pack);
    return err;
}

static void write_seven(struct pack *pack)
{
    pack_int(pack, 7);
}

static void write_word(struct pack *pack)
{
    pack_text(pack, text_of("word"));
}

static void write_bidi(struct pack *pack)
{
    pack_text(pack, text_of("ab\u202E"));
}

static void write_list_17(struct pack *pack)
{
    pack_array(pack, 17);
    for (int i = 1; i <= 17; i++)
        pack_int(pack, i);
}

static void write_list_33(struct pack *pack)
{
    pack_array(pack, 33);
    for (int i = 1; i <= 33; i++)
        pack_int(pack, i);
}

static void write_list_mixed(struct pack *pack)
{
    pack_array(pack, 2);
    pack_int(pack, 1);
    pack_nil(pack);
}

static void write_short_hash(struct pack *pack)
{
    pack_bytes(pack, "12345678", 8);
}

static void fields_of_a_command_are_checked(void **state)
{
    static const struct {
        const char *why;
        unsigned wire;
        void (*write)(struct pack *pack);
        enum err want;
        unsigned position;
    } cases[] = {
        {"an unknown field", 63, write_seven, ERR_NO_SUCH_FIELD, 0},
        {"a field past 63", 100, write_seven, ERR_NO_SUCH_FIELD, 0},
        {"a field past 127", 200, write_seven, ERR_NO_SUCH_FIELD, 0},
        {"a text for a number", 11, write_word, ERR_BAD_VALUE, report_invested},
        {"a number for a text", 13, write_seven, ERR_BAD_VALUE, report_progress},
        {"a text for bytes", 24, write_word, ERR_BAD_VALUE, report_paper_hash},
        {"bytes of another length", 24, write_short_hash, ERR_BAD_VALUE, report_paper_hash},
        {"a number for a list", 14, write_seven, ERR_BAD_VALUE, report_reached},
        {"a list for a number", 11, write_list_17, ERR_BAD_VALUE, report_invested},
        {"one more than the list takes", 14, write_list_17, ERR_TOO_MANY, report_reached},
        {"more than any list takes", 14, write_list_33, ERR_BAD_VALUE, report_reached},
        {"a hole in a list", 14, write_list_mixed, ERR_BAD_VALUE, report_reached},
        {"a text that turns around", 13, write_bidi, ERR_BAD_TEXT, report_progress},
        {"a good one", 13, write_word, OK, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct refusal why = {.err = OK};
        enum err err = read_field(cases[i].wire, cases[i].write, &why);
        if (err != cases[i].want) fail_msg("%s: %s", cases[i].why, err_name(err));
        if (cases[i].position != 0) assert_true(why.kind == KIND_report && why.field == cases[i].position);
    }
}

static void a_command_has_a_largest_size(void **state)
{
    static char note[4000];
    struct pack pack;
    struct command command = {
        .counter = 1, .kind = KIND_report, .action = ACT_report_save, .args = record_make(KIND_report, 0)};
    struct refusal why;
    (void)state;
    pack_init(&pack, 2 * COMMAND_BYTES_MAX);
    memset(note, 'n', sizeof note);
    for (unsigned i = 0; i < field_count(KIND_report); i++)
        if (field_row(KIND_report, i)->type == TYPE_NOTE)
            rec_set_text(&command.args, i, (struct text){note, sizeof note});
    command.given = record_mask(&command.args);
    command_pack(&pack, &command);
    assert_int_equal(command_unpack(pack.at, pack.used, &arena, &command, &why), ERR_TOO_LONG);
    pack_clear(&pack);
    pack_array(&pack, 1);
    for (int i = 0; i < 20; i++)
        pack_raw(&pack, note, sizeof note);
    assert_int_equal(command_unpack(pack.at, pack.used, &arena, &command, &why), ERR_LIMIT);
    assert_int_equal(why.number, COMMAND_BYTES_MAX);
    pack_free(&pack);
}

/* Every byte of records and commands, changed and cut: refused or read as something that can be packed. */
static void damage_is_refused_or_harmless(void **state)
{
    struct rng rng = rng_make(10);
    struct pack pack, again;
    (void)state;
    pack_init(&pack, COMMAND_BYTES_MAX);
    pack_init(&again, COMMAND_BYTES_MAX);
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        struct record record = sample_record(&rng, kind->wire, &arena);
        struct command command = {.counter = 9,
                                  .kind = kind->wire,
                                  .action = action_next(kind->wire, NULL)->wire,
                                  .args = record,
                                  .given = record_mask(&record) & ~(uint64_t)FIELD_BIT(F_STATE)};
        pack_clear(&pack);
        command_pack(&pack, &command);
        uint8_t *bytes = exact(&pack);
        for (size_t i = 0; i < pack.used && i < 600; i++) {
            struct command read;
            assert_int_not_equal(command_unpack(bytes, i, &arena, &read, NULL), OK); /* cut */
            for (int round = 0; round < 8; round++) {
                bytes[i] = (uint8_t)rng_next(&rng);
                if (command_unpack(bytes, pack.used, &arena, &read, NULL) == OK) {
                    pack_clear(&again);
                    command_pack(&again, &read);
                    assert_int_equal(again.used, pack.used);
                    assert_memory_equal(again.at, bytes, pack.used);
                }
                arena_reuse(&arena);
            }
            bytes[i] = pack.at[i];
        }
        free(bytes);
    }
    pack_free(&pack);
    pack_free(&again);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(records_of_every_kind_keep_their_bytes),
        TEST(a_kept_record_needs_nothing_of_where_it_came_from),
        TEST(a_difference_turns_one_record_into_the_other),
        TEST(effects_carry_what_differs),
        TEST(fields_of_a_newer_version_are_kept),
        TEST(an_unknown_field_that_is_emptied_leaves_no_trace),
        TEST(commands_keep_their_bytes),
        TEST(the_head_of_a_command_is_checked),
        TEST(fields_of_a_command_are_checked),
        TEST(a_command_has_a_largest_size),
        TEST(damage_is_refused_or_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
