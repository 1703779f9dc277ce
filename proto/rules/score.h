/* score.h - what the life of an assessment does with its scores (score.c). For assess.c. */
#ifndef PROTO_RULES_SCORE_H
#define PROTO_RULES_SCORE_H

#include "proto/decide.h"

/* A step that the scores of an assessment take together: the state after it, by the state before. */
extern const uint8_t scores_publish[STATE_LIMIT], scores_replace[STATE_LIMIT];
enum err scores_pass(struct act *act, uint64_t assessment, const uint8_t states[STATE_LIMIT]);

/* Refuses with ERR_MARKS_MISSING when an item is not entered for a unit that it concerns. */
enum err scores_complete(struct act *act, const struct record *assessment);

/* What was entered for one assessment is entered for another. */
enum err scores_copy_marks(struct act *act, uint64_t from, uint64_t to);

#endif
