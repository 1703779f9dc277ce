/* frames.c - see frames.h. */
#include "tests/lib/frames.h"

#include "tests/lib/sample.h"

#include <stdlib.h>
#include <string.h>

static const enum frame_type types[] = {
    FRAME_HELLO,   FRAME_COMMAND, FRAME_MORE, FRAME_QUERY,  FRAME_PING, FRAME_BYE,    FRAME_WELCOME, FRAME_ANSWER,
    FRAME_REFUSED, FRAME_PAGE,    FRAME_PUSH, FRAME_RESULT, FRAME_PONG, FRAME_TICKET, FRAME_LEAVE,
};
enum { TYPES = sizeof types / sizeof *types };

enum frame_type frame_type_next(unsigned after)
{
    if (after == 0) return types[0];
    for (unsigned i = 0; i + 1 < TYPES; i++)
        if (types[i] == after) return types[i + 1];
    return (enum frame_type)0;
}

bool frame_is_clients(enum frame_type type)
{
    return type < FRAME_WELCOME;
}

/* ---- samples ---- */

static uint64_t number(struct rng *rng)
{
    return rng_next(rng) >> (1 + rng_below(rng, 63));
}

static stamp_t stamp(struct rng *rng)
{
    return (stamp_t){rng_between(rng, 0, 1ll << 40)};
}

static void bytes(struct rng *rng, uint8_t *at, size_t count)
{
    for (size_t i = 0; i < count; i++)
        at[i] = (uint8_t)rng_next(rng);
}

static struct text word(struct rng *rng)
{
    static const char *const words[] = {"", "duban 1", "华容县", "张一", "岳阳市重点项目", "x"};
    return text_of(words[rng_below(rng, sizeof words / sizeof *words)]);
}

static unsigned any_kind(struct rng *rng)
{
    for (;;) {
        unsigned kind = (unsigned)rng_below(rng, KIND_LIMIT);
        if (kind_row(kind) != NULL) return kind;
    }
}

static struct wire_change change(struct rng *rng, struct arena *arena, uint64_t version)
{
    struct wire_change made = {.op = (enum change_op)rng_below(rng, 3),
                               .record = sample_record(rng, any_kind(rng), arena)};
    if (version != 0) made.record.version = version;
    /* fields that are not set travel as nil */
    if (made.op != OP_GONE) made.mask = rng_next(rng) & (FIELD_BIT(field_count(made.record.kind)) - 1);
    return made;
}

static struct view_place place(struct rng *rng, enum view_stage from)
{
    return (struct view_place){.stage = (uint8_t)rng_between(rng, from, VIEW_REST),
                               .kind = (uint8_t)rng_below(rng, KIND_LIMIT),
                               .id = number(rng),
                               .as_of = number(rng)};
}

static void sample_hello(struct rng *rng, struct pack *pack)
{
    struct hello hello = {.protocol_oldest = 1 + (uint32_t)rng_below(rng, 9),
                          .protocol_newest = 1 + (uint32_t)rng_below(rng, 999),
                          .have = number(rng),
                          .scope = (uint32_t)rng_next(rng),
                          .remember = number(rng),
                          .program = word(rng)};
    if (rng_once_in(rng, 3)) hello.place = place(rng, VIEW_LISTS);
    hello_pack(pack, &hello);
}

static void sample_command(struct rng *rng, struct arena *arena, struct pack *pack)
{
    uint8_t signature[SIGNATURE_BYTES];
    struct pack inner;
    unsigned kind = any_kind(rng);
    struct command command = {.counter = number(rng),
                              .kind = (uint8_t)kind,
                              .action = action_next(kind, NULL)->wire,
                              .target = (int64_t)number(rng),
                              .base = -(int64_t)number(rng),
                              .said = stamp(rng),
                              .args = sample_record(rng, kind, arena)};
    command.given = record_mask(&command.args) & ~(uint64_t)FIELD_BIT(F_STATE);
    pack_init(&inner, COMMAND_BYTES_MAX);
    command_pack(&inner, &command);
    bytes(rng, signature, sizeof signature);
    const uint8_t *by = rng_once_in(rng, 2) ? signature : NULL;
    struct delta_base base = {number(rng), (uint8_t)kind, number(rng), number(rng)};
    if (rng_once_in(rng, 2)) /* from whatever: a frame is read without the record */
        command_delta_pack(pack, &base, (struct text){(const char *)inner.at, (uint32_t)inner.used}, by);
    else
        command_frame_pack(pack, inner.at, inner.used, by);
    pack_free(&inner);
}

static enum query_what what(struct rng *rng)
{
    return (enum query_what)rng_between(rng, QUERY_GET, QUERY_LAST);
}

static void sample_query(struct rng *rng, struct arena *arena, struct pack *pack)
{
    struct query query = {.tag = number(rng),
                          .what = what(rng),
                          .kind = (uint8_t)any_kind(rng),
                          .id = number(rng),
                          .before = number(rng),
                          .unit = number(rng),
                          .person = number(rng),
                          .upto = number(rng),
                          .after = number(rng),
                          .moment = stamp(rng),
                          .next = rng_once_in(rng, 2),
                          .base = rng_once_in(rng, 2) ? BASE_PRESENT : (int64_t)number(rng)};
    if (query.what == QUERY_FIND) {
        const struct index_row *row = NULL;
        while (row == NULL)
            row = index_row((unsigned)rng_below(rng, INDEX_LIMIT));
        query.index = row->wire;
        query.value_count = (unsigned)rng_below(rng, row->count + 1u);
        for (unsigned i = 0; i < query.value_count; i++)
            query.values[i] = sample_value(rng, row->kind, row->fields[i], arena);
    }
    query_pack(pack, &query);
}

static void sample_welcome(struct rng *rng, struct pack *pack)
{
    struct welcome welcome = {.protocol = 1,
                              .tables = 1,
                              .scope = (uint32_t)rng_next(rng),
                              .now = stamp(rng),
                              .head = number(rng),
                              .has_remembered = rng_once_in(rng, 2),
                              .counter = number(rng),
                              .afresh = rng_once_in(rng, 2),
                              .pages = rng_once_in(rng, 2)};
    bytes(rng, welcome.hash, sizeof welcome.hash);
    bytes(rng, welcome.signature, sizeof welcome.signature);
    bytes(rng, welcome.remembered, sizeof welcome.remembered);
    welcome_pack(pack, &welcome);
}

static void sample_ticket(struct rng *rng, struct pack *pack)
{
    struct ticket_welcome welcome = {.protocol = 1,
                                     .now = stamp(rng),
                                     .device = number(rng),
                                     .version = number(rng),
                                     .operator= number(rng),
                                     .login = text_of("HRX"),
                                     .name = word(rng),
                                     .unit = word(rng),
                                     .registry_name = word(rng)};
    bytes(rng, welcome.registry, sizeof welcome.registry);
    bytes(rng, welcome.server_sign, sizeof welcome.server_sign);
    ticket_welcome_pack(pack, &welcome);
}

static void sample_refused(struct rng *rng, struct pack *pack)
{
    struct refused refused = {.counter = number(rng), .why = {.err = ERR_BELOW_LAST, .number = (int64_t)rng_next(rng)}};
    if (rng_once_in(rng, 2)) {
        refused.why.kind = (uint8_t)any_kind(rng);
        refused.why.field = (uint8_t)rng_below(rng, field_count(refused.why.kind));
    }
    struct text text = word(rng);
    memcpy(refused.why.text, text.at, text.length);
    refused_pack(pack, &refused);
}

/* A page of a view: by columns some of one kind after another, or row by row. */
static void sample_view_page(struct rng *rng, struct arena *arena, struct pack *pack)
{
    static const enum change_op ops[] = {OP_WHOLE, OP_LISTED, OP_REST};
    struct wire_change changes[12] = {{.op = OP_GONE}};
    struct pack inner;
    bool columns = rng_once_in(rng, 2);
    struct page page = {.upto = number(rng), .more = rng_once_in(rng, 2), .place = place(rng, VIEW_DONE)};
    page.count = (unsigned)rng_below(rng, 12);
    page.place.done = (uint32_t)rng_next(rng);
    page.place.total = (uint32_t)rng_next(rng);
    pack_init(&inner, PAGE_BYTES_MAX);
    for (unsigned i = 0, kind = 0; i < page.count; i++) {
        changes[i] = change(rng, arena, 0);
        if (!columns)
            wire_change_pack(&inner, &changes[i]);
        else if (kind == 0 || rng_once_in(rng, 4))
            kind = any_kind(rng);
        if (!columns) continue;
        changes[i] = (struct wire_change){.op = ops[rng_below(rng, 3)], .record = sample_record(rng, kind, arena)};
        changes[i].record.id += changes[i].record.id == 0;
        changes[i].mask = rng_next(rng) & record_mask(&changes[i].record);
    }
    view_page_pack(pack, &page, columns ? changes : NULL, (struct text){(const char *)inner.at, (uint32_t)inner.used});
    pack_free(&inner);
}

static void sample_page(struct rng *rng, struct arena *arena, struct pack *pack)
{
    struct pack inner;
    if (rng_once_in(rng, 2)) {
        sample_view_page(rng, arena, pack);
        return;
    }
    unsigned count = (unsigned)rng_below(rng, 12);
    pack_init(&inner, PAGE_BYTES_MAX);
    for (unsigned i = 0; i < count; i++) {
        struct wire_change made = change(rng, arena, 0);
        wire_change_pack(&inner, &made);
    }
    page_pack(pack, number(rng), rng_once_in(rng, 2), count,
              (struct text){(const char *)inner.at, (uint32_t)inner.used});
    pack_free(&inner);
}

static void sample_push(struct rng *rng, struct arena *arena, struct pack *pack)
{
    struct pack inner;
    unsigned count = (unsigned)rng_below(rng, 4);
    pack_init(&inner, FRAME_BYTES_MAX);
    for (unsigned i = 0; i < count; i++) {
        struct wire_change changes[3];
        struct wire_entry entry = {.number = 1 + number(rng),
                                   .time = stamp(rng),
                                   .unit = number(rng),
                                   .kind = (uint8_t)any_kind(rng),
                                   .action = (uint8_t)rng_below(rng, 32),
                                   .count = (unsigned)rng_below(rng, 4),
                                   .changes = changes};
        for (unsigned j = 0; j < entry.count; j++)
            changes[j] = change(rng, arena, entry.number);
        wire_entry_pack(&inner, &entry);
    }
    push_pack(pack, number(rng), count, (struct text){(const char *)inner.at, (uint32_t)inner.used});
    pack_free(&inner);
}

static void sample_as_of(struct rng *rng, struct arena *arena, struct as_of *as_of, struct pack *changes)
{
    *as_of = (struct as_of){.moment = stamp(rng),
                            .number = number(rng),
                            .time = stamp(rng),
                            .day = number(rng),
                            .count = (unsigned)rng_below(rng, 4)};
    bytes(rng, as_of->hash, HASH_BYTES);
    bytes(rng, as_of->signature, SIGNATURE_BYTES);
    for (unsigned i = 0; i < as_of->count; i++) {
        struct wire_change one = change(rng, arena, 0);
        one.op = rng_once_in(rng, 2) ? OP_WHOLE : OP_SAME;
        one.record.id += one.record.id == 0;
        one.count = 1 + (uint32_t)rng_below(rng, UINT16_MAX);
        one.level = (enum see_level)rng_between(rng, SEE_DEMAND, SEE_FULL);
        as_of_change_pack(changes, &one);
    }
    as_of->packed = (struct text){(const char *)changes->at, (uint32_t)changes->used};
}

static void sample_result(struct rng *rng, struct arena *arena, struct pack *pack)
{
    struct as_of as_of;
    struct pack changes;
    struct wire_change records[3];
    struct history_line history[3];
    struct presence_line presences[3];
    struct points_line points[3];
    static const char bytes[SIGNATURE_BYTES] = "as signed";
    struct result result = {.tag = number(rng),
                            .err = rng_once_in(rng, 3) ? ERR_NOT_FOUND : OK,
                            .what = what(rng),
                            .more = rng_once_in(rng, 2),
                            .kind = (uint8_t)any_kind(rng),
                            .count = (unsigned)rng_below(rng, 4),
                            .records = records,
                            .history = history,
                            .presences = presences,
                            .points = points,
                            .as_of = &as_of};
    pack_init(&changes, PAGE_BYTES_MAX);
    sample_as_of(rng, arena, &as_of, &changes);
    if (result.what == QUERY_AS_OF) result.count = result.err == OK;
    for (unsigned i = 0; i < result.count; i++) {
        struct record fields = sample_record(rng, result.kind, arena);
        records[i] = change(rng, arena, 0);
        history[i] = (struct history_line){.number = number(rng),
                                           .time = stamp(rng),
                                           .unit = number(rng),
                                           .operator= number(rng),
                                           .name = word(rng),
                                           .kind = (uint8_t)any_kind(rng),
                                           .action = (uint8_t)rng_below(rng, 32),
                                           .is_signed = rng_once_in(rng, 2),
                                           .fields = fields,
                                           .mask = rng_next(rng) & (FIELD_BIT(field_count(result.kind)) - 1)};
        if (rng_once_in(rng, 2)) {
            history[i].command = (struct text){bytes, 1 + (uint32_t)rng_below(rng, sizeof bytes)};
            history[i].signature = (struct text){bytes, SIGNATURE_BYTES};
            history[i].key = (struct text){bytes, KEY_BYTES};
        }
        points[i] = (struct points_line){.number = number(rng),
                                         .time = stamp(rng),
                                         .rule = number(rng),
                                         .full = rng_between(rng, -100000, 100000),
                                         .points = rng_between(rng, -100000, 100000),
                                         .kind = (uint8_t)any_kind(rng),
                                         .id = number(rng),
                                         .unit = number(rng),
                                         .person = number(rng)};
        presences[i] = (struct presence_line){.operator = number(rng),
                                              .unit = number(rng),
                                              .name = word(rng),
                                              .program = word(rng),
                                              .since = stamp(rng),
                                              .behind = rng_once_in(rng, 2)};
    }
    result_pack(pack, &result);
    pack_free(&changes);
}

void frame_sample(struct rng *rng, enum frame_type type, struct arena *arena, struct pack *pack)
{
    struct answer answer = {number(rng), number(rng), number(rng)};
    switch (type) {
    case FRAME_HELLO: sample_hello(rng, pack); break;
    case FRAME_COMMAND: sample_command(rng, arena, pack); break;
    case FRAME_MORE: more_pack(pack); break;
    case FRAME_QUERY: sample_query(rng, arena, pack); break;
    case FRAME_PING: ping_pack(pack); break;
    case FRAME_BYE: bye_pack(pack); break;
    case FRAME_WELCOME: sample_welcome(rng, pack); break;
    case FRAME_ANSWER: answer_pack(pack, &answer); break;
    case FRAME_REFUSED: sample_refused(rng, pack); break;
    case FRAME_PAGE: sample_page(rng, arena, pack); break;
    case FRAME_PUSH: sample_push(rng, arena, pack); break;
    case FRAME_RESULT: sample_result(rng, arena, pack); break;
    case FRAME_PONG: pong_pack(pack, number(rng), stamp(rng)); break;
    case FRAME_TICKET: sample_ticket(rng, pack); break;
    case FRAME_LEAVE: leave_pack(pack, ERR_VERSION, (int64_t)number(rng)); break;
    }
}

/* ---- packing again ---- */

static bool known(const struct wire_change *changes, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (kind_row(changes[i].record.kind) == NULL || changes[i].record.extra_count > 0) return false;
    return true;
}

static bool repack_page(const struct page *page, struct pack *pack)
{
    struct pack inner;
    if (!known(page->changes, page->count)) return false;
    pack_init(&inner, PAGE_BYTES_MAX + 16);
    for (unsigned i = 0; i < page->count && !page->columns; i++)
        wire_change_pack(&inner, &page->changes[i]);
    struct text rows = {(const char *)inner.at, (uint32_t)inner.used};
    if (!inner.failed && page->staged)
        view_page_pack(pack, page, page->columns ? page->changes : NULL, rows);
    else if (!inner.failed)
        page_pack(pack, page->upto, page->more, page->count, rows);
    bool whole = !inner.failed;
    pack_free(&inner);
    return whole;
}

static bool repack_push(const struct push *push, struct pack *pack)
{
    struct pack inner;
    for (unsigned i = 0; i < push->count; i++)
        if (!known(push->entries[i].changes, push->entries[i].count)) return false;
    pack_init(&inner, FRAME_BYTES_MAX);
    for (unsigned i = 0; i < push->count; i++)
        wire_entry_pack(&inner, &push->entries[i]);
    push_pack(pack, push->after, push->count, (struct text){(const char *)inner.at, (uint32_t)inner.used});
    pack_free(&inner);
    return true;
}

static bool repack_as_of(const struct result *result, struct pack *pack)
{
    struct as_of as_of = *result->as_of;
    struct result again = *result;
    struct pack inner;
    if (!known(as_of.changes, as_of.count)) return false;
    pack_init(&inner, PAGE_BYTES_MAX + 16);
    for (unsigned i = 0; i < as_of.count; i++)
        as_of_change_pack(&inner, &as_of.changes[i]);
    as_of.packed = (struct text){(const char *)inner.at, (uint32_t)inner.used};
    again.as_of = &as_of;
    if (!inner.failed) result_pack(pack, &again);
    bool whole = !inner.failed;
    pack_free(&inner);
    return whole;
}

static bool repack_result(const struct result *result, struct pack *pack)
{
    if (result->what == QUERY_AS_OF) return repack_as_of(result, pack);
    bool records = result->what == QUERY_GET || result->what == QUERY_FIND;
    if (records && !known(result->records, result->count)) return false;
    bool history = result->what == QUERY_HISTORY || result->what == QUERY_PROOF;
    for (unsigned i = 0; history && i < result->count; i++)
        if (kind_row(result->kind) == NULL || result->history[i].fields.extra_count > 0) return false;
    result_pack(pack, result);
    return true;
}

/* A field that is unknown here is left out, and so is what stands behind a NUL. */
static bool repack_refused(const struct refused *refused, struct pack *pack)
{
    refused_pack(pack, refused);
    return false;
}

bool frame_repack(const struct frame *frame, struct pack *pack)
{
    const struct text sign = frame->type == FRAME_COMMAND ? frame->as.command.signature : (struct text){"", 0};
    switch (frame->type) {
    case FRAME_HELLO: hello_pack(pack, &frame->as.hello); break;
    case FRAME_COMMAND:
        if (frame->as.command.base.kind != 0) {
            command_delta_pack(pack, &frame->as.command.base, frame->as.command.bytes,
                               sign.length > 0 ? (const uint8_t *)sign.at : NULL);
            break;
        }
        command_frame_pack(pack, frame->as.command.bytes.at, frame->as.command.bytes.length,
                           sign.length > 0 ? (const uint8_t *)sign.at : NULL);
        break;
    case FRAME_MORE: more_pack(pack); break;
    case FRAME_QUERY:
        if (frame->as.query.misfit) return false;
        query_pack(pack, &frame->as.query);
        break;
    case FRAME_PING: ping_pack(pack); break;
    case FRAME_BYE: bye_pack(pack); break;
    case FRAME_WELCOME: welcome_pack(pack, &frame->as.welcome); break;
    case FRAME_ANSWER: answer_pack(pack, &frame->as.answer); break;
    case FRAME_REFUSED: return repack_refused(&frame->as.refused, pack);
    case FRAME_PAGE: return repack_page(&frame->as.page, pack);
    case FRAME_PUSH: return repack_push(&frame->as.push, pack);
    case FRAME_RESULT: return repack_result(&frame->as.result, pack);
    case FRAME_PONG: pong_pack(pack, frame->as.pong.upto, frame->as.pong.now); break;
    case FRAME_TICKET: ticket_welcome_pack(pack, &frame->as.ticket); break;
    case FRAME_LEAVE: leave_pack(pack, frame->as.leave.err, frame->as.leave.number); break;
    }
    return true;
}
