/* reading.c - see reading.h. */
#include "client/cli/reading.h"

#include "client/cli/out.h"

#include "proto/show.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { NOTE_BYTES_MAX = 64 * 1024 };

static bool well_formed(struct text text)
{
    const char *at = text.at, *end = text.at + text.length;
    uint32_t code;
    while (at < end)
        if (!utf8_next(&at, end, &code)) return false;
    return true;
}

static void drop_carriage_returns(char *bytes, uint32_t *length)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < *length; i++)
        if (bytes[i] != '\r' || i + 1 == *length || bytes[i + 1] != '\n') bytes[kept++] = bytes[i];
    *length = kept;
}

static enum err take_bytes(char *bytes, size_t count, struct arena *arena, struct text *text, struct refusal *why)
{
    if (count >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        count -= 3;
    }
    *text = (struct text){bytes, (uint32_t)count};
    drop_carriage_returns(bytes, &text->length);
    if (well_formed(*text)) return OK;
    enum err err = text_from_locale(text->at, text->length, arena, text);
    return err == OK ? OK : refuse(why, err);
}

enum err read_note(struct text *text, struct arena *arena, struct refusal *why)
{
    bool from_input = text->length == 1 && text->at[0] == '-';
    if (!from_input && (text->length < 2 || text->at[0] != '@')) return OK;
    FILE *file = from_input ? stdin : fopen(text->at + 1, "rbe");
    if (file == NULL) return refuse_text(why, ERR_IO, text->at + 1);
    char *bytes = arena_get(arena, NOTE_BYTES_MAX + 1);
    size_t count = bytes != NULL ? fread(bytes, 1, NOTE_BYTES_MAX + 1, file) : 0;
    bool failed = ferror(file) != 0;
    if (!from_input) fclose(file);
    if (bytes == NULL) return refuse(why, ERR_MEMORY);
    if (failed) return refuse_text(why, ERR_IO, strerror(errno));
    if (count <= NOTE_BYTES_MAX) return take_bytes(bytes, count, arena, text, why);
    refuse(why, ERR_LIMIT);
    if (why != NULL) why->number = NOTE_BYTES_MAX;
    return ERR_LIMIT;
}

enum err read_whole(const char *path, size_t max, struct arena *arena, struct text *bytes, struct refusal *why)
{
    char text[REFUSAL_TEXT_MAX];
    struct str str = str_in(text, sizeof text);
    struct stat info = {.st_size = 0};
    FILE *file = fopen(path, "rbe");
    bool plain = file != NULL && fstat(fileno(file), &info) == 0 && S_ISREG(info.st_mode);
    size_t count = plain && info.st_size > 0 ? (size_t)info.st_size : 0;
    char *at = plain && count <= max ? arena_get(arena, count + 1) : NULL;
    bool whole = at != NULL && fread(at, 1, count, file) == count;
    str_printf(&str, "%s: %s", path, file == NULL ? strerror(errno) : tr(N_("no file")));
    if (file != NULL) fclose(file);
    if (plain && count > max) {
        refuse(why, ERR_LIMIT);
        why->number = (int64_t)max;
        return ERR_LIMIT;
    }
    if (plain && at == NULL) return refuse(why, ERR_MEMORY);
    if (!whole) return refuse_text(why, ERR_IO, text);
    *bytes = (struct text){at, (uint32_t)count};
    return OK;
}
