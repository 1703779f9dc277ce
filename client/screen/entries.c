/* entries.c - see entries.h. What is chosen rather than typed is in choose.c. */
#include "client/screen/entries.h"

#include "client/core/resolve.h"
#include "client/core/stand_in.h"

#include "proto/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRY_BYTES = 8 << 20, TEXT_BYTES = 40 * 1024, YEAR_MONTHS = 12, SAVE_EVERY = 24 };

void entries_init(struct entries *entries, struct app *app, unsigned kind, uint64_t id, uint32_t actions)
{
    *entries = (struct entries){.app = app, .kind = (uint8_t)kind, .id = id, .actions = actions};
    entries->preset = record_make(kind, 0);
}

static void empty(struct entry *entry)
{
    free(entry->typed);
    entry->typed = NULL;
    entry->count = 0;
}

void entries_free(struct entries *entries)
{
    for (unsigned i = 0; i < entries->count; i++)
        empty(&entries->at[i]);
    entries->count = 0;
}

static const struct field *field_of(const struct entries *entries, const struct entry *entry)
{
    return field_row(entries->kind, entry->position);
}

bool entry_chosen(const struct entries *entries, const struct entry *entry)
{
    enum type type = field_of(entries, entry)->type;
    return type == TYPE_CHOICE || type == TYPE_REF || type == TYPE_FLAG;
}

bool entry_is_note(const struct entries *entries, const struct entry *entry)
{
    const struct field *field = field_of(entries, entry);
    return field->type == TYPE_NOTE || (field->list_max > 0 && entry->part == WHOLE);
}

/* ---- from the record ---- */

static void set_typed(struct entry *entry, struct text text)
{
    free(entry->typed);
    entry->typed = text.length > 0 ? malloc(text.length + 1u) : NULL;
    if (entry->typed == NULL) return;
    memcpy(entry->typed, text.at, text.length);
    entry->typed[text.length] = '\0';
}

/* The exact value, as it would be typed. */
static void read_typed(struct entries *entries, struct entry *entry, const struct record *record, struct arena *arena)
{
    struct show show = {.space = client_space(entries->app->client), .arena = arena, .names_only = true};
    char *buffer = arena_get(arena, TEXT_BYTES);
    if (buffer == NULL) return;
    struct str str = str_in(buffer, TEXT_BYTES);
    if (entry->part == WHOLE)
        show_value(&show, record, entry->position, &str);
    else {
        unsigned count;
        const int64_t *list = rec_list(record, entry->position, &count);
        const struct field *field = field_of(entries, entry);
        if ((unsigned)entry->part < count)
            str_exact(&str, list[entry->part], field->unit != NULL ? FEN_PER_WAN : FEN_PER_YUAN);
    }
    set_typed(entry, (struct text){buffer, (uint32_t)str.used});
}

static void read_value(struct entries *entries, struct entry *entry, const struct record *record, struct arena *arena)
{
    const struct field *field = field_of(entries, entry);
    empty(entry);
    if (!rec_has(record, entry->position)) return;
    if (!entry_chosen(entries, entry)) {
        read_typed(entries, entry, record, arena);
    } else if (field->list_max > 0) {
        const int64_t *list = rec_list(record, entry->position, &entry->count);
        memcpy(entry->chosen, list, entry->count * sizeof *list);
    } else {
        entry->count = 1;
        entry->chosen[0] = rec_num(record, entry->position);
    }
}

static struct entry *find_entry(struct entries *entries, unsigned position, int part)
{
    for (unsigned i = 0; i < entries->count; i++)
        if (entries->at[i].position == position && entries->at[i].part == part) return &entries->at[i];
    return NULL;
}

/* May it be filled in here, and has it to be? */
static void set_rights(const struct entries *entries, struct entry *entry, const struct record *record)
{
    const struct field *field = field_of(entries, entry);
    bool shut = (field->flags & F_FIXED) && rec_has(record, entry->position);
    entry->open = (field->fill & entries->actions) != 0 && !shut;
    entry->needed = entry->open && (field->need & entries->actions) != 0;
}

static void add_entry(struct entries *entries, unsigned position, int part, const struct record *record,
                      struct arena *arena)
{
    struct entry *entry = find_entry(entries, position, part);
    if (entry == NULL) {
        if (entries->count == ENTRIES_MAX) return;
        entry = &entries->at[entries->count++];
        *entry = (struct entry){.position = (uint8_t)position, .part = (int8_t)part};
    }
    if (entry->touched) return;
    set_rights(entries, entry, record);
    entry->missing = record->id != 0 && !view_knows(entries->app, record, position, arena);
    read_value(entries, entry, record, arena);
}

static bool is_shown(const struct entries *entries, const struct field *field, unsigned position,
                     const struct record *record, enum entries_show show, bool missing)
{
    bool key = entries->kind == KIND_device && field->type == TYPE_BYTES; /* made, never typed */
    if (entries->hidden & FIELD_BIT(position)) return false;
    if (field->fill & entries->actions) return !key;
    if (show == SHOW_OPEN || position == F_STATE || position == F_SINCE) return false;
    if (missing && position >= F_COMMON_COUNT) return show == SHOW_ALL;
    if (show == SHOW_SET) return rec_has(record, position) && position >= F_COMMON_COUNT;
    return rec_has(record, position); /* a page does not list what is not there */
}

void entries_read(struct entries *entries, enum entries_show show)
{
    struct arena arena;
    struct record record = record_make(entries->kind, 0);
    const struct field *field;
    arena_init(&arena, TRY_BYTES);
    if (entries->id != 0) view_get(entries->app, entries->kind, entries->id, &arena, &record);
    entries->version = record.version;
    if (show == SHOW_ALL) entries->count = 0; /* nothing is typed there; the order is the table's */
    for (unsigned round = 0; round < field_count(entries->kind); round++) { /* the common fields come last */
        unsigned i = (round + F_COMMON_COUNT) % field_count(entries->kind);
        field = field_row(entries->kind, i);
        bool missing = show == SHOW_ALL && record.id != 0 && !view_knows(entries->app, &record, i, &arena);
        if (!is_shown(entries, field, i, &record, show, missing)) continue;
        bool spelled = field->list_max == YEAR_MONTHS && field->type == TYPE_MONEY;
        for (int part = 0; spelled && part < YEAR_MONTHS; part++)
            add_entry(entries, i, part, &record, &arena);
        if (!spelled) add_entry(entries, i, WHOLE, &record, &arena);
    }
    arena_clear(&arena);
}

void entries_preset(struct entries *entries, unsigned position, int64_t number)
{
    rec_set(&entries->preset, position, number);
    entries->hidden |= FIELD_BIT(position);
}

/* ---- typing ---- */

/* Faults that more typing will not cure. */
static bool lasting(enum err err)
{
    return err == ERR_TOO_LONG || err == ERR_BAD_TEXT || err == ERR_TOO_MANY || err == ERR_TOO_LARGE;
}

static enum err part_value(const struct entries *entries, const struct entry *entry, int64_t *number,
                           struct refusal *why)
{
    const struct field *field = field_of(entries, entry);
    *number = 0;
    if (entry->typed == NULL) return OK;
    if (!number_parse(text_of(entry->typed), field->unit != NULL ? FEN_PER_WAN : FEN_PER_YUAN, number))
        return refuse_field(why, ERR_BAD_VALUE, entries->kind, entry->position, 0);
    if (*number < field->lo) return refuse_field(why, ERR_TOO_SMALL, entries->kind, entry->position, field->lo);
    return *number > field->hi ? refuse_field(why, ERR_TOO_LARGE, entries->kind, entry->position, field->hi) : OK;
}

static enum err entry_value(const struct entries *entries, const struct entry *entry, struct arena *arena,
                            struct value *value, struct refusal *why)
{
    const struct field *field = field_of(entries, entry);
    *value = (struct value){.set = false};
    if (!entry_chosen(entries, entry)) {
        if (entry->typed == NULL) return OK;
        return resolve_value(entries->app->client, entries->kind, entry->position, text_of(entry->typed), arena, value,
                             why);
    }
    if (entry->count == 0) return OK;
    *value = number_value(entry->chosen[0]);
    if (field->list_max > 0) {
        void *list = arena_copy(arena, entry->chosen, entry->count * sizeof entry->chosen[0]);
        if (list == NULL) return refuse(why, ERR_MEMORY);
        *value = (struct value){.set = true, .count = (uint8_t)entry->count, .as.list = list};
    }
    return value_check(entries->kind, entry->position, value, why);
}

/* The message stands at the field: it need not name it again. */
static void set_fault(const struct entries *entries, struct entry *entry, const struct refusal *why)
{
    char line[FAULT_BYTES];
    struct str str = str_in(line, sizeof line), fault = str_in(entry->fault, sizeof entry->fault);
    const char *label = tr(field_of(entries, entry)->label), *at = line;
    show_refusal(why, &str);
    if (strncmp(at, label, strlen(label)) == 0) {
        at += strlen(label);
        const char *colon = tr(N_(": "));
        size_t wide = strcspn(colon, " ");
        if (strncmp(at, colon, wide) == 0) at += wide;
        at += strspn(at, " ");
    }
    str_put(&fault, at);
}

void entries_fault(struct entries *entries, unsigned index, enum err err)
{
    struct refusal why;
    refuse(&why, err);
    set_fault(entries, &entries->at[index], &why);
}

void entries_type(struct entries *entries, unsigned index, struct text text, bool final)
{
    struct entry *entry = &entries->at[index];
    struct refusal why = {.err = OK};
    struct arena arena;
    struct value value;
    int64_t number;
    bool same = text.length == (entry->typed != NULL ? strlen(entry->typed) : 0) &&
                (text.length == 0 || memcmp(text.at, entry->typed, text.length) == 0);
    entry->fault[0] = '\0';
    if (!same) {
        set_typed(entry, text);
        entry->touched = true;
        entries->unsaved++;
        if (entry->part != WHOLE) /* the list goes as a whole */
            for (int part = 0; part < YEAR_MONTHS; part++)
                find_entry(entries, entry->position, part)->touched = true;
    }
    arena_init(&arena, TRY_BYTES);
    enum err err = entry->part != WHOLE ? part_value(entries, entry, &number, &why)
                                        : entry_value(entries, entry, &arena, &value, &why);
    if (err != OK && (final || lasting(err))) set_fault(entries, entry, &why);
    arena_clear(&arena);
    if ((final && entries->unsaved > 0) || entries->unsaved >= SAVE_EVERY) entries_save_draft(entries);
}

/* ---- sending ---- */

bool entries_touched(const struct entries *entries)
{
    for (unsigned i = 0; i < entries->count; i++)
        if (entries->at[i].touched && entries->at[i].open) return true;
    return false;
}

/* The parts of a spelled list together; nothing when none is filled in. */
static enum err gather_parts(const struct entries *entries, unsigned position, struct arena *arena, struct value *value,
                             struct refusal *why)
{
    int64_t *list = arena_get(arena, YEAR_MONTHS * sizeof *list);
    bool any = false;
    if (list == NULL) return refuse(why, ERR_MEMORY);
    for (unsigned i = 0; i < entries->count; i++) {
        const struct entry *entry = &entries->at[i];
        if (entry->position != position || entry->part < 0) continue;
        enum err err = part_value(entries, entry, &list[entry->part], why);
        if (err != OK) return err;
        any = any || entry->typed != NULL;
    }
    *value = (struct value){.set = any, .count = any ? YEAR_MONTHS : 0, .as.list = list};
    return OK;
}

bool entries_args(const struct entries *entries, unsigned action, struct arena *arena, struct record *args,
                  uint64_t *given, unsigned *fault)
{
    struct refusal why = {.err = OK};
    *args = entries->preset;
    *given = entries->id == 0 ? record_mask(args) : 0;
    if (action != 0)
        for (unsigned i = 0; i < field_count(entries->kind); i++)
            if ((field_row(entries->kind, i)->fill >> action & 1) == 0) *given &= ~FIELD_BIT(i);
    for (unsigned i = 0; i < entries->count; i++) {
        const struct entry *entry = &entries->at[i];
        const struct field *field = field_of(entries, entry);
        struct value value = {.set = false};
        if (!entry->touched || entry->part > 0 || (action != 0 && (field->fill >> action & 1) == 0)) continue;
        enum err err = entry->part == 0 ? gather_parts(entries, entry->position, arena, &value, &why)
                                        : entry_value(entries, entry, arena, &value, &why);
        bool text = field->type == TYPE_TEXT || field->type == TYPE_NOTE;
        if (err != OK && action == 0 && text) { /* a draft keeps a text that is still too long, or too short */
            value = text_value(text_of(entry->typed));
            err = OK;
        }
        if (err != OK && fault != NULL) {
            *fault = i;
            return false;
        }
        if (err != OK || (!value.set && entries->id == 0)) continue;
        args->values[entry->position] = value;
        *given |= FIELD_BIT(entry->position);
    }
    return true;
}

/* Shows what the whole act would be refused for at the field that it names. */
static void show_at_field(struct entries *entries, const struct refusal *why, bool all)
{
    for (unsigned i = 0; i < entries->count; i++) {
        struct entry *entry = &entries->at[i];
        if (why->kind != entries->kind || entry->position != why->field || entry->part > 0) continue;
        if (all || (why->err != ERR_NEEDED && entry->touched)) set_fault(entries, entry, why);
        return;
    }
}

bool entries_try(struct entries *entries, unsigned action, bool all, struct refusal *why)
{
    struct arena arena;
    struct record args;
    struct act act;
    uint64_t given;
    unsigned fault = 0;
    refuse(why, OK);
    for (unsigned i = 0; i < entries->count; i++) {
        const struct entry *entry = &entries->at[i];
        if (entry->touched) entries_type(entries, i, text_of(entry->typed != NULL ? entry->typed : ""), true);
    }
    arena_init(&arena, TRY_BYTES);
    bool fine = entries_args(entries, action, &arena, &args, &given, &fault);
    if (fine && !all)
        stand_in(entries->app->client, entries->kind, entries->id, action, &entries->app->scratch, &args, &given);
    if (!fine)
        refuse_field(why, ERR_BAD_VALUE, entries->kind, entries->at[fault].position, 0);
    else if (client_try(entries->app->client, entries->kind, action, entries->id, &args, given, &arena, &act) != OK) {
        *why = act.why;
        fine = false;
        show_at_field(entries, why, all);
    }
    arena_clear(&arena);
    return fine;
}

/* ---- drafts ---- */

void entries_save_draft(struct entries *entries)
{
    struct arena arena;
    struct record args;
    uint64_t given;
    entries->unsaved = 0;
    if (entries->draft[0] == '\0' || !entries_touched(entries)) return;
    arena_init(&arena, TRY_BYTES);
    entries_args(entries, 0, &arena, &args, &given, NULL);
    entries->drafted = client_draft_save(entries->app->client, entries->draft, &args, given) == OK;
    if (!entries->drafted) app_say_err(entries->app, ERR_IO);
    arena_clear(&arena);
}

void entries_take(struct entries *entries, const struct record *fields, uint64_t mask)
{
    struct arena arena;
    arena_init(&arena, TRY_BYTES);
    for (unsigned i = 0; i < entries->count; i++) {
        struct entry *entry = &entries->at[i];
        if ((mask & FIELD_BIT(entry->position)) == 0) continue;
        read_value(entries, entry, fields, &arena);
        entry->touched = true;
    }
    arena_clear(&arena);
}

bool entries_load_draft(struct entries *entries)
{
    struct arena arena;
    struct record fields;
    uint64_t mask;
    if (entries->draft[0] == '\0') return false;
    arena_init(&arena, TRY_BYTES);
    bool found = client_draft_load(entries->app->client, entries->draft, entries->kind, &arena, &fields, &mask) == OK;
    if (found) entries_take(entries, &fields, mask);
    entries->drafted = found;
    arena_clear(&arena);
    return found;
}

void entries_drop_draft(struct entries *entries)
{
    if (entries->draft[0] != '\0') client_draft_drop(entries->app->client, entries->draft);
    entries->drafted = false;
}

/* ---- showing ---- */

static void put_label(const struct entries *entries, const struct entry *entry, struct str *out)
{
    const struct field *field = field_of(entries, entry);
    str_put(out, tr(field->label));
    if (entry->part != WHOLE) str_printf(out, " %d", entry->part + 1);
    const char *unit = field->unit;
    if (unit == NULL) return;
    str_put(out, " (");
    str_put(out, tr(unit));
    str_put(out, ")");
}

/* What is chosen, as words. */
static struct text chosen_text(struct entries *entries, const struct entry *entry, struct arena *arena)
{
    const struct field *field = field_of(entries, entry);
    struct record record = record_make(entries->kind, 0);
    if (entry->count == 0) return (struct text){"", 0};
    if (field->type == TYPE_REF && field->list_max == 0)
        return view_title(entries->app, field->ref, (uint64_t)entry->chosen[0], arena);
    if (field->list_max > 0)
        rec_set_list(&record, entry->position, entry->chosen, entry->count);
    else
        rec_set(&record, entry->position, entry->chosen[0]);
    return view_value(entries->app, &record, entry->position, arena);
}

static struct text typed_text(struct entries *entries, const struct entry *entry, struct arena *arena)
{
    const struct field *field = field_of(entries, entry);
    struct record record;
    if (entry->typed == NULL) return (struct text){"", 0};
    bool formatted = !entry->touched && entry->part == WHOLE && field->type != TYPE_TEXT && field->type != TYPE_NOTE;
    if (formatted && view_get(entries->app, entries->kind, entries->id, arena, &record))
        return view_value(entries->app, &record, entry->position, arena);
    return text_of(entry->typed);
}

void entries_row(struct entries *entries, unsigned index, struct arena *arena, struct form_row *row)
{
    struct entry *entry = &entries->at[index];
    char label[160];
    struct str str = str_in(label, sizeof label);
    put_label(entries, entry, &str);
    *row = (struct form_row){.label = arena_text(arena, label).at,
                             .mark = entry->needed ? '*' : ' ',
                             .open = entry->open,
                             .note = entry_is_note(entries, entry)};
    row->value = entry_chosen(entries, entry) ? chosen_text(entries, entry, arena) : typed_text(entries, entry, arena);
    if (row->value.length == 0) row->value = text_of(entry->open ? "____" : entry->missing ? "?" : "-");
    if (entry->fault[0] != '\0') row->message = entry->fault;
}
