/* review.h - the boards of a review meeting as pages: what stands on them, in the order in which it is shown. For the
 * screen and for scripts. Clause 3. */
#ifndef CLIENT_CORE_REVIEW_H
#define CLIENT_CORE_REVIEW_H

#include "proto/state.h"

enum { REVIEW_PAGES_MAX = 512, BOARDS_MAX = 3 };

struct review_pages {
    unsigned count;
    unsigned on_board[BOARDS_MAX + 1]; /* how many, by OPT_board_x */
    struct review_page {
        uint64_t id;
        unsigned board, place; /* place: from 1 on its board */
    } at[REVIEW_PAGES_MAX];
};

/* What was taken off is left out. The arena holds what is looked at meanwhile. */
void review_pages(const struct space *space, uint64_t meeting, struct arena *arena, struct review_pages *pages);

#endif
