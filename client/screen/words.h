/* words.h - short words for lights and standings of reports, with their styles. */
#ifndef CLIENT_SCREEN_WORDS_H
#define CLIENT_SCREEN_WORDS_H

#include "client/term/term.h"

#include "proto/owed.h"
#include "proto/progress.h"

/* One letter or character; the style says the same again. */
const char *light_word(enum light light);
enum style light_style(enum light light);

/* A short word: wait, late, missing, returned, in, in late. */
const char *standing_word(enum standing standing);
/* One letter, as in the matrix. */
const char *standing_letter(enum standing standing);
enum style standing_style(enum standing standing);

/* "62.5" of per mille. */
void str_percent(struct str *str, int64_t per_mille);

#endif
