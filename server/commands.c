/* commands.c - the short commands: init, import, ticket, serve, check, status. */
#include "server/commands.h"

#include "server/files.h"
#include "server/found.h"
#include "server/import.h"
#include "server/log.h"
#include "server/net.h"
#include "server/options.h"
#include "server/prove.h"
#include "server/set_clock.h"

#include "proto/number.h"
#include "proto/show.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { STATUS_TIMEOUT_MS = 3000 };

#define ROWS(rows) (rows), sizeof(rows) / sizeof *(rows)

int command_end(enum err err, const struct refusal *why)
{
    if (err != OK) report_refusal(why);
    return (int)err_class(err);
}

/* ---- init ---- */

int command_init(int argc, char **argv)
{
    struct founding founding = {.rate = 1};
    const char *at = NULL, *rate = NULL;
    const struct option_row rows[] = {
        {"name", &founding.name, NULL}, {"demo", NULL, &founding.demo},     {"at", &at, NULL},
        {"rate", &rate, NULL},          {"listen", &founding.listen, NULL}, {"address", &founding.address, NULL},
    };
    struct newdir newdir;
    struct console console;
    struct refusal why = {.err = OK};
    if (!options_read(argc, argv, ROWS(rows), &founding.directory, 1) || founding.name == NULL) return CLASS_USAGE;
    founding.shifted = at != NULL;
    if ((at != NULL || rate != NULL) && !founding.demo) return command_end(refuse(&why, ERR_NOT_DEMO), &why);
    if (at != NULL && !stamp_parse(at, &founding.at)) return command_end(refuse_text(&why, ERR_USAGE, at), &why);
    if (rate != NULL && (at == NULL || !rate_parse(rate, &founding.rate)))
        return command_end(refuse_text(&why, ERR_USAGE, "--rate"), &why);
    enum err err = found_begin(&founding, &newdir, &console, &why);
    if (err == OK) err = found_finish(&newdir, &console, OK, &why);
    return command_end(err, &why);
}

/* ---- import ---- */

int command_import(int argc, char **argv)
{
    struct import_options options = {.what = NULL};
    const char *as_of = NULL, *words[3];
    const struct option_row rows[] = {
        {"skip-bad", NULL, &options.skip_bad}, {"rejects", &options.rejects, NULL},
        {"dry-run", NULL, &options.dry_run},   {"as-of", &as_of, NULL},
        {"plan", &options.plan, NULL},
    };
    struct console console;
    struct refusal why = {.err = OK};
    if (!options_read(argc, argv, ROWS(rows), words, 3) || !import_known(words[1])) return CLASS_USAGE;
    options.what = words[1];
    options.file = words[2];
    options.has_as_of = as_of != NULL;
    if (as_of != NULL && !day_parse(text_of(as_of), &options.as_of))
        return command_end(refuse_text(&why, ERR_USAGE, as_of), &why);
    enum err err = console_open(&console, words[0], &why);
    if (err != OK) return command_end(err, &why);
    err = import_run(&console, &options);
    console_close(&console);
    return (int)err_class(err);
}

/* ---- ticket ---- */

/* An address that others can connect to: not a wildcard, not a port that is chosen anew each time. */
static enum err ticket_address(const struct config *config, struct ticket *ticket, struct refusal *why)
{
    static const char *const wildcards[] = {"*", "0.0.0.0", "::"};
    bool good = config_address(config, ticket->host, sizeof ticket->host, &ticket->port);
    for (size_t i = 0; good && i < sizeof wildcards / sizeof *wildcards; i++)
        good = strcmp(ticket->host, wildcards[i]) != 0;
    return good ? OK : refuse_text(why, ERR_FORMAT, N_("duband.conf needs an address that clients can reach"));
}

static enum err find_operator(struct console *console, const char *login, uint64_t *id, struct refusal *why)
{
    struct record operator;
    *id = state_find_text(console_space(console), IX_operator_login, login);
    if (*id == 0) {
        refuse_text(why, ERR_UNKNOWN, login);
        why->kind = KIND_operator;
        why->field = operator_login;
        return ERR_UNKNOWN;
    }
    enum err err = state_get(console_space(console), KIND_operator, *id, &console->arena, &operator);
    if (err != OK) return refuse(why, err);
    unsigned state = rec_state(&operator);
    if (state == ST_operator_active) return OK;
    return refuse_text(why, ERR_WRONG_STATE, state_row(KIND_operator, state)->label);
}

static enum err invite(struct console *console, const char *login, const char *label, struct refusal *why)
{
    struct ticket ticket;
    uint8_t public[KEY_BYTES], secret[KEY_BYTES];
    char text[TICKET_TEXT_MAX];
    uint64_t operator;
    enum err err = ticket_address(&console->config, &ticket, why);
    if (err == OK) err = console_begin(console, why);
    if (err == OK) err = find_operator(console, login, &operator, why);
    if (err != OK) return err;
    randombytes_buf(ticket.code, sizeof ticket.code);
    memcpy(ticket.server_transport, console->engine.identity.transport_public, KEY_BYTES);
    ticket_transport(ticket.code, public, secret);
    sodium_memzero(secret, sizeof secret);
    struct record args = record_make(KIND_device, 0);
    rec_set(&args, device_operator, (int64_t) operator);
    if (label != NULL) rec_set_text(&args, device_label, text_of(label));
    rec_set_text(&args, device_transport_key, (struct text){(const char *)public, KEY_BYTES});
    err = console_do(console, ACT_device_invite, &args, NULL, why);
    if (err == OK) err = console_commit(console, why);
    if (err == OK) {
        ticket_write(&ticket, text);
        printf("%s\n", text);
    }
    sodium_memzero(&ticket, sizeof ticket);
    sodium_memzero(text, sizeof text);
    return err;
}

int command_ticket(int argc, char **argv)
{
    const char *label = NULL, *words[2];
    const struct option_row rows[] = {{"label", &label, NULL}};
    struct console console;
    struct refusal why = {.err = OK};
    if (!options_read(argc, argv, ROWS(rows), words, 2)) return CLASS_USAGE;
    enum err err = console_open(&console, words[0], &why);
    if (err != OK) return command_end(err, &why);
    err = invite(&console, words[1], label, &why);
    console_close(&console);
    return command_end(err, &why);
}

/* ---- serve, status ---- */

int command_serve(int argc, char **argv)
{
    const char *listen = NULL, *directory;
    bool quiet = false;
    const struct option_row rows[] = {{"listen", &listen, NULL}, {"quiet", NULL, &quiet}};
    struct config config;
    struct refusal why = {.err = OK};
    if (!options_read(argc, argv, ROWS(rows), &directory, 1)) return CLASS_USAGE;
    enum err err = registry_there(directory, &why);
    if (err == OK) err = config_load(&config, directory, &why);
    if (err == OK && listen != NULL && strlen(listen) >= sizeof config.listen)
        err = refuse_text(&why, ERR_USAGE, listen);
    if (err != OK) return command_end(err, &why);
    if (listen != NULL) memcpy(config.listen, listen, strlen(listen) + 1);
    if (quiet) log_set_level(LOG_WARNING);
    return serve_run(&config);
}

int command_status(int argc, char **argv)
{
    char endpoint[PLACE_MAX], answer[600];
    const char *directory;
    struct refusal why = {.err = OK};
    if (!options_read(argc, argv, NULL, 0, &directory, 1)) return CLASS_USAGE;
    enum err err = registry_there(directory, &why);
    if (err != OK) return command_end(err, &why);
    snprintf(endpoint, sizeof endpoint, "ipc://%s/control", directory);
    err = control_ask(endpoint, "status", STATUS_TIMEOUT_MS, answer, sizeof answer);
    if (err == OK) printf("%s\n", answer);
    return command_end(refuse(&why, err), &why);
}

/* ---- check ---- */

int command_check(int argc, char **argv)
{
    const char *directory;
    struct config config;
    struct check_report report;
    struct refusal why = {.err = OK};
    char head[2 * HASH_BYTES + 1];
    struct str hex = str_in(head, sizeof head);
    if (!options_read(argc, argv, NULL, 0, &directory, 1)) return CLASS_USAGE;
    enum err err = registry_there(directory, &why);
    if (err == OK) err = config_load(&config, directory, &why);
    if (err != OK) return command_end(err, &why);
    struct store_options options = config_store(&config);
    err = prove(directory, &options, &report, &why);
    if (err != OK && report.entries == 0) return command_end(err, &why); /* it did not come to checking */
    str_hex(&hex, report.head, sizeof report.head);
    printf("entries %llu signed %llu decided %llu differing %llu records %llu head %s\n",
           (unsigned long long)report.entries, (unsigned long long)report.is_signed, (unsigned long long)report.decided,
           (unsigned long long)report.differing, (unsigned long long)report.records, head);
    if (err == OK) fprintf(stderr, "duband: %s\n", tr(N_("all is well")));
    return command_end(err, &why);
}
