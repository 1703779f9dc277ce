/* as_of.h - the query for the registry as it stood: which entry a moment means, and pages of what it left.
 *
 * Who sees what: the asker's roles and the functions of its unit as they are now, upon a record and its ties as they
 * stood then. So a unit reads of the past what it could have read then, also of a project that is another's now; who
 * came to a unit later reads its past, and who left it does not; and what was still a draft then, or of another
 * unit, stays so. */
#ifndef SERVER_AS_OF_H
#define SERVER_AS_OF_H

#include "server/serve.h"

/* Takes a session's query; `space` is the present. Answers at once when that can be: with a refusal, or with
 * ERR_PAST_BUSY, which means ask again. A page follows from as_of_tend. */
void as_of_ask(struct serve *serve, struct session *session, const struct query *query, const struct space *space);

/* Sends the page that the thread has made. Once in each turn of the loop. */
void as_of_tend(struct serve *serve);
/* Ends the thread and what it worked on. */
void as_of_close(struct serve *serve);

#endif
