/* frame.h - a frame of either side, for the two targets that read them. */
#ifndef TESTS_FUZZ_FRAME_H
#define TESTS_FUZZ_FRAME_H

#include "tests/fuzz/fuzz.h"
#include "tests/lib/frames.h"

/* What was accepted is written again: the same bytes, or, where compression or fields of a newer version leave a
 * choice, bytes that read as the same and stay as they are from then on. */
static inline void try_frame(const uint8_t *data, size_t size, bool from_client)
{
    struct arena arena;
    struct frame frame, reread;
    struct refusal why;
    struct pack pack, again;
    arena_init(&arena, 64 << 20);
    enum err err = frame_read(data, size, from_client, &arena, &frame, &why);
    HOLDS(err == OK || err == why.err);
    if (err == OK) {
        pack_init(&pack, 4 * FRAME_BYTES_MAX);
        pack_init(&again, 4 * FRAME_BYTES_MAX);
        HOLDS(frame_is_clients(frame.type) == from_client);
        bool whole = frame_repack(&frame, &pack);
        bool packed = frame.type == FRAME_PAGE || (frame.type == FRAME_RESULT && frame.as.result.what == QUERY_AS_OF);
        if (whole && !packed) HOLDS(same_bytes(&pack, data, size));
        if (whole && !pack.failed && pack.used <= FRAME_BYTES_MAX) {
            HOLDS(frame_read(pack.at, pack.used, from_client, &arena, &reread, &why) == OK);
            HOLDS(frame_repack(&reread, &again));
            HOLDS(same_bytes(&again, pack.at, pack.used));
        }
        pack_free(&pack);
        pack_free(&again);
    }
    arena_clear(&arena);
}

#endif
