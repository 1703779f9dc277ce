/* record.c - `KIND show` and `KIND history`: one record whole, and who changed what. */
#include "client/cli/cell.h"
#include "client/cli/out.h"
#include "client/cli/target.h"
#include "client/cli/verbs.h"

#include <string.h>

enum { LABEL_WIDTH_MAX = 34, LINE_WIDTH = 100 };

/* Finds the record that the words mean and reads it. */
static enum err read_target(const struct verb_call *call, const char *options, struct record *record,
                            struct refusal *why)
{
    struct target target;
    struct naming naming = naming_of(call->kind->wire, NULL);
    char allowed[400];
    struct str str = str_in(allowed, sizeof allowed);
    str_put(&str, options);
    for (unsigned i = 0; i < naming.count; i++)
        str_printf(&str, " %s", field_row(call->kind->wire, naming.fields[i])->name);
    enum err err = cli_expect(call->cli, allowed, 0, ARGS_WORDS_MAX, why);
    if (err == OK) err = session_read(call->cli, why);
    if (err == OK) err = target_named(call->cli, call->kind->wire, NULL, call->words, call->count, &target, why);
    if (err != OK) return err;
    err = state_get(client_space(call->cli->client), call->kind->wire, (uint64_t)target.id, &call->cli->arena, record);
    return err == OK ? OK : refuse(why, err);
}

/* ---- show ---- */

static void show_json(const struct show *show, const struct record *record, enum known known, stamp_t as_of)
{
    struct json json = {.file = stdout};
    bool whole = known == KNOWN_WHOLE || known == KNOWN_FETCHED;
    json_object(&json, NULL);
    record_json(&json, record);
    json_bool(&json, "whole", whole);
    json_stamp(&json, "as_of", as_of);
    cells_json(&json, show, record, whole ? ~0ull : list_mask(record->kind));
    json_end(&json);
}

static unsigned label_width(const struct record *record)
{
    const struct field *field;
    unsigned widest = 0;
    for (unsigned i = 0; (field = field_row(record->kind, i)) != NULL; i++) {
        unsigned width = out_width(text_of(tr(field->label)));
        if (rec_has(record, i) && width > widest) widest = width;
    }
    return widest < LABEL_WIDTH_MAX ? widest : LABEL_WIDTH_MAX;
}

static void show_field(const struct show *show, const struct record *record, unsigned position, unsigned width)
{
    const struct field *field = field_row(record->kind, position);
    struct text value = cell_text(show, record, position);
    unsigned used = out_width(text_of(tr(field->label)));
    char line[CELL_BYTES_MAX + 64];
    struct str str = str_in(line, sizeof line);
    str_text(&str, value);
    if (field->unit != NULL) str_printf(&str, " %s", tr(field->unit));
    out_put(stdout, tr(field->label));
    if (width == 0) { /* to be listened to */
        out_printf(stdout, "%s%s\n", tr(N_(": ")), line);
        return;
    }
    out_spaces(stdout, width + 2 > used ? width + 2 - used : 1);
    out_wrapped(stdout, (struct text){line, (uint32_t)str.used}, width + 2, LINE_WIDTH);
}

static void show_people(const struct show *show, const struct record *record, bool lines)
{
    char title[1024];
    struct str str = str_in(title, sizeof title);
    unsigned width = lines ? 0 : label_width(record);
    put_record(show, record, &str);
    out_put(stdout, title);
    out_printf(stdout, "  #%llu\n", (unsigned long long)record->id);
    for (unsigned i = F_COMMON_COUNT; field_row(record->kind, i) != NULL; i++)
        if (rec_has(record, i)) show_field(show, record, i, width);
    for (unsigned i = 0; i < F_COMMON_COUNT; i++)
        if (rec_has(record, i)) show_field(show, record, i, width);
}

/* Says what of the record may be older than the rest, or is not here. */
static void say_known(const struct cli *cli, enum known known, stamp_t as_of)
{
    char time[40];
    struct str str = str_in(time, sizeof time);
    str_stamp(&str, as_of);
    if (known == KNOWN_LISTED) say(tr(N_("only what lists show is here; the rest needs the link")));
    if (known == KNOWN_FETCHED && session_is_old(cli, as_of)) say_about(tr(N_("fetched on {text}")), time);
}

int verb_show(const struct verb_call *call)
{
    struct refusal why = {.err = OK};
    struct record record;
    stamp_t as_of;
    enum err err = read_target(call, READ_OPTIONS " json", &record, &why);
    if (err != OK) return cli_end_target(call, err, &why);
    enum known known = session_fetch(call->cli, record.kind, record.id, &as_of);
    err = state_get(client_space(call->cli->client), record.kind, record.id, &call->cli->arena, &record);
    if (err != OK) return cli_end_target(call, refuse(&why, err), &why);
    bool json = args_flag(&call->cli->args, "json");
    struct show show = session_show(call->cli, &call->cli->arena, json);
    say_known(call->cli, known, as_of);
    if (json)
        show_json(&show, &record, known, as_of);
    else
        show_people(&show, &record, in_lines(call->cli));
    return CLASS_OK;
}

/* ---- history ---- */

static void history_json(const struct show *show, const struct history_line *line)
{
    struct json json = {.file = stdout};
    char unit[200];
    struct str str = str_in(unit, sizeof unit);
    if (line->unit != 0) show_ref(show, KIND_unit, line->unit, &str);
    json_object(&json, NULL);
    json_int(&json, "number", (int64_t)line->number);
    json_stamp(&json, "time", line->time);
    json_string(&json, "unit", line->unit != 0 ? unit : NULL);
    json_int(&json, "unit_id", (int64_t)line->unit);
    if (line->operator != 0)
        json_text(&json, "operator", line->name);
    else
        json_null(&json, "operator");
    json_int(&json, "operator_id", (int64_t)line->operator);
    const struct kind *kind = kind_row(line->kind);
    const struct action *action = action_row(line->kind, line->action);
    json_string(&json, "kind", kind != NULL ? kind->name : NULL);
    json_string(&json, "action", action != NULL ? action->name : NULL);
    json_bool(&json, "signed", line->is_signed);
    json_object(&json, "fields");
    cells_json(&json, show, &line->fields, line->mask);
    json_end(&json);
    json_end(&json);
}

/* `lines`: to be listened to, without columns and indents. */
static void history_people(const struct show *show, const struct history_line *line, unsigned kind, bool lines)
{
    const char *gap = lines ? tr(N_(", ")) : "  ";
    char head[600];
    struct str str = str_in(head, sizeof head);
    const struct action *action = action_row(line->kind, line->action);
    str_stamp(&str, line->time);
    str_put(&str, gap);
    if (line->unit != 0)
        show_ref(show, KIND_unit, line->unit, &str);
    else
        str_put(&str, tr(N_("by rule")));
    str_put(&str, " ");
    str_text(&str, line->name);
    str_put(&str, gap);
    if (line->kind != kind && kind_row(line->kind) != NULL) str_printf(&str, "%s: ", tr(kind_row(line->kind)->label));
    str_put(&str, action != NULL ? tr(action->label) : "?");
    if (line->is_signed) str_put(&str, tr(N_(" (signed)")));
    out_put(stdout, head);
    out_printf(stdout, "%s%llu\n", gap, (unsigned long long)line->number);
    for (unsigned i = 0; field_row(kind, i) != NULL; i++) {
        if ((line->mask & FIELD_BIT(i)) == 0 || i == F_SINCE || i == F_MADE) continue;
        unsigned indent = out_width(text_of(tr(field_row(kind, i)->label))) + 8;
        out_printf(stdout, "%s%s%s", lines ? "" : "      ", tr(field_row(kind, i)->label), tr(N_(": ")));
        struct text value = cell_text(show, &line->fields, i);
        if (lines)
            out_printf(stdout, "%.*s\n", (int)value.length, value.at);
        else
            out_wrapped(stdout, value.length > 0 ? value : text_of("-"), indent, LINE_WIDTH);
    }
}

/* One page of the answer; *before becomes where the next one begins, 0 at the end. */
static enum err history_page(const struct verb_call *call, const struct record *record, uint64_t *before,
                             struct refusal *why)
{
    struct query query = {.what = QUERY_HISTORY, .kind = record->kind, .id = record->id, .before = *before};
    struct cli *cli = call->cli;
    const struct result *result;
    enum err err = session_ask(cli, &query, &result, why);
    if (err != OK) return err;
    bool json = args_flag(&cli->args, "json");
    struct show show = session_show(cli, &cli->arena, json);
    *before = 0;
    for (unsigned i = 0; i < result->count; i++) {
        if (json)
            history_json(&show, &result->history[i]);
        else
            history_people(&show, &result->history[i], record->kind, in_lines(cli));
        if (result->more) *before = result->history[i].number;
    }
    client_release(cli->client, result->tag);
    return OK;
}

int verb_history(const struct verb_call *call)
{
    struct refusal why = {.err = OK};
    struct record record;
    uint64_t before = 0;
    enum err err = read_target(call, READ_OPTIONS " json", &record, &why);
    if (err != OK) return cli_end_target(call, err, &why);
    do {
        err = history_page(call, &record, &before, &why);
    } while (err == OK && before != 0);
    return cli_end(err, &why);
}
