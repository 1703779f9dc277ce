/* query.h - the read side: records on demand, a record's history, who is connected. Never writes. */
#ifndef SERVER_QUERY_H
#define SERVER_QUERY_H

#include "server/session.h"

/* Answers a query of the session (but QUERY_AS_OF, see as_of.h) against the space into `pack` (a RESULT frame). What
 * the operator may not see is as if it were not there. */
void query_answer(const struct query *query, const struct session *session, struct sessions *sessions,
                  const struct space *space, struct arena *arena, struct pack *pack);

#endif
