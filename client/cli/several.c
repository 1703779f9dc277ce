/* several.c - `KIND ACTION ID ID...` and `KIND ACTION --all-from FILE`: the same act for many records. All are tried
 * first; unless --skip-bad says so, nothing is sent when one of them is surely refused. --dry-run only tries. */
#include "client/cli/acting.h"
#include "client/cli/cell.h"
#include "client/cli/export.h"
#include "client/cli/grid.h"
#include "client/cli/out.h"
#include "client/cli/reading.h"

#include <ctype.h>
#include <string.h>

enum { SEVERAL_MAX = 2000, LINE_WORDS_MAX = 8, FILE_BYTES_MAX = 256 * 1024, TRY_BYTES = 8 << 20 };

enum several { SEVERAL_BAD, SEVERAL_GOOD, SEVERAL_WAITS, SEVERAL_DONE, SEVERAL_REFUSED };

struct several_row {
    const char *words[LINE_WORDS_MAX]; /* by which it was named */
    unsigned count;
    struct acting job;
    enum several result;
    uint64_t counter;
    struct refusal why;
};

struct doing {
    const struct verb_call *call;
    struct cli *cli;
    struct several_row *rows; /* in cli->arena */
    unsigned count, bad;
};

/* ---- which records ---- */

static bool is_number(const char *word)
{
    if (*word == '#') word++;
    for (; isdigit((unsigned char)*word); word++)
        if (word[1] == '\0') return true;
    return false;
}

/* Ids are not taken for the words of one record, where these can be numbers, too. */
static bool are_ids(const struct verb_call *call)
{
    struct naming naming = naming_of(call->action->kind, call->action);
    bool numbers = naming.count > 1;
    for (unsigned i = 0; i < call->count; i++)
        if (!is_number(call->words[i])) return false;
    for (unsigned i = 0; i < naming.count && i < call->count; i++) {
        enum type type = field_row(call->action->kind, naming.fields[i])->type;
        numbers = numbers && (type == TYPE_INT || type == TYPE_REF);
    }
    return call->count > 1 && !numbers && call->action->from != 1;
}

bool acting_is_several(const struct verb_call *call)
{
    const struct args *args = &call->cli->args;
    return args_value(args, "all_from") != NULL || args_flag(args, "dry_run") || are_ids(call);
}

static struct several_row *next_row(struct doing *job)
{
    return job->count < SEVERAL_MAX ? &job->rows[job->count++] : NULL;
}

/* A line names a record as words of a command line do; an empty one none. */
static enum err read_line(struct doing *job, struct text line, struct refusal *why)
{
    struct several_row *row = NULL;
    const char *at = line.at, *end = line.at + line.length;
    while (at < end) {
        size_t length = 0;
        while (at < end && strchr(" \t\r", *at) != NULL)
            at++;
        while (at + length < end && strchr(" \t\r", at[length]) == NULL)
            length++;
        if (length == 0) break;
        if (row == NULL && (row = next_row(job)) == NULL) return refuse(why, ERR_LIMIT);
        if (row->count == LINE_WORDS_MAX) return refuse_text(why, ERR_USAGE, row->words[0]);
        const char *word = arena_copy(&job->cli->arena, at, length);
        if (word == NULL) return refuse(why, ERR_MEMORY);
        row->words[row->count++] = word;
        at += length;
    }
    return OK;
}

static enum err read_file(struct doing *job, const char *path, struct refusal *why)
{
    struct text text;
    char name[400];
    struct str str = str_in(name, sizeof name);
    str_printf(&str, "%s%s", strcmp(path, "-") == 0 ? "" : "@", path);
    text = text_of(name);
    enum err err = read_note(&text, &job->cli->arena, why);
    for (uint32_t at = 0; err == OK && at < text.length;) {
        const char *end = memchr(text.at + at, '\n', text.length - at);
        uint32_t length = end != NULL ? (uint32_t)(end - text.at) - at : text.length - at;
        err = read_line(job, (struct text){text.at + at, length}, why);
        at += length + 1;
    }
    if (err == OK && job->count == 0) return refuse_text(why, ERR_USAGE, path);
    return err;
}

static enum err read_names(struct doing *job, struct refusal *why)
{
    const struct verb_call *call = job->call;
    const char *path = args_value(&job->cli->args, "all_from");
    job->rows = arena_get(&job->cli->arena, SEVERAL_MAX * sizeof *job->rows);
    if (job->rows == NULL) return refuse(why, ERR_MEMORY);
    if (path != NULL && call->count > 0) return refuse_text(why, ERR_USAGE, call->words[0]);
    if (path != NULL) return read_file(job, path, why);
    bool ids = are_ids(call);
    for (unsigned i = 0; i < call->count; i++) {
        struct several_row *row = ids || i == 0 ? next_row(job) : &job->rows[0];
        if (row->count == LINE_WORDS_MAX) return refuse_text(why, ERR_USAGE, call->words[i]);
        row->words[row->count++] = call->words[i];
    }
    return job->count > 0 || next_row(job) != NULL ? OK : refuse(why, ERR_LIMIT);
}

/* ---- trying ---- */

static enum err try_row(struct doing *job, struct several_row *row, const struct acting *form, struct arena *arena)
{
    const struct action *action = job->call->action;
    struct act *act = arena_get(arena, sizeof *act);
    row->job = *form;
    enum err err = acting_find(&row->job, row->words, row->count, &row->why);
    if (err != OK || act == NULL) return err != OK ? err : refuse(&row->why, ERR_MEMORY);
    if (acting_builds_on_waiting(&row->job)) return OK;
    err = client_try(job->cli->client, action->kind, action->wire, (uint64_t)row->job.target.id, &row->job.args,
                     row->job.given, arena, act);
    if (err == OK || daemon_may_differ(job->cli, err)) return OK;
    row->why = act->why;
    return err;
}

static enum err try_all(struct doing *job, struct refusal *why)
{
    struct acting form = {.call = job->call,
                          .cli = job->cli,
                          .args = record_make(job->call->kind->wire, 0),
                          .naming = naming_of(job->call->kind->wire, job->call->action)};
    struct arena arena;
    enum err err = acting_open(&form, why);
    if (err == OK) err = acting_fields(&form, why); /* once: a note may come from the standard input */
    if (err != OK) return err;
    arena_init(&arena, TRY_BYTES);
    for (unsigned i = 0; i < job->count; i++) {
        arena_reuse(&arena);
        bool good = try_row(job, &job->rows[i], &form, &arena) == OK;
        job->rows[i].result = good ? SEVERAL_GOOD : SEVERAL_BAD;
        job->bad += !good;
    }
    arena_clear(&arena);
    return OK;
}

/* ---- sending ---- */

static void send_row(struct doing *job, struct several_row *row)
{
    const struct acting *one = &row->job;
    const struct action *action = job->call->action;
    enum err err = client_submit(job->cli->client, action->kind, action->wire, one->target.id, &one->args, one->given,
                                 &row->counter);
    row->result = err == OK ? SEVERAL_WAITS : SEVERAL_REFUSED;
    if (err != OK) refuse(&row->why, err);
}

/* Does the daemon's word on some of them have to come yet? Notes those that have come. As after a single act, only one
 * whose base has changed stays in the outbox. */
static bool some_wait(struct doing *job)
{
    bool some = false;
    for (unsigned i = 0; i < job->count; i++) {
        struct several_row *row = &job->rows[i];
        if (row->result != SEVERAL_WAITS) continue;
        const struct out_item *item = client_outcome(job->cli->client, row->counter);
        if (item == NULL || item->state == OUT_ACCEPTED) {
            row->result = SEVERAL_DONE;
        } else if (item->state == OUT_REFUSED) {
            row->result = SEVERAL_REFUSED;
            row->why = item->why;
            if (row->why.err != ERR_CONFLICT) client_discard(job->cli->client, row->counter);
        } else
            some = true;
    }
    return some && !args_flag(&job->cli->args, "no_wait");
}

/* ---- telling ---- */

static const char *const names[] = {[SEVERAL_BAD] = "bad",
                                    [SEVERAL_GOOD] = "good",
                                    [SEVERAL_WAITS] = "waiting",
                                    [SEVERAL_DONE] = "done",
                                    [SEVERAL_REFUSED] = "refused"};

static const char *words_of(enum several result)
{
    switch (result) {
    case SEVERAL_BAD: return tr(N_("can't be done"));
    case SEVERAL_GOOD: return tr(N_("good, not sent"));
    case SEVERAL_WAITS: return tr(N_("waits in the outbox"));
    case SEVERAL_DONE: return tr(N_("done"));
    case SEVERAL_REFUSED: return tr(N_("refused by the daemon"));
    }
    return "";
}

static bool has_fault(const struct several_row *row)
{
    return row->result == SEVERAL_BAD || row->result == SEVERAL_REFUSED;
}

static void put_name(const struct several_row *row, struct str *out)
{
    for (unsigned i = 0; i < row->count; i++) {
        if (i > 0) str_put(out, " ");
        str_put(out, row->words[i]);
    }
}

static void tell_json(struct doing *job)
{
    for (unsigned i = 0; i < job->count; i++) {
        const struct several_row *row = &job->rows[i];
        struct json json = {.file = stdout};
        char name[400];
        struct str str = str_in(name, sizeof name);
        put_name(row, &str);
        json_object(&json, NULL);
        json_string(&json, "named", name);
        json_string(&json, "result", names[row->result]);
        if (row->job.target.id > 0) json_int(&json, "id", row->job.target.id);
        if (row->counter != 0) json_int(&json, "counter", (int64_t)row->counter);
        if (has_fault(row)) refusal_json(&json, &row->why);
        json_end(&json);
    }
}

static void tell_grid(struct doing *job)
{
    struct show show = session_show(job->cli, &job->cli->arena, false);
    struct grid grid;
    grid_start(&grid, &job->cli->arena);
    grid_column(&grid, tr(job->call->kind->label), false);
    grid_column(&grid, tr(N_("result")), false);
    grid_column(&grid, tr(N_("reason")), false);
    for (unsigned i = 0; i < job->count; i++) {
        const struct several_row *row = &job->rows[i];
        struct record record;
        char name[600], why[600] = "";
        struct str str = str_in(name, sizeof name), reason = str_in(why, sizeof why);
        uint64_t id = row->job.target.id > 0 ? (uint64_t)row->job.target.id : 0;
        if (id != 0 && state_get(show.space, job->call->kind->wire, id, show.arena, &record) == OK)
            show_title(&show, &record, &str);
        else
            put_name(row, &str);
        if (has_fault(row)) show_refusal(&row->why, &reason);
        grid_put(&grid, name);
        grid_put(&grid, words_of(row->result));
        grid_put(&grid, why);
    }
    grid_show(job->cli, &grid);
}

static int status_of(const struct doing *job)
{
    const struct args *args = &job->cli->args;
    int status = CLASS_OK;
    for (unsigned i = 0; i < job->count; i++) {
        const struct several_row *row = &job->rows[i];
        if (row->result == SEVERAL_REFUSED || (row->result == SEVERAL_BAD && !args_flag(args, "skip_bad")))
            return CLASS_REFUSED;
        if (row->result == SEVERAL_WAITS && !args_flag(args, "no_wait")) status = CLASS_NO_SERVER;
    }
    return status;
}

static int tell_all(struct doing *job)
{
    if (args_flag(&job->cli->args, "json"))
        tell_json(job);
    else
        tell_grid(job);
    if (args_flag(&job->cli->args, "dry_run"))
        say(tr(N_("a trial only: nothing was sent")));
    else if (job->bad > 0 && !args_flag(&job->cli->args, "skip_bad"))
        say(tr(N_("nothing was sent: leave out what can't be done, or say --skip-bad")));
    return status_of(job);
}

/* ---- the whole ---- */

/* Grave acts are confirmed, all at once. */
static enum err confirm(const struct doing *job, struct refusal *why)
{
    const struct action *action = job->call->action;
    char question[300];
    struct str str = str_in(question, sizeof question);
    if ((action->flags & A_GRAVE) == 0 || args_flag(&job->cli->args, "yes")) return OK;
    str_put(&str, tr(action->label));
    str_put(&str, tr(N_(": ")));
    str_put(&str, tr(action->then));
    fill_template(&str, tr(N_(": so many records: {n}")), "", job->count - job->bad);
    if (!on_terminal()) {
        say(question);
        return refuse_text(why, ERR_USAGE, N_("this needs --yes, or an answer on a terminal"));
    }
    return ask_yes(question) ? OK : refuse_text(why, ERR_USAGE, N_("not confirmed"));
}

int verb_several(const struct verb_call *call)
{
    struct doing job = {.call = call, .cli = call->cli};
    struct refusal why = {.err = OK};
    bool skips = args_flag(&call->cli->args, "skip_bad"), dry = args_flag(&call->cli->args, "dry_run");
    if (call->action->kind == KIND_device && call->action->wire == ACT_device_invite)
        return cli_end(refuse_text(&why, ERR_USAGE, call->action->name), &why); /* one ticket at a time */
    enum err err = read_names(&job, &why);
    if (err == OK) err = try_all(&job, &why);
    if (err != OK) return cli_end_target(call, err, &why);
    if (dry || (job.bad > 0 && !skips) || job.bad == job.count) return tell_all(&job);
    err = confirm(&job, &why);
    if (err != OK) return cli_end(err, &why);
    for (unsigned i = 0; i < job.count; i++)
        if (job.rows[i].result == SEVERAL_GOOD) send_row(&job, &job.rows[i]);
    while (some_wait(&job) && !session_hopeless(job.cli) && session_step(job.cli, NULL))
        continue;
    return tell_all(&job);
}
