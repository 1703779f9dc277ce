/* frames.c - what the daemon says, and what that does to model, outbox and link. */
#include "client/core/private.h"

#include <string.h>

static const char program[] = "duban 1";

void client_greet(struct client *client)
{
    struct pack pack;
    struct hello hello = {.protocol_oldest = PROTOCOL_OLDEST,
                          .protocol_newest = PROTOCOL_VERSION,
                          .have = client->model.position,
                          .scope = client->model.scope,
                          .remember = client->model.remember,
                          .program = text_of(program)};
    if (client->model.fresh == NULL && client->model.place.as_of != 0) hello.place = client->model.place;
    pack_init(&pack, 1024);
    hello_pack(&pack, &hello);
    client->greeted = client->live = false;
    outbox_unsend(&client->outbox);
    if (client_send(client, &pack) && client->asked_ms == 0) client->asked_ms = now_ms();
}

/* An act behind which nothing waits goes as a difference if that is shorter; a pile of them goes whole, at once. */
static bool send_item(struct client *client, struct out_item *item, bool last)
{
    struct pack pack;
    struct arena arena;
    arena_init(&arena, 4 << 20);
    pack_init(&pack, REQUEST_BYTES_MAX);
    item->delta = last && client_shorten(client, item, &arena, &pack);
    if (!item->delta)
        command_frame_pack(&pack, item->command.at, item->command.length,
                           item->signature.length > 0 ? (const uint8_t *)item->signature.at : NULL);
    arena_clear(&arena);
    item->sent = client_send(client, &pack);
    item->delta = item->delta && item->sent;
    if (item->sent) item->fresh = false;
    if (item->sent && client->asked_ms == 0) client->asked_ms = now_ms();
    return item->sent;
}

void client_send_outbox(struct client *client)
{
    unsigned last = client->outbox.count;
    if (!client->greeted || client->fault != NET_OFFLINE) return;
    while (last > 0 && client->outbox.items[last - 1].state != OUT_WAITING)
        last--;
    for (unsigned i = 0; i < last; i++) {
        struct out_item *item = &client->outbox.items[i];
        if (item->state != OUT_WAITING) continue;
        if (!item->sent && !send_item(client, item, i + 1 == last)) return;
        if (item->delta) return; /* should the daemon want it whole, the order has to be the same */
    }
}

/* ---- greeting ---- */

/* Is this history the one we knew? It may not be shorter than what we have seen of it. */
static bool continues(const struct model *model, const struct welcome *welcome)
{
    if (welcome->head < model->highest) return false;
    if (model->remember == 0) return true;
    if (welcome->head < model->remember) return false;
    const uint8_t *hash = welcome->head == model->remember ? welcome->hash : welcome->remembered;
    if (welcome->head != model->remember && !welcome->has_remembered) return false;
    return memcmp(hash, model->remember_hash, HASH_BYTES) == 0;
}

static void give_up(struct client *client, enum net_state fault)
{
    client->fault = fault;
    client->greeted = client->live = false;
    client->asked_ms = 0;
    link_stop(client->link);
    client->events |= EVENT_LINK;
}

static void ask_on(struct client *client)
{
    struct pack pack;
    pack_init(&pack, 64);
    more_pack(&pack);
    if (client_send(client, &pack) && client->asked_ms == 0) client->asked_ms = now_ms();
}

static void on_welcome(struct client *client, const struct welcome *welcome)
{
    const struct key_card *card = &client->profile.card;
    if (!head_verify(card->server_sign, card->registry, welcome->head, welcome->hash, welcome->now,
                     welcome->signature) ||
        !continues(&client->model, welcome)) {
        give_up(client, NET_REWRITTEN);
        return;
    }
    link_settle(client->link);
    client->greeted = true;
    client->deltas = welcome->protocol >= PROTOCOL_DELTA && welcome->tables == TABLES_VERSION;
    client->events |= EVENT_LINK;
    outbox_raise(&client->outbox, welcome->counter);
    model_set_now(&client->model, welcome->now);
    if (welcome->afresh) model_begin_afresh(&client->model); /* before the new scope is noted */
    model_note_head(&client->model, welcome->scope, welcome->head, welcome->hash);
    if (!welcome->pages) {
        model_settle(&client->model, welcome->head, welcome->now);
        client->live = true;
    }
    client->changed = true;
    bool view = welcome->pages && client->model.position == 0 && welcome->protocol >= PROTOCOL_STAGES;
    for (unsigned i = 0; i < PAGES_AHEAD && view; i++)
        ask_on(client); /* so that the line is never idle between pages */
    client_send_outbox(client);
}

/* ---- changes ---- */

/* The view does not fit what comes: begin anew. */
static void begin_anew(struct client *client)
{
    client->model.position = client->model.place.as_of = 0;
    client_greet(client);
}

static void on_page(struct client *client, const struct page *page)
{
    if (!client->greeted) return; /* asked for before we greeted again */
    for (unsigned i = 0; i < page->count; i++) {
        if (model_apply(&client->model, &page->changes[i], &client->arena) != OK) {
            begin_anew(client);
            return;
        }
        if (client->watch != NULL && client->model.position != 0)
            client->watch(client->watch_self, NULL, &page->changes[i]);
    }
    if (page->upto != 0) model_settle(&client->model, page->upto, model_now(&client->model));
    else if (page->staged) model_advance(&client->model, &page->place, model_now(&client->model));
    client->live = !page->more;
    client->events |= EVENT_RECORDS | EVENT_LINK;
    client->changed = true;
    if (page->more) ask_on(client);
}

static void on_push(struct client *client, const struct push *push)
{
    if (!client->live || push->after != client->model.position) { /* something is missing: resume */
        client_greet(client);
        return;
    }
    for (unsigned i = 0; i < push->count; i++) {
        const struct wire_entry *entry = &push->entries[i];
        for (unsigned j = 0; j < entry->count; j++) {
            if (model_apply(&client->model, &entry->changes[j], &client->arena) == OK) continue;
            begin_anew(client);
            return;
        }
        model_settle(&client->model, entry->number, entry->time);
        if (client->watch != NULL) client->watch(client->watch_self, entry, NULL);
    }
    client->events |= EVENT_RECORDS;
    client->changed = true;
}

static void on_pong(struct client *client, uint64_t upto, stamp_t now)
{
    model_set_now(&client->model, now);
    if (client->live && upto >= client->model.position) model_settle(&client->model, upto, now);
    client->changed = true;
}

/* ---- acts ---- */

static void on_answer(struct client *client, const struct answer *answer)
{
    outbox_answer(&client->outbox, answer);
    model_note_number(&client->model, answer->number);
    client_send_outbox(client);
    client->events |= EVENT_OUTBOX;
    client->changed = true;
}

static void on_refused(struct client *client, const struct refused *refused)
{
    if (refused->why.err == ERR_BASE_UNKNOWN)
        outbox_again(&client->outbox, refused->counter);
    else
        outbox_refuse(&client->outbox, refused->counter, &refused->why);
    client_send_outbox(client);
    client->events |= EVENT_OUTBOX;
    client->changed = true;
}

static void on_leave(struct client *client, enum err err, int64_t number)
{
    client->leave_number = number;
    client->greeted = client->live = false;
    client->events |= EVENT_LINK;
    if (err == ERR_REFUSED)
        give_up(client, NET_REFUSED);
    else if (err == ERR_VERSION)
        give_up(client, NET_VERSION);
    else if (err == ERR_BUSY)
        give_up(client, NET_TAKEN);
    else if (err == ERR_NO_LINK || err == ERR_CONFLICT)
        client_greet(client); /* forgotten, or our rights changed */
    else
        link_retry(client->link, false);
}

/* Is everything answered that was asked on this connection? */
static void note_answered(struct client *client)
{
    int64_t since;
    bool sent = !client->greeted || !client->live;
    for (unsigned i = 0; i < client->outbox.count && !sent; i++)
        sent = client->outbox.items[i].state == OUT_WAITING && client->outbox.items[i].sent;
    sent = sent || client_waits_for_query(client, &since);
    client->asked_ms = sent ? now_ms() : 0; /* something came: the wait begins anew */
}

void client_frame(struct client *client, struct text bytes)
{
    struct frame frame;
    client->heard_ms = now_ms();
    if (frame_read(bytes.at, bytes.length, false, &client->arena, &frame, NULL) != OK) {
        link_retry(client->link, false); /* not our daemon's way to speak */
        return;
    }
    switch (frame.type) {
    case FRAME_WELCOME: on_welcome(client, &frame.as.welcome); break;
    case FRAME_PAGE: on_page(client, &frame.as.page); break;
    case FRAME_PUSH: on_push(client, &frame.as.push); break;
    case FRAME_ANSWER: on_answer(client, &frame.as.answer); break;
    case FRAME_REFUSED: on_refused(client, &frame.as.refused); break;
    case FRAME_PONG: on_pong(client, frame.as.pong.upto, frame.as.pong.now); break;
    case FRAME_RESULT: client_take_result(client, &frame.as.result); break;
    case FRAME_LEAVE: on_leave(client, frame.as.leave.err, frame.as.leave.number); break;
    case FRAME_HELLO:
    case FRAME_COMMAND:
    case FRAME_MORE:
    case FRAME_QUERY:
    case FRAME_PING:
    case FRAME_BYE:
    case FRAME_TICKET: break;
    }
    note_answered(client);
    arena_reuse(&client->arena);
}
