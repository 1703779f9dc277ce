/* err.c - the expansion of errors.def. */
#include "proto/err.h"

#include <string.h>

#define N_(text) text

enum { CLASS_WAITS = 100 }; /* not told outside: CLASS_REFUSED */

struct error {
    enum err err;
    int class;
    const char *name;
    const char *message;
};

static const struct error errors[] = {
    {OK, CLASS_OK, "OK", N_("done")},
#define ERR(name, wire, class, message) {ERR_##name, CLASS_##class, #name, message},
#include "proto/errors.def"
#undef ERR
};

enum { ERROR_COUNT = sizeof errors / sizeof *errors };

static const struct error *find(enum err err)
{
    for (size_t i = 0; i < ERROR_COUNT; i++)
        if (errors[i].err == err) return &errors[i];
    return NULL;
}

const char *err_name(enum err err)
{
    const struct error *error = find(err);
    return error != NULL ? error->name : "UNKNOWN";
}

enum err_class err_class(enum err err)
{
    const struct error *error = find(err);
    if (error == NULL) return CLASS_FAILED;
    return error->class == CLASS_WAITS ? CLASS_REFUSED : (enum err_class)error->class;
}

bool err_waits(enum err err)
{
    const struct error *error = find(err);
    return error != NULL && error->class == CLASS_WAITS;
}

const char *err_message(enum err err)
{
    const struct error *error = find(err);
    return error != NULL ? error->message : N_("refused for a reason that this program is too old to know ({n})");
}

enum err err_next(enum err err)
{
    for (size_t i = 0; i + 1 < ERROR_COUNT; i++)
        if (errors[i].err == err) return errors[i + 1].err;
    return OK;
}

void refusal_set(struct refusal *why, enum err err)
{
    if (why != NULL) *why = (struct refusal){.err = err};
}

void refusal_set_text(struct refusal *why, enum err err, const char *text)
{
    refusal_set(why, err);
    if (why == NULL) return;
    size_t length = strnlen(text, REFUSAL_TEXT_MAX - 1);
    while (length > 0 && text[length] != '\0' && ((unsigned char)text[length] & 0xC0) == 0x80)
        length--;
    memcpy(why->text, text, length);
    why->text[length] = '\0';
}
