/* invite.c - the ticket with which an operator enrols a device: made here, shown once, known to nobody else.
 * The daemon gets the public half of the key that the code stands for. */
#include "client/screen/act.h"

#include <string.h>
#include <sys/random.h>

enum { SHOWN_BYTES = TICKET_TEXT_MAX + 600 };

/* The daemon may have another address for the new device than for this one. */
static bool ask_address(struct app *app, struct ticket *ticket)
{
    char line[ADDRESS_TEXT_MAX];
    struct address address;
    struct str str = str_in(line, sizeof line);
    const char *text = tr(N_("Under which address will the new device reach the daemon? HOST:PORT"));
    address_put(client_place(app->client), &str);
    for (;;) {
        if (!ask_line(app, tr(N_("The ticket")), text, line, sizeof line)) return false;
        if (address_read(line, &address)) {
            address_to_ticket(&address, ticket);
            return true;
        }
        text = tr(N_("That is no address. HOST:PORT"));
    }
}

static void show_ticket(struct app *app, const struct ticket *ticket)
{
    char line[TICKET_TEXT_MAX], shown[SHOWN_BYTES];
    struct str str = str_in(shown, sizeof shown);
    ticket_write(ticket, line);
    str_put(&str, line);
    str_put(&str, "\n\n");
    str_put(&str, tr(N_("This line is all that the new device needs, and it is shown only now: hand it over in person. "
                        "It works once, as soon as the daemon has confirmed the invitation, and runs out by itself.")));
    tell(app, tr(N_("The ticket")), text_of(shown));
    explicit_bzero(line, sizeof line);
    explicit_bzero(shown, sizeof shown);
}

bool act_invite(struct app *app, struct deed *deed, struct refusal *why)
{
    struct ticket ticket = {.port = 0};
    uint8_t public[KEY_BYTES], secret[KEY_BYTES];
    refuse(why, OK);
    if (getrandom(ticket.code, sizeof ticket.code, 0) != (ssize_t)sizeof ticket.code) {
        app_say_err(app, ERR_IO);
        return false;
    }
    if (!ask_address(app, &ticket)) return false;
    memcpy(ticket.server_transport, app->profile.card.server_transport, KEY_BYTES);
    ticket_transport(ticket.code, public, secret);
    explicit_bzero(secret, sizeof secret);
    rec_set_text(&deed->args, device_transport_key, (struct text){(const char *)public, KEY_BYTES});
    deed->given |= FIELD_BIT(device_transport_key);
    bool done = act_finish(app, deed, why);
    if (done) show_ticket(app, &ticket);
    explicit_bzero(&ticket, sizeof ticket);
    return done;
}
