/* enrol.c - `duban enrol`, `passphrase`, `profiles` and `address`: keys and profiles on this workstation. */
#include "client/core/enrol.h"

#include "client/cli/grid.h"
#include "client/cli/json.h"
#include "client/cli/out.h"
#include "client/cli/passphrase.h"
#include "client/cli/verbs.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ENROL_WAIT_SECONDS = 60, LABEL_MAX = 40 };

/* ---- enrol ---- */

/* From the line, else typed or piped in. */
static enum err read_ticket(const struct cli *cli, char ticket[TICKET_TEXT_MAX], struct refusal *why)
{
    struct str str = str_in(ticket, TICKET_TEXT_MAX);
    if (cli->args.word_count > 1) {
        str_put(&str, cli->args.words[1]);
        return str.cut ? refuse(why, ERR_BAD_TICKET) : OK;
    }
    if (on_terminal()) {
        out_put(stderr, tr(N_("the ticket from the project office: ")));
        fflush(stderr);
    }
    if (fgets(ticket, TICKET_TEXT_MAX, stdin) == NULL) return refuse(why, ERR_BAD_TICKET);
    ticket[strcspn(ticket, "\r\n")] = '\0';
    return OK;
}

/* Where this key lives: what is given, or the workstation's name. */
static void choose_label(const struct cli *cli, struct str *label)
{
    char host[256] = "";
    const char *given = args_value(&cli->args, "label");
    gethostname(host, sizeof host - 1);
    str_put(label, given != NULL ? given : *host != '\0' ? host : "duban");
}

static void say_enrolled(const struct enrolment *enrolment, const struct profile *profile)
{
    char line[900];
    struct str str = str_in(line, sizeof line);
    fill_template(&str, tr(N_("enrolled: {text}")), enrolment->unit, 0);
    str_printf(&str, " %s (%s)", enrolment->name, enrolment->login);
    fill_template(&str, tr(N_(", {text}")), enrolment->registry, 0);
    fill_template(&str, tr(N_("; profile {text}")), profile->name, 0);
    say(line);
}

int command_enrol(struct cli *cli)
{
    char ticket[TICKET_TEXT_MAX], passphrase[PASSPHRASE_ROOM], text[LABEL_MAX * 4 + 1];
    struct str label = str_in(text, sizeof text);
    struct enrolment enrolment = {.login = ""};
    struct refusal why = {.err = OK};
    long wait = ENROL_WAIT_SECONDS;
    enum err err = cli_expect(cli, "label", 0, 1, &why);
    if (err == OK) err = args_number(&cli->args, "wait", WAIT_MAX, ENROL_WAIT_SECONDS, &wait, &why);
    if (err == OK) err = read_ticket(cli, ticket, &why);
    if (err == OK) {
        err = passphrase_given(&cli->args, passphrase, &why);
        if (err == ERR_NOT_FOUND) err = passphrase_choose(passphrase, &why);
    }
    if (err != OK) return cli_end(err, &why);
    choose_label(cli, &label);
    err = enrol(ticket, args_value(&cli->args, "profile"), text, passphrase, (int)wait * 1000, &enrolment,
                &cli->profile, &why);
    sodium_memzero(passphrase, sizeof passphrase);
    sodium_memzero(ticket, sizeof ticket);
    if (err == OK) say_enrolled(&enrolment, &cli->profile);
    return cli_end(err, &why);
}

/* ---- passphrase ---- */

int command_passphrase(struct cli *cli)
{
    char old[PASSPHRASE_ROOM], new[PASSPHRASE_ROOM];
    struct refusal why = {.err = OK};
    enum err err = cli_expect(cli, "new_passphrase_fd new_passphrase_file", 0, 0, &why);
    if (err == OK) err = session_profile(cli, &why);
    if (err == OK) {
        err = passphrase_given(&cli->args, old, &why);
        if (err == ERR_NOT_FOUND) err = passphrase_ask(tr(N_("present passphrase: ")), old, &why);
    }
    if (err == OK) {
        err = passphrase_new_given(&cli->args, new, &why);
        if (err == ERR_NOT_FOUND) err = passphrase_choose(new, &why);
    }
    if (err == OK && text_characters(text_of(new)) < PASSPHRASE_MIN)
        err = refuse_text(&why, ERR_USAGE, N_("too short: at least six characters"));
    if (err == OK && (err = profile_reseal(&cli->profile, old, new)) != OK) refuse_text(&why, err, "key");
    if (err == OK) say(tr(N_("the passphrase is changed")));
    sodium_memzero(old, sizeof old);
    sodium_memzero(new, sizeof new);
    return cli_end(err, &why);
}

/* ---- profiles ---- */

static void profile_json(const struct profile *profile)
{
    struct json json = {.file = stdout};
    json_object(&json, NULL);
    json_string(&json, "profile", profile->name);
    json_string(&json, "login", profile->card.login);
    json_string(&json, "host", profile->addresses.at[0].host);
    json_int(&json, "port", profile->addresses.at[0].port);
    json_array(&json, "addresses");
    for (unsigned i = 0; i < profile->addresses.count; i++) {
        char text[ADDRESS_TEXT_MAX];
        struct str str = str_in(text, sizeof text);
        address_put(&profile->addresses.at[i], &str);
        json_string(&json, NULL, text);
    }
    json_end(&json);
    json_string(&json, "directory", profile->directory);
    json_end(&json);
}

static void profile_row(struct grid *grid, const struct profile *profile)
{
    char address[ADDRESSES_MAX * (ADDRESS_TEXT_MAX + 2)];
    struct str str = str_in(address, sizeof address);
    addresses_put(&profile->addresses, ", ", &str);
    grid_put(grid, profile->name);
    grid_put(grid, profile->card.login);
    grid_put(grid, address);
    grid_put(grid, profile->directory);
}

int command_profiles(struct cli *cli)
{
    char(*names)[PROFILE_NAME_MAX + 1] = arena_get(&cli->arena, PROFILES_MAX * sizeof *names);
    static const char *const labels[] = {N_("profile"), N_("login name"), N_("address"), N_("directory")};
    struct refusal why = {.err = OK};
    struct grid grid;
    int status = CLASS_OK;
    enum err err = cli_expect(cli, "json", 0, 0, &why);
    if (err == OK && names == NULL) err = refuse(&why, ERR_MEMORY);
    if (err != OK) return cli_end(err, &why);
    unsigned count = profile_list(names);
    if (count == 0) return cli_end(refuse(&why, ERR_NO_KEY), &why);
    grid_start(&grid, &cli->arena);
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        grid_column(&grid, tr(labels[i]), false);
    for (unsigned i = 0; i < count; i++) {
        struct profile profile;
        if (profile_load(names[i], &profile, &why) != OK)
            status = cli_end(why.err, &why);
        else if (args_flag(&cli->args, "json"))
            profile_json(&profile);
        else
            profile_row(&grid, &profile);
    }
    if (grid.first != NULL) grid_print(&grid, stdout);
    return status;
}

/* ---- address ---- */

/* Each word is one, or several with commas between them. */
static enum err read_addresses(const struct args *args, struct addresses *addresses, struct refusal *why)
{
    addresses->count = 0;
    for (unsigned i = 1; i < args->word_count; i++) {
        for (const char *at = args->words[i]; at != NULL; at = *at == ',' ? at + 1 : NULL) {
            char word[ADDRESS_TEXT_MAX];
            size_t length = strcspn(at, ",");
            snprintf(word, sizeof word, "%.*s", (int)length, at);
            if (addresses->count == ADDRESSES_MAX)
                return refuse_text(why, ERR_USAGE, N_("at most four addresses, tried in turn"));
            if (length >= sizeof word || !address_read(word, &addresses->at[addresses->count++]))
                return refuse_text(why, ERR_USAGE, word);
            at += length;
        }
    }
    return OK;
}

int command_address(struct cli *cli)
{
    struct addresses addresses;
    struct refusal why = {.err = OK};
    enum err err = cli_expect(cli, "", 0, ADDRESSES_MAX, &why);
    if (err == OK) err = session_profile(cli, &why);
    if (err != OK) return cli_end(err, &why);
    if (cli->args.word_count == 1) {
        char text[ADDRESSES_MAX * ADDRESS_TEXT_MAX];
        struct str str = str_in(text, sizeof text);
        addresses_put(&cli->profile.addresses, "\n", &str);
        printf("%s\n", text);
        return CLASS_OK;
    }
    err = read_addresses(&cli->args, &addresses, &why);
    if (err == OK && (err = profile_set_addresses(&cli->profile, &addresses)) != OK)
        refuse_text(&why, err, cli->profile.directory);
    return cli_end(err, &why);
}
