/* command.h - the line after `:`: what can be typed there, and its completion. */
#ifndef CLIENT_SCREEN_COMMAND_H
#define CLIENT_SCREEN_COMMAND_H

#include "client/screen/screen.h"

#define COMMAND(name, ...) COMMAND_##name,
enum command_id {
#include "client/screen/commands.def"
    COMMAND_COUNT
};
#undef COMMAND

struct command_row {
    const char *name, *arguments, *help;
};

extern const struct command_row command_rows[COMMAND_COUNT];

/* The words that can stand where the last word of the line is, as far as it is typed: at most `max`, in the arena;
 * *start: where that word begins. */
unsigned complete(struct app *app, struct text line, struct arena *arena, struct text *found, unsigned max,
                  uint32_t *start);

#endif
