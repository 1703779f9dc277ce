/* value_fuzz.c - what people type: values of any field, dates, numbers, texts and search words.
 *
 * Input: kind, position of the field, then the text. What is read as a value is allowed; and what files and scripts
 * are shown of it reads as the same value. (References show as
 * names, which only the registry knows; moments and states are never typed.) */
#include "client/core/search.h"
#include "proto/check.h"
#include "proto/number.h"
#include "proto/show.h"
#include "proto/when.h"
#include "tests/fuzz/fuzz.h"

static void try_numbers(struct text text)
{
    static const int64_t scales[] = {1, FEN_PER_YUAN, FEN_PER_WAN};
    char line[64];
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        int64_t number, again;
        if (!number_parse(text, scales[i], &number)) continue;
        struct str str = str_in(line, sizeof line);
        str_exact(&str, number, scales[i]);
        HOLDS(!str.cut && number_parse(text_of(line), scales[i], &again) && again == number);
    }
}

static void try_dates(struct text text)
{
    char line[64];
    struct str str = str_in(line, sizeof line);
    date_t date, date_again;
    day_t day, day_again;
    month_t month, month_again;
    if (date_parse(text, &date)) {
        HOLDS(date_valid(date) && date_first(date).n <= date_last(date).n);
        str_date(&str, date);
        HOLDS(date_parse(text_of(line), &date_again) && date_again.n == date.n);
    }
    str = str_in(line, sizeof line);
    if (day_parse(text, &day)) {
        str_day(&str, day);
        HOLDS(day_parse(text_of(line), &day_again) && day_again.n == day.n);
        HOLDS(stamp_day(day_start(day)).n == day.n);
    }
    str = str_in(line, sizeof line);
    if (month_parse(text, &month)) {
        str_month(&str, month);
        HOLDS(month_parse(text_of(line), &month_again) && month_again.n == month.n);
    }
}

/* Strings are cut between characters; narrowing is done once. */
static void try_texts(struct text text)
{
    char small[24], narrow[200], again[200];
    struct str str = str_in(small, sizeof small);
    size_t characters = text_characters(text);
    HOLDS(characters <= text.length && text_offence(text, true) <= characters);
    str_text(&str, text);
    if (text_offence(text, true) == 0) HOLDS(text_offence((struct text){small, (uint32_t)str.used}, true) == 0);
    if (text_narrow(text, narrow, sizeof narrow)) {
        HOLDS(text_narrow(text_of(narrow), again, sizeof again) && strcmp(narrow, again) == 0);
    }
    str = str_in(narrow, sizeof narrow);
    pinyin_text(text, &str);
    struct text half = {text.at, text.length / 2};
    search_match(half, text);
    search_match(text, half);
    if (text_offence(text, false) == 0) HOLDS(search_match(text, text));
}

static void try_value(unsigned kind, unsigned position, struct text text)
{
    char line[8192];
    struct arena arena;
    struct refusal why;
    const struct field *field = field_row(kind, position);
    struct record record = record_make(kind, 1);
    struct value *value = &record.values[position], again;
    arena_init(&arena, 1 << 20);
    struct show show = {.arena = &arena, .names_only = true};
    struct str str = str_in(line, sizeof line);
    enum err err = value_parse(kind, position, text, &arena, value, &why);
    if (err == OK && value->set) {
        HOLDS(value_check(kind, position, value, &why) == OK);
        show_value(&show, &record, position, &str);
        bool other = str.cut || position < F_COMMON_COUNT || field->type == TYPE_REF || field->type == TYPE_STAMP;
        err = other ? OK : value_parse(kind, position, text_of(line), &arena, &again, &why);
        bool same = other || value_empty(field, value) || value_equal(field, value, &again);
        if (err != OK || !same) fprintf(stderr, "%s shows %s\n", field->name, line);
        HOLDS(err == OK && same);
    }
    arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) return 0;
    struct text text = {(const char *)data + 2, (uint32_t)(size - 2)};
    try_numbers(text);
    try_dates(text);
    try_texts(text);
    unsigned count = field_count(data[0]);
    if (kind_row(data[0]) != NULL) try_value(data[0], data[1] % count, text);
    return 0;
}
