/* record_fuzz.c - a stored record of any kind, from a cache, a page or a damaged disk: read, shown, written again.
 *
 * Input: the kind, then the packed record. Its values are not checked when it is read; so nothing that shows or
 * measures one may trust them. */
#include "proto/check.h"
#include "proto/codec.h"
#include "proto/show.h"
#include "proto/state.h"
#include "tests/fuzz/fuzz.h"

static void show_all(const struct record *record, struct arena *arena)
{
    char line[300];
    stamp_t due;
    for (int names = 0; names <= 1; names++) {
        struct show show = {.arena = arena, .names_only = names != 0};
        for (unsigned i = 0; i < field_count(record->kind); i++) {
            struct str str = str_in(line, sizeof line);
            struct refusal why;
            show_value(&show, record, i, &str);
            HOLDS(str.used < sizeof line && strlen(line) <= str.used);
            if (rec_has(record, i)) value_check(record->kind, i, &record->values[i], &why);
        }
        struct str str = str_in(line, sizeof line);
        show_title(&show, record, &str);
        show_brief(&show, record, &str);
    }
    HOLDS(show_state(record) != NULL);
    record_due(record, &due);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct pack pack, again;
    if (size < 1 || kind_row(data[0]) == NULL) return 0;
    struct record record = record_make(data[0], 1), reread = record;
    arena_init(&arena, 16 << 20);
    if (record_unpack(data + 1, size - 1, &arena, &record, NULL) == OK) {
        pack_init(&pack, RECORD_BYTES_MAX);
        pack_init(&again, RECORD_BYTES_MAX);
        record_pack(&pack, &record);
        HOLDS(!pack.failed);
        HOLDS(record_unpack(pack.at, pack.used, &arena, &reread, NULL) == OK);
        HOLDS(record_diff(&record, &reread) == 0 && reread.version == record.version);
        record_pack(&again, &reread);
        HOLDS(same_bytes(&again, pack.at, pack.used));
        show_all(&record, &arena);
        pack_free(&pack);
        pack_free(&again);
    }
    arena_clear(&arena);
    return 0;
}
