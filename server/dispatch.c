/* dispatch.c - what a client's message does: greeting, commands into the queue, queries, pages, pings. */
#include "server/serve.h"

#include "proto/calendar.h"
#include "server/as_of.h"
#include "server/log.h"
#include "server/query.h"

#include <stdlib.h>
#include <string.h>

enum {
    AFRESH_ENTRIES = 50000, /* so far behind, a snapshot is the shorter way */
    PATIENCE_MS = ANSWER_SECONDS * 1000 / 2,
};

static void send_pack(struct serve *serve, peer_t peer, struct pack *pack)
{
    if (!pack->failed) net_send(serve->net, peer, pack->at, pack->used);
    pack_free(pack);
}

static void send_leave(struct serve *serve, peer_t peer, enum err err)
{
    struct pack pack;
    pack_init(&pack, 64);
    leave_pack(&pack, err, err == ERR_VERSION ? PROTOCOL_VERSION : 0);
    send_pack(serve, peer, &pack);
}

/* ---- who may connect ---- */

enum err serve_admit(void *self, const uint8_t key[KEY_BYTES], int64_t *user)
{
    struct serve *serve = self;
    struct txn *txn;
    struct record device;
    struct actor actor;
    struct value value = text_value((struct text){(const char *)key, KEY_BYTES});
    enum err err = store_begin(serve->store, false, &txn);
    if (err != OK) return err;
    const struct space *space = txn_space(txn);
    uint64_t id = state_find(space, IX_device_transport, &value, 1);
    err = id != 0 ? state_get(space, KIND_device, id, &serve->arena, &device) : ERR_NOT_FOUND;
    if (err == OK) {
        bool invited =
            rec_state(&device) == ST_device_invited && clock_now(&serve->clock).s < rec_num(&device, device_expires);
        *user = invited ? -(int64_t)id : (int64_t)id;
        if (!invited) err = actor_load(space, id, &serve->arena, &actor);
    }
    txn_abort(&txn);
    arena_reuse(&serve->arena);
    return err;
}

/* ---- greeting ---- */

static uint32_t scope_here(const struct serve *serve, const struct actor *actor)
{
    uint32_t scope = scope_of(actor) ^ serve->generation;
    return scope != 0 ? scope : 1;
}

static enum err keep_name(struct session *session, const struct space *space, struct arena *arena)
{
    struct record operator;
    enum err err = state_get(space, KIND_operator, session->actor.operator, arena, &operator);
    if (err != OK) return err;
    struct text name = rec_text(&operator, operator_name);
    char *kept = malloc(name.length + 1u);
    if (kept == NULL) return ERR_MEMORY;
    memcpy(kept, name.at, name.length);
    session->name = (struct text){kept, name.length};
    return OK;
}

/* The hash of an entry that the client remembers, from the entry behind it or the head. */
static bool remembered_hash(const struct space *space, const struct head *head, uint64_t number, struct arena *arena,
                            uint8_t hash[HASH_BYTES])
{
    struct entry next;
    if (number == 0 || number >= head->number) return false;
    if (journal_read(space, number + 1, arena, &next, NULL) != OK) return false;
    memcpy(hash, next.before, HASH_BYTES);
    return true;
}

/* From where the session goes on. A client of another scope, or ahead of this journal, begins anew. */
static void set_start(struct serve *serve, struct session *session, const struct hello *hello,
                      const struct space *space, struct welcome *welcome)
{
    uint64_t head = serve->engine.head.number;
    bool known = hello->scope == session->scope && hello->have != 0 && hello->have <= head &&
                 head - hello->have <= AFRESH_ENTRIES;
    bool goes_on = hello->scope == session->scope && hello->have == 0 && hello->place.stage >= VIEW_LISTS &&
                   hello->place.as_of != 0 && hello->place.as_of <= head && head - hello->place.as_of <= AFRESH_ENTRIES;
    session->position = known ? hello->have : 0;
    session->target = head;
    session->mode = known ? SESSION_RESUMING : SESSION_SNAPSHOT;
    if (!known && hello->protocol_newest >= PROTOCOL_STAGES) {
        session->place = goes_on ? hello->place : (struct view_place){.stage = VIEW_FIRST, .as_of = head};
        session->position = session->place.as_of;
    }
    if (known && !session_missed(space, session)) {
        session->mode = SESSION_LIVE;
        session->position = head;
    }
    welcome->afresh = !known && !goes_on;
    welcome->pages = session->mode != SESSION_LIVE;
}

/* The newest protocol that both sides know. */
static uint32_t spoken(const struct hello *hello)
{
    return hello->protocol_newest < PROTOCOL_VERSION ? hello->protocol_newest : PROTOCOL_VERSION;
}

static void want_page(struct serve *serve, struct session *session)
{
    if (session->mode == SESSION_LIVE || session->actor.type != ACTOR_OPERATOR) return;
    session->told_ms = clock_monotonic_ms();
    session_want_page(&serve->sessions, session);
}

static void greet_operator(struct serve *serve, struct session *session, const struct hello *hello,
                           const struct space *space)
{
    struct pack pack;
    const struct head *head = &serve->engine.head;
    struct welcome welcome = {.protocol = spoken(hello),
                              .tables = TABLES_VERSION,
                              .scope = session->scope,
                              .now = clock_now(&serve->clock),
                              .head = head->number,
                              .counter = seen_highest(space, session->actor.device)};
    memcpy(welcome.hash, head->hash, HASH_BYTES);
    head_sign(&serve->engine.identity, serve->engine.registry, head->number, head->hash, welcome.now,
              welcome.signature);
    welcome.has_remembered = remembered_hash(space, head, hello->remember, &serve->arena, welcome.remembered);
    set_start(serve, session, hello, space, &welcome);
    pack_init(&pack, FRAME_BYTES_MAX);
    welcome_pack(&pack, &welcome);
    send_pack(serve, session->peer, &pack);
    want_page(serve, session);
}

static enum err greet_ticket(struct serve *serve, const struct session *session, const struct hello *hello,
                             const struct space *space)
{
    struct record device, operator, unit, registry;
    struct pack pack;
    struct arena *arena = &serve->arena;
    enum err err = state_get(space, KIND_device, session->actor.device, arena, &device);
    if (err == OK) err = state_get(space, KIND_operator, (uint64_t)rec_num(&device, device_operator), arena, &operator);
    if (err == OK) err = state_get(space, KIND_unit, (uint64_t)rec_num(&operator, operator_unit), arena, &unit);
    if (err == OK) err = state_get(space, KIND_registry, 1, arena, &registry);
    if (err != OK) return err;
    struct ticket_welcome welcome = {.protocol = spoken(hello),
                                     .now = clock_now(&serve->clock),
                                     .device = device.id,
                                     .version = device.version,
                                     .operator = operator.id,
                                     .login = rec_text(&operator, operator_login),
                                     .name = rec_text(&operator, operator_name),
                                     .unit = rec_text(&unit, unit_short),
                                     .registry_name = rec_text(&registry, registry_name)};
    memcpy(welcome.registry, serve->engine.registry, REGISTRY_ID_BYTES);
    memcpy(welcome.server_sign, serve->engine.identity.sign_public, KEY_BYTES);
    pack_init(&pack, FRAME_BYTES_MAX);
    ticket_welcome_pack(&pack, &welcome);
    send_pack(serve, session->peer, &pack);
    return OK;
}

struct newcomer {
    struct serve *serve;
    uint64_t device;
    peer_t peer;
};

/* A device has one connection: the one before is half open, or of a copied key. */
static void forget_older(void *self, struct session *session)
{
    struct newcomer *newcomer = self;
    if (session->actor.device != newcomer->device || session->peer == newcomer->peer) return;
    send_leave(newcomer->serve, session->peer, ERR_BUSY);
    session_close(&newcomer->serve->sessions, session->peer);
}

static enum err open_session(struct serve *serve, const struct message *message, const struct hello *hello,
                             const struct space *space)
{
    struct session *session = session_open(&serve->sessions, message->peer);
    if (session == NULL) return ERR_MEMORY;
    session->heard_ms = clock_monotonic_ms();
    session->since = clock_now(&serve->clock);
    memcpy(session->program, hello->program.at, hello->program.length);
    if (message->user < 0) {
        session->actor = (struct actor){.type = ACTOR_TICKET, .device = (uint64_t)-message->user};
        session->mode = SESSION_RESUMING;
        return greet_ticket(serve, session, hello, space);
    }
    enum err err = actor_load(space, (uint64_t)message->user, &serve->arena, &session->actor);
    if (err == OK) err = keep_name(session, space, &serve->arena);
    if (err != OK) return err;
    struct newcomer newcomer = {serve, session->actor.device, session->peer};
    sessions_each(&serve->sessions, forget_older, &newcomer);
    session->scope = scope_here(serve, &session->actor);
    greet_operator(serve, session, hello, space);
    return OK;
}

static void on_hello(struct serve *serve, const struct message *message, const struct hello *hello)
{
    struct txn *txn;
    if (hello->protocol_oldest > PROTOCOL_VERSION || hello->protocol_newest < PROTOCOL_OLDEST) {
        send_leave(serve, message->peer, ERR_VERSION);
        return;
    }
    enum err err = store_begin(serve->store, false, &txn);
    if (err == OK) {
        err = open_session(serve, message, hello, txn_space(txn));
        txn_abort(&txn);
    }
    if (err == OK) return;
    session_close(&serve->sessions, message->peer);
    send_leave(serve, message->peer, err == ERR_NOT_FOUND ? ERR_REFUSED : ERR_INTERNAL); /* the latter: later */
}

/* ---- commands ---- */

void serve_refuse(struct serve *serve, peer_t peer, const struct request *request)
{
    struct pack pack;
    struct refused refused = {request->answer.counter, request->why};
    pack_init(&pack, FRAME_BYTES_MAX);
    refused_pack(&pack, &refused);
    send_pack(serve, peer, &pack);
}

static enum err keep(struct arena *arena, struct text from, struct text *to)
{
    const char *bytes = arena_copy(arena, from.at, from.length);
    *to = (struct text){bytes, from.length};
    return bytes != NULL ? OK : ERR_MEMORY;
}

/* The plain bytes of a command. Whatever is wrong with a difference or its record has one answer, so that nothing is
 * told of records that the sender may not see; the client then sends the plain form under the same number. */
static enum err plain_command(struct serve *serve, const struct session *session, const struct space *space,
                              const struct frame *frame, struct request *request)
{
    struct record record;
    struct text plain = frame->as.command.bytes;
    const struct delta_base *base = &frame->as.command.base;
    request->answer.counter = base->counter;
    enum err err = base->kind != 0 ? delta_record(space, &session->actor, base, &serve->arena, &record) : OK;
    if (err == OK && base->kind != 0) err = delta_take(&record, frame->as.command.bytes, &serve->arena, &plain);
    if (err != OK) return err == ERR_MEMORY ? err : ERR_BASE_UNKNOWN;
    return keep(&serve->pending, plain, &request->command);
}

/* The signature is checked before the commit, so that the writer does not wait for it. */
static void on_command(struct serve *serve, const struct session *session, const struct frame *frame)
{
    struct txn *txn;
    struct request *request = &serve->requests[serve->request_count];
    *request = (struct request){.actor = session->actor, .time = clock_now(&serve->clock)};
    enum err err = keep(&serve->pending, frame->as.command.signature, &request->signature);
    if (err == OK && (err = store_begin(serve->store, false, &txn)) == OK) {
        err = plain_command(serve, session, txn_space(txn), frame, request);
        if (err == OK) err = request_open(txn_space(txn), request, &serve->arena);
        if (err == OK) err = keep(&serve->pending, request->signer, &request->signer);
        txn_abort(&txn);
    }
    if (err != OK) {
        if (request->why.err == OK) refuse(&request->why, err);
        serve_refuse(serve, session->peer, request);
        return;
    }
    serve->peers[serve->request_count++] = session->peer;
    verifier_add(&serve->verifier, request);
}

/* ---- the rest ---- */

static void on_query(struct serve *serve, struct session *session, const struct query *query)
{
    struct txn *txn;
    struct pack pack;
    if (session->actor.type != ACTOR_OPERATOR) return;
    pack_init(&pack, FRAME_BYTES_MAX);
    enum err err = store_begin(serve->store, false, &txn);
    if (err == OK && query->what == QUERY_AS_OF) {
        as_of_ask(serve, session, query, txn_space(txn));
        txn_abort(&txn);
        pack_free(&pack);
        return;
    }
    if (err == OK) {
        query_answer(query, session, &serve->sessions, txn_space(txn), &serve->arena, &pack);
        txn_abort(&txn);
    } else
        result_pack(&pack, &(struct result){.tag = query->tag, .err = err, .what = query->what, .kind = query->kind});
    send_pack(serve, session->peer, &pack);
}

static void send_pong(struct serve *serve, struct session *session)
{
    struct pack pack;
    if (session->mode == SESSION_LIVE) session->position = serve->engine.head.number;
    pack_init(&pack, 64);
    pong_pack(&pack, session->position, clock_now(&serve->clock));
    send_pack(serve, session->peer, &pack);
}

static void on_frame(struct serve *serve, struct session *session, const struct frame *frame)
{
    session->heard_ms = clock_monotonic_ms();
    switch (frame->type) {
    case FRAME_COMMAND: on_command(serve, session, frame); break;
    case FRAME_MORE: want_page(serve, session); break;
    case FRAME_QUERY: on_query(serve, session, &frame->as.query); break;
    case FRAME_PING: send_pong(serve, session); break;
    case FRAME_BYE: session_close(&serve->sessions, session->peer); break;
    case FRAME_HELLO:
    case FRAME_WELCOME:
    case FRAME_ANSWER:
    case FRAME_REFUSED:
    case FRAME_PAGE:
    case FRAME_PUSH:
    case FRAME_RESULT:
    case FRAME_PONG:
    case FRAME_TICKET:
    case FRAME_LEAVE: break;
    }
}

/* A session belongs to the user that its connection was admitted as. */
static bool is_of(const struct session *session, int64_t user)
{
    uint64_t device = (uint64_t)(user < 0 ? -user : user);
    return session->actor.device == device && (user < 0) == (session->actor.type == ACTOR_TICKET);
}

void serve_message(struct serve *serve, const struct message *message)
{
    struct frame frame;
    struct refusal why;
    struct session *session = session_find(&serve->sessions, message->peer);
    enum err err = frame_read(message->body.at, message->body.length, true, &serve->arena, &frame, &why);
    if (err != OK) {
        log_line(LOG_NOTICE, "device %lld sent a malformed message: %s", (long long)message->user, why.text);
        session_close(&serve->sessions, message->peer);
        send_leave(serve, message->peer, err == ERR_VERSION ? ERR_VERSION : ERR_BAD_FRAME);
    } else if (frame.type == FRAME_HELLO)
        on_hello(serve, message, &frame.as.hello);
    else if (session == NULL || !is_of(session, message->user))
        send_leave(serve, message->peer, ERR_NO_LINK); /* forgotten, for instance after a restart: greet again */
    else
        on_frame(serve, session, &frame);
    arena_reuse(&serve->arena);
}

/* ---- pages ---- */

static void serve_page(struct serve *serve, struct session *session)
{
    struct txn *txn;
    enum err err = store_begin(serve->store, false, &txn);
    if (err == OK) {
        err = session_page(session, serve->net, txn_space(txn), serve->engine.head.number, &serve->arena);
        txn_abort(&txn);
    } else
        session->stalled = true;
    arena_reuse(&serve->arena);
    serve->sessions.stalled = serve->sessions.stalled || session->stalled;
    session_turn_over(&serve->sessions, session);
    if (err == ERR_NOT_FOUND) session_close(&serve->sessions, session->peer);
}

void serve_pages(struct serve *serve, int64_t until_ms)
{
    struct session *session;
    while (clock_monotonic_ms() < until_ms && (session = sessions_next_turn(&serve->sessions)) != NULL)
        serve_page(serve, session);
}

/* A client that hears nothing takes the link for dead and comes anew, which would make the queue longer. */
void serve_patience(struct serve *serve)
{
    struct session *session;
    int64_t now = clock_monotonic_ms();
    TAILQ_FOREACH(session, &serve->sessions.turns, turn)
    {
        if (now - session->told_ms < PATIENCE_MS) continue;
        session->told_ms = now;
        send_pong(serve, session);
    }
}

/* ---- access that changed ---- */

struct recheck {
    struct serve *serve;
    const struct space *space;
};

static void recheck_one(void *self, struct session *session)
{
    struct recheck *job = self;
    struct actor actor;
    if (session->actor.type != ACTOR_OPERATOR) return;
    enum err err = actor_load(job->space, session->actor.device, &job->serve->arena, &actor);
    if (err == OK && scope_here(job->serve, &actor) == session->scope) return;
    send_leave(job->serve, session->peer, err == OK ? ERR_CONFLICT : ERR_REFUSED);
    session_close(&job->serve->sessions, session->peer);
}

void serve_recheck(struct serve *serve)
{
    struct txn *txn;
    if (store_begin(serve->store, false, &txn) != OK) return;
    struct recheck job = {serve, txn_space(txn)};
    sessions_each(&serve->sessions, recheck_one, &job);
    txn_abort(&txn);
    arena_reuse(&serve->arena);
}
