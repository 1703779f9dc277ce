/* effects_fuzz.c - the effects of a journal entry: read, and folded into an empty registry. */
#include "proto/memory.h"
#include "proto/state.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct unpacked unpacked;
    struct memory memory;
    struct effect *effects;
    unsigned count;
    struct refusal why;
    if (unpack(data, size, 4096, &unpacked, &why) != OK) return 0;
    arena_init(&arena, 64 << 20);
    memory_init(&memory);
    enum err err = effects_unpack(unpacked.root, &arena, &effects, &count, &why);
    for (unsigned i = 0; err == OK && i < count; i++) {
        struct change change;
        struct record stored;
        const struct record *fields = &effects[i].fields;
        if (kind_row(fields->kind) == NULL) continue;
        if (state_fold(&memory.space, &effects[i], i + 1, &arena, &change) != OK) break;
        HOLDS(change.after.version == i + 1);
        HOLDS(state_get(&memory.space, fields->kind, fields->id, &arena, &stored) == OK);
        HOLDS(record_diff(&stored, &change.after) == 0);
        HOLDS(state_last_id(&memory.space, fields->kind) >= fields->id);
    }
    memory_free(&memory);
    arena_clear(&arena);
    unpack_free(&unpacked);
    return 0;
}
