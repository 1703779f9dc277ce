/* check.c - see check.h. */
#include "proto/check.h"

#include "proto/arena.h"
#include "proto/number.h"
#include "proto/when.h"

#include <string.h>

void refusal_set_field(struct refusal *why, enum err err, unsigned kind, unsigned position, int64_t number)
{
    if (why == NULL) return;
    *why = (struct refusal){.err = err, .kind = (uint8_t)kind, .field = (uint8_t)position, .number = number};
}

static enum err check_number(const struct field *field, int64_t number, int64_t *bound)
{
    int64_t lo = field->lo, hi = field->hi;
    switch (field->type) {
    case TYPE_CHOICE:
        return option_row(field->choice, (unsigned)number) != NULL && number > 0 && number < 256 ? OK : ERR_BAD_CHOICE;
    case TYPE_DATE:
        return number >= 0 && number <= INT32_MAX && date_valid((date_t){(int32_t)number}) ? OK : ERR_BAD_DATE;
    case TYPE_DAY:
        lo = day_make(YEAR_MIN, 1, 1).n;
        hi = day_make(YEAR_MAX, 12, 31).n;
        if (number < lo || number > hi) return ERR_BAD_DATE;
        return OK;
    case TYPE_MONTH:
        if (number < month_make(YEAR_MIN, 1).n || number > month_make(YEAR_MAX, 12).n) return ERR_BAD_DATE;
        return OK;
    case TYPE_STAMP:
        if (number < 0 || number > day_end(day_make(YEAR_MAX, 12, 31)).s) return ERR_BAD_DATE;
        return OK;
    case TYPE_FLAG: hi = 1; break;
    case TYPE_REF:
        lo = 1;
        hi = INT64_MAX / 64;
        if (number < lo || number > hi) return ERR_BAD_REF;
        return OK;
    case TYPE_INT:
    case TYPE_MONEY:
    case TYPE_POINTS:
    case TYPE_TEXT:
    case TYPE_NOTE:
    case TYPE_BYTES: break;
    }
    *bound = number < lo ? lo : hi;
    if (number < lo) return ERR_TOO_SMALL;
    return number > hi ? ERR_TOO_LARGE : OK;
}

static bool ascii_word(struct text text)
{
    for (uint32_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && strchr("-_.", c) == NULL) return false;
    }
    return true;
}

static enum err check_text(const struct field *field, struct text text, int64_t *bound)
{
    *bound = field->hi;
    if (field->type == TYPE_BYTES) return text.length == (uint64_t)field->hi ? OK : ERR_BAD_VALUE;
    int64_t length = (int64_t)text_characters(text);
    if (length > field->hi) return ERR_TOO_LONG;
    *bound = (int64_t)text_offence(text, field->type == TYPE_NOTE);
    if (*bound > 0) return ERR_BAD_TEXT;
    if ((field->flags & F_ASCII) && !ascii_word(text)) return ERR_BAD_VALUE;
    *bound = field->lo;
    return length < field->lo ? ERR_TOO_SHORT : OK;
}

static enum err check_list(const struct field *field, const struct value *value, int64_t *bound)
{
    bool set = field->type == TYPE_REF || field->type == TYPE_CHOICE || field->type == TYPE_DAY;
    *bound = field->list_max;
    if (value->count > field->list_max) return ERR_TOO_MANY;
    for (unsigned i = 0; i < value->count; i++) {
        enum err err = check_number(field, value->as.list[i], bound);
        if (err != OK) return err;
        for (unsigned j = 0; set && j < i; j++)
            if (value->as.list[i] == value->as.list[j]) return ERR_TWICE;
    }
    return OK;
}

enum err value_check(unsigned kind, unsigned position, const struct value *value, struct refusal *why)
{
    const struct field *field = field_row(kind, position);
    int64_t bound = 0;
    enum err err;
    if (field == NULL) return refuse(why, ERR_NO_SUCH_FIELD);
    if (field->list_max > 0)
        err = check_list(field, value, &bound);
    else if (field->type == TYPE_TEXT || field->type == TYPE_NOTE || field->type == TYPE_BYTES)
        err = check_text(field, value->as.text, &bound);
    else
        err = check_number(field, value->as.number, &bound);
    return err == OK ? OK : refuse_field(why, err, kind, position, bound);
}

/* ---- reading what people write ---- */

static bool parse_flag(const char *word, int64_t *number)
{
    static const char *const yes[] = {"1", "yes", "true", "是", "y"};
    static const char *const no[] = {"0", "no", "false", "否", "n"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (strcmp(word, yes[i]) == 0) return *number = 1, true;
        if (strcmp(word, no[i]) == 0) return *number = 0, true;
    }
    return false;
}

static enum err parse_one(const struct field *field, struct text text, int64_t *number)
{
    char word[64];
    day_t day;
    month_t month;
    date_t date;
    const struct option *option;
    if (!text_narrow(text, word, sizeof word)) return ERR_BAD_VALUE;
    switch (field->type) {
    case TYPE_DAY:
        if (!day_parse(text, &day)) return ERR_BAD_DATE;
        return *number = day.n, OK;
    case TYPE_MONTH:
        if (!month_parse(text, &month)) return ERR_BAD_DATE;
        return *number = month.n, OK;
    case TYPE_DATE:
        if (!date_parse(text, &date)) return ERR_BAD_DATE;
        return *number = date.n, OK;
    case TYPE_CHOICE:
        option = option_named(field->choice, word);
        if (option == NULL) option = option_worded(field->choice, text_of(word));
        if (option == NULL) return ERR_BAD_CHOICE;
        return *number = option->wire, OK;
    case TYPE_FLAG: return parse_flag(word, number) ? OK : ERR_BAD_VALUE;
    case TYPE_MONEY: {
        int64_t scale = field->unit != NULL ? FEN_PER_WAN : FEN_PER_YUAN;
        return number_parse(text, scale, number) ? OK : ERR_BAD_VALUE;
    }
    case TYPE_POINTS: return number_parse(text, POINT_PARTS, number) ? OK : ERR_BAD_VALUE;
    case TYPE_INT:
    case TYPE_STAMP:
    case TYPE_REF: return number_parse(text, 1, number) ? OK : ERR_BAD_VALUE;
    case TYPE_TEXT:
    case TYPE_NOTE:
    case TYPE_BYTES: break;
    }
    return ERR_BAD_VALUE;
}

/* The next part of a list; false at its end. A comma inside a number (1,234) can't be a list's mark. */
static bool next_part(struct text *rest, struct text *part)
{
    static const char marks[] = " ,;\n、，；　"; /* as characters, below */
    const char *at = rest->at, *end = rest->at + rest->length, *start = NULL, *stop = end;
    while (at < end) {
        const char *here = at;
        uint32_t code;
        char bytes[5] = {0};
        if (!utf8_next(&at, end, &code))
            at++;
        else
            utf8_put(code, bytes);
        bool mark = bytes[0] != '\0' && strstr(marks, bytes) != NULL;
        if (start == NULL && !mark) start = here;
        if (start != NULL && mark) {
            stop = here;
            break;
        }
    }
    if (start == NULL) return false;
    *part = (struct text){start, (uint32_t)(stop - start)};
    *rest = (struct text){stop, (uint32_t)(end - stop)};
    return true;
}

static enum err parse_list(const struct field *field, struct text text, struct arena *arena, struct value *value)
{
    int64_t list[LIST_MAX];
    unsigned count = 0;
    struct text part;
    while (next_part(&text, &part)) {
        if (count >= field->list_max) return ERR_TOO_MANY;
        enum err err = parse_one(field, part, &list[count++]);
        if (err != OK) return err;
    }
    int64_t *kept = (int64_t *)(void *)arena_copy(arena, list, count * sizeof *list);
    if (kept == NULL) return ERR_MEMORY;
    *value = (struct value){.set = true, .count = (uint8_t)count, .as.list = kept};
    return OK;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct text trim(struct text text)
{
    while (text.length > 0 && is_space(text.at[0])) {
        text.at++;
        text.length--;
    }
    while (text.length > 0 && is_space(text.at[text.length - 1]))
        text.length--;
    return text;
}

static bool parse_bytes(struct text text, struct arena *arena, struct value *value)
{
    static const char digits[] = "0123456789abcdef";
    char word[130];
    unsigned char bytes[64];
    if (!text_narrow(text, word, sizeof word) || strlen(word) % 2 != 0) return false;
    size_t count = strlen(word) / 2;
    for (size_t i = 0; i < 2 * count; i++) {
        const char *digit = strchr(digits, word[i] >= 'A' && word[i] <= 'F' ? word[i] + 32 : word[i]);
        if (digit == NULL) return false;
        bytes[i / 2] = (unsigned char)(i % 2 == 0 ? (digit - digits) << 4 : bytes[i / 2] | (digit - digits));
    }
    char *kept = arena_copy(arena, bytes, count);
    if (kept == NULL) return false;
    *value = (struct value){.set = true, .as.text = {kept, (uint32_t)count}};
    return true;
}

enum err value_parse(unsigned kind, unsigned position, struct text text, struct arena *arena, struct value *value,
                     struct refusal *why)
{
    const struct field *field = field_row(kind, position);
    enum err err = OK;
    if (field == NULL) return refuse(why, ERR_NO_SUCH_FIELD);
    text = trim(text);
    *value = (struct value){.set = false};
    if (text.length == 0) return OK;
    if (field->list_max > 0)
        err = parse_list(field, text, arena, value);
    else if (field->type == TYPE_BYTES)
        err = parse_bytes(text, arena, value) ? OK : ERR_BAD_VALUE;
    else if (field->type == TYPE_TEXT || field->type == TYPE_NOTE) {
        const char *kept = arena_copy(arena, text.at, text.length);
        if (kept == NULL) return refuse(why, ERR_MEMORY);
        *value = (struct value){.set = true, .as.text = {kept, text.length}};
    } else {
        err = parse_one(field, text, &value->as.number);
        value->set = err == OK;
    }
    if (err != OK) return refuse_field(why, err, kind, position, field->list_max);
    return value_check(kind, position, value, why);
}
