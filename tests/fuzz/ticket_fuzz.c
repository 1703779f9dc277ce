/* ticket_fuzz.c - tickets as people type or paste them, and tickets of any content written and read again. */
#include "proto/identity.h"
#include "tests/fuzz/fuzz.h"

#include <sodium.h>

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return sodium_init() < 0;
}

static bool same_ticket(const struct ticket *a, const struct ticket *b)
{
    return strcmp(a->host, b->host) == 0 && a->port == b->port &&
           memcmp(a->server_transport, b->server_transport, KEY_BYTES) == 0 &&
           memcmp(a->code, b->code, CODE_BYTES) == 0;
}

static void write_and_read(const struct ticket *ticket)
{
    char text[TICKET_TEXT_MAX], again[TICKET_TEXT_MAX];
    struct ticket read;
    ticket_write(ticket, text);
    HOLDS(ticket_read(text, &read) == OK);
    HOLDS(same_ticket(ticket, &read));
    ticket_write(&read, again);
    HOLDS(strcmp(text, again) == 0);
}

/* The input as the content of a ticket. */
static void try_content(struct input input)
{
    struct ticket ticket = {.port = 0};
    struct text key = input_text(&input, KEY_BYTES), code = input_text(&input, CODE_BYTES);
    unsigned port = (unsigned)input_byte(&input) << 8 | input_byte(&input);
    memcpy(ticket.server_transport, key.at, key.length);
    memcpy(ticket.code, code.at, code.length);
    ticket.port = (uint16_t)(port != 0 ? port : 7009);
    struct text host = input_text(&input, HOST_MAX);
    memcpy(ticket.host, host.at, host.length);
    if (ticket.host[0] != '\0') write_and_read(&ticket);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ticket ticket;
    char *text = malloc(size + 1);
    if (text == NULL) return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (ticket_read(text, &ticket) == OK) {
        HOLDS(ticket.port != 0 && ticket.host[0] != '\0');
        write_and_read(&ticket);
    }
    free(text);
    if (size > 0) try_content((struct input){data, size});
    return 0;
}
