/* acts.c - see acts.h. A path of the model is looked for that has not been taken often and whose record is there, or
 * one that the model does not have; now and then something is made wrong about it, or all of it is by chance. */
#include "tests/life/acts.h"

#include "tests/life/fill.h"

#include <stdlib.h>

enum { PATH_TRIES = 16, GAP_ONE_IN = 5, WRONG_ONE_IN = 8, CONSOLE = 1000, TICKET = 1001 };

struct choice {
    uint8_t kind, action;
    uint64_t target; /* 0: a new one */
};

/* ---- what ---- */

/* Those who play stay as they are, their projects go on, and there is one registry. */
static bool is_left_alone(const struct town *town, const struct choice *choice)
{
    const struct {
        uint8_t kind;
        uint64_t last;
    } founding[] = {{KIND_unit, town->units},
                    {KIND_operator, town->operators},
                    {KIND_device, town->devices},
                    {KIND_person, town->posts},
                    {KIND_post, town->posts}};
    if (choice->kind == KIND_registry && choice->action == ACT_registry_found) return true;
    if (choice->kind == KIND_project && choice->action == ACT_project_withdraw && choice->target <= town->projects)
        return true;
    if (choice->kind == KIND_unit && choice->action == ACT_unit_set_review) return false;
    for (size_t i = 0; i < sizeof founding / sizeof *founding; i++)
        if (founding[i].kind == choice->kind && choice->target > 0 && choice->target <= founding[i].last) return true;
    return false;
}

static bool choose_path(struct town *town, struct choice *choice)
{
    uint64_t best = UINT64_MAX;
    for (unsigned i = 0; i < PATH_TRIES; i++) {
        const struct path *path = &town->lives->paths[rng_below(&town->rng, town->lives->path_count)];
        struct choice found = {path->kind, path->action, 0};
        if ((path->by & SIDE) != 0 || path->clock != 0 || path->taken >= best) continue;
        if (!lives_somebodys(path->kind, path->action)) continue; /* the driver's, as the registry */
        if (path->from != 0 && (found.target = fill_some(town, path->kind, 1u << path->from)) == 0) continue;
        if (path->action == ACT_unit_set_review && path->kind == KIND_unit)
            found.target = 1 + rng_below(&town->rng, town->units); /* the others have no leader */
        if (is_left_alone(town, &found)) continue;
        best = path->taken;
        *choice = found;
    }
    return best != UINT64_MAX;
}

/* Something that is done elsewhere, but by no path here: the engine has to refuse it. */
static bool choose_gap(struct town *town, struct choice *choice)
{
    struct gap *best = NULL;
    for (unsigned i = 0; i < PATH_TRIES; i++) {
        struct gap *gap = &town->lives->gaps[rng_below(&town->rng, town->lives->gap_count)];
        struct choice found = {gap->kind, gap->action, 0};
        if (best != NULL && gap->tried >= best->tried) continue;
        if (gap->state != 0 && (found.target = fill_some(town, gap->kind, 1u << gap->state)) == 0) continue;
        if (is_left_alone(town, &found)) continue;
        best = gap;
        *choice = found;
    }
    if (best != NULL) best->tried++;
    return best != NULL;
}

/* Any action of any kind upon anything, perhaps upon nothing. */
static void choose_any(struct town *town, struct choice *choice)
{
    const struct path *path = &town->lives->paths[rng_below(&town->rng, town->lives->path_count)];
    const struct action *action = NULL;
    unsigned count = 0;
    *choice = (struct choice){.kind = path->kind};
    while ((action = action_next(path->kind, action)) != NULL)
        count++;
    for (uint64_t at = 1 + rng_below(&town->rng, count); at > 0; at--)
        action = action_next(path->kind, action);
    choice->action = action->wire;
    if (!rng_once_in(&town->rng, 6)) choice->target = rng_below(&town->rng, town->watch.kinds[path->kind].last + 2);
    if (is_left_alone(town, choice)) *choice = (struct choice){KIND_unit, ACT_unit_create, 0};
}

/* ---- who ---- */

static struct actor actor_of(const struct town *town, unsigned who, uint64_t target)
{
    if (who == CONSOLE) return (struct actor){.type = ACTOR_CONSOLE};
    if (who == TICKET) return (struct actor){.type = ACTOR_TICKET, .device = target};
    return town->actors[who];
}

/* Somebody who may, as far as the record and what is filled in tell; else anybody. */
static unsigned choose_actor(struct town *town, const struct space *space, const struct record *meant,
                             const struct action *action, uint64_t target)
{
    unsigned fit[DISK_PEOPLE_MAX + 2], count = 0, people = town->disk.person_count;
    struct ties ties;
    if (rng_once_in(&town->rng, 20) || ties_of(space, meant, &town->arena, &ties) != OK)
        return (unsigned)rng_below(&town->rng, people);
    for (unsigned i = 0; i < people + 2; i++) {
        unsigned who = i < people ? i : i == people ? CONSOLE : TICKET;
        struct actor actor = actor_of(town, who, target);
        struct ties own = ties;
        if (target == 0 && own.count < TIES_MAX) {
            own.at[own.count].relation = REL_author;
            own.at[own.count++].unit = actor.unit;
        }
        if (may_act(action, &own, &actor)) fit[count++] = who;
    }
    return count > 0 ? fit[rng_below(&town->rng, count)] : (unsigned)rng_below(&town->rng, people);
}

/* ---- the request ---- */

static struct request *pack_deed(struct town *town, unsigned who, const struct command *command)
{
    struct pack pack;
    struct request *request = arena_get(&town->arena, sizeof *request);
    pack_init(&pack, COMMAND_BYTES_MAX);
    command_pack(&pack, command);
    if (request == NULL || pack.failed) abort();
    *request = (struct request){.actor = actor_of(town, who, (uint64_t)command->target), .time = town->disk.now};
    request->command = (struct text){arena_copy(&town->arena, pack.at, pack.used), (uint32_t)pack.used};
    request->verified = !rng_once_in(&town->rng, 200); /* the engine takes the verifier's word for it */
    pack_free(&pack);
    return request;
}

/* Signatures are the verifier's matter, beside the engine: a request says that its own was found good. */
void acts_next(struct town *town, const struct space *space, struct deed *deed)
{
    struct choice choice;
    struct record now;
    bool wrong = rng_once_in(&town->rng, WRONG_ONE_IN);
    bool any = wrong && rng_once_in(&town->rng, 4), gap = !wrong && rng_once_in(&town->rng, GAP_ONE_IN);
    if (any || !(gap ? choose_gap(town, &choice) : choose_path(town, &choice))) choose_any(town, &choice);
    if (choice.target == 0 || state_get(space, choice.kind, choice.target, &town->arena, &now) != OK)
        now = record_make(choice.kind, choice.target);
    struct command command = {.kind = choice.kind,
                              .action = choice.action,
                              .target = (int64_t)choice.target,
                              .said = town->disk.now,
                              .base = (int64_t)now.version};
    fill_command(town, space, &now, choice.action, &command);
    if (wrong && rng_once_in(&town->rng, 2)) fill_wrong(town, choice.action, &command);
    if (wrong && rng_once_in(&town->rng, 6))
        command.base = (int64_t)rng_below(&town->rng, town->disk.engine.head.number);
    deed->meant = now;
    record_merge(&deed->meant, &command.args, command.given, &town->arena);
    deed->action = choice.action;
    unsigned who = choose_actor(town, space, choice.target != 0 ? &now : &deed->meant,
                                action_row(choice.kind, choice.action), choice.target);
    if (who < CONSOLE) command.counter = ++town->disk.people[who].counter;
    if (who == TICKET) command.counter = 1 + rng_below(&town->rng, 1000000);
    deed->who = who == CONSOLE ? "console" : who == TICKET ? "ticket" : town->disk.people[who].login;
    deed->request = pack_deed(town, who, &command);
}
