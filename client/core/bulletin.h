/* bulletin.h - what the office writes from the registry: the text of a bulletin, and its page for paper.
 *
 * The same records give the same text: nothing here asks a clock or the link. Clauses 2.9, 5.5g, 5.5h. Official
 * papers are in Chinese whatever the operator's language. */
#ifndef CLIENT_CORE_BULLETIN_H
#define CLIENT_CORE_BULLETIN_H

#include "proto/state.h"
#include "proto/when.h"

/* Characters that a body may have: the bound of its field. Bytes that they take at most. */
enum { BULLETIN_CHARACTERS = 10000, BULLETIN_BYTES = 4 * BULLETIN_CHARACTERS };

/* The text of a bulletin of a type (OPT_bulletin_x) for the period that ends with `month`, as the records stand at
 * `now`: paragraphs, each a line. Lists that would make it too long are cut and say so. The text lives in the arena,
 * with a NUL behind it. ERR_MEMORY, or what reading a record gave. */
enum err bulletin_compose(const struct space *space, unsigned type, month_t month, stamp_t now, struct arena *arena,
                          struct text *text);

/* The first month of the period of a type that ends with `month`. */
month_t bulletin_period_start(unsigned type, month_t month);

/* The bulletin of the type and period that is not withdrawn, or 0. */
uint64_t bulletin_of_period(const struct space *space, unsigned type, month_t month, struct arena *arena);

/* ---- the page: lines of a word, a blank and a text, for a terminal and for duban-pdf (client/pdf/page.h) ---- */

enum { PAGE_BYTES = 2 * BULLETIN_BYTES };

/* The units whose full names stand on a bulletin's page; where only lists are kept they are to be fetched before. */
struct page_units {
    unsigned count;
    uint64_t at[34];
};
void bulletin_page_units(const struct space *space, const struct record *bulletin, struct arena *arena,
                         struct page_units *units);

/* Writes the page of a bulletin, which has to be here whole. */
void bulletin_page(const struct space *space, const struct record *bulletin, struct arena *arena, struct str *out);

#endif
