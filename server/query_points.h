/* query_points.h - answering what gave or took points (proto/points.h). For query.c. */
#ifndef SERVER_QUERY_POINTS_H
#define SERVER_QUERY_POINTS_H

#include "proto/wire.h"

/* Fills in result->points. Of a published assessment the lines are those that were published, whatever happened since.
 * ERR_NOT_FOUND when there is no such assessment or scheme, or its points for this unit or person are not for the
 * asker to see. */
enum err answer_points(const struct query *query, const struct actor *actor, const struct space *space,
                       struct arena *arena, struct result *result);

#endif
