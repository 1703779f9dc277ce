/* shorten.c - an act that is to be sent, as its difference from a record that the daemon has as well. */
#include "client/core/private.h"

#include "proto/delta.h"
#include "proto/grant.h"

#include <string.h>

enum { WORTH_BYTES = 40 }; /* shorter acts have nothing to gain */

/* The newest record of the kind that shares the first field of a FORMER index with the act, for instance the report of
 * the month before; 0: none, or no such index. */
static uint64_t former(const struct space *space, const struct command *command)
{
    for (const struct index_row *row = NULL; (row = index_next(command->kind, row)) != NULL;) {
        const struct value *first = &command->args.values[row->fields[0]];
        struct walk walk;
        uint64_t id, last = 0;
        if (!row->former || !first->set) continue;
        walk_start(&walk, space, row->wire, first, 1);
        while (walk_next(&walk, &id))
            last = id;
        return last;
    }
    return 0;
}

bool client_shorten(const struct client *client, const struct out_item *item, struct arena *arena, struct pack *frame)
{
    struct command command;
    struct record record;
    struct pack delta, plain;
    const uint8_t *signature = item->signature.length > 0 ? (const uint8_t *)item->signature.at : NULL;
    const struct space *space = model_space(&client->model);
    if (!client->deltas || item->plain || !client->model.has_actor || item->command.length < WORTH_BYTES) return false;
    if (outbox_command(item, arena, &command) != OK) return false;
    uint64_t id = command.target > 0 ? (uint64_t)command.target : former(space, &command);
    if (id == 0 || state_get(space, command.kind, id, arena, &record) != OK) return false;
    struct delta_base base = {command.counter, command.kind, id, record.version};
    if (delta_record(space, &client->model.actor, &base, arena, &record) != OK) return false;
    pack_init(&delta, REQUEST_BYTES_MAX);
    pack_init(&plain, REQUEST_BYTES_MAX);
    bool shorter = delta_make(&record, item->command, &delta);
    command_frame_pack(&plain, item->command.at, item->command.length, signature);
    if (shorter)
        command_delta_pack(frame, &base, (struct text){(const char *)delta.at, (uint32_t)delta.used}, signature);
    shorter = shorter && !frame->failed && frame->used < plain.used;
    if (!shorter) pack_clear(frame);
    pack_free(&delta);
    pack_free(&plain);
    return shorter;
}
