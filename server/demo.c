/* demo.c - duband demo: a registry of September 2009 with the real units and the 153 projects.
 *
 * Everybody can enrol as anybody in it: the tickets' codes follow from the logins (demo_code). So they are
 * made only in a registry that says it is a demo. Such a registry's time stands still while its daemon is
 * stopped; the tickets do not run out meanwhile. */
#include "server/demo.h"

#include "server/commands.h"
#include "server/found.h"
#include "server/import.h"
#include "server/options.h"

#include "proto/show.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char demo_name[] = "岳阳市重大项目督办(演示)";

enum { LOGIN_BYTES = 40, NAME_BYTES = 200 };

#define ROLE_BIT(role) (1u << OPT_role_##role)

static enum err import_bundled(struct console *console, struct refusal *why)
{
    static const char *const files[][2] = {{"units", "units.csv"}, {"plan", "plan.csv"}, {"projects", "projects.csv"},
                                            {"scheme", "scheme.csv"}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[PLACE_MAX];
        enum err err = place_data(files[i][1], path, why);
        if (err != OK) return err;
        const struct import_options options = {.what = files[i][0], .file = path, .quiet = true};
        err = import_run(console, &options);
        if (err != OK) return refuse_text(why, err, path);
    }
    return OK;
}

/* The first scheme is what the demo's year is scored by. */
static enum err enforce_scheme(struct console *console, struct refusal *why)
{
    struct record args = record_make(KIND_scheme, 1);
    enum err err = console_begin(console, why);
    if (err == OK) err = console_do(console, ACT_scheme_enforce, &args, NULL, why);
    return err == OK ? console_commit(console, why) : err;
}

/* ---- operators ---- */

/* "华容县" and "经办" as a name of at most as many characters as a name may have. */
static void put_name(struct text unit, const char *word, struct str *out)
{
    const char *at = unit.at, *end = unit.at + unit.length;
    int64_t left = field_row(KIND_operator, operator_name)->hi - (int64_t)text_characters(text_of(word));
    uint32_t code;
    while (left-- > 0 && utf8_next(&at, end, &code)) {
    }
    str_text(out, (struct text){unit.at, (uint32_t)(at - unit.at)});
    str_put(out, word);
}

static enum err add_operator(struct console *console, const struct record *unit, const char *suffix, const char *word,
                             uint32_t roles, struct refusal *why)
{
    char login[LOGIN_BYTES], name[NAME_BYTES];
    int64_t list[LIST_MAX];
    unsigned count = 0;
    struct str out = str_in(login, sizeof login);
    str_text(&out, rec_text(unit, unit_code));
    str_put(&out, suffix);
    out = str_in(name, sizeof name);
    put_name(rec_text(unit, unit_short), word, &out);
    for (unsigned role = 1; role < LIST_MAX; role++)
        if (roles >> role & 1) list[count++] = role;
    struct record args = record_make(KIND_operator, 0);
    rec_set_text(&args, operator_login, text_of(login));
    rec_set_text(&args, operator_name, text_of(name));
    rec_set(&args, operator_unit, (int64_t)unit->id);
    rec_set_list(&args, operator_roles, list, count);
    return console_do(console, ACT_operator_create, &args, NULL, why);
}

static bool does(const struct record *unit, int64_t function)
{
    return rec_lists(unit, unit_functions, function);
}

/* Clerk and leader of each unit; just the head where the government and its leader look on; the project
 * office has the administrator besides. */
static enum err add_unit(struct console *console, const struct record *unit, struct refusal *why)
{
    const uint32_t clerk = ROLE_BIT(clerk) | ROLE_BIT(contact), leader = ROLE_BIT(reviewer) | ROLE_BIT(head);
    if (does(unit, OPT_function_leader)) return add_operator(console, unit, "", "", ROLE_BIT(head), why);
    if (does(unit, OPT_function_government))
        return add_operator(console, unit, "", "领导", ROLE_BIT(head), why);
    enum err err = add_operator(console, unit, "", "经办", clerk, why);
    if (err == OK) err = add_operator(console, unit, "-L", "领导", leader, why);
    if (err == OK && does(unit, OPT_function_office))
        err = add_operator(console, unit, "-A", "管理员", ROLE_BIT(admin), why);
    return err;
}

/* The enterprise that owns or builds a project: somebody has to sign for it. */
static enum err add_party(struct console *console, uint64_t party, struct arena *arena, struct refusal *why)
{
    struct record unit;
    char login[LOGIN_BYTES];
    struct str out = str_in(login, sizeof login);
    if (party == 0) return OK; /* a contractor may not be known yet */
    enum err err = state_get(console_space(console), KIND_unit, party, arena, &unit);
    if (err != OK) return refuse(why, err);
    str_text(&out, rec_text(&unit, unit_code));
    bool wanted = rec_num(&unit, unit_type) == OPT_unit_type_enterprise &&
                  state_find_text(console_space(console), IX_operator_login, login) == 0;
    return wanted ? add_operator(console, &unit, "", "经办", ROLE_BIT(clerk) | ROLE_BIT(contact), why) : OK;
}

/* The id is the only thing that is kept over a command: it moves what the transaction's pages hold. */
static enum err add_all(struct console *console, unsigned kind, struct arena *arena, struct refusal *why)
{
    for (uint64_t id = 0; (id = state_next_id(console_space(console), kind, id)) > 0;) {
        struct record record;
        enum err err = state_get(console_space(console), kind, id, arena, &record);
        if (err != OK) return refuse(why, err);
        if (kind == KIND_project) {
            uint64_t owner = (uint64_t)rec_num(&record, project_owner);
            uint64_t contractor = (uint64_t)rec_num(&record, project_contractor);
            err = add_party(console, owner, arena, why);
            if (err == OK) err = add_party(console, contractor, arena, why);
        } else if (rec_num(&record, unit_type) != OPT_unit_type_enterprise)
            err = add_unit(console, &record, why);
        if (err != OK) return err;
        arena_reuse(arena);
    }
    return OK;
}

static enum err add_operators(struct console *console, struct refusal *why)
{
    struct arena arena;
    enum err err = console_begin(console, why);
    arena_init(&arena, 1 << 20);
    if (err == OK) err = add_all(console, KIND_unit, &arena, why);
    if (err == OK) err = add_all(console, KIND_project, &arena, why);
    if (err == OK) err = console_commit(console, why);
    arena_clear(&arena);
    return err;
}

/* ---- tickets ---- */

/* How many devices the operator has had. */
static unsigned count_devices(const struct space *space, uint64_t operator)
{
    struct value value = number_value((int64_t) operator);
    struct walk walk;
    unsigned count = 0;
    uint64_t id;
    walk_start(&walk, space, IX_device_operator, &value, 1);
    while (walk_next(&walk, &id))
        count++;
    return count;
}

/* A device that waits for whoever knows the login; its ticket is added to the list. The code of a further device
 * follows from the login and its number, since a key is used once. */
static enum err invite(struct console *console, const struct record *operator, FILE * tickets, struct refusal *why)
{
    struct ticket ticket;
    char text[TICKET_TEXT_MAX], login[LOGIN_BYTES], about[LOGIN_BYTES + 16];
    uint8_t public[KEY_BYTES], secret[KEY_BYTES];
    struct str out = str_in(login, sizeof login);
    str_text(&out, rec_text(operator, operator_login));
    unsigned devices = count_devices(console_space(console), operator->id);
    out = str_in(about, sizeof about);
    str_put(&out, login);
    if (devices > 0) str_printf(&out, "#%u", devices);
    demo_code(about, ticket.code);
    ticket_transport(ticket.code, public, secret);
    memcpy(ticket.server_transport, console->engine.identity.transport_public, KEY_BYTES);
    if (config_address(&console->config, ticket.host, sizeof ticket.host, &ticket.port)) {
        ticket_write(&ticket, text);
        fprintf(tickets, "%s %s\n", login, text);
    }
    sodium_memzero(secret, sizeof secret);
    struct record args = record_make(KIND_device, 0);
    rec_set(&args, device_operator, (int64_t) operator->id);
    rec_set_text(&args, device_transport_key, (struct text){(const char *)public, KEY_BYTES});
    return console_do(console, ACT_device_invite, &args, NULL, why);
}

static enum err invite_all(struct console *console, FILE *tickets, struct refusal *why)
{
    struct arena arena;
    enum err err = console_begin(console, why);
    arena_init(&arena, 1 << 20);
    for (uint64_t id = 0; err == OK && (id = state_next_id(console_space(console), KIND_operator, id)) > 0;) {
        struct record operator;
        err = state_get(console_space(console), KIND_operator, id, &arena, &operator);
        if (err != OK)
            refuse(why, err);
        else if (rec_state(&operator) == ST_operator_active)
            err = invite(console, &operator, tickets, why);
        arena_reuse(&arena);
    }
    if (err == OK) err = console_commit(console, why);
    arena_clear(&arena);
    return err;
}

/* The list is written beside the old one, which stays good until the new one is whole. */
enum err demo_tickets(struct console *console, const char *directory, struct refusal *why)
{
    struct record registry;
    char path[PLACE_MAX + 16], fresh[PLACE_MAX + 16];
    enum err err = console_registry(console, &registry);
    if (err != OK) return refuse(why, err);
    if (rec_num(&registry, registry_demo) == 0) return refuse(why, ERR_NOT_DEMO);
    arena_reuse(&console->arena);
    snprintf(path, sizeof path, "%s/tickets", directory);
    snprintf(fresh, sizeof fresh, "%s/tickets.new", directory);
    FILE *tickets = fopen(fresh, "we");
    if (tickets == NULL) return refuse_text(why, ERR_IO, fresh);
    err = invite_all(console, tickets, why);
    if (fclose(tickets) != 0 && err == OK) err = refuse_text(why, ERR_IO, fresh);
    if (err == OK && rename(fresh, path) != 0) err = refuse_text(why, ERR_IO, path);
    if (err != OK) remove(fresh);
    return err;
}

int command_demo(int argc, char **argv)
{
    struct founding founding = {.name = demo_name,
                                .demo = true,
                                .shifted = true,
                                .at = {day_start(day_make(2009, 9, 28)).s + 9 * 3600LL},
                                .rate = 1};
    const struct option_row rows[] = {{"listen", &founding.listen, NULL}};
    struct newdir newdir;
    struct console console;
    struct refusal why = {.err = OK};
    if (!options_read(argc, argv, rows, 1, &founding.directory, 1)) return CLASS_USAGE;
    enum err err = found_begin(&founding, &newdir, &console, &why);
    if (err != OK) return command_end(err, &why);
    err = import_bundled(&console, &why);
    if (err == OK) err = enforce_scheme(&console, &why);
    if (err == OK) err = add_operators(&console, &why);
    if (err == OK) err = demo_tickets(&console, newdir.path, &why);
    err = found_finish(&newdir, &console, err, &why);
    if (err == OK) printf("duband serve %s\n", founding.directory);
    return command_end(err, &why);
}
