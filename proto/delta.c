/* delta.c - see delta.h. Contexts are made for one command and freed with it: nothing is kept for a client. */
#include "proto/delta.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

/* Every zstd frame begins with these bytes; they are not sent. */
static const uint8_t magic[] = {0x28, 0xb5, 0x2f, 0xfd};

enum { MAGIC = sizeof magic, LEVEL = 19, DICTIONARY_BYTES_MAX = RECORD_BYTES_MAX };

void delta_dictionary(struct pack *pack, const struct record *record)
{
    uint64_t mask = record_mask(record);
    for (unsigned i = 0; i < field_count(record->kind); i++)
        if (field_row(record->kind, i)->fill == 0) mask &= ~FIELD_BIT(i);
    fields_pack(pack, record, mask, false);
}

static size_t compress(ZSTD_CCtx *context, const struct pack *dictionary, struct text command, uint8_t *into,
                       size_t room)
{
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1); /* other tables would pack another dictionary */
    ZSTD_CCtx_refPrefix(context, dictionary->at, dictionary->used);
    return ZSTD_compress2(context, into, room, command.at, command.length);
}

bool delta_make(const struct record *record, struct text command, struct pack *delta)
{
    struct pack dictionary;
    size_t room = ZSTD_compressBound(command.length), size = 0;
    uint8_t *into = malloc(room);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    pack_init(&dictionary, DICTIONARY_BYTES_MAX);
    delta_dictionary(&dictionary, record);
    bool made = into != NULL && context != NULL && !dictionary.failed;
    if (made) size = compress(context, &dictionary, command, into, room);
    made = made && !ZSTD_isError(size) && size > MAGIC && memcmp(into, magic, MAGIC) == 0;
    if (made) pack_raw(delta, into + MAGIC, size - MAGIC);
    ZSTD_freeCCtx(context);
    pack_free(&dictionary);
    free(into);
    return made && !delta->failed;
}

enum err delta_take(const struct record *record, struct text delta, struct arena *arena, struct text *command)
{
    struct pack dictionary;
    uint8_t *whole = arena_get(arena, MAGIC + delta.length), *into = malloc(COMMAND_BYTES_MAX);
    ZSTD_DCtx *context = ZSTD_createDCtx();
    const char *kept = NULL;
    enum err err = ERR_MEMORY;
    pack_init(&dictionary, DICTIONARY_BYTES_MAX);
    delta_dictionary(&dictionary, record);
    if (whole != NULL && into != NULL && context != NULL && !dictionary.failed) {
        memcpy(whole, magic, MAGIC);
        if (delta.length > 0) memcpy(whole + MAGIC, delta.at, delta.length);
        ZSTD_DCtx_refPrefix(context, dictionary.at, dictionary.used);
        size_t size = ZSTD_decompressDCtx(context, into, COMMAND_BYTES_MAX, whole, MAGIC + delta.length);
        err = ZSTD_isError(size) ? ERR_BAD_FRAME : OK;
        if (err == OK && (kept = arena_copy(arena, into, size)) == NULL) err = ERR_MEMORY;
        if (err == OK) *command = (struct text){kept, (uint32_t)size};
    }
    ZSTD_freeDCtx(context);
    pack_free(&dictionary);
    free(into);
    return err;
}

enum err delta_record(const struct space *space, const struct actor *actor, const struct delta_base *base,
                      struct arena *arena, struct record *record)
{
    if (actor->type != ACTOR_OPERATOR || kind_row(base->kind) == NULL) return ERR_NOT_FOUND;
    enum err err = state_get(space, base->kind, base->id, arena, record);
    if (err != OK) return err;
    bool same = may_see(space, record, actor, arena) == SEE_FULL && record->version == base->version;
    return same ? OK : ERR_NOT_FOUND;
}
