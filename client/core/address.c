/* address.c - see address.h. */
#include "client/core/address.h"

#include <stdlib.h>
#include <string.h>

bool address_read(const char *word, struct address *address)
{
    const char *colon = strrchr(word, ':');
    char *end;
    if (colon == NULL || colon == word || (size_t)(colon - word) > HOST_MAX) return false;
    bool bracket = word[0] == '[' && colon[-1] == ']';
    size_t length = (size_t)(colon - word) - (bracket ? 2 : 0);
    memcpy(address->host, word + bracket, length);
    address->host[length] = '\0';
    long number = strtol(colon + 1, &end, 10);
    if (length == 0 || *end != '\0' || number < 1 || number > 65535) return false;
    address->port = (uint16_t)number;
    return strpbrk(address->host, "[] ,\t/@") == NULL;
}

void address_of_ticket(const struct ticket *ticket, struct address *address)
{
    memcpy(address->host, ticket->host, sizeof address->host);
    address->port = ticket->port;
}

void address_to_ticket(const struct address *address, struct ticket *ticket)
{
    memcpy(ticket->host, address->host, sizeof ticket->host);
    ticket->port = address->port;
}

void address_put(const struct address *address, struct str *out)
{
    bool six = strchr(address->host, ':') != NULL;
    str_printf(out, six ? "[%s]:%u" : "%s:%u", address->host, address->port);
}

void addresses_put(const struct addresses *addresses, const char *separator, struct str *out)
{
    for (unsigned i = 0; i < addresses->count; i++) {
        if (i > 0) str_put(out, separator);
        address_put(&addresses->at[i], out);
    }
}

bool addresses_equal(const struct addresses *one, const struct addresses *other)
{
    bool equal = one->count == other->count;
    for (unsigned i = 0; equal && i < one->count; i++)
        equal = one->at[i].port == other->at[i].port && strcmp(one->at[i].host, other->at[i].host) == 0;
    return equal;
}
