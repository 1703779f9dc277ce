/* set_clock.c - duband clock: shows a registry's time; sets that of a demo or training registry.
 *
 * A daemon that serves the registry moves its clock itself (what runs out by that runs out at once), asked over
 * its control socket. The journal's time never goes back, so neither does the clock. */
#include "server/set_clock.h"

#include "server/commands.h"
#include "server/console.h"
#include "server/options.h"

#include "proto/number.h"
#include "proto/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ASK_TIMEOUT_MS = 30000, RATE_MAX = 1000000 };

/* What is asked for: the parts that were given. */
struct wish {
    bool moves;
    stamp_t at;
    int64_t rate; /* 0: as it is */
    const char *reason;
};

bool rate_parse(const char *text, int64_t *rate)
{
    return number_parse(text_of(text), 1, rate) && *rate >= 1 && *rate <= RATE_MAX;
}

/* The fields of the act, from what is asked for and how the clock runs. ERR_USAGE: it would go back. */
static enum err fill_args(const struct wish *wish, const struct clock *clock, stamp_t now, struct record *args,
                          struct refusal *why)
{
    stamp_t at = wish->moves ? wish->at : now;
    if (at.s < now.s) return refuse_text(why, ERR_USAGE, N_("the registry's time can't go back"));
    rec_set(args, registry_clock_real, clock_real().s);
    rec_set(args, registry_clock_shown, at.s);
    rec_set(args, registry_clock_rate, wish->rate != 0 ? wish->rate : clock->rate);
    if (wish->reason != NULL) rec_set_text(args, registry_reason, text_of(wish->reason));
    return OK;
}

static void put_clock(const struct clock *clock, stamp_t now, struct str *out)
{
    str_stamp(out, now);
    str_printf(out, " rate %lld%s", (long long)clock->rate, clock->shifted ? " shifted" : "");
}

/* ---- the daemon's side ---- */

static stamp_t serve_now(const struct serve *serve)
{
    stamp_t now = clock_now(&serve->clock), head = serve->engine.head.time;
    return now.s > head.s ? now : head;
}

/* "SECONDS RATE REASON", -1 and 0 for what stays, or nothing at all. */
static bool read_wish(const char *line, struct wish *wish)
{
    char *end;
    *wish = (struct wish){.at = {strtoll(line, &end, 10)}};
    if (end == line) return false;
    wish->moves = wish->at.s >= 0;
    wish->rate = strtoll(end, &end, 10);
    if (*end == ' ' && end[1] != '\0') wish->reason = end + 1;
    return wish->rate >= 0 && wish->rate <= RATE_MAX;
}

void serve_clock_line(struct serve *serve, const char *line, struct str *out)
{
    struct wish wish;
    struct refusal why = {.err = OK};
    struct record args = record_make(KIND_registry, 0);
    if (read_wish(line, &wish)) {
        enum err err = fill_args(&wish, &serve->clock, serve_now(serve), &args, &why);
        stamp_t time = {rec_num(&args, registry_clock_shown)};
        if (err == OK) serve_console(serve, ACT_registry_set_clock, 1, time, &args, &why);
        if (why.err == OK) serve_clocks(serve);
    }
    if (why.err == OK) {
        str_put(out, "OK ");
        put_clock(&serve->clock, serve_now(serve), out);
    } else
        str_printf(out, "%d %s", (int)why.err, why.text);
}

/* ---- the command ---- */

static enum err ask_daemon(const char *directory, const struct wish *wish, bool sets, struct str *told,
                           struct refusal *why)
{
    char endpoint[2200], line[CLOCK_LINE_MAX], answer[600];
    struct str str = str_in(line, sizeof line);
    snprintf(endpoint, sizeof endpoint, "ipc://%s/control", directory);
    str_put(&str, "clock");
    if (sets) {
        str_printf(&str, " %lld %lld", wish->moves ? (long long)wish->at.s : -1ll, (long long)wish->rate);
        if (wish->reason != NULL) str_printf(&str, " %s", wish->reason);
    }
    if (str.cut) return refuse_text(why, ERR_USAGE, "--reason");
    enum err err = control_ask(endpoint, line, ASK_TIMEOUT_MS, answer, sizeof answer);
    if (err != OK) return refuse(why, err);
    if (strncmp(answer, "OK ", 3) == 0) {
        str_put(told, answer + 3);
        return OK;
    }
    char *end;
    long number = strtol(answer, &end, 10);
    return refuse_text(why, number > 0 ? (enum err)number : ERR_INTERNAL, *end == ' ' ? end + 1 : answer);
}

/* Nobody serves it. The act bears the time that is set: there the clock goes on when it is served again. */
static enum err set_at_rest(struct console *console, const struct wish *wish, const struct clock *clock,
                            struct refusal *why)
{
    struct record args = record_make(KIND_registry, 1);
    enum err err = fill_args(wish, clock, console->now, &args, why);
    if (err != OK) return err;
    console->now.s = rec_num(&args, registry_clock_shown);
    err = console_begin(console, why);
    if (err == OK) err = console_do(console, ACT_registry_set_clock, &args, NULL, why);
    return err == OK ? console_commit(console, why) : err;
}

static enum err at_rest(struct console *console, const struct wish *wish, bool sets, struct str *told,
                        struct refusal *why)
{
    struct record registry;
    struct clock clock;
    enum err err = console_registry(console, &registry);
    if (err != OK) return refuse_text(why, err, "registry");
    clock_init(&clock, &registry);
    arena_reuse(&console->arena);
    if (sets) err = set_at_rest(console, wish, &clock, why);
    if (err == OK && wish->rate != 0) clock.rate = wish->rate;
    put_clock(&clock, console->now, told);
    return err;
}

int command_clock(int argc, char **argv)
{
    struct wish wish = {.rate = 0};
    const char *at = NULL, *rate = NULL, *directory;
    const struct option_row rows[] = {{"at", &at, NULL}, {"rate", &rate, NULL}, {"reason", &wish.reason, NULL}};
    struct console console;
    struct refusal why = {.err = OK};
    char told[200] = "";
    struct str out = str_in(told, sizeof told);
    if (!options_read(argc, argv, rows, 3, &directory, 1)) return CLASS_USAGE;
    wish.moves = at != NULL;
    bool sets = at != NULL || rate != NULL;
    if (at != NULL && !stamp_parse(at, &wish.at)) return command_end(refuse_text(&why, ERR_USAGE, at), &why);
    if (rate != NULL && !rate_parse(rate, &wish.rate)) return command_end(refuse_text(&why, ERR_USAGE, rate), &why);
    enum err err = console_open(&console, directory, &why);
    if (err == ERR_BUSY)
        err = ask_daemon(directory, &wish, sets, &out, &why);
    else if (err == OK) {
        err = at_rest(&console, &wish, sets, &out, &why);
        console_close(&console);
    }
    if (err == OK) printf("%s\n", told);
    return command_end(err, &why);
}
