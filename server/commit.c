/* commit.c - group commit: everything that waits goes into one transaction, and everybody, also the
 * refused, is answered after its sync. Clocks that ran out are commands too. */
#include "server/serve.h"

#include "server/clocks.h"
#include "server/log.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CLOCKS_PER_COMMIT = 64, OUTCOME_ARENA_BYTES = 256 << 20 };

/* What is on disk now is not known until the registry is opened again: answer nobody. */
static _Noreturn void give_up(enum err err)
{
    log_line(LOG_ERROR, "writing to the registry failed (%s): ending without answering", err_name(err));
    _exit(1);
}

/* Decides the requests in order. On ERR_NO_SPACE or another fault of one command, *broken is its index. */
static enum err try_all(struct batch *batch, struct request **requests, unsigned count, struct arena *arena,
                        struct outcome *outcomes, unsigned *outcome_count, unsigned *broken)
{
    *outcome_count = 0;
    for (unsigned i = 0; i < count; i++) {
        requests[i]->why = (struct refusal){.err = OK};
        requests[i]->again = false;
        enum err err = batch_try(batch, requests[i], arena, &outcomes[*outcome_count]);
        *broken = i;
        if (err != OK) return err;
        *outcome_count += outcomes[*outcome_count].count > 0;
    }
    return OK;
}

static void refuse_all(struct request **requests, unsigned count, enum err err)
{
    for (unsigned i = 0; i < count; i++)
        if (!requests[i]->again) refuse(&requests[i]->why, err);
}

/* One transaction for all. A command that can't be stored is refused and the rest is decided anew, with
 * the same times. Returns the number of outcomes, whose memory is in the arena. */
static unsigned commit_all(struct engine *engine, struct request **requests, unsigned count, struct arena *arena,
                           struct outcome *outcomes)
{
    struct batch batch;
    unsigned outcome_count = 0, broken = 0;
    while (count > 0) {
        enum err err = batch_begin(engine, &batch);
        if (err == OK)
            err = try_all(&batch, requests, count, arena, outcomes, &outcome_count, &broken);
        else if (err == ERR_NO_SPACE)
            return refuse_all(requests, count, err), 0;
        if (err == OK) {
            err = batch_commit(&batch);
            if (err == OK) return outcome_count;
            if (err != ERR_NO_SPACE) give_up(err);
            return refuse_all(requests, count, err), 0;
        }
        batch_abort(&batch);
        if (err != ERR_NO_SPACE && err != ERR_MEMORY) give_up(err);
        refuse(&requests[broken]->why, err);
        struct request *refused = requests[broken];
        memmove(&requests[broken], &requests[broken + 1], (count - broken - 1) * sizeof(struct request *));
        requests[--count] = refused;
        arena_clear(arena);
    }
    return 0;
}

/* ---- what follows a commit ---- */

static void look_at_outcomes(struct serve *serve, const struct outcome *outcomes, unsigned count)
{
    bool access = false;
    for (unsigned i = 0; i < count; i++) {
        for (unsigned j = 0; j < outcomes[i].count; j++) {
            const struct record *after = &outcomes[i].touched[j]->change.after;
            access = access || after->kind == KIND_device || after->kind == KIND_operator || after->kind == KIND_unit;
            if (after->kind != KIND_registry) continue;
            clock_init(&serve->clock, after);
            serve->held = rec_state(after) == ST_registry_held;
        }
    }
    if (access) serve_recheck(serve);
}

static void find_next_due(struct serve *serve)
{
    struct txn *txn;
    serve->next_due.s = 0;
    if (serve->held || store_begin(serve->store, false, &txn) != OK) return;
    serve->next_due = clocks_next(txn_space(txn), clock_now(&serve->clock), &serve->arena);
    txn_abort(&txn);
    arena_reuse(&serve->arena);
}

static void answer_one(struct serve *serve, peer_t peer, const struct request *request)
{
    struct pack pack;
    struct refused refused = {request->answer.counter, request->why};
    pack_init(&pack, FRAME_BYTES_MAX);
    if (request->why.err == OK)
        answer_pack(&pack, &request->answer);
    else
        refused_pack(&pack, &refused);
    /* A full queue loses the answer: the client asks again with the same number, and gets the same one. */
    if (!pack.failed) net_send(serve->net, peer, pack.at, pack.used);
    pack_free(&pack);
}

/* Those whose signature is wrong are told so, and are not decided. */
static void sift(struct serve *serve)
{
    unsigned kept = 0;
    verifier_wait(&serve->verifier);
    for (unsigned i = 0; i < serve->request_count; i++) {
        if (serve->requests[i].why.err != OK) {
            serve_refuse(serve, serve->peers[i], &serve->requests[i]);
            continue;
        }
        if (kept < i) serve->requests[kept] = serve->requests[i];
        serve->peers[kept++] = serve->peers[i];
    }
    serve->request_count = kept;
}

void serve_commit(struct serve *serve)
{
    struct outcome outcomes[BATCH_MAX];
    struct request *order[BATCH_MAX];
    struct arena arena;
    if (serve->request_count == 0) return;
    sift(serve);
    arena_init(&arena, OUTCOME_ARENA_BYTES);
    for (unsigned i = 0; i < serve->request_count; i++)
        order[i] = &serve->requests[i];
    unsigned count = commit_all(&serve->engine, order, serve->request_count, &arena, outcomes);
    look_at_outcomes(serve, outcomes, count); /* whoever was shut out is told nothing more */
    sessions_push(&serve->sessions, serve->net, outcomes, count, &arena);
    for (unsigned i = 0; i < serve->request_count; i++)
        answer_one(serve, serve->peers[i], &serve->requests[i]);
    if (count > 0) find_next_due(serve);
    serve->request_count = 0;
    arena_reuse(&serve->pending);
    arena_clear(&arena);
}

/* ---- the registry's own commands ---- */

static enum err run_own(struct serve *serve, struct request *requests, unsigned count)
{
    struct outcome outcomes[CLOCKS_PER_COMMIT];
    struct request *order[CLOCKS_PER_COMMIT];
    struct arena arena;
    arena_init(&arena, OUTCOME_ARENA_BYTES);
    for (unsigned i = 0; i < count; i++)
        order[i] = &requests[i];
    unsigned outcome_count = commit_all(&serve->engine, order, count, &arena, outcomes);
    look_at_outcomes(serve, outcomes, outcome_count);
    sessions_push(&serve->sessions, serve->net, outcomes, outcome_count, &arena);
    arena_clear(&arena);
    return outcome_count > 0 ? OK : requests[0].why.err;
}

static bool own_request(struct serve *serve, unsigned kind, unsigned action, uint64_t target, stamp_t said,
                        const struct record *args, struct arena *arena, struct request *request)
{
    struct pack pack;
    pack_init(&pack, COMMAND_BYTES_MAX);
    own_command(&pack, kind, action, target, said, args);
    const char *kept = pack.failed ? NULL : arena_copy(arena, pack.at, pack.used);
    *request = (struct request){
        .actor = {.type = ACTOR_RULE}, .command = {kept, (uint32_t)pack.used}, .time = clock_now(&serve->clock)};
    pack_free(&pack);
    return kept != NULL;
}

enum err serve_own(struct serve *serve, unsigned kind, unsigned action, uint64_t target, stamp_t said,
                   const struct record *args)
{
    struct request request;
    struct arena arena;
    enum err err = ERR_MEMORY;
    arena_init(&arena, 2 * COMMAND_BYTES_MAX);
    if (own_request(serve, kind, action, target, said, args, &arena, &request)) err = run_own(serve, &request, 1);
    arena_clear(&arena);
    return err;
}

enum err serve_console(struct serve *serve, unsigned action, uint64_t target, stamp_t time, const struct record *args,
                       struct refusal *why)
{
    struct request request;
    struct arena arena;
    arena_init(&arena, 2 * COMMAND_BYTES_MAX);
    refuse(why, ERR_MEMORY);
    if (own_request(serve, args->kind, action, target, time, args, &arena, &request)) {
        request.actor.type = ACTOR_CONSOLE;
        request.time = time;
        run_own(serve, &request, 1);
        *why = request.why;
    }
    arena_clear(&arena);
    return why->err;
}

static uint32_t jobs_missing(struct serve *serve)
{
    struct txn *txn;
    if (store_begin(serve->store, false, &txn) != OK) return 0;
    uint32_t missing = clocks_missing(txn_space(txn));
    txn_abort(&txn);
    return missing;
}

void serve_schedules(struct serve *serve)
{
    uint32_t missing = serve->held ? 0 : jobs_missing(serve);
    for (const struct option *job = NULL; (job = option_next(CHOICE_job, job)) != NULL;) {
        struct record args = record_make(KIND_schedule, 0);
        if ((missing >> job->wire & 1) == 0) continue;
        rec_set(&args, schedule_job, job->wire);
        serve_own(serve, KIND_schedule, ACT_schedule_found, 0, clock_now(&serve->clock), &args);
    }
}

/* Commands for the clocks that have run out, at most one commit full. Returns how many. */
static unsigned gather_clocks(struct serve *serve, struct arena *arena, struct request *requests)
{
    struct txn *txn;
    struct due_clock due[CLOCKS_PER_COMMIT];
    if (store_begin(serve->store, false, &txn) != OK) return 0;
    unsigned found = clocks_due(txn_space(txn), clock_now(&serve->clock), arena, due, CLOCKS_PER_COMMIT), count = 0;
    txn_abort(&txn);
    for (unsigned i = 0; i < found; i++) {
        struct record args = record_make(due[i].kind, 0);
        count += own_request(serve, due[i].kind, due[i].action, due[i].id, due[i].due, &args, arena, &requests[count]);
    }
    return count;
}

void serve_clocks(struct serve *serve)
{
    struct request requests[CLOCKS_PER_COMMIT];
    bool more = true;
    while (!serve->held && more) {
        struct arena arena;
        uint64_t head = serve->engine.head.number;
        arena_init(&arena, 64 << 20);
        unsigned count = gather_clocks(serve, &arena, requests);
        more = count > 0 && run_own(serve, requests, count) == OK; /* no room: later */
        more = more && serve->engine.head.number > head;           /* what is refused now is so later, too */
        arena_clear(&arena);
    }
    find_next_due(serve);
}
