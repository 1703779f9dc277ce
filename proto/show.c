/* show.c - see show.h. */
#include "proto/show.h"

#include "proto/number.h"

#include <libintl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static const char domain[] = "duban";

enum { SHOW_DEPTH_MAX = 4 };

const char *tr(const char *msgid)
{
    return msgid == NULL || *msgid == '\0' ? "" : dgettext(domain, msgid);
}

void show_start(const char *directory)
{
    if (directory != NULL) bindtextdomain(domain, directory);
    bind_textdomain_codeset(domain, "UTF-8");
}

/* gettext listens to LANGUAGE in every locale but "C", and looks at it anew when this number has changed. */
extern int _nl_msg_cat_cntr;

bool show_language(const char *name)
{
    bool chinese = strcmp(name, "zh") == 0;
    if (!chinese && strcmp(name, "en") != 0) return false;
    const char *locale = setlocale(LC_MESSAGES, NULL);
    if (locale == NULL || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0) setlocale(LC_MESSAGES, "C.UTF-8");
    if (setenv("LANGUAGE", chinese ? "zh_CN" : "en", 1) != 0) return false;
    _nl_msg_cat_cntr++;
    return true;
}

static void show_template(const struct show *show, const struct record *record, const char *template, unsigned depth,
                          struct str *out);

static void show_ref_at(const struct show *show, unsigned kind, uint64_t id, unsigned depth, struct str *out)
{
    struct record record;
    if (show->space == NULL || depth >= SHOW_DEPTH_MAX || id == 0 ||
        state_get(show->space, kind, id, show->arena, &record) != OK) {
        str_printf(out, "#%llu", (unsigned long long)id);
        return;
    }
    show_template(show, &record, kind_row(kind)->brief, depth + 1, out);
}

static void show_number(const struct show *show, const struct field *field, int64_t number, unsigned depth,
                        struct str *out)
{
    const struct option *option;
    switch (field->type) {
    case TYPE_MONEY:
        if (show->names_only)
            str_exact(out, number, field->unit != NULL ? FEN_PER_WAN : FEN_PER_YUAN);
        else
            str_scaled(out, number, field->unit != NULL ? FEN_PER_WAN : FEN_PER_YUAN, 2);
        break;
    case TYPE_POINTS:
        if (show->names_only)
            str_exact(out, number, POINT_PARTS);
        else
            str_scaled(out, number, POINT_PARTS, 2);
        break;
    case TYPE_DAY: str_day(out, (day_t){(int32_t)number}); break;
    case TYPE_MONTH: str_month(out, (month_t){(int32_t)number}); break;
    case TYPE_DATE: str_date(out, (date_t){(int32_t)number}); break;
    case TYPE_STAMP: str_stamp(out, (stamp_t){number}); break;
    case TYPE_FLAG: str_put(out, show->names_only ? (number ? "yes" : "no") : tr(number ? N_("yes") : N_("no"))); break;
    case TYPE_CHOICE:
        option = option_row(field->choice, (unsigned)number);
        if (option == NULL)
            str_number(out, number);
        else
            str_put(out, show->names_only ? option->name : tr(option->label));
        break;
    case TYPE_REF: show_ref_at(show, field->ref, (uint64_t)number, depth, out); break;
    case TYPE_INT:
    case TYPE_TEXT:
    case TYPE_NOTE:
    case TYPE_BYTES: str_number(out, number); break;
    }
}

/* A setting's name is what rules and scripts call it; people are told what it does. */
static void show_setting(struct text name, struct str *out)
{
    char word[80];
    struct str str = str_in(word, sizeof word);
    str_text(&str, name);
    const struct setting_row *row = setting_named(word);
    if (row != NULL) str_printf(out, "%s%s", tr(N_(": ")), tr(row->label));
}

static void show_value_at(const struct show *show, const struct record *record, unsigned position, unsigned depth,
                          struct str *out)
{
    const struct field *field = field_row(record->kind, position);
    if (field == NULL || !rec_has(record, position)) return;
    if (position == F_STATE) {
        const struct state_row *row = state_row(record->kind, rec_state(record));
        if (row != NULL) str_put(out, show->names_only ? row->name : tr(row->label));
    } else if (field->list_max > 0) {
        unsigned count;
        const int64_t *list = rec_list(record, position, &count);
        for (unsigned i = 0; i < count; i++) {
            if (i > 0) str_put(out, show->names_only ? " " : tr(N_(", ")));
            show_number(show, field, list[i], depth, out);
        }
    } else if (field->type == TYPE_TEXT || field->type == TYPE_NOTE) {
        str_text(out, rec_text(record, position));
        bool setting = record->kind == KIND_setting && position == setting_name && !show->names_only;
        if (setting) show_setting(rec_text(record, position), out);
    } else if (field->type == TYPE_BYTES)
        str_hex(out, rec_text(record, position).at, rec_text(record, position).length);
    else
        show_number(show, field, rec_num(record, position), depth, out);
}

/* Puts the values of {field} into the template. A value that is not there takes the space before it along. */
static void show_template(const struct show *show, const struct record *record, const char *template, unsigned depth,
                          struct str *out)
{
    if (!show->names_only) template = tr(template);
    while (*template != '\0') {
        const char *open = strchr(template, '{'), *close = open != NULL ? strchr(open, '}') : NULL;
        if (close == NULL) {
            str_put(out, template);
            return;
        }
        size_t before = out->used;
        bool only_space = open == template + 1 && *template == ' ';
        str_text(out, (struct text){template, (uint32_t)(open - template)});
        size_t gap = out->used;
        char name[40];
        struct str word = str_in(name, sizeof name);
        str_text(&word, (struct text){open + 1, (uint32_t)(close - open - 1)});
        unsigned position;
        if (field_named(record->kind, name, &position) != NULL) show_value_at(show, record, position, depth, out);
        if (only_space && out->used == gap && before < gap) out->at[out->used = before] = '\0';
        template = close + 1;
    }
}

void show_value(const struct show *show, const struct record *record, unsigned position, struct str *out)
{
    show_value_at(show, record, position, 0, out);
}

void show_title(const struct show *show, const struct record *record, struct str *out)
{
    show_template(show, record, kind_row(record->kind)->title, 0, out);
}

void show_brief(const struct show *show, const struct record *record, struct str *out)
{
    show_template(show, record, kind_row(record->kind)->brief, 0, out);
}

void show_ref(const struct show *show, unsigned kind, uint64_t id, struct str *out)
{
    show_ref_at(show, kind, id, 0, out);
}

const char *show_state(const struct record *record)
{
    const struct state_row *row = state_row(record->kind, rec_state(record));
    return row != NULL ? tr(row->label) : "";
}

/* The number of a refusal in the form of its field: money, a date or plain. */
static void refusal_number(const struct refusal *why, const struct field *field, struct str *out)
{
    struct show show = {.space = NULL};
    bool as_value =
        field != NULL && (field->type == TYPE_MONEY || field->type == TYPE_POINTS || field->type == TYPE_DAY);
    if (as_value)
        show_number(&show, field, why->number, 0, out);
    else
        str_number(out, why->number);
}

void show_refusal(const struct refusal *why, struct str *out)
{
    const struct field *field = why->kind != 0 ? field_row(why->kind, why->field) : NULL;
    const char *message = tr(err_message(why->err));
    while (*message != '\0') {
        const char *open = strchr(message, '{');
        if (open == NULL) break;
        str_text(out, (struct text){message, (uint32_t)(open - message)});
        if (strncmp(open, "{n}", 3) == 0)
            refusal_number(why, field, out);
        else if (strncmp(open, "{text}", 6) == 0)
            str_put(out, tr(why->text));
        else if (strncmp(open, "{field}", 7) == 0)
            str_put(out, field != NULL ? tr(field->label) : "");
        const char *close = strchr(open, '}');
        if (close == NULL) return;
        message = close + 1;
    }
    str_put(out, message);
}
