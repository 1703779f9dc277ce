/* command.c - duband simulate: weeks of plausible work in a demo registry that nobody serves. See sim.h. */
#include "server/sim/sim.h"

#include "server/commands.h"
#include "server/demo.h"
#include "server/options.h"

#include "proto/number.h"
#include "proto/show.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum { WEEKS = 6, HOUR_OF_END = 9, ARENA_BYTES = 256 << 20 };

/* Only where everybody knows that nothing is real, and where time can pass at will. */
static enum err check_demo(struct sim *sim, struct refusal *why)
{
    struct record registry;
    enum err err = console_registry(&sim->console, &registry);
    if (err != OK) return refuse_text(why, err, "registry");
    bool fit = rec_num(&registry, registry_demo) != 0 && rec_has(&registry, registry_clock_shown);
    bool held = rec_state(&registry) == ST_registry_held;
    arena_reuse(&sim->console.arena);
    if (!fit) return refuse(why, ERR_NOT_DEMO);
    return held ? refuse(why, ERR_WRONG_STATE) : OK;
}

static enum err one_day(struct sim *sim, day_t day, stamp_t end, struct refusal *why)
{
    stamp_t night = day_end(day).s < end.s ? (stamp_t){day_end(day).s - 1} : end;
    enum err err = console_begin(&sim->console, why);
    if (err == OK) err = calendar_load(console_space(&sim->console), &sim->arena, &sim->calendar);
    if (err == OK) err = sim_wait(sim, day_start(day), why);
    if (err == OK) sim_wake(sim);
    if (err == OK && day_works(&sim->calendar, day)) err = sim_day(sim, day, end, why);
    if (err == OK) err = sim_wait(sim, night, why);
    return err == OK ? console_commit(&sim->console, why) : err;
}

static enum err run(struct sim *sim, stamp_t end, struct refusal *why)
{
    enum err err = check_demo(sim, why);
    if (err == OK && end.s <= sim->console.now.s)
        err = refuse_text(why, ERR_USAGE, N_("the registry's time can't go back"));
    if (err == OK) err = sim_enrol(sim, why);
    for (day_t day = stamp_day(sim->console.now); err == OK && day_start(day).s < end.s; day = day_add(day, 1))
        err = one_day(sim, day, end, why);
    return err;
}

/* What was done, in the order of the tables: a line for each kind of act. */
static void print_tally(const struct sim *sim)
{
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;)
        for (const struct action *row = NULL; (row = action_next(kind->wire, row)) != NULL;) {
            unsigned accepted = sim->accepted[kind->wire][row->wire], refused = sim->refused[kind->wire][row->wire];
            if (accepted > 0 || (sim->verbose && refused > 0)) {
                printf("%s %s %u", kind->name, row->name, accepted);
                if (sim->verbose) printf(" refused %u", refused);
                putchar('\n');
            }
        }
}

static bool read_number(const char *text, int64_t lo, int64_t hi, int64_t *number)
{
    return text == NULL || (number_parse(text_of(text), 1, number) && *number >= lo && *number <= hi);
}

int command_simulate(int argc, char **argv)
{
    struct sim *sim = calloc(1, sizeof *sim);
    struct refusal why = {.err = OK};
    const char *directory, *seed = NULL, *until = NULL;
    int64_t number = 1;
    day_t last = {0};
    bool verbose = false;
    const struct option_row rows[] = {{"seed", &seed, NULL}, {"until", &until, NULL}, {"verbose", NULL, &verbose}};
    if (sim == NULL) return command_end(refuse(&why, ERR_MEMORY), &why);
    if (!options_read(argc, argv, rows, 3, &directory, 1)) return free(sim), CLASS_USAGE;
    if (!read_number(seed, 0, INT64_MAX, &number)) refuse_text(&why, ERR_USAGE, seed);
    if (until != NULL && !day_parse(text_of(until), &last)) refuse_text(&why, ERR_USAGE, until);
    enum err err = why.err;
    if (err == OK) err = console_open(&sim->console, directory, &why);
    if (err == OK) {
        sim->seed = sim->random = (uint64_t)number;
        sim->verbose = verbose;
        arena_init(&sim->arena, ARENA_BYTES);
        arena_init(&sim->planned, ARENA_BYTES);
        if (until == NULL) last = day_add(stamp_day(sim->console.now), 7 * WEEKS);
        err = run(sim, (stamp_t){day_start(last).s + HOUR_OF_END * 3600}, &why);
        if (err == OK) err = demo_tickets(&sim->console, directory, &why);
        console_close(&sim->console);
        arena_clear(&sim->arena);
        arena_clear(&sim->planned);
    }
    if (err == OK) print_tally(sim);
    if (sim->workers != NULL) sodium_memzero(sim->workers, sim->worker_count * sizeof *sim->workers);
    free(sim->workers);
    free(sim);
    return command_end(err, &why);
}
