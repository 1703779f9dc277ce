/* points.c - see points.h. Entries of the period are read in order; a record that matters is folded out of its own
 * history when it is first met, and then follows the entries. Texts are left out: no event needs them. */
#include "proto/points.h"

#include "proto/journal.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 4096, ENTRY_ARENA_BYTES = 8 << 20, FOLLOWED_BYTES = 512 << 20, TIES_DEPTH = 4 };

/* A record as it was at the entry that was read last. */
struct followed {
    struct followed *next;
    struct record record;
};

struct scan {
    const struct space *space;
    const struct points_rules *rules;
    uint64_t number; /* the entry at hand */
    stamp_t time;
    bool wanted[KIND_LIMIT]; /* kinds with an event that some rule names */
    struct followed **buckets;
    struct arena entry, kept; /* of the entry at hand; of the followed records */
    struct arena *arena;      /* of the lines */
    struct points_line *lines;
    unsigned count, room;
};

/* ---- rules ---- */

static struct points_rule rule_of(const struct record *record)
{
    return (struct points_rule){.id = record->id,
                                .assessor = (uint64_t)rec_num(record, scheme_rule_assessor),
                                .serial = (unsigned)rec_num(record, scheme_rule_serial),
                                .part = (unsigned)rec_num(record, scheme_rule_part),
                                .event = (unsigned)rec_num(record, scheme_rule_event),
                                .party = (unsigned)rec_num(record, scheme_rule_party),
                                .tier = (unsigned)rec_num(record, scheme_rule_tier),
                                .group = (unsigned)rec_num(record, scheme_rule_group),
                                .points = rec_num(record, scheme_rule_points),
                                .cap = rec_num(record, scheme_rule_cap)};
}

enum err points_rules_load(const struct space *space, uint64_t scheme, struct arena *arena, struct points_rules *rules)
{
    struct value value = number_value((int64_t)scheme);
    struct walk walk;
    uint64_t id;
    rules->count = 0;
    walk_start(&walk, space, IX_scheme_rule_serial, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record record;
        enum err err = state_get(space, KIND_scheme_rule, id, arena, &record);
        if (err != OK) return err;
        if (rec_state(&record) == ST_scheme_rule_dropped) continue;
        if (rules->count == POINTS_RULES_MAX) return ERR_LIMIT;
        rules->at[rules->count++] = rule_of(&record);
    }
    return OK;
}

/* ---- records as they were ---- */

static uint64_t number_mask(unsigned kind)
{
    const struct field *field;
    uint64_t mask = 0;
    for (unsigned i = 0; (field = field_row(kind, i)) != NULL; i++)
        if (field->type != TYPE_TEXT && field->type != TYPE_NOTE && field->type != TYPE_BYTES) mask |= FIELD_BIT(i);
    return mask;
}

static bool merge(struct scan *scan, struct record *record, const struct effect *effect)
{
    struct record fields = effect->fields;
    fields.extra_count = 0;
    return record_merge(record, &fields, effect->mask & number_mask(record->kind), &scan->kept) &&
           record_keep(record, &scan->kept);
}

static struct followed **bucket_of(const struct scan *scan, unsigned kind, uint64_t id)
{
    return &scan->buckets[(id * 64 + kind) * 2654435761u % BUCKETS];
}

static struct record *find(const struct scan *scan, unsigned kind, uint64_t id)
{
    for (struct followed *at = *bucket_of(scan, kind, id); at != NULL; at = at->next)
        if (at->record.kind == kind && at->record.id == id) return &at->record;
    return NULL;
}

/* Folds a record out of its history, up to and with the entry `last`. */
static enum err fold_history(struct scan *scan, struct record *record, uint64_t last)
{
    struct arena arena;
    struct key key, prefix;
    struct text value;
    enum err err = OK;
    key_clear(&key);
    key_byte(&key, record->kind);
    key_number(&key, record->id);
    prefix = key;
    arena_init(&arena, ENTRY_ARENA_BYTES);
    for (; err == OK && scan->space->seek(scan->space->self, TABLE_HISTORY, &key, &value) == OK; key_after(&key)) {
        struct entry entry;
        struct effect *effects;
        unsigned count;
        if (!key_has_prefix(&key, &prefix) || key_read(&key, prefix.used) > last) break;
        err = journal_read(scan->space, key_read(&key, prefix.used), &arena, &entry, NULL);
        if (err == OK) err = entry_effects(&entry, &arena, &effects, &count);
        for (unsigned i = 0; err == OK && i < count; i++)
            if (effects[i].fields.kind == record->kind && effects[i].fields.id == record->id &&
                !merge(scan, record, &effects[i]))
                err = ERR_MEMORY;
        arena_reuse(&arena);
    }
    arena_clear(&arena);
    return err;
}

/* The record as it was after the entry `last`, followed from there on. */
static enum err follow(struct scan *scan, unsigned kind, uint64_t id, uint64_t last, struct record **record)
{
    *record = find(scan, kind, id);
    if (*record != NULL) return OK;
    struct followed *made = arena_get(&scan->kept, sizeof *made);
    if (made == NULL) return ERR_MEMORY;
    made->record = record_make(kind, id);
    made->next = *bucket_of(scan, kind, id);
    *bucket_of(scan, kind, id) = made;
    *record = &made->record;
    return fold_history(scan, &made->record, last);
}

/* ---- units and persons ---- */

struct parties {
    unsigned count;
    uint64_t at[TIES_MAX];
};

static void add_party(struct parties *parties, uint64_t unit)
{
    for (unsigned i = 0; i < parties->count; i++)
        if (parties->at[i] == unit) return;
    if (unit != 0 && parties->count < TIES_MAX) parties->at[parties->count++] = unit;
}

/* The units that had the relation to the record at the entry at hand; as ties_of does it for the present. */
static enum err find_parties(struct scan *scan, const struct record *record, unsigned relation, unsigned depth,
                             struct parties *parties)
{
    for (const struct relate *row = NULL; (row = relate_next(record->kind, row)) != NULL;) {
        const struct field *field = row->field != SELF ? field_row(record->kind, row->field) : NULL;
        if (row->relation == REL_all && field != NULL && depth < TIES_DEPTH && rec_num(record, row->field) != 0) {
            struct record *other;
            enum err err = follow(scan, field->ref, (uint64_t)rec_num(record, row->field), scan->number, &other);
            if (err == OK) err = find_parties(scan, other, relation, depth + 1, parties);
            if (err != OK) return err;
        }
        if (row->relation != relation) continue;
        unsigned count;
        const int64_t *list = field != NULL && field->list_max > 0 ? rec_list(record, row->field, &count) : NULL;
        if (field == NULL)
            add_party(parties, record->id);
        else if (field->list_max == 0)
            add_party(parties, (uint64_t)rec_num(record, row->field));
        for (unsigned i = 0; list != NULL && i < count; i++)
            add_party(parties, (uint64_t)list[i]);
    }
    return OK;
}

static uint64_t ref_named(const struct record *record, const char *name)
{
    unsigned position;
    const struct field *field = field_named(record->kind, name, &position);
    return field != NULL && field->type == TYPE_REF ? (uint64_t)rec_num(record, position) : 0;
}

static enum err person_of_post(struct scan *scan, uint64_t post, uint64_t *person)
{
    struct record *record;
    if (post == 0) return OK;
    enum err err = follow(scan, KIND_post, post, scan->number, &record);
    if (err == OK) *person = (uint64_t)rec_num(record, post_person);
    return err;
}

/* Who held the rank in the unit on that day. */
static enum err person_in_post(struct scan *scan, uint64_t unit, unsigned rank, uint64_t *person)
{
    struct value values[] = {number_value((int64_t)unit), number_value(rank)};
    day_t day = stamp_day(scan->time);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, scan->space, IX_post_unit, values, 2);
    while (*person == 0 && walk_next(&walk, &id)) {
        struct record *post;
        enum err err = follow(scan, KIND_post, id, scan->number, &post);
        if (err != OK) return err;
        if (rec_state(post) == ST_none || rec_num(post, post_from) > day.n) continue;
        if (!rec_has(post, post_to) || rec_num(post, post_to) >= day.n)
            *person = (uint64_t)rec_num(post, post_person);
    }
    return OK;
}

/* Whoever the record names; else the project's chain, when the unit was responsible for it; else the unit's post. */
static enum err find_person(struct scan *scan, const struct record *record, unsigned tier, uint64_t unit,
                            uint64_t *person)
{
    struct record *project;
    *person = record->kind == KIND_honour ? (uint64_t)rec_num(record, honour_person) : 0;
    uint64_t id = record->kind == KIND_project ? record->id : ref_named(record, "project");
    if (*person != 0 || tier == 0) return OK;
    if (id != 0) {
        enum err err = follow(scan, KIND_project, id, scan->number, &project);
        if (err != OK) return err;
        if ((uint64_t)rec_num(project, project_responsible) == unit) {
            unsigned field = tier == OPT_answerable_head ? project_head : project_deputy;
            return person_of_post(scan, (uint64_t)rec_num(project, field), person);
        }
    }
    return person_in_post(scan, unit, tier, person);
}

/* ---- lines ---- */

static enum err add_line(struct scan *scan, const struct points_line *line)
{
    if (scan->count == scan->room) {
        unsigned room = scan->room == 0 ? 256 : 2 * scan->room;
        struct points_line *lines = arena_get(scan->arena, room * sizeof *lines);
        if (lines == NULL) return ERR_MEMORY;
        if (scan->count > 0) memcpy(lines, scan->lines, scan->count * sizeof *lines);
        scan->lines = lines;
        scan->room = room;
    }
    scan->lines[scan->count++] = *line;
    return OK;
}

static enum err apply_rule(struct scan *scan, const struct points_rule *rule, const struct record *record,
                           int64_t times)
{
    struct parties parties = {.count = 0};
    enum err err = find_parties(scan, record, rule->party, 0, &parties);
    for (unsigned i = 0; err == OK && i < parties.count; i++) {
        struct points_line line = {.number = scan->number,
                                   .time = scan->time,
                                   .rule = rule->id,
                                   .full = times * rule->points,
                                   .points = times * rule->points,
                                   .kind = record->kind,
                                   .id = record->id,
                                   .unit = parties.at[i]};
        err = find_person(scan, record, rule->tier, line.unit, &line.person);
        if (err == OK) err = add_line(scan, &line);
    }
    return err;
}

static enum err apply_rules(struct scan *scan, const struct record *before, const struct record *after,
                            const struct command *act)
{
    for (unsigned i = 0; i < scan->rules->count; i++) {
        const struct points_rule *rule = &scan->rules->at[i];
        const struct event *event = rule->part == OPT_rule_part_daily ? event_row(rule->event) : NULL;
        if (event == NULL || event->kind != after->kind) continue;
        int64_t times = event_times(event, before, after, stamp_day(scan->time), act->kind, act->action);
        enum err err = times > 0 ? apply_rule(scan, rule, after, times) : OK;
        if (err != OK) return err;
    }
    return OK;
}

/* First every record that the entry changed is brought up to it, then the rules look. */
static enum err scan_effects(struct scan *scan, const struct command *act, const struct effect *effects, unsigned count)
{
    struct record *before = arena_get(&scan->entry, (count + 1) * sizeof *before);
    if (before == NULL) return ERR_MEMORY;
    for (unsigned i = 0; i < count; i++) {
        unsigned kind = effects[i].fields.kind;
        uint64_t id = effects[i].fields.id;
        struct record *record = find(scan, kind, id);
        enum err err = OK;
        if (record == NULL && scan->wanted[kind]) err = follow(scan, kind, id, scan->number - 1, &record);
        if (err != OK) return err;
        if (record == NULL) continue;
        before[i] = *record;
        if (!merge(scan, record, &effects[i])) return ERR_MEMORY;
    }
    for (unsigned i = 0; i < count; i++) {
        unsigned kind = effects[i].fields.kind;
        const struct command none = {.kind = 0};
        if (!scan->wanted[kind]) continue;
        const struct record *after = find(scan, kind, effects[i].fields.id);
        enum err err = apply_rules(scan, &before[i], after, i == 0 ? act : &none);
        if (err != OK) return err;
    }
    return OK;
}

static enum err scan_entry(struct scan *scan, const struct entry *entry)
{
    struct effect *effects;
    struct command act;
    unsigned count;
    scan->number = entry->number;
    scan->time = entry->time;
    if (command_peek(entry->command.at, entry->command.length, &act) != OK) return ERR_DAMAGED;
    enum err err = entry_effects(entry, &scan->entry, &effects, &count);
    return err == OK ? scan_effects(scan, &act, effects, count) : err;
}

/* ---- the period ---- */

/* The first entry that is not before the moment: they stand in the order of time. */
static enum err first_entry(struct scan *scan, stamp_t moment, uint64_t head, uint64_t *first)
{
    uint64_t low = 1, high = head + 1;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        struct entry entry;
        enum err err = journal_read(scan->space, middle, &scan->entry, &entry, NULL);
        if (err != OK) return err;
        if (entry.time.s < moment.s)
            low = middle + 1;
        else
            high = middle;
        arena_reuse(&scan->entry);
    }
    *first = low;
    return OK;
}

static enum err scan_period(struct scan *scan, const struct points_scope *scope)
{
    struct head head;
    uint64_t number = 0;
    enum err err = journal_head(scan->space, &head);
    uint64_t last = scope->upto != 0 && scope->upto < head.number ? scope->upto : head.number;
    if (err == OK) err = first_entry(scan, day_start(scope->from), last, &number);
    for (; err == OK && number <= last; number++) {
        struct entry entry;
        err = journal_read(scan->space, number, &scan->entry, &entry, NULL);
        if (err == OK && entry.time.s >= day_end(scope->to).s) break;
        if (err == OK) err = scan_entry(scan, &entry);
        arena_reuse(&scan->entry);
    }
    return err;
}

enum err points_collect(const struct space *space, const struct points_scope *scope, const struct points_rules *rules,
                        struct arena *arena, struct points_line **lines, unsigned *count)
{
    struct scan scan = {.space = space, .rules = rules, .arena = arena};
    for (unsigned i = 0; i < rules->count; i++) {
        const struct event *event = event_row(rules->at[i].event);
        if (rules->at[i].part == OPT_rule_part_daily && event != NULL) scan.wanted[event->kind] = true;
    }
    arena_init(&scan.entry, ENTRY_ARENA_BYTES);
    arena_init(&scan.kept, FOLLOWED_BYTES);
    scan.buckets = arena_get(&scan.kept, BUCKETS * sizeof *scan.buckets);
    enum err err = scan.buckets != NULL ? scan_period(&scan, scope) : ERR_MEMORY;
    arena_clear(&scan.entry);
    arena_clear(&scan.kept);
    *lines = scan.lines;
    *count = scan.count;
    return err;
}

/* ---- caps ---- */

/* What is left of the points when the rule has given or taken `used` already. */
static int64_t within(const struct points_rule *rule, int64_t points, int64_t used)
{
    if (rule->cap == 0) return points;
    if (used + points > rule->cap) return rule->cap - used;
    if (used + points < -rule->cap) return -rule->cap - used;
    return points;
}

static const struct points_rule *rule_with(const struct points_rules *rules, uint64_t id)
{
    for (unsigned i = 0; i < rules->count; i++)
        if (rules->at[i].id == id) return &rules->at[i];
    return NULL;
}

/* Each rule's lines of one unit, in their order. */
static void hold_to_caps(const struct points_rules *rules, struct points_line *lines, unsigned count, uint64_t unit)
{
    int64_t used[POINTS_RULES_MAX] = {0};
    for (unsigned i = 0; i < count; i++) {
        const struct points_rule *rule = lines[i].unit == unit ? rule_with(rules, lines[i].rule) : NULL;
        if (rule == NULL) continue;
        lines[i].points = within(rule, lines[i].full, used[rule - rules->at]);
        used[rule - rules->at] += lines[i].points;
    }
}

unsigned points_of(const struct points_rules *rules, const struct points_line *lines, unsigned count, uint64_t unit,
                   uint64_t person, struct points_line *into)
{
    unsigned taken = 0;
    for (unsigned i = 0; i < count; i++)
        if ((unit == 0 || lines[i].unit == unit) && (person == 0 || lines[i].person == person))
            into[taken++] = lines[i];
    for (unsigned i = 0; i < taken; i++) {
        unsigned first = 0;
        while (into[first].unit != into[i].unit)
            first++;
        if (first == i) hold_to_caps(rules, into, taken, into[i].unit);
    }
    return taken;
}

/* ---- rights ---- */

bool points_seen(const struct space *space, uint64_t unit, bool person, const struct actor *actor, struct arena *arena)
{
    struct record score = record_make(KIND_score, 0);
    rec_set(&score, F_STATE, person ? ST_score_personal : ST_score_computed);
    rec_set(&score, score_unit, (int64_t)unit);
    return may_see(space, &score, actor, arena) != SEE_NOTHING;
}

/* ---- groups ---- */

static bool has_projects(const struct space *space, uint64_t unit, struct arena *arena)
{
    struct value value = number_value((int64_t)unit);
    struct walk walk;
    uint64_t id;
    walk_start(&walk, space, IX_project_responsible, &value, 1);
    while (walk_next(&walk, &id)) {
        struct record project;
        if (state_get(space, KIND_project, id, arena, &project) == OK && rec_state(&project) != ST_project_withdrawn)
            return true;
    }
    return false;
}

unsigned points_group(const struct space *space, uint64_t unit, struct arena *arena)
{
    static const uint8_t functions[] = {OPT_function_handler, OPT_function_centre, OPT_function_police,
                                        OPT_function_station};
    struct record record;
    if (state_get(space, KIND_unit, unit, arena, &record) != OK || rec_state(&record) != ST_unit_active) return 0;
    if (rec_num(&record, unit_type) == OPT_unit_type_enterprise) return 0;
    if (has_projects(space, unit, arena)) return OPT_score_group_responsible;
    for (size_t i = 0; i < sizeof functions; i++)
        if (rec_lists(&record, unit_functions, functions[i])) return OPT_score_group_department;
    return 0;
}

int64_t points_base(const struct points_rules *rules, unsigned group)
{
    int64_t base = 0;
    for (unsigned i = 0; i < rules->count; i++) {
        const struct points_rule *rule = &rules->at[i];
        bool fits = rule->group == 0 || rule->group == group;
        if (rule->part == OPT_rule_part_base && fits) base += rule->points;
    }
    return base;
}
