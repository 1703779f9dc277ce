/* history.c - see history.h. Most acts are ones that somebody may do in some state; many are refused. */
#include "tests/lib/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *number(struct world *world, uint64_t id)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)id);
    return arena_copy(&world->arena, digits, (size_t)length);
}

static const char *unit(struct world *world, const char *code)
{
    return number(world, world_unit(world, code));
}

static const char *pick(struct rng *rng, const char *const *words)
{
    unsigned count = 0;
    while (words[count] != NULL)
        count++;
    return words[rng_below(rng, count)];
}
#define PICK(...) pick(rng, (const char *const[]){__VA_ARGS__, NULL})

/* Some record of a kind, as text; "1" when there is none. */
static const char *some(struct world *world, struct rng *rng, unsigned kind)
{
    uint64_t last = state_last_id(&world->memory.space, kind);
    return number(world, last > 0 ? 1 + rng_below(rng, last) : 1);
}

static uint64_t some_id(struct world *world, struct rng *rng, unsigned kind)
{
    return strtoull(some(world, rng, kind), NULL, 10);
}

static const char *figure(struct world *world, struct rng *rng)
{
    return number(world, rng_below(rng, 900));
}

/* A long text now and then, so that pages fill. */
static const char *note(struct world *world, struct rng *rng)
{
    char text[1400];
    struct str str = str_in(text, sizeof text);
    uint64_t words = rng_once_in(rng, 2) ? 80 : 2;
    for (uint64_t i = 0; i < words; i++)
        str_printf(&str, "形象进度%llu", (unsigned long long)rng_below(rng, 100));
    return arena_copy(&world->arena, text, str.used);
}

static const char *month(struct world *world, struct rng *rng)
{
    char text[16];
    struct str str = str_in(text, sizeof text);
    str_month(&str, month_add(month_of(stamp_day(world->now)), -(int)rng_below(rng, 3)));
    return arena_copy(&world->arena, text, str.used);
}

static const char *day(struct world *world, struct rng *rng, int from, int to)
{
    char text[16];
    struct str str = str_in(text, sizeof text);
    str_day(&str, day_add(stamp_day(world->now), (int)rng_between(rng, from, to)));
    return arena_copy(&world->arena, text, str.used);
}

static const char even[] = "100 100 100 100 100 100 100 100 100 100 100 100";

/* ---- reports and returns ---- */

static enum err write_report(struct world *world, struct rng *rng, const char *login)
{
    return world_do(world, login, "report", PICK("save", "submit", "submit", "propose"), 0, "project",
                    some(world, rng, KIND_project), "month", month(world, rng), "invested", figure(world, rng),
                    "cumulative", figure(world, rng), "progress", note(world, rng), "difficulties", "无", "next",
                    note(world, rng), "explain", "核对过", NULL);
}

static enum err handle_report(struct world *world, struct rng *rng)
{
    uint64_t id = some_id(world, rng, KIND_report);
    const char *writer = PICK("HRX", "PJX");
    switch (rng_below(rng, 12)) {
    case 0:
        return world_do(world, writer, "report", "save", id, "invested", figure(world, rng), "progress",
                        note(world, rng), NULL);
    case 1: return world_do(world, writer, "report", "submit", id, NULL);
    case 2: return world_do(world, writer, "report", "recall", id, "reason", "写错了", NULL);
    case 3: return world_do(world, writer, "report", "note_paper", id, "paper", figure(world, rng), NULL);
    case 4: return world_do(world, "HRX-L", "report", "approve", id, NULL);
    case 5: return world_do(world, "HRX-L", "report", "rework", id, "reason", "再核对", NULL);
    case 6: return world_do(world, "XMB", "report", "return", id, "reason", note(world, rng), NULL);
    case 7: return world_do(world, "XMB", "report", "correct", id, "reason", "口径不一", NULL);
    case 8: return world_do(world, "XMB", "report", "excuse", id, "excuse", "停电", NULL);
    default: return world_do(world, "XMB", "report", "accept", id, NULL);
    }
}

static enum err handle_return(struct world *world, struct rng *rng)
{
    uint64_t id = some_id(world, rng, KIND_unit_return);
    const char *code = PICK("HRX", "PJX");
    switch (rng_below(rng, 7)) {
    case 0:
    case 1:
        return world_do(world, code, "unit_return", PICK("save", "submit"), 0, "unit", unit(world, code), "month",
                        month(world, rng), "summary", note(world, rng), NULL);
    case 2: return world_do(world, code, "unit_return", PICK("save", "submit"), id, "summary", note(world, rng), NULL);
    case 3: return world_do(world, code, "unit_return", "recall", id, NULL);
    case 4: return world_do(world, "XMB", "unit_return", "return", id, "reason", "不完整", NULL);
    case 5: return world_do(world, "XMB", "unit_return", "correct", id, "reason", "不完整", NULL);
    default: return world_do(world, "XMB", "unit_return", "accept", id, NULL);
    }
}

/* ---- plan, projects, targets, milestones ---- */

/* Projects change hands with their people: posts 1 to 4 are HRX's, 5 to 8 PJX's. */
static enum err move_project(struct world *world, struct rng *rng)
{
    uint64_t id = some_id(world, rng, KIND_project);
    if (rng_once_in(rng, 2))
        return world_do(world, "XMB", "project", "amend", id, "responsible", unit(world, "HRX"), "head", "1", "deputy",
                        "2", "members", "3", "contact", "4", NULL);
    return world_do(world, "XMB", "project", "amend", id, "responsible", unit(world, "PJX"), "head", "5", "deputy", "6",
                    "members", "7", "contact", "8", NULL);
}

static enum err handle_project(struct world *world, struct rng *rng)
{
    uint64_t id = some_id(world, rng, KIND_project);
    const char *writer = PICK("HRX", "PJX");
    switch (rng_below(rng, 12)) {
    case 0: return world_do(world, "XMB", "project", "amend", id, "remark", note(world, rng), NULL);
    case 1: return world_do(world, "XMB", "project", "amend", id, "owner", unit(world, PICK("OWN1", "CON1")), NULL);
    case 2:
        return world_do(world, "XMB", "project", "amend", id, "contractor", unit(world, PICK("OWN1", "CON1")), "permit",
                        "许可1", NULL);
    case 3:
        return world_do(world, "XMB", "project", "amend", id, "environment", PICK("yes", "no"), "category",
                        PICK("energy", "water"), NULL);
    case 4: return world_do(world, writer, "project", "appoint", id, "contact", PICK("4", "8", "3", "7"), NULL);
    case 5:
        return world_do(world, writer, "project", "advance", id, "stage",
                        PICK("approval", "design", "installation", "finishing", "completion"), "stage_on",
                        day(world, rng, -9, 0), NULL);
    case 6:
        return world_do(world, "XMB", "project", "place", id, "stage",
                        PICK("start", "structure", "siting", "completion"), "stage_on", day(world, rng, -9, 0),
                        "reason", "补登", "permit", "许可2", NULL);
    case 7: return world_do(world, "XMB", "project", "suspend", id, "reason", "资金", NULL);
    case 8: return world_do(world, "XMB", "project", "resume", id, NULL);
    case 9:
        return rng_once_in(rng, 8)
                   ? world_do(world, "XMB", "project", "withdraw", id, "reason", "退出", "basis", "文1", NULL)
                   : ERR_NOT_ALLOWED;
    default: return move_project(world, rng);
    }
}

static enum err handle_target(struct world *world, struct rng *rng)
{
    uint64_t id = some_id(world, rng, KIND_target);
    const char *writer = PICK("HRX", "PJX", "XMB");
    switch (rng_below(rng, 7)) {
    case 0:
        return world_do(world, writer, "target", "save", 0, "project", some(world, rng, KIND_project), "year",
                        PICK("2009", "2010"), "total", "1200", "months", even, NULL);
    case 1: return world_do(world, writer, "target", "save", id, "basis", figure(world, rng), NULL);
    case 2: return world_do(world, writer, "target", "propose", id, NULL);
    case 3: return world_do(world, "XMB", "target", "reject", id, "reason", "不妥", NULL);
    case 4: return world_do(world, "XMB", "target", "amend", id, "reason", "调整", NULL);
    default: return world_do(world, "XMB", "target", "agree", id, NULL);
    }
}

static enum err handle_milestone(struct world *world, struct rng *rng)
{
    uint64_t id = some_id(world, rng, KIND_milestone);
    const char *writer = PICK("HRX", "PJX", "XMB");
    switch (rng_below(rng, 7)) {
    case 0:
    case 1:
        return world_do(world, writer, "milestone", "plan", 0, "target", some(world, rng, KIND_target), "name",
                        figure(world, rng), "due", day(world, rng, 0, 40), NULL);
    case 2: return world_do(world, writer, "milestone", "amend", id, "name", figure(world, rng), NULL);
    case 3: return world_do(world, writer, "milestone", "reach", id, "done", day(world, rng, -5, 0), NULL);
    case 4:
        return world_do(world, "XMB", "milestone", "postpone", id, "due", day(world, rng, 1, 60), "reason", "雨季",
                        NULL);
    case 5: return world_do(world, "XMB", "milestone", "drop", id, "reason", "取消", NULL);
    default: return world_own(world, ACTOR_RULE, "milestone", "lapse", id, NULL);
    }
}

static enum err handle_plan(struct world *world, struct rng *rng)
{
    uint64_t id = some_id(world, rng, KIND_plan);
    switch (rng_below(rng, 6)) {
    case 0:
        return world_do(world, "XMB", "plan", "draft", 0, "number", figure(world, rng), "date", "2009", "preliminary",
                        "0", "construction", PICK("0", "1"), NULL);
    case 1: return world_do(world, "XMB", "plan", "enforce", id, NULL);
    case 2:
        return world_do(world, "XMB", "entry", "move", some_id(world, rng, KIND_entry), "list",
                        PICK("preliminary", "construction"), NULL);
    case 3: return world_do(world, "XMB", "entry", "drop", some_id(world, rng, KIND_entry), NULL);
    default:
        return world_do(world, "XMB", "entry", "list", 0, "plan", some(world, rng, KIND_plan), "project",
                        some(world, rng, KIND_project), "list", "construction", NULL);
    }
}

/* ---- people and access ---- */

static enum err handle_people(struct world *world, struct rng *rng)
{
    const char *code = PICK("HRX", "PJX");
    switch (rng_below(rng, 5)) {
    case 0:
        return world_do(world, code, "person", "create", 0, "name", figure(world, rng), "unit", unit(world, code),
                        NULL);
    case 1:
        return world_do(world, code, "person", "amend", some_id(world, rng, KIND_person), "phone", figure(world, rng),
                        NULL);
    case 2:
        return world_do(world, "XMB", "person", "amend", some_id(world, rng, KIND_person), "name", figure(world, rng),
                        NULL);
    case 3: return world_do(world, code, "person", "leave", some_id(world, rng, KIND_person), NULL);
    default:
        return world_do(world, code, "post", "create", 0, "person", some(world, rng, KIND_person), "unit",
                        unit(world, code), "rank", "member", "from", "2009-01-01", NULL);
    }
}

/* What makes operators see other things than before. */
static enum err handle_access(struct world *world, struct rng *rng)
{
    uint64_t con = world_actor(world, "CON1").operator, pjx = world_actor(world, "PJX").operator;
    switch (rng_below(rng, 8)) {
    case 0:
        return world_do(world, "ADM", "operator", "amend", con, "unit", unit(world, PICK("CON1", "OWN1", "PJX", "JCJ")),
                        NULL);
    case 1:
        return world_do(world, "ADM", "operator", "amend", pjx, "roles", PICK("clerk contact", "clerk contact admin"),
                        NULL);
    case 2:
        return world_do(world, "ADM", "unit", "amend", world_unit(world, "CON1"), "functions",
                        PICK("handler", "supervision", "leader"), NULL);
    case 3:
        return world_do(world, "ADM", "unit", "amend", world_unit(world, PICK("HRX", "PJX", "FGW")), "short",
                        figure(world, rng), NULL);
    case 4: {
        char key[65];
        snprintf(key, sizeof key, "%016llx%016llx%016llx%016llx", (unsigned long long)rng_next(rng),
                 (unsigned long long)rng_next(rng), (unsigned long long)rng_next(rng),
                 (unsigned long long)rng_next(rng));
        return world_do(world, "ADM", "device", "invite", 0, "operator", number(world, rng_once_in(rng, 2) ? pjx : con),
                        "transport_key", key, NULL);
    }
    case 5: { /* never one that is in use: those are the first ones */
        uint64_t last = state_last_id(&world->memory.space, KIND_device);
        return last > 12 ? world_do(world, "ADM", "device", "revoke", last, "reason", "作废", NULL) : ERR_NOT_ALLOWED;
    }
    case 6:
        return world_do(world, "HRX-L", "unit", "set_review", world_unit(world, "HRX"), "review", PICK("yes", "no"),
                        NULL);
    default:
        return world_do(world, "ADM", "calendar", "enter", 0, "year", number(world, 2010 + rng_below(rng, 20)), NULL);
    }
}

/* ---- all of it ---- */

static void add_people(struct world *world, const char *code)
{
    static const char *const ranks[] = {"head", "deputy", "member", "contact"};
    for (int i = 0; i < 4; i++) {
        if (world_do(world, "XMB", "person", "create", 0, "name", ranks[i], "unit", unit(world, code), NULL) != OK)
            abort();
        if (world_do(world, "XMB", "post", "create", 0, "person", number(world, world->id), "unit", unit(world, code),
                     "rank", ranks[i], "from", "2009-01-01", NULL) != OK)
            abort();
    }
}

static void add_project(struct world *world, const char *code, const char *of, const char *lead, const char *stage,
                        int post)
{
    if (world_do(world, "XMB", "project", "register", 0, "code", code, "name", "又一个项目", "list", "preliminary",
                 "category", "water", "nature", "new", "county", unit(world, of), "owner", unit(world, "OWN1"), "lead",
                 unit(world, lead), "responsible", unit(world, of), "head", number(world, (uint64_t)post), "deputy",
                 number(world, (uint64_t)post + 1), "members", number(world, (uint64_t)post + 2), "contact",
                 number(world, (uint64_t)post + 3), "stage", stage, NULL) != OK)
        abort();
}

void history_prepare(struct world *world)
{
    add_people(world, "PJX");
    add_project(world, "P2", "PJX", "JSJ", "structure", 5);
    add_project(world, "P3", "HRX", "FGW", "approval", 1);
}

enum err history_act(struct world *world, struct rng *rng)
{
    if (rng_once_in(rng, 6)) world_wait(world, (int)rng_below(rng, 12), (int)rng_below(rng, 24), 7);
    switch (rng_below(rng, 20)) {
    case 0:
    case 1:
    case 2: return write_report(world, rng, PICK("HRX", "PJX"));
    case 3:
    case 4:
    case 5:
    case 6:
    case 7: return handle_report(world, rng);
    case 8: return handle_return(world, rng);
    case 9:
    case 10:
    case 11: return handle_project(world, rng);
    case 12:
    case 13: return handle_target(world, rng);
    case 14:
    case 15: return handle_milestone(world, rng);
    case 16: return handle_plan(world, rng);
    case 17: return handle_people(world, rng);
    default: return handle_access(world, rng);
    }
}
