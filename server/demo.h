/* demo.h - what a demo registry has and no other: tickets that everybody knows. */
#ifndef SERVER_DEMO_H
#define SERVER_DEMO_H

#include "server/console.h"

/* Invites a device for each active operator and writes the list of the tickets, DIR/tickets. ERR_NOT_DEMO in a
 * registry that does not say it is a demo; ERR_IO. */
enum err demo_tickets(struct console *console, const char *directory, struct refusal *why);

#endif
