/* whereabouts.h - which addresses this machine has, and when that changes: another network, a tunnel that is up again.
 * A hint from the kernel, no more: without it everything works, later. */
#ifndef CLIENT_CORE_WHEREABOUTS_H
#define CLIENT_CORE_WHEREABOUTS_H

#include <stdbool.h>

/* A descriptor that is readable when addresses or routes have changed; -1 where the kernel tells nothing. */
int whereabouts_open(void);

/* Takes what has come; true when something has changed. */
bool whereabouts_changed(int fd);

/* Has this machine still got the address from which a TCP connection goes? True, too, when that is not known. */
bool whereabouts_holds(int connection);

#endif
