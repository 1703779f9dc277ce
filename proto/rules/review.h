/* review.h - what the two halves of the review meeting need of each other: its life (review.c), and the boards that a
 * rule proposes (review_boards.c). Clauses 3 and 5.5. */
#ifndef PROTO_RULES_REVIEW_H
#define PROTO_RULES_REVIEW_H

#include "proto/decide.h"

/* Proposes what belongs on the three boards, by the registry as it is now: what was proposed before and still holds
 * gets the present figures, what does not is taken off, and what the office has confirmed, reworded or taken off is
 * left alone. Sets how many entries were proposed, and how many more were found. */
enum err propose_boards(struct act *act, struct record *meeting);

/* Does something to each entry that stands on a board of the meeting (proposed, confirmed or shown). */
typedef enum err review_item_fn(struct act *act, struct record *item, void *self);
enum err each_review_item(struct act *act, uint64_t meeting, review_item_fn *fn, void *self);

#endif
