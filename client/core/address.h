/* address.h - where the daemon may be: up to four places that are tried in turn. It is known by its key, not by its
 * place; so a wrong address costs time and no trust. */
#ifndef CLIENT_CORE_ADDRESS_H
#define CLIENT_CORE_ADDRESS_H

#include "proto/identity.h"
#include "proto/text.h"

#include <stdbool.h>
#include <stdint.h>

enum { ADDRESSES_MAX = 4, ADDRESS_TEXT_MAX = HOST_MAX + 12 };

struct address {
    char host[HOST_MAX + 1]; /* a name or a number; an IPv6 number without brackets */
    uint16_t port;
};

struct addresses {
    struct address at[ADDRESSES_MAX];
    unsigned count; /* at least 1 */
};

/* Reads HOST:PORT, or [IPv6]:PORT. */
bool address_read(const char *word, struct address *address);

/* Into a ticket, and out of one. */
void address_of_ticket(const struct ticket *ticket, struct address *address);
void address_to_ticket(const struct address *address, struct ticket *ticket);

/* Writes it as it is read. */
void address_put(const struct address *address, struct str *out);
/* All of them, with a separator between. */
void addresses_put(const struct addresses *addresses, const char *separator, struct str *out);

bool addresses_equal(const struct addresses *one, const struct addresses *other);

#endif
