/* command_fuzz.c - what an operator's device sends: an accepted command has exactly the bytes that were signed. */
#include "proto/check.h"
#include "proto/codec.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct command command, peeked;
    struct refusal why;
    struct pack pack;
    arena_init(&arena, 4 << 20);
    enum err err = command_unpack(data, size, &arena, &command, &why);
    HOLDS(err == OK || err == why.err);
    if (err == OK) {
        for (unsigned i = 0; i < field_count(command.kind); i++) {
            if (!rec_has(&command.args, i)) continue;
            HOLDS(command.given & FIELD_BIT(i));
            HOLDS(value_check(command.kind, i, &command.args.values[i], &why) == OK);
        }
        HOLDS(action_row(command.kind, command.action) != NULL);
        HOLDS(command_peek(data, size, &peeked) == OK);
        HOLDS(peeked.counter == command.counter && peeked.target == command.target && peeked.base == command.base);
        pack_init(&pack, COMMAND_BYTES_MAX);
        command_pack(&pack, &command);
        HOLDS(same_bytes(&pack, data, size));
        pack_free(&pack);
    }
    arena_clear(&arena);
    return 0;
}
