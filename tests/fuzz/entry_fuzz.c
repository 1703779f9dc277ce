/* entry_fuzz.c - journal entries, as `check` and a restored backup read them: one form each, or none. */
#include "proto/journal.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct entry entry;
    struct refusal why;
    struct pack pack;
    struct effect *effects;
    struct command command;
    unsigned count;
    arena_init(&arena, 64 << 20);
    if (entry_unpack(data, size, &arena, &entry, &why) == OK) {
        pack_init(&pack, ENTRY_BYTES_MAX);
        entry_pack(&pack, &entry);
        HOLDS(same_bytes(&pack, data, size));
        pack_free(&pack);
        entry_effects(&entry, &arena, &effects, &count);
        if (command_unpack(entry.command.at, entry.command.length, &arena, &command, NULL) == OK)
            HOLDS(command_peek(entry.command.at, entry.command.length, &command) == OK);
    }
    arena_clear(&arena);
    return 0;
}
