/* lives_test.c - the model check: random acts, clock jumps, crashes and restarts upon the engine over a real store, and
 * a small independent model of each kind's life (tests/life/lives.txt) that has to agree with all of it.
 *
 * The run is one episode after the other, each in a town of its own that follows from its seed alone. A seed at which
 * they disagree is printed with the command that plays that episode again. Environment: TEST_SEED, the seed of the
 * first episode; MODEL_SECONDS, how long to go on (then paths that were not taken are only told). */
#include "tests/lib/unit.h"
#include "tests/life/acts.h"
#include "tests/life/crash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { EPISODES_MIN = 4, EPISODES_MAX = 20, EPISODE_BATCHES = 700 };

static struct lives lives;

struct totals {
    uint64_t episodes, tried, accepted, crashes, restarts, jumps;
};

/* ---- the model by itself ---- */

/* Every state and action of the tables is in the model, and nothing leaves a final state. */
static void the_model_knows_every_state_and_action(void **state)
{
    (void)state;
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        uint32_t states = 0, acts = 0;
        for (unsigned i = 0; i < lives.path_count; i++) {
            const struct path *path = &lives.paths[i];
            if ((path->by & ~SIDE) == kind->wire) acts |= 1u << path->action;
            if (path->kind != kind->wire) continue;
            states |= 1u << path->from | 1u << path->to;
            if (path->from != 0 && state_row(kind->wire, path->from)->final)
                fail_msg("%s leaves its final state %s", kind->name, state_row(kind->wire, path->from)->name);
        }
        for (const struct state_row *row = NULL; (row = state_next(kind->wire, row)) != NULL;)
            if ((states >> row->wire & 1) == 0) fail_msg("lives.txt has no %s in the state %s", kind->name, row->name);
        for (const struct action *row = NULL; (row = action_next(kind->wire, row)) != NULL;)
            if ((acts >> row->wire & 1) == 0) fail_msg("lives.txt has no act %s.%s", kind->name, row->name);
    }
}

/* ---- batches ---- */

static bool begin(struct town *town, struct batch *batch)
{
    enum err err = batch_begin(&town->disk.engine, batch);
    if (err != OK) snprintf(town->watch.why, sizeof town->watch.why, "no batch: %s", err_name(err));
    return err == OK;
}

static bool compare(struct town *town)
{
    struct txn *txn;
    struct arena arena;
    arena_init(&arena, 256 << 20);
    bool same = store_begin(town->disk.store, false, &txn) == OK;
    if (same) same = watch_compare(&town->watch, txn_space(txn), &arena);
    txn_abort(&txn);
    arena_clear(&arena);
    return same;
}

/* Some of what was accepted comes again, as after a lost answer: it gets the same answer, and nothing happens. */
static bool try_again(struct town *town, struct batch *batch, struct request *request)
{
    struct outcome outcome;
    struct answer before = request->answer;
    if (request->actor.type != ACTOR_OPERATOR || request->why.err != OK) return true;
    request->again = false;
    enum err err = batch_try(batch, request, &town->arena, &outcome);
    bool same = err == OK && request->why.err == OK && request->again && outcome.count == 0;
    same = same && request->answer.number == before.number && request->answer.id == before.id;
    if (!same)
        snprintf(town->watch.why, sizeof town->watch.why, "a command that was accepted came again: %s", err_name(err));
    return same;
}

/* The batch dies while it is written: it is there whole or not at all, and then comes once more. */
static bool die_in_commit(struct town *town, struct batch *batch, struct request **requests, unsigned count)
{
    struct head old = town->disk.engine.head, new = batch->head;
    batch_abort(batch);
    for (unsigned i = 0; i < count; i++)
        requests[i]->again = false;
    if (!crash_commit(&town->disk, requests, count, (unsigned)rng_below(&town->rng, 5))) {
        snprintf(town->watch.why, sizeof town->watch.why, "after a crash the registry does not open");
        return false;
    }
    town->crashes++;
    const struct head *now = &town->disk.engine.head;
    bool there = now->number == new.number &&memcmp(now->hash, new.hash, HASH_BYTES) == 0;
    bool lost = now->number == old.number && memcmp(now->hash, old.hash, HASH_BYTES) == 0;
    if (there)
        watch_keep(&town->watch);
    else
        watch_forget(&town->watch);
    if (there || lost) return compare(town);
    snprintf(town->watch.why, sizeof town->watch.why, "a crash left half a batch: entry %llu",
             (unsigned long long)now->number);
    return false;
}

static bool restart(struct town *town)
{
    town->restarts++;
    if (disk_reopen(&town->disk) == OK) return compare(town);
    snprintf(town->watch.why, sizeof town->watch.why, "the registry does not open again");
    return false;
}

static bool end_batch(struct town *town, struct batch *batch, struct request **requests, unsigned count)
{
    bool good = true;
    if (rng_once_in(&town->rng, 60)) return die_in_commit(town, batch, requests, count);
    if (rng_once_in(&town->rng, 12)) { /* killed before the commit */
        batch_abort(batch);
        watch_forget(&town->watch);
        town->crashes++;
    } else {
        enum err err = batch_commit(batch);
        if (err != OK) snprintf(town->watch.why, sizeof town->watch.why, "commit: %s", err_name(err));
        good = err == OK;
        watch_keep(&town->watch);
    }
    if (good && rng_once_in(&town->rng, 60)) good = restart(town);
    return good;
}

static void say_deed(struct town *town, const struct deed *deed)
{
    char why[sizeof town->watch.why];
    memcpy(why, town->watch.why, sizeof why);
    snprintf(town->watch.why, sizeof town->watch.why, "%.300s [%s: %s.%s %llu]", why, deed->who,
             kind_row(deed->meant.kind)->name, action_row(deed->meant.kind, deed->action)->name,
             (unsigned long long)deed->meant.id);
}

static bool play_batch(struct town *town)
{
    struct batch batch;
    struct request *requests[BATCH_DEEDS_MAX];
    unsigned count = 1 + (unsigned)rng_below(&town->rng, BATCH_DEEDS_MAX - 1);
    if (!begin(town, &batch)) return false;
    for (unsigned i = 0; i < count; i++) {
        struct deed deed;
        acts_next(town, txn_space(batch.txn), &deed);
        requests[i] = deed.request;
        bool good = town_try(town, &batch, deed.request, &deed.meant, deed.action);
        if (good && rng_once_in(&town->rng, 40)) good = try_again(town, &batch, deed.request);
        if (good) continue;
        say_deed(town, &deed);
        batch_abort(&batch);
        return false;
    }
    bool good = end_batch(town, &batch, requests, count);
    arena_reuse(&town->arena);
    return good;
}

/* ---- episodes ---- */

/* What the daemon does by itself besides its clocks: it holds when the machine's clock jumped, and notes its outages.
 */
static bool play_own(struct town *town)
{
    struct batch batch;
    bool held = watch_life(&town->watch, KIND_registry, 1)->state == ST_registry_held;
    bool outage = rng_once_in(&town->rng, 2), back = held || rng_once_in(&town->rng, 3);
    struct record args = record_make(outage ? KIND_outage : KIND_registry, 0);
    unsigned action = outage ? ACT_outage_note : back ? ACT_registry_set_back : ACT_registry_hold;
    if (outage) {
        rec_set(&args, outage_from, town->disk.now.s - 3600 * (1 + (int64_t)rng_below(&town->rng, 90)));
        rec_set(&args, outage_to, town->disk.now.s);
    } else
        rec_set(&args, registry_jump, back ? -7200 : 7200);
    struct request *request = town_own(town, ACTOR_RULE, &args, action, outage ? 0 : 1, town->disk.now);
    args.id = outage ? 0 : 1;
    if (!begin(town, &batch)) return false;
    bool good = town_try(town, &batch, request, &args, action);
    if (good) return end_batch(town, &batch, &request, 1);
    batch_abort(&batch);
    return false;
}

static int64_t some_wait(struct town *town)
{
    switch (rng_below(&town->rng, 24)) {
    case 0: return 86400 * (1 + (int64_t)rng_below(&town->rng, 60)); /* months */
    case 1:
    case 2:
    case 3: return 86400 * (1 + (int64_t)rng_below(&town->rng, 8));
    default: return 60 * (1 + (int64_t)rng_below(&town->rng, 700));
    }
}

static bool play(struct town *town)
{
    for (unsigned i = 0; i < EPISODE_BATCHES; i++) {
        if (!play_batch(town)) return false;
        if (rng_once_in(&town->rng, 40) && !play_own(town)) return false;
        if (rng_once_in(&town->rng, 3)) continue;
        town->jumps++;
        if (!town_wait(town, some_wait(town))) return false;
    }
    return restart(town);
}

static bool episode(uint64_t seed, struct totals *totals)
{
    static struct town town;
    static uint64_t taken[PATHS_MAX], tried[GAPS_MAX];
    for (unsigned i = 0; i < lives.path_count; i++) { /* what is preferred depends on this episode alone */
        taken[i] = lives.paths[i].taken;
        lives.paths[i].taken = 0;
    }
    for (unsigned i = 0; i < lives.gap_count; i++) {
        tried[i] = lives.gaps[i].tried;
        lives.gaps[i].tried = 0;
    }
    town_init(&town, &lives, seed);
    bool good = play(&town);
    if (!good)
        fprintf(stderr,
                "model check: %s\n  after %llu commands of the episode with seed 0x%llx; again: "
                "make model TEST_SEED=0x%llx MODEL_SECONDS=1\n",
                town.watch.why, (unsigned long long)town.tried, (unsigned long long)seed, (unsigned long long)seed);
    for (unsigned i = 0; i < lives.path_count; i++)
        lives.paths[i].taken += taken[i];
    for (unsigned i = 0; i < lives.gap_count; i++)
        lives.gaps[i].tried += tried[i];
    totals->episodes++;
    totals->tried += town.tried;
    totals->accepted += town.accepted;
    totals->crashes += town.crashes;
    totals->restarts += town.restarts;
    totals->jumps += town.jumps;
    town_free(&town);
    return good;
}

static unsigned count_untaken(bool tell)
{
    unsigned count = 0;
    for (unsigned i = 0; i < lives.path_count; i++) {
        const struct path *path = &lives.paths[i];
        unsigned by = path->by & (SIDE - 1);
        if (path->taken > 0) continue;
        count++;
        if (!tell) continue;
        fprintf(stderr, "never taken: %s: %s -%s.%s-> %s\n", kind_row(path->kind)->name,
                path->from == 0 ? "new" : state_row(path->kind, path->from)->name, kind_row(by)->name,
                action_row(by, path->action)->name, state_row(path->kind, path->to)->name);
    }
    return count;
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void tell_totals(const struct totals *totals, double seconds)
{
    fprintf(stderr, "model check: %llu episodes, %llu commands (%.0f a second), %llu of them accepted; %llu crashes, ",
            (unsigned long long)totals->episodes, (unsigned long long)totals->tried, (double)totals->tried / seconds,
            (unsigned long long)totals->accepted, (unsigned long long)totals->crashes);
    fprintf(stderr, "%llu restarts, %llu jumps of the clock; ", (unsigned long long)totals->restarts,
            (unsigned long long)totals->jumps);
    unsigned tried = 0, taken = 0;
    for (unsigned i = 0; i < lives.path_count; i++)
        taken += lives.paths[i].taken > 0;
    for (unsigned i = 0; i < lives.gap_count; i++)
        tried += lives.gaps[i].tried > 0;
    fprintf(stderr, "%u of %u paths taken, %u of %u forbidden ones tried\n", taken, lives.path_count, tried,
            lives.gap_count);
}

/* With a limit of time it goes on for so long; without one, until every path of the model has been taken. */
static bool is_enough(const struct totals *totals, double spent, double limit)
{
    if (limit > 0) return spent >= limit;
    return totals->episodes >= EPISODES_MAX || (totals->episodes >= EPISODES_MIN && count_untaken(false) == 0);
}

static void the_engine_agrees_with_the_model(void **state)
{
    (void)state;
    const char *given = getenv("MODEL_SECONDS"), *first = getenv("TEST_SEED");
    double limit = given != NULL ? strtod(given, NULL) : 0, began = seconds_now(), spent = 0;
    struct totals totals = {.episodes = 0};
    struct rng seeds = {first != NULL && *first != '\0' ? strtoull(first, NULL, 0) : 20090515};
    bool good = true;
    while (good && !is_enough(&totals, spent, limit)) {
        good = episode(seeds.state, &totals);
        seeds.state = rng_next(&seeds);
        spent = seconds_now() - began;
    }
    tell_totals(&totals, spent);
    assert_true(good);
    unsigned untaken = count_untaken(true);
    if (limit == 0) assert_int_equal(untaken, 0);
}

static int setup(void **state)
{
    (void)state;
    lives_read(&lives);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_model_knows_every_state_and_action),
        cmocka_unit_test(the_engine_agrees_with_the_model),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
