/* taste.c - what simulated people write and prefer, by names of kinds and fields. See sim.h. */
#include "server/sim/sim.h"

#include <string.h>

static const struct text_row {
    const char *kind, *field, *text;
} text_rows[] = {
#define TEXT(kind, field, text) {#kind, #field, text},
#include "server/sim/texts.def"
#undef TEXT
};

/* One of the texts for a field of a kind, each with the same chance; NULL: there are none. */
static const char *draw_text(struct sim *sim, const char *kind, const char *field)
{
    const char *chosen = NULL;
    uint64_t seen = 0;
    for (size_t i = 0; i < sizeof text_rows / sizeof *text_rows; i++) {
        const struct text_row *row = &text_rows[i];
        if (strcmp(row->kind, kind) == 0 && strcmp(row->field, field) == 0 && sim_below(sim, ++seen) == 0)
            chosen = row->text;
    }
    return chosen;
}

const char *sim_text(struct sim *sim, const struct field *field)
{
    const char *text = draw_text(sim, kind_row(field->kind)->name, field->name);
    if (text == NULL) text = draw_text(sim, "any", field->name);
    return text != NULL ? text : draw_text(sim, "any", "any");
}

static bool is_among(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0) return true;
    return false;
}

bool sim_shy(const struct field *field)
{
    static const char *const names[] = {"explain", "reached", "limit",  "remark", "basis",  "paper",    "from",
                                        "to",      "level",   "person", "units",  "project", "projects", "everybody",
                                        "title",   "copies"};
    bool chosen = field->kind == KIND_inspection && strcmp(field->name, "projects") == 0; /* most name some */
    return field->type == TYPE_BYTES || (!chosen && is_among(field->name, names, sizeof names / sizeof *names));
}

bool sim_means_today(const struct field *field)
{
    static const char *const names[] = {"done", "day", "date", "from", "stage_on", "charged_on", "up_on", "resumed"};
    return is_among(field->name, names, sizeof names / sizeof *names);
}

unsigned sim_function(const struct field *field)
{
    static const struct {
        const char *field;
        unsigned function;
    } rows[] = {
        {"departments", REL_handler}, {"department", REL_handler},   {"station", REL_station},
        {"asker", REL_handler},       {"subject", REL_local_government}, {"parties", REL_supervision},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].field, field->name) == 0) return rows[i].function;
    return 0;
}

const struct state_row *sim_state(const struct field *field)
{
    static const struct {
        const char *kind, *field, *state;
    } rows[] = {
        {"agency", "batch", "made"},
        {"batch", "agencies", "requested"},
        {"draw", "inspection", "planned"},
        {"rectification", "inspection", "findings"},
        {"approval", "agency", "accepted"},
        {"duty_visit", "protection", "up"},
        {"dispatch_answer", "dispatch", "open"},
        {"decision", "dispatch", "consolidated"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].kind, kind_row(field->kind)->name) == 0 && strcmp(rows[i].field, field->name) == 0)
            return state_named(field->ref, rows[i].state);
    return NULL;
}

/* ---- what is done, and how often ---- */

struct act_row {
    const char *kind, *action;
    unsigned weight;
};

/* In a hundred working days. What lays out the plan and its people is left to the offices. */
static const struct act_row starters[] = {
    {"issue", "collect", 150},  {"warning", "propose", 25}, {"urging", "send", 40}, {"assignment", "give", 0},
    {"digest", NULL, 0}  ,      {"report", NULL, 0},        {"unit_return", NULL, 0}, {"project", NULL, 0},
    {"target", NULL, 0},        {"milestone", "plan", 30},  {"plan", NULL, 0},      {"entry", NULL, 0},
    {"scheme", NULL, 0},        {"scheme_rule", NULL, 0},   {"assessment", NULL, 0},  {"score", NULL, 0},
    {"person", NULL, 0},        {"post", NULL, 0},       {"dispatch", NULL, 15},  {"dispatch_answer", NULL, 10},
    {"agency", NULL, 120},      {"approval", NULL, 300}, {"fee", NULL, 120},      {"batch", NULL, 40},
    {"policy", NULL, 20},       {"visit", "file", 120},  {"visit", "report", 15}, {"stop", "request", 20},
    {"stop", "report", 10},     {"honour", NULL, 20},    {"incident", NULL, 60},  {"complaint", NULL, 20},
    {"protection", NULL, 60},   {"duty_visit", NULL, 60}, {"meeting", NULL, 120}, {"inspection", NULL, 30},
    {"draw", NULL, 20},         {"decision", NULL, 30},  {"rectification", NULL, 40}, {"bulletin", NULL, 0},
    {"review_meeting", NULL, 0}, {"review_item", NULL, 0},
};
enum { WEIGHT_ELSE = 30 };

static const struct act_row steps[] = {
    {"project", "advance", 120}, {"assignment", "ask_extension", 40}, {"warning", "upgrade", 5},
    {"honour", "hear", 60},      {"milestone", "postpone", 10},       {"approval", "step", 100},
    {"approval", "pause", 10},   {"protection", "attend", 40},        {"meeting", "raise", 40},
    {"incident", "escalate", 5},
};

/* Instead of the duty, per mille; 0: only where the duty is refused. */
static const struct {
    const char *kind, *duty, *instead;
    unsigned per_mille;
} others[] = {
    {"report", "submit", "propose", 0},       {"unit_return", "submit", "propose", 0},
    {"approval", "grant", "refuse", 60},      {"protection", "confirm", "reject", 60},
    {"attendance", "attend", "excuse", 80},   {"stop", "approve", "refuse", 250},
    {"complaint", "close", "order", 150},     {"incident", "close", "return", 100},
    {"rectification", "close", "reorder", 150}, {"complaint", "order", "dismiss", 100},
    {"honour", "decide", "refuse", 100},
    {"report", "accept", "return", 130},      {"unit_return", "accept", "return", 80},
    {"report", "approve", "rework", 80},      {"issue", "satisfy", "dissatisfy", 150},
    {"issue", "register", "decline", 80},     {"warning", "issue", "drop", 200},
    {"assignment", "grant_extension", "refuse_extension", 300}, {"bulletin", "issue", "rework", 100},
};

static const struct action *named(const char *kind_name, const char *name)
{
    const struct kind *kind = kind_named(kind_name);
    return kind != NULL ? action_named(kind->wire, name) : NULL;
}

unsigned sim_weight(const struct action *action)
{
    const struct kind *kind = kind_row(action->kind);
    if (strcmp(kind->clause, "all") == 0) return 0;
    for (size_t i = 0; i < sizeof starters / sizeof *starters; i++) {
        if (strcmp(starters[i].kind, kind->name) != 0) continue;
        if (starters[i].action == NULL || strcmp(starters[i].action, action->name) == 0) return starters[i].weight;
    }
    return WEIGHT_ELSE;
}

const struct action *sim_instead(const struct action *duty, unsigned *per_mille)
{
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (named(others[i].kind, others[i].duty) != duty) continue;
        *per_mille = others[i].per_mille;
        return named(others[i].kind, others[i].instead);
    }
    return NULL;
}

const struct action *sim_step(unsigned i, unsigned *weight)
{
    if (i >= sizeof steps / sizeof *steps) return NULL;
    *weight = steps[i].weight;
    return named(steps[i].kind, steps[i].action);
}
