/* stand_in.h - checking what is filled in before all of it is. */
#ifndef CLIENT_CORE_STAND_IN_H
#define CLIENT_CORE_STAND_IN_H

#include "client/core/client.h"

/* Puts something where a text that the action needs is still missing, so that the figures can be checked before all is
 * written. What is put there is never sent. */
void stand_in(const struct client *client, unsigned kind, uint64_t id, unsigned action, struct arena *arena,
              struct record *args, uint64_t *given);

#endif
