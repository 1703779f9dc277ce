/* out.h - words for people: the one way in which text reaches a terminal, and comes from one.
 *
 * Inside, everything is UTF-8. Here it becomes the locale's encoding: characters that it can't show become
 * plain twins or the first letters of their pinyin, and control, bidirectional and other hiding characters
 * become visible codes. Data for programs (JSON, CSV) does not pass here: it is UTF-8 whatever the locale. */
#ifndef CLIENT_CLI_OUT_H
#define CLIENT_CLI_OUT_H

#include "proto/arena.h"
#include "proto/err.h"
#include "proto/text.h"

#include <stdbool.h>
#include <stdio.h>

/* Can the locale's encoding show the character? */
bool out_shows(uint32_t code);

/* Writes text; line feeds pass. */
void out_text(FILE *file, struct text text);
void out_put(FILE *file, const char *string);
__attribute__((format(printf, 2, 3))) void out_printf(FILE *file, const char *format, ...);

/* Columns that a line of text takes as out_text writes it. */
unsigned out_width(struct text text);
void out_spaces(FILE *file, unsigned count);

/* A line on stdout: the label, and the value behind so many columns. */
void out_line(unsigned columns, const char *label, const char *value);
/* From now on such lines are listened to: "label: value", without columns. */
void out_listened(void);

/* Writes text with lines broken at `columns`; every line after the first begins with `indent` spaces.
 * The first one is taken to begin at column `indent` already. Ends with a line feed. */
void out_wrapped(FILE *file, struct text text, unsigned indent, unsigned columns);

/* A message on stderr: "duban: words". In the template, {text} stands for the text. */
void say(const char *words);
void say_about(const char *template, const char *text);
void say_refusal(const struct refusal *why);

/* Puts the template into `out`, {text} and {n} filled in. */
void fill_template(struct str *out, const char *template, const char *text, int64_t number);

/* What a person typed or a script passed, from the locale's encoding to UTF-8 in the arena.
 * ERR_BAD_ENCODING, ERR_MEMORY. */
enum err text_from_locale(const char *bytes, size_t count, struct arena *arena, struct text *text);

/* Asks a question on the terminal; true when the answer begins with y or 是. False without a terminal. */
bool ask_yes(const char *question);
bool on_terminal(void);

#endif
