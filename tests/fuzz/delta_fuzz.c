/* delta_fuzz.c - commands as differences: whatever comes, a record gives a command of bounded size or none, and what it
 * gives can be sent the same way again.
 *
 * Input: a byte that says which report it is a difference from, and the difference. */
#include "proto/delta.h"
#include "proto/wire.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lib/sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    struct rng rng = rng_make(input_byte(&input));
    struct arena arena;
    struct text command, again;
    struct pack pack;
    arena_init(&arena, 4 << 20);
    pack_init(&pack, 2 * REQUEST_BYTES_MAX);
    struct record report = sample_record(&rng, KIND_report, &arena);
    struct text delta = {(const char *)input.at, (uint32_t)input.left};
    enum err err = input.left <= REQUEST_BYTES_MAX ? delta_take(&report, delta, &arena, &command) : ERR_LIMIT;
    HOLDS(err == OK || err == ERR_BAD_FRAME || err == ERR_LIMIT);
    if (err == OK) {
        HOLDS(command.length <= COMMAND_BYTES_MAX);
        HOLDS(delta_make(&report, command, &pack));
        delta = (struct text){(const char *)pack.at, (uint32_t)pack.used};
        HOLDS(delta_take(&report, delta, &arena, &again) == OK);
        HOLDS(again.length == command.length && memcmp(again.at, command.at, again.length) == 0);
    }
    pack_free(&pack);
    arena_clear(&arena);
    return 0;
}
