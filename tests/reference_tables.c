/* reference_tables.c - the short lists: limits, types, frame types, kinds, choices, relations,
 * settings, errors; and the helpers that all sections write with. */
#include "tests/reference.h"

#include "proto/wire.h"

#include <string.h>

/* ---- writing ---- */

void put_cell(FILE *out, const char *text)
{
    fprintf(out, text != NULL && *text != '\0' ? " %s |" : " |", text);
}

void put_head(FILE *out, const char *names)
{
    fprintf(out, "| %s |\n|", names);
    for (const char *at = names; at != NULL; at = strchr(at + 1, '|'))
        fputs("---|", out);
    fputc('\n', out);
}

void put_hex(FILE *out, const void *bytes, size_t count)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%02x%s", at[i], i % 32 == 31 && i + 1 < count ? "\n" : "");
    fputc('\n', out);
}

void put_key(FILE *out, const char *name, const void *bytes, size_t count)
{
    const uint8_t *at = bytes;
    fprintf(out, "%-24s ", name);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%02x", at[i]);
    fputc('\n', out);
}

static void put_item(FILE *out, const struct item *item)
{
    int64_t number;
    struct text text;
    size_t count;
    if (item_is_nil(item))
        fputs("nil", out);
    else if (item_int(item, INT64_MIN, INT64_MAX, &number))
        fprintf(out, "%lld", (long long)number);
    else if (item_text(item, &text))
        fprintf(out, "\"%.*s\"", (int)text.length, text.at);
    else if (item_bytes(item, &text)) {
        fputs("h'", out);
        for (uint32_t i = 0; i < text.length; i++)
            fprintf(out, "%02x", (uint8_t)text.at[i]);
        fputc('\'', out);
    } else if (item_array(item, &count)) {
        fputc('[', out);
        for (size_t i = 0; i < count; i++) {
            if (i > 0) fputs(", ", out);
            put_item(out, item_at(item, i));
        }
        fputc(']', out);
    } else if (item_map(item, &count)) {
        fputc('{', out);
        for (size_t i = 0; i < count; i++) {
            if (i > 0) fputs(", ", out);
            put_item(out, item_key(item, i));
            fputs(": ", out);
            put_item(out, item_value(item, i));
        }
        fputc('}', out);
    }
}

void put_values(FILE *out, const void *bytes, size_t count)
{
    struct unpacked unpacked;
    struct refusal why;
    if (unpack(bytes, count, ENTRY_NODES_MAX, &unpacked, &why) != OK) die("an example is not canonical", why.text);
    put_item(out, unpacked.root);
    fputc('\n', out);
    unpack_free(&unpacked);
}

void put_bits(FILE *out, uint64_t bits, const char *(*name)(const void *self, unsigned bit), const void *self)
{
    bool any = false;
    for (unsigned bit = 0; bit < 64; bit++) {
        const char *word = (bits >> bit & 1) != 0 ? name(self, bit) : NULL;
        if (word == NULL) continue;
        fprintf(out, any ? ", %s" : "%s", word);
        any = true;
    }
}

/* ---- enums: a new enumerator does not compile until it has its name here ---- */

const char *frame_name(int type)
{
    switch ((enum frame_type)type) {
    case FRAME_HELLO: return "HELLO";
    case FRAME_COMMAND: return "COMMAND";
    case FRAME_MORE: return "MORE";
    case FRAME_QUERY: return "QUERY";
    case FRAME_PING: return "PING";
    case FRAME_BYE: return "BYE";
    case FRAME_WELCOME: return "WELCOME";
    case FRAME_ANSWER: return "ANSWER";
    case FRAME_REFUSED: return "REFUSED";
    case FRAME_PAGE: return "PAGE";
    case FRAME_PUSH: return "PUSH";
    case FRAME_RESULT: return "RESULT";
    case FRAME_PONG: return "PONG";
    case FRAME_TICKET: return "TICKET";
    case FRAME_LEAVE: return "LEAVE";
    }
    return NULL;
}

const char *query_name(int what)
{
    switch ((enum query_what)what) {
    case QUERY_GET: return "GET";
    case QUERY_FIND: return "FIND";
    case QUERY_HISTORY: return "HISTORY";
    case QUERY_PRESENCE: return "PRESENCE";
    case QUERY_PROOF: return "PROOF";
    case QUERY_POINTS: return "POINTS";
    case QUERY_AS_OF: return "AS_OF";
    }
    return NULL;
}

const char *op_name(int op)
{
    switch ((enum change_op)op) {
    case OP_DIFF: return "DIFF";
    case OP_WHOLE: return "WHOLE";
    case OP_GONE: return "GONE";
    case OP_SAME: return "SAME";
    case OP_LISTED: return "LISTED";
    case OP_REST: return "REST";
    }
    return NULL;
}

const char *actor_name(int actor)
{
    switch ((enum actor_type)actor) {
    case ACTOR_OPERATOR: return "OPERATOR";
    case ACTOR_RULE: return "RULE";
    case ACTOR_CONSOLE: return "CONSOLE";
    case ACTOR_TICKET: return "TICKET";
    }
    return NULL;
}

const char *table_name(int table)
{
    switch ((enum table)table) {
    case TABLE_META: return "META";
    case TABLE_RECORD: return "RECORD";
    case TABLE_INDEX: return "INDEX";
    case TABLE_CLOCK: return "CLOCK";
    case TABLE_JOURNAL: return "JOURNAL";
    case TABLE_SEEN: return "SEEN";
    case TABLE_FEED: return "FEED";
    case TABLE_HISTORY: return "HISTORY";
    case TABLE_COUNT: break;
    }
    return NULL;
}

static const char *type_form(enum type type)
{
    switch (type) {
    case TYPE_INT: return "integer";
    case TYPE_MONEY: return "integer: fen (1 yuan = 100, 1 万元 = 1,000,000)";
    case TYPE_POINTS: return "integer: hundredths of a point";
    case TYPE_DAY: return "integer: days since 1970-01-01, a civil day of UTC+8";
    case TYPE_MONTH: return "integer: 12 x year + month - 1";
    case TYPE_DATE: return "integer: 512 x year + 32 x month + day; day, or month and day, 0 when not known";
    case TYPE_STAMP: return "integer: seconds since 1970-01-01 00:00 UTC, registry time";
    case TYPE_CHOICE: return "integer: the number of an option of the field's choice";
    case TYPE_FLAG: return "integer: 0 or 1";
    case TYPE_REF: return "integer: the id of a record of the field's kind";
    case TYPE_TEXT: return "text, one line; bounds count characters (code points)";
    case TYPE_NOTE: return "text, line feeds allowed; bounds count characters";
    case TYPE_BYTES: return "bytes, exactly as many as the upper bound";
    }
    return "";
}

/* ---- sections ---- */

static void write_limits(FILE *out)
{
#define LIMIT(name, about) \
    {                      \
#name, name, about \
    }
    static const struct {
        const char *name;
        long long value;
        const char *about;
    } rows[] = {
        LIMIT(PROTOCOL_VERSION, "newest protocol described here"),
        LIMIT(PROTOCOL_OLDEST, "oldest protocol that the daemon still speaks"),
        LIMIT(TABLES_VERSION, "version of the tables below"),
        LIMIT(DEFAULT_PORT, "TCP port when none is configured"),
        LIMIT(REQUEST_BYTES_MAX, "bytes of a frame to the daemon"),
        LIMIT(FRAME_BYTES_MAX, "bytes of a frame to the client"),
        LIMIT(COMMAND_BYTES_MAX, "bytes of a command inside its frame"),
        LIMIT(COMMAND_NODES_MAX, "values in a frame to the daemon, and in a command"),
        LIMIT(UNPACK_DEPTH_MAX, "containers within one another"),
        LIMIT(PAGE_BYTES_MAX, "bytes of a page's changes, decompressed"),
        LIMIT(PAGE_BYTES_AIM, "a page ends with the change that reaches so many bytes"),
        LIMIT(COLUMN_BYTES_AIM, "the same of one by columns, counted as if it were not"),
        LIMIT(PAGE_NODES_MAX, "values in a page by columns"),
        LIMIT(RECORD_BYTES_MAX, "bytes of a stored record"),
        LIMIT(FIND_ROWS_MAX, "rows of one answer to FIND"),
        LIMIT(INDEX_FIELDS_MAX, "fields of an index"),
        LIMIT(LIST_MAX, "entries of a list field"),
        LIMIT(MONEY_MAX, "fen"),
        LIMIT(YEAR_MIN, "first year of days, months and dates"),
        LIMIT(YEAR_MAX, "last year"),
        LIMIT(KIND_LIMIT, "kind numbers are smaller"),
        LIMIT(STATE_LIMIT, "state numbers are smaller"),
        LIMIT(ACTION_LIMIT, "action numbers are smaller"),
        LIMIT(REFUSAL_TEXT_MAX, "the text of a refusal has fewer bytes"),
        LIMIT(PING_SECONDS, "a client speaks at least so often"),
        LIMIT(QUIET_SECONDS, "seconds of silence after which the daemon forgets a client"),
        LIMIT(ANSWER_SECONDS, "seconds without the answer that is due: tell the operator that the link is down"),
        LIMIT(HANDSHAKE_SECONDS, "seconds after which the daemon closes a connection that has not shown its key"),
        LIMIT(TICKET_TEXT_MAX, "bytes of a ticket's text, with a final NUL"),
        LIMIT(HOST_MAX, "bytes of a ticket's host"),
        LIMIT(LOGIN_MAX, "bytes of a login name"),
        LIMIT(KEY_FILE_BYTES_MAX, "bytes of a key file"),
        LIMIT(PASSPHRASE_MAX, "bytes of a passphrase"),
        LIMIT(ENTRY_BYTES_MAX, "bytes of a journal entry"),
        LIMIT(ENTRY_NODES_MAX, "values in a journal entry"),
    };
#undef LIMIT
    put_head(out, "limit | value | of what");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        fprintf(out, "| %s | %lld | %s |\n", rows[i].name, rows[i].value, rows[i].about);
}

static void write_types(FILE *out)
{
    put_head(out, "type | packed as");
    for (enum type type = TYPE_INT; type <= TYPE_BYTES; type++)
        fprintf(out, "| %s | %s |\n", type_name(type), type_form(type));
}

static void write_frames(FILE *out)
{
    put_head(out, "number | frame | sent by");
    for (int i = 1; i < 128; i++)
        if (frame_name(i) != NULL)
            fprintf(out, "| %d | %s | %s |\n", i, frame_name(i), i < FRAME_WELCOME ? "client" : "daemon");
}

static void write_kinds(FILE *out)
{
    put_head(out, "number | kind | label | parent | clause");
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        int parent = field_parent(kind->wire);
        const struct field *field = parent >= 0 ? field_row(kind->wire, (unsigned)parent) : NULL;
        fprintf(out, "| %u | [%s](#kind-%s) | %s |", kind->wire, kind->name, kind->name, kind->label);
        put_cell(out, field != NULL ? kind_row(field->ref)->name : "");
        put_cell(out, kind->clause);
        fputc('\n', out);
    }
}

static void write_indexes(FILE *out)
{
    put_head(out, "number | index | kind | unique | fields");
    for (unsigned i = 1; i < INDEX_LIMIT; i++) {
        const struct index_row *row = index_row(i);
        if (row == NULL) continue;
        fprintf(out, "| %u | %s | %s | %s | ", i, row->name, kind_row(row->kind)->name, row->unique ? "yes" : "");
        for (unsigned j = 0; j < row->count; j++)
            fprintf(out, j > 0 ? ", %s" : "%s", field_row(row->kind, row->fields[j])->name);
        fputs(" |\n", out);
    }
}

static void write_choices(FILE *out)
{
    put_head(out, "choice | number | option | word in files | label | phase");
    for (unsigned i = 0; i < CHOICE_COUNT; i++)
        for (const struct option *row = NULL; (row = option_next(i, row)) != NULL;) {
            const struct state_row *phase = row->group != 0 ? state_row(KIND_project, row->group) : NULL;
            fprintf(out, "| %s | %u | %s |", choice_name(i), row->wire, row->name);
            put_cell(out, row->word);
            put_cell(out, row->label);
            put_cell(out, phase != NULL ? phase->name : "");
            fputc('\n', out);
        }
}

static void write_relations(FILE *out)
{
    put_head(out, "number | relation | label");
    for (const struct relation_row *row = NULL; (row = relation_next(row)) != NULL;)
        fprintf(out, "| %u | %s | %s |\n", row->wire, row->name, row->label);
}

static void write_settings(FILE *out)
{
    put_head(out, "number | setting | first value | bounds | unit | what it does");
    for (const struct setting_row *row = NULL; (row = setting_next(row)) != NULL;)
        fprintf(out, "| %u | %s | %lld | %lld to %lld | %s | %s |\n", row->wire, row->name, (long long)row->first,
                (long long)row->lo, (long long)row->hi, row->unit, row->label);
}

static const char *class_name(enum err_class class)
{
    switch (class) {
    case CLASS_OK: return "ok";
    case CLASS_FAILED: return "failed";
    case CLASS_USAGE: return "usage";
    case CLASS_NOT_FOUND: return "not found";
    case CLASS_REFUSED: return "refused";
    case CLASS_NO_SERVER: return "no server";
    case CLASS_CONFLICT: return "conflict";
    }
    return "";
}

static void write_errors(FILE *out)
{
    put_head(out, "number | error | class (exit status) | message");
    for (enum err err = OK; (err = err_next(err)) != OK;)
        fprintf(out, "| %d | %s | %s (%d) | %s |\n", (int)err, err_name(err), class_name(err_class(err)),
                (int)err_class(err), err_message(err));
}

const struct section list_sections[] = {
    {"limits", write_limits},       {"types", write_types},
    {"frames", write_frames},       {"kinds", write_kinds},
    {"indexes", write_indexes},     {"choices", write_choices},
    {"relations", write_relations}, {"settings", write_settings},
    {"errors", write_errors},       {NULL, NULL},
};
