/* session.c - see session.h. */
#include "client/cli/session.h"

#include "client/cli/out.h"
#include "client/cli/passphrase.h"
#include "client/core/link.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { FETCHED_SECONDS = 60 };

static const struct {
    const char *name, *label;
} nets[] = {
    [NET_OFFLINE] = {"offline", N_("no link wanted")},
    [NET_CONNECTING] = {"connecting", N_("connecting")},
    [NET_SYNCING] = {"syncing", N_("catching up")},
    [NET_LIVE] = {"live", N_("connected")},
    [NET_SILENT] = {"silent", N_("the daemon does not answer")},
    [NET_DOWN] = {"down", N_("no link")},
    [NET_STRANGER] = {"stranger", N_("no link: what answers at the address is not our daemon, or has another key; see "
                                     "duban doctor")},
    [NET_REFUSED] = {"refused", N_("the daemon does not admit this key: ask the administrator for a new ticket")},
    [NET_VERSION] = {"version", N_("the daemon speaks another protocol: update this program")},
    [NET_TAKEN] = {"taken", N_("this key connected from somewhere else")},
    [NET_REWRITTEN] = {"rewritten",
                       N_("the daemon's history is not the one this client knows: tell the administrator at once")},
    [NET_FOLLOWING] = {"following", N_("another window of yours has the connection")},
};

const char *net_name(enum net_state net)
{
    return nets[net].name;
}

const char *net_label(enum net_state net)
{
    return nets[net].label;
}

/* ---- the profile ---- */

static enum err refuse_several(char (*names)[PROFILE_NAME_MAX + 1], unsigned count, struct refusal *why)
{
    char text[REFUSAL_TEXT_MAX];
    struct str str = str_in(text, sizeof text);
    str_put(&str, "--profile");
    for (unsigned i = 0; i < count; i++)
        str_printf(&str, " %s", names[i]);
    return refuse_text(why, ERR_USAGE, text);
}

enum err session_profile(struct cli *cli, struct refusal *why)
{
    char(*names)[PROFILE_NAME_MAX + 1] = arena_get(&cli->arena, PROFILES_MAX * sizeof *names);
    const char *name = args_value(&cli->args, "profile");
    if (name == NULL) name = getenv("DUBAN_PROFILE");
    if (name != NULL && *name != '\0') return profile_load(name, &cli->profile, why);
    if (names == NULL) return refuse(why, ERR_MEMORY);
    unsigned count = profile_list(names);
    if (count == 0) return refuse(why, ERR_NO_KEY);
    return count == 1 ? profile_load(names[0], &cli->profile, why) : refuse_several(names, count, why);
}

enum err session_open(struct cli *cli, struct refusal *why)
{
    char passphrase[PASSPHRASE_ROOM], prompt[PROFILE_NAME_MAX + 80];
    uint8_t seed[SEED_BYTES];
    struct str str = str_in(prompt, sizeof prompt);
    if (cli->client != NULL) return OK; /* a session in lines stays open */
    enum err err = session_profile(cli, why);
    if (err != OK) return err;
    err = passphrase_given(&cli->args, passphrase, why);
    if (err == ERR_NOT_FOUND) {
        fill_template(&str, tr(N_("passphrase of {text}: ")), cli->profile.name, 0);
        err = passphrase_ask(prompt, passphrase, why);
    }
    if (err != OK) return err;
    err = profile_unlock(&cli->profile, passphrase, seed);
    sodium_memzero(passphrase, sizeof passphrase);
    if (err != OK) return refuse_text(why, err, "key");
    if (cli->profile.training) say(tr(N_("TRAINING: a scratch registry; nothing of this is real")));
    err = client_open(&cli->profile, seed, &cli->client, why);
    sodium_memzero(seed, sizeof seed);
    return err;
}

void session_close(struct cli *cli)
{
    client_close(cli->client);
    cli->client = NULL;
    arena_clear(&cli->arena);
}

/* ---- the link ---- */

/* While another window has the connection, the view is as good as what it last confirmed. */
static bool is_current(const struct cli *cli)
{
    struct client_status status;
    client_status(cli->client, &status);
    if (status.net == NET_LIVE) return true;
    int64_t age = client_now(cli->client).s - status.confirmed.s;
    bool fresh = age < (PING_SECONDS + ANSWER_SECONDS) * client_model(cli->client)->rate;
    return status.net == NET_FOLLOWING && client_actor(cli->client) != NULL && fresh && !client_lacks(cli->client, 0);
}

bool session_hopeless(const struct cli *cli)
{
    struct client_status status;
    client_status(cli->client, &status);
    return status.net == NET_REFUSED || status.net == NET_VERSION || status.net == NET_TAKEN ||
           status.net == NET_REWRITTEN || status.net == NET_OFFLINE;
}

bool session_step(struct cli *cli, unsigned *events)
{
    int64_t left = cli->until_ms - now_ms();
    if (left <= 0) return false;
    unsigned happened = client_step(cli->client, left < INT32_MAX ? (int)left : INT32_MAX, NULL, NULL, 0);
    if (events != NULL) *events = happened;
    return true;
}

static void say_stale(const struct cli *cli)
{
    struct client_status status;
    char time[40], line[400];
    struct str when = str_in(time, sizeof time), str = str_in(line, sizeof line);
    client_status(cli->client, &status);
    str_stamp(&when, status.confirmed);
    fill_template(&str, tr(N_("as of {text}, ")), time, 0);
    str_put(&str, tr(net_label(status.net == NET_CONNECTING || status.net == NET_SYNCING ? NET_DOWN : status.net)));
    say(line);
    if (status.coming == VIEW_DONE) return;
    str = str_in(line, sizeof line);
    str_printf(&str, tr(N_("only %u of some %u records have come yet: lists and sums are not complete")), status.come,
               status.of);
    say(line);
}

static enum err fault_of(const struct cli *cli)
{
    struct client_status status;
    client_status(cli->client, &status);
    if (status.net == NET_VERSION) return ERR_VERSION;
    if (status.net == NET_REWRITTEN) return ERR_REWRITTEN;
    return status.net == NET_REFUSED || status.net == NET_TAKEN ? ERR_REFUSED : ERR_NO_LINK;
}

enum err session_ready(struct cli *cli, long seconds, struct refusal *why)
{
    long wait;
    enum err err = args_number(&cli->args, "wait", WAIT_MAX, seconds, &wait, why);
    if (err != OK) return err;
    cli->until_ms = now_ms() + 1000 * wait;
    if (!args_flag(&cli->args, "offline")) client_connect(cli->client, true);
    while (!is_current(cli) && !session_hopeless(cli) && session_step(cli, NULL))
        continue;
    cli->current = is_current(cli);
    if (client_actor(cli->client) == NULL && client_model(cli->client)->position == 0)
        return refuse(why, fault_of(cli));
    if (!cli->current) say_stale(cli);
    return OK;
}

/* Says on stderr what is looked at: the output itself is as it would have been then. */
static void say_past(const struct past_view *past)
{
    char time[40], line[200];
    struct str when = str_in(time, sizeof time), str = str_in(line, sizeof line);
    str_stamp(&when, past->moment);
    fill_template(&str, tr(N_("the registry as it stood on {text}, journal entry {n}")), time, (int64_t)past->number);
    say(line);
}

static enum err go_back(struct cli *cli, const struct moment *moment, struct refusal *why)
{
    struct client_status status;
    enum err err = client_go_back(cli->client, moment) ? OK : ERR_NO_LINK;
    client_status(cli->client, &status);
    if (err != OK && status.net == NET_FOLLOWING) say(tr(net_label(NET_FOLLOWING)));
    if (err != OK) return refuse(why, err);
    while (client_past(cli->client) == NULL && client_past_error(cli->client) == ERR_PAST_BUSY &&
           !session_hopeless(cli) && session_step(cli, NULL))
        continue;
    if (client_past(cli->client) == NULL) return refuse(why, client_past_error(cli->client));
    say_past(client_past(cli->client));
    return OK;
}

enum err session_read_as_of(struct cli *cli, const char *text, struct refusal *why)
{
    struct moment moment;
    char wrong[REFUSAL_TEXT_MAX];
    struct str str = str_in(wrong, sizeof wrong);
    str_printf(&str, "%s (YYYY-MM-DD, \"YYYY-MM-DD HH:MM\", #N)", text);
    if (!past_parse(text, &moment)) return refuse_text(why, ERR_USAGE, wrong);
    enum err err = session_open(cli, why);
    if (err == OK) err = session_ready(cli, WAIT_READ, why);
    if (args_value(&cli->args, "wait") == NULL) cli->until_ms = now_ms() + 1000 * WAIT_PAST;
    return err == OK ? go_back(cli, &moment, why) : err;
}

enum err session_read(struct cli *cli, struct refusal *why)
{
    const char *as_of = args_value(&cli->args, "as_of");
    if (as_of == NULL) as_of = cli->moment;
    if (as_of != NULL) return session_read_as_of(cli, as_of, why);
    enum err err = session_open(cli, why);
    return err == OK ? session_ready(cli, WAIT_READ, why) : err;
}

void session_await(struct cli *cli)
{
    while (client_waits(cli->client) && !session_hopeless(cli) && session_step(cli, NULL))
        continue;
}

enum known session_fetch(struct cli *cli, unsigned kind, uint64_t id, stamp_t *as_of)
{
    enum known known = client_knows(cli->client, kind, id, &cli->arena, as_of);
    if (known == KNOWN_WHOLE || !client_fetch(cli->client, kind, id)) return known;
    session_await(cli);
    return client_knows(cli->client, kind, id, &cli->arena, as_of);
}

enum err session_ask(struct cli *cli, const struct query *query, const struct result **result, struct refusal *why)
{
    struct client_status status;
    uint64_t tag;
    client_status(cli->client, &status);
    *result = NULL;
    if (status.net == NET_FOLLOWING) say(tr(net_label(NET_FOLLOWING)));
    if (!client_ask(cli->client, query, &tag)) return refuse(why, ERR_NO_LINK);
    while ((*result = client_result(cli->client, tag)) == NULL && session_step(cli, NULL))
        continue;
    if (*result == NULL) return refuse(why, ERR_NO_LINK);
    return (*result)->err == OK ? OK : refuse(why, (*result)->err);
}

bool session_is_old(const struct cli *cli, stamp_t as_of)
{
    return client_now(cli->client).s - as_of.s > FETCHED_SECONDS * client_model(cli->client)->rate;
}

struct show session_show(const struct cli *cli, struct arena *arena, bool names_only)
{
    return (struct show){.space = client_space(cli->client), .arena = arena, .names_only = names_only};
}
