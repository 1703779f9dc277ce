/* review.c - see review.h. */
#include "client/core/review.h"

#include <string.h>

void review_pages(const struct space *space, uint64_t meeting, struct arena *arena, struct review_pages *pages)
{
    struct value value = number_value((int64_t)meeting);
    struct walk walk;
    uint64_t id;
    memset(pages, 0, sizeof *pages);
    walk_start(&walk, space, IX_review_item_meeting, &value, 1); /* by board and place */
    while (walk_next(&walk, &id) && pages->count < REVIEW_PAGES_MAX) {
        struct record item;
        if (state_get(space, KIND_review_item, id, arena, &item) != OK) continue;
        int64_t board = rec_num(&item, review_item_board);
        if (rec_state(&item) == ST_review_item_dropped || board < 1 || board > BOARDS_MAX) continue;
        unsigned place = ++pages->on_board[board];
        pages->at[pages->count++] = (struct review_page){id, (unsigned)board, place};
    }
}
