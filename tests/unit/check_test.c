/* check_test.c - values against their fields: bounds, characters, options, repetition; reading what people type. */
#include "proto/arena.h"
#include "proto/check.h"
#include "proto/when.h"
#include "tests/lib/sample.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct reading {
    const char *kind, *field, *text;
    enum err want;
    int64_t number; /* with OK: the value; else the number in the refusal */
};

static void run_readings(const struct reading *cases, size_t count)
{
    struct arena arena;
    arena_init(&arena, 4 << 20);
    for (size_t i = 0; i < count; i++) {
        unsigned position;
        struct value value;
        struct refusal why = {.err = OK};
        unsigned kind = kind_named(cases[i].kind)->wire;
        assert_non_null(field_named(kind, cases[i].field, &position));
        enum err err = value_parse(kind, position, text_of(cases[i].text), &arena, &value, &why);
        if (err != cases[i].want) fail_msg("%s \"%s\": %s", cases[i].field, cases[i].text, err_name(err));
        if (err == OK) {
            assert_true(value.set);
            assert_int_equal(value.as.number, cases[i].number);
        } else {
            assert_int_equal(why.err, err);
            assert_true(why.kind == kind && why.field == position); /* a refusal names the field */
            if (why.number != cases[i].number)
                fail_msg("%s \"%s\": {n} %lld", cases[i].field, cases[i].text, (long long)why.number);
        }
    }
    arena_clear(&arena);
}

static void numbers_and_dates_are_read_and_bounded(void **state)
{
    const struct reading cases[] = {
        {"report", "invested", "120", OK, 120000000},
        {"report", "invested", "１，２００．５", OK, 1200500000},
        {"report", "invested", "0", OK, 0},
        {"report", "invested", "-1", ERR_TOO_SMALL, 0},
        {"report", "invested", "100000000", OK, MONEY_MAX},
        {"report", "invested", "100000000.000001", ERR_TOO_LARGE, MONEY_MAX},
        {"report", "invested", "很多", ERR_BAD_VALUE, 0},
        {"report", "month", "2009年9月", OK, 12 * 2009 + 8},
        {"report", "month", "2009-9-1", ERR_BAD_DATE, 0},
        {"report", "month", "2009-13", ERR_BAD_DATE, 0},
        {"milestone", "due", "2009-02-28", OK, 14303},
        {"milestone", "due", "2009-02-29", ERR_BAD_DATE, 0},
        {"milestone", "due", "2009-02", ERR_BAD_DATE, 0},
        {"project", "start", "2009-2", OK, 2009 * 512 + 2 * 32},
        {"project", "start", "2009-2-30", ERR_BAD_DATE, 0},
        {"target", "year", "2009", OK, 2009},
        {"target", "year", "1948", ERR_TOO_SMALL, YEAR_MIN},
        {"target", "year", "2200", ERR_TOO_LARGE, YEAR_MAX},
        {"plan", "preliminary", "65", OK, 65},
        {"plan", "preliminary", "65.5", ERR_BAD_VALUE, 0},
        {"target", "estimate", "是", OK, 1},
        {"target", "estimate", "yes", OK, 1},
        {"target", "estimate", "0", OK, 0},
        {"target", "estimate", "否", OK, 0},
        {"target", "estimate", "2", ERR_BAD_VALUE, 0},
        {"project", "list", "在建", OK, OPT_plan_list_construction},
        {"project", "list", "preliminary", OK, OPT_plan_list_preliminary},
        {"project", "list", "都有", ERR_BAD_CHOICE, 0},
        {"project", "list", "2", ERR_BAD_CHOICE, 0}, /* numbers are the wire's, not people's */
        {"report", "project", "12", OK, 12},
        {"report", "project", "0", ERR_BAD_REF, 0},
        {"report", "project", "-3", ERR_BAD_REF, 0},
    };
    (void)state;
    run_readings(cases, COUNT(cases));
}

static void texts_are_bounded_in_characters(void **state)
{
    char long_line[300] = "", longer[300] = "";
    struct arena arena;
    struct value value;
    struct refusal why;
    (void)state;
    arena_init(&arena, 1 << 20);
    for (int i = 0; i < 60; i++)
        snprintf(long_line + 3 * i, sizeof long_line - 3 * (size_t)i, "岳");
    snprintf(longer, sizeof longer, "%.*s阳", (int)sizeof longer - 4, long_line);
    assert_int_equal(value_parse(KIND_project, project_name, text_of(long_line), &arena, &value, &why), OK);
    assert_int_equal(value_parse(KIND_project, project_name, text_of(longer), &arena, &value, &why), ERR_TOO_LONG);
    assert_int_equal(why.number, 60);
    assert_int_equal(value_parse(KIND_project, project_name, text_of("岳"), &arena, &value, &why), ERR_TOO_SHORT);
    assert_int_equal(why.number, 2);
    assert_int_equal(value_parse(KIND_project, project_name, text_of("岳\u202E阳"), &arena, &value, &why),
                     ERR_BAD_TEXT);
    assert_int_equal(why.number, 2); /* the position of the character */
    assert_int_equal(value_parse(KIND_project, project_name, text_of("一\n二"), &arena, &value, &why), ERR_BAD_TEXT);
    assert_int_equal(value_parse(KIND_project, project_remark, text_of("一\n二"), &arena, &value, &why), OK);
    assert_int_equal(value_parse(KIND_operator, operator_login, text_of("HRX-1._z"), &arena, &value, &why), OK);
    assert_int_equal(value_parse(KIND_operator, operator_login, text_of("华容"), &arena, &value, &why), ERR_BAD_VALUE);
    assert_int_equal(value_parse(KIND_operator, operator_login, text_of("a b"), &arena, &value, &why), ERR_BAD_VALUE);
    assert_int_equal(value_parse(KIND_project, project_name, text_of("  岳阳 \n"), &arena, &value, &why), OK);
    assert_true(text_equal(value.as.text, text_of("岳阳"))); /* spaces at both ends go */
    assert_int_equal(value_parse(KIND_project, project_name, text_of(" \t "), &arena, &value, &why), OK);
    assert_false(value.set); /* nothing is nothing */
    arena_clear(&arena);
}

static void a_nul_is_never_taken(void **state)
{
    static const struct text texts[] = {{"岳阳\0", 7}, {"\0岳阳", 7}, {"岳\0阳", 7}};
    struct arena arena;
    struct value value;
    (void)state;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_int_equal(value_parse(KIND_project, project_name, texts[i], &arena, &value, NULL), ERR_BAD_TEXT);
    assert_int_equal(value_parse(KIND_plan, plan_preliminary,
                                 (struct text){"6\0"
                                               "5",
                                               3},
                                 &arena, &value, NULL),
                     ERR_BAD_VALUE);
    arena_clear(&arena);
}

static void lists_are_read_with_any_usual_mark(void **state)
{
    static const char *const twelve[] = {"1 2 3 4 5 6 7 8 9 10 11 12", "1,2,3,4,5,6,7,8,9,10,11,12",
                                         "1、2、3、4、5、6；7；8;9，10，11\n12", "　1　2　3 4 5 6 7 8 9 10 11 12　"};
    struct arena arena;
    struct value value;
    struct refusal why;
    (void)state;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < COUNT(twelve); i++) {
        assert_int_equal(value_parse(KIND_target, target_months, text_of(twelve[i]), &arena, &value, &why), OK);
        assert_int_equal(value.count, 12);
        for (int j = 0; j < 12; j++)
            assert_int_equal(value.as.list[j], (j + 1) * 1000000ll);
    }
    assert_int_equal(
        value_parse(KIND_target, target_months, text_of("1 2 3 4 5 6 7 8 9 10 11 12 13"), &arena, &value, &why),
        ERR_TOO_MANY);
    assert_int_equal(why.number, 12);
    assert_int_equal(value_parse(KIND_target, target_months, text_of("1 2 x"), &arena, &value, &why), ERR_BAD_VALUE);
    assert_int_equal(value_parse(KIND_target, target_months, text_of("5 5 5"), &arena, &value, &why),
                     OK); /* amounts may repeat */
    assert_int_equal(value_parse(KIND_operator, operator_roles, text_of("clerk 联络员"), &arena, &value, &why), OK);
    assert_int_equal(value_parse(KIND_operator, operator_roles, text_of("clerk 经办"), &arena, &value, &why),
                     ERR_TWICE);
    assert_int_equal(value_parse(KIND_project, project_members, text_of("3 4 3"), &arena, &value, &why), ERR_TWICE);
    arena_clear(&arena);
}

static void keys_are_read_as_hexadecimal(void **state)
{
    struct arena arena;
    struct value value;
    (void)state;
    arena_init(&arena, 1 << 20);
    assert_int_equal(
        value_parse(KIND_registry, registry_ident, text_of("00112233445566778899aAbBcCdDeEfF"), &arena, &value, NULL),
        OK);
    assert_int_equal(value.as.text.length, 16);
    assert_memory_equal(value.as.text.at, "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff", 16);
    assert_int_equal(value_parse(KIND_registry, registry_ident, text_of("0011"), &arena, &value, NULL), ERR_BAD_VALUE);
    assert_int_equal(value_parse(KIND_registry, registry_ident, text_of("001"), &arena, &value, NULL), ERR_BAD_VALUE);
    assert_int_equal(
        value_parse(KIND_registry, registry_ident, text_of("0011223344556677889900112233445g"), &arena, &value, NULL),
        ERR_BAD_VALUE);
    arena_clear(&arena);
}

/* Values that come in numbers, not in words: from the wire. */
static void numbers_from_the_wire_are_bounded_too(void **state)
{
    static const struct {
        unsigned kind, position;
        int64_t number;
        enum err want;
    } cases[] = {
        {KIND_project, project_stage, 15, OK},
        {KIND_project, project_stage, 0, ERR_BAD_CHOICE},
        {KIND_project, project_stage, 16, ERR_BAD_CHOICE},
        {KIND_project, project_stage, -1, ERR_BAD_CHOICE},
        {KIND_project, project_stage, (1ll << 32) + 1, ERR_BAD_CHOICE},
        {KIND_project, project_start, 2009 * 512 + 9 * 32 + 1, OK},
        {KIND_project, project_start, 2009 * 512 + 2 * 32 + 30, ERR_BAD_DATE},
        {KIND_project, project_start, -1, ERR_BAD_DATE},
        {KIND_project, project_start, (1ll << 32) + 2009 * 512, ERR_BAD_DATE},
        {KIND_project, project_start, -(1ll << 32) + 2009 * 512, ERR_BAD_DATE},
        {KIND_project, project_start, INT64_MIN, ERR_BAD_DATE},
        {KIND_project, project_environment, 1, OK},
        {KIND_project, project_environment, 2, ERR_TOO_LARGE},
        {KIND_project, project_environment, -1, ERR_TOO_SMALL},
        {KIND_project, project_owner, 1, OK},
        {KIND_project, project_owner, 0, ERR_BAD_REF},
        {KIND_project, project_owner, INT64_MAX, ERR_BAD_REF},
        {KIND_milestone, milestone_due, INT32_MAX, ERR_BAD_DATE},
        {KIND_milestone, milestone_due, (1ll << 32) + 14303, ERR_BAD_DATE},
        {KIND_report, report_month, 0, ERR_BAD_DATE},
        {KIND_report, report_month, INT64_MAX, ERR_BAD_DATE},
        {KIND_outage, outage_from, -1, ERR_BAD_DATE},
        {KIND_outage, outage_from, INT64_MAX, ERR_BAD_DATE},
        {KIND_report, report_invested, INT64_MIN, ERR_TOO_SMALL},
        {KIND_report, report_invested, INT64_MAX, ERR_TOO_LARGE},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct value value = {.set = true, .as.number = cases[i].number};
        enum err err = value_check(cases[i].kind, cases[i].position, &value, NULL);
        if (err != cases[i].want)
            fail_msg("%s %lld: %s", field_row(cases[i].kind, cases[i].position)->name, (long long)cases[i].number,
                     err_name(err));
    }
    assert_int_equal(value_check(KIND_project, 60, &(struct value){.set = true}, NULL), ERR_NO_SUCH_FIELD);
}

static void every_sample_is_allowed(void **state)
{
    struct rng rng = rng_make(2);
    struct arena arena;
    (void)state;
    arena_init(&arena, 64 << 20);
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (unsigned i = F_COMMON_COUNT; i < field_count(kind->wire); i++)
            for (int round = 0; round < 50; round++) {
                struct refusal why;
                struct value value = sample_value(&rng, kind->wire, i, &arena);
                if (value_check(kind->wire, i, &value, &why) != OK)
                    fail_msg("%s %s: %s", kind->name, field_row(kind->wire, i)->name, err_name(why.err));
                arena_reuse(&arena);
            }
    arena_clear(&arena);
}

/* A wrong key costs nobody more than the way back, or is asked about first with what it would bring about. */
static void every_act_has_a_way_back_or_says_what_it_brings(void **state)
{
    (void)state;
    enum { BACK = 1, RIGHT = 2, LIGHT = 4, ASKED = 8 };
    unsigned seen = 0;
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (const struct action *row = NULL; (row = action_next(kind->wire, row)) != NULL;) {
            unsigned ways = (row->undo != 0 ? BACK : 0) | (row->mend != 0 ? RIGHT : 0) |
                            (row->flags & A_LIGHT ? LIGHT : 0) |
                            (row->flags & (A_GRAVE | A_OPINION) && row->then != NULL ? ASKED : 0);
            const struct state_row *after = state_row(kind->wire, row->to);
            bool reads = strcmp(row->name, "read") == 0 || strcmp(row->name, "note") == 0; /* receipts and notes */
            if (!action_for_operators(row)) continue;
            seen |= ways;
            if (ways == 0) fail_msg("%s %s: no way back, and nothing is said of it", kind->name, row->name);
            if (after != NULL && after->final && (ways & ASKED) == 0 && !reads)
                fail_msg("%s %s: it ends the record without being asked about", kind->name, row->name);
            if (row->then != NULL && (row->then[strlen(row->then) - 1] != '.' || strlen(row->then) > 120))
                fail_msg("%s %s: its consequence is no short sentence", kind->name, row->name);
        }
    assert_int_equal(seen, BACK | RIGHT | LIGHT | ASKED);
}

static void the_tables_are_sound(void **state)
{
    (void)state;
    assert_null(tables_fault());
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        assert_ptr_equal(kind_named(kind->name), kind);
        for (unsigned i = 0; i < field_count(kind->wire); i++) {
            unsigned position;
            const struct field *field = field_row(kind->wire, i);
            assert_ptr_equal(field_named(kind->wire, field->name, &position), field);
            assert_int_equal(position, i); /* names are not used twice */
            assert_int_equal(field_position(kind->wire, field->wire), i);
        }
        assert_null(field_row(kind->wire, field_count(kind->wire)));
    }
    assert_null(kind_row(0));
    assert_null(kind_row(KIND_LIMIT));
    assert_int_equal(field_position(KIND_report, 63), -1);
    assert_int_equal(field_position(KIND_report, 64), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_dates_are_read_and_bounded),
        cmocka_unit_test(texts_are_bounded_in_characters),
        cmocka_unit_test(a_nul_is_never_taken),
        cmocka_unit_test(lists_are_read_with_any_usual_mark),
        cmocka_unit_test(keys_are_read_as_hexadecimal),
        cmocka_unit_test(numbers_from_the_wire_are_bounded_too),
        cmocka_unit_test(every_sample_is_allowed),
        cmocka_unit_test(every_act_has_a_way_back_or_says_what_it_brings),
        cmocka_unit_test(the_tables_are_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
