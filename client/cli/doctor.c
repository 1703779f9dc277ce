/* doctor.c - `duban doctor`: checks one thing after the other and says what to do about each. */
#include "client/cli/doctor.h"

#include "client/cli/json.h"
#include "client/cli/out.h"
#include "client/cli/passphrase.h"
#include "client/cli/verbs.h"

#include <sodium.h>

enum { CHECK_WIDTH = 13, LINE_WIDTH = 100 };

void doctor_finds(struct doctor *doctor, const char *check, enum finding finding, const char *found, const char *advice)
{
    static const char *const names[] = {[FINDING_WELL] = "ok", [FINDING_NOTE] = "note", [FINDING_BAD] = "bad"};
    static const char *const marks[] = {
        [FINDING_WELL] = N_("ok"), [FINDING_NOTE] = N_("hint"), [FINDING_BAD] = N_("BAD")};
    struct json json = {.file = stdout};
    doctor->bad += finding == FINDING_BAD;
    if (args_flag(&doctor->cli->args, "json")) {
        json_object(&json, NULL);
        json_string(&json, "check", check);
        json_string(&json, "result", names[finding]);
        json_string(&json, "found", found);
        json_string(&json, "advice", advice != NULL ? tr(advice) : NULL);
        json_end(&json);
        return;
    }
    unsigned used = out_width(text_of(tr(marks[finding])));
    out_put(stdout, tr(marks[finding]));
    out_spaces(stdout, used < 5 ? 6 - used : 1);
    out_put(stdout, check);
    used = out_width(text_of(check));
    out_spaces(stdout, used < CHECK_WIDTH ? CHECK_WIDTH - used : 1);
    out_wrapped(stdout, text_of(found), CHECK_WIDTH + 6, LINE_WIDTH);
    if (advice == NULL) return;
    out_spaces(stdout, CHECK_WIDTH + 6);
    out_put(stdout, "-> ");
    out_wrapped(stdout, text_of(tr(advice)), CHECK_WIDTH + 9, LINE_WIDTH);
}

/* Opens the key with a passphrase that is given, or typed when somebody cares to. */
static bool open_client(struct doctor *doctor)
{
    struct cli *cli = doctor->cli;
    char passphrase[PASSPHRASE_ROOM], text[600];
    uint8_t seed[SEED_BYTES];
    struct refusal why = {.err = OK};
    struct str str = str_in(text, sizeof text);
    enum err err = passphrase_given(&cli->args, passphrase, &why);
    if (err == ERR_NOT_FOUND && on_terminal())
        err = passphrase_ask(tr(N_("passphrase (Enter: without): ")), passphrase, &why);
    if (err == ERR_NOT_FOUND || (err == ERR_PASSPHRASE && on_terminal())) {
        doctor_finds(doctor, "passphrase", FINDING_NOTE, tr(N_("not given: what needs the key is not checked")),
                     N_("try again with --passphrase-fd or --passphrase-file"));
        return false;
    }
    if (err == OK) err = profile_unlock(&cli->profile, passphrase, seed);
    sodium_memzero(passphrase, sizeof passphrase);
    if (err == OK) err = client_open(&cli->profile, seed, &cli->client, &why);
    sodium_memzero(seed, sizeof seed);
    if (err == OK) {
        doctor_finds(doctor, "passphrase", FINDING_WELL, tr(N_("opens the key")), NULL);
        return true;
    }
    if (why.err == OK) refuse(&why, err);
    show_refusal(&why, &str);
    doctor_finds(doctor, "passphrase", FINDING_BAD, text,
                 N_("without the passphrase the key is lost: have it revoked and enrol anew with a new ticket"));
    return false;
}

int command_doctor(struct cli *cli)
{
    struct doctor doctor = {.cli = cli};
    struct refusal why = {.err = OK};
    bool there = false;
    enum err err = cli_expect(cli, "json", 0, 0, &why);
    if (err != OK) return cli_end(err, &why);
    doctor_locale(&doctor);
    doctor_terminal(&doctor);
    doctor_profile(&doctor, &there);
    if (there) {
        doctor_disk(&doctor);
        doctor_network(&doctor);
        if (open_client(&doctor)) {
            doctor_link(&doctor);
            doctor_registry(&doctor);
        }
    }
    return doctor.bad == 0 ? CLASS_OK : CLASS_FAILED;
}
