/* acts.c - see acts.h. A path of the model is looked for that has not been taken often and whose record is there; now
 * and then something is made wrong about it, or all of it is by chance. */
#include "tests/life/acts.h"

#include "tests/life/fill.h"

#include <stdlib.h>

enum { PATH_TRIES = 5, WRONG_ONE_IN = 7, CONSOLE = 1000, TICKET = 1001 };

struct choice {
    uint8_t kind, action;
    uint64_t target; /* 0: a new one */
};

/* ---- what ---- */

/* Those who play stay as they are. */
static bool is_founding(const struct town *town, unsigned kind, uint64_t id)
{
    return (kind == KIND_unit && id <= town->units) || (kind == KIND_operator && id <= town->operators) ||
           (kind == KIND_device && id <= town->devices);
}

/* Acts of rules happen by their clocks, and by the driver. */
static bool is_somebodys(const struct path *path)
{
    if ((path->by & SIDE) != 0 || path->clock != 0) return false;
    for (const struct may *row = NULL; (row = may_next(path->kind, row)) != NULL;)
        if (row->action == path->action && row->relation != REL_rule) return true;
    return false;
}

static bool choose_path(struct town *town, struct choice *choice)
{
    const struct path *best = NULL;
    uint64_t best_id = 0;
    for (unsigned i = 0; i < PATH_TRIES; i++) {
        const struct path *path = &town->lives->paths[rng_below(&town->rng, town->lives->path_count)];
        uint64_t id = 0;
        if (!is_somebodys(path)) continue;
        if (path->from != 0) {
            id = fill_some(town, path->kind, 1u << path->from);
            if (id == 0 || is_founding(town, path->kind, id)) continue;
        }
        if (best != NULL && best->taken <= path->taken) continue;
        best = path;
        best_id = id;
    }
    if (best == NULL) return false;
    *choice = (struct choice){best->kind, best->action, best_id};
    return true;
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
    if (is_founding(town, path->kind, choice->target)) choice->target = 0;
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
    if ((wrong && rng_once_in(&town->rng, 3)) || !choose_path(town, &choice)) choose_any(town, &choice);
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
