/* watch.c - `duban watch`: a line for each push, until it is stopped.
 *
 * While this process has the connection, pushes arrive here with who did what. While another window of the
 * operator has it, changes are found by comparing the records' versions; then only the records are known.
 * Losing the link is said on stderr; what happened meanwhile follows when it is back. */
#include "client/cli/cell.h"
#include "client/cli/out.h"
#include "client/cli/verbs.h"
#include "client/core/notice.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* What was known of a record when it was last looked at. */
struct seen {
    uint8_t kind;
    uint64_t id, version;
};

struct watching {
    struct cli *cli;
    bool json;
    long left;          /* lines; -1: no end */
    enum net_state net; /* as last said */
    struct seen *seen;  /* ascending; malloc'ed */
    unsigned count, room;
    struct arena scratch; /* of one line */
    bool failed;
};

static void line_done(struct watching *job)
{
    if (fflush(stdout) != 0) job->failed = true;
    if (job->left > 0) job->left--;
}

/* ---- lines ---- */

static void change_json(struct json *json, const struct show *show, const struct wire_change *change)
{
    static const char *const ops[] = {[OP_DIFF] = "changed", [OP_WHOLE] = "whole", [OP_GONE] = "gone"};
    json_object(json, NULL);
    record_json(json, &change->record);
    json_string(json, "op", ops[change->op]);
    json_object(json, "fields");
    if (change->op != OP_GONE) cells_json(json, show, &change->record, change->mask);
    json_end(json);
    json_end(json);
}

/* entry NULL: a change that is known without who made it. */
static void print_json(struct watching *job, const struct wire_entry *entry, const struct wire_change *changes,
                       unsigned count)
{
    struct json json = {.file = stdout};
    struct show show = session_show(job->cli, &job->scratch, true);
    char unit[200];
    struct str str = str_in(unit, sizeof unit);
    const struct kind *kind = entry != NULL ? kind_row(entry->kind) : kind_row(changes[0].record.kind);
    const struct action *action = entry != NULL ? action_row(entry->kind, entry->action) : NULL;
    if (entry != NULL && entry->unit != 0) show_ref(&show, KIND_unit, entry->unit, &str);
    json_object(&json, NULL);
    json_int(&json, "number", (int64_t)(entry != NULL ? entry->number : changes[0].record.version));
    json_stamp(&json, "time", entry != NULL ? entry->time : (stamp_t){0});
    json_string(&json, "unit", entry != NULL && entry->unit != 0 ? unit : NULL);
    json_int(&json, "unit_id", entry != NULL ? (int64_t)entry->unit : 0);
    json_string(&json, "kind", kind != NULL ? kind->name : NULL);
    json_string(&json, "action", action != NULL ? action->name : NULL);
    json_array(&json, "changes");
    for (unsigned i = 0; i < count; i++)
        if (kind_row(changes[i].record.kind) != NULL) change_json(&json, &show, &changes[i]);
    json_end(&json);
    json_end(&json);
    line_done(job);
}

static void print_notice(struct watching *job, const struct wire_entry *entry)
{
    struct notice notice;
    if (!notice_of(job->cli->client, entry, &job->scratch, &notice)) return;
    out_printf(stdout, "%s\n", notice.line);
    line_done(job);
}

/* "monthly report 2009-09 YY09-Z031: returned", for records that this operator keeps whole. */
static void print_change(struct watching *job, const struct wire_change *change)
{
    struct show show = session_show(job->cli, &job->scratch, false);
    const struct actor *actor = client_actor(job->cli->client);
    struct record record;
    char line[1200];
    struct str str = str_in(line, sizeof line);
    if (change->op == OP_GONE || actor == NULL) return;
    if (change->record.kind == KIND_registry || change->record.kind == KIND_schedule) return; /* clockwork, no news */
    if (state_get(show.space, change->record.kind, change->record.id, &job->scratch, &record) != OK) return;
    if (may_see(show.space, &record, actor, &job->scratch) != SEE_FULL) return;
    put_record(&show, &record, &str);
    str_printf(&str, ": %s", show_state(&record));
    out_printf(stdout, "%s\n", line);
    line_done(job);
}

/* ---- what is known already ---- */

static struct seen *find_seen(struct watching *job, unsigned kind, uint64_t id)
{
    unsigned low = 0, high = job->count;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        const struct seen *row = &job->seen[middle];
        if (row->kind < kind || (row->kind == kind && row->id < id))
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < job->count && job->seen[low].kind == kind && job->seen[low].id == id;
    return found ? &job->seen[low] : NULL;
}

/* A change that has a line needs no second one. */
static void note_seen(struct watching *job, const struct wire_change *change)
{
    struct seen *row = find_seen(job, change->record.kind, change->record.id);
    if (row != NULL) row->version = change->record.version;
}

static bool append(struct watching *job, struct seen row)
{
    if (job->count == job->room) {
        unsigned room = job->room > 0 ? 2 * job->room : 1024;
        struct seen *grown = realloc(job->seen, room * sizeof *grown);
        if (grown == NULL) return false;
        job->seen = grown;
        job->room = room;
    }
    job->seen[job->count++] = row;
    return true;
}

static void print_found(struct watching *job, const struct record *record)
{
    struct wire_change change = {.op = OP_WHOLE, .record = *record, .mask = record_mask(record)};
    if (job->left == 0) return;
    if (job->json)
        print_json(job, NULL, &change, 1);
    else
        print_change(job, &change);
}

/* Looks through the view; `tell`: what is newer than before gets a line. */
static void look_through(struct watching *job, bool tell)
{
    struct watching before = *job;
    const struct space *space = client_space(job->cli->client);
    job->seen = NULL;
    job->count = job->room = 0;
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        for (uint64_t id = 0; (id = state_next_id(space, kind->wire, id)) > 0;) {
            struct record record;
            arena_reuse(&job->scratch);
            if (state_get(space, kind->wire, id, &job->scratch, &record) != OK) continue;
            const struct seen *old = find_seen(&before, kind->wire, id);
            bool newer = old == NULL ? before.count > 0 : old->version != record.version;
            if (!append(job, (struct seen){kind->wire, id, record.version})) job->failed = true;
            if (tell && newer) print_found(job, &record);
        }
    }
    free(before.seen);
}

/* ---- pushes ---- */

static void on_push(void *self, const struct wire_entry *entry, const struct wire_change *change)
{
    struct watching *job = self;
    arena_reuse(&job->scratch);
    if (entry == NULL && change == NULL) return;
    if (change != NULL) note_seen(job, change);
    for (unsigned i = 0; entry != NULL && i < entry->count; i++)
        note_seen(job, &entry->changes[i]);
    if (job->left == 0) return;
    if (entry == NULL && job->json)
        print_json(job, NULL, change, 1);
    else if (entry == NULL)
        print_change(job, change);
    else if (job->json)
        print_json(job, entry, entry->changes, entry->count);
    else
        print_notice(job, entry);
}

/* ---- running ---- */

/* Says when the link is lost and when it is back. */
static void follow_link(struct watching *job)
{
    struct client_status status;
    char time[40];
    struct str str = str_in(time, sizeof time);
    client_status(job->cli->client, &status);
    bool was_up = job->net == NET_LIVE || job->net == NET_FOLLOWING;
    bool is_up = status.net == NET_LIVE || status.net == NET_FOLLOWING;
    bool passing = status.net == NET_CONNECTING || status.net == NET_SYNCING;
    if (passing || status.net == job->net) return;
    str_stamp(&str, status.confirmed);
    if (is_up && !was_up)
        say_about(tr(N_("connected; registry time {text}")), time);
    else if (!is_up) {
        char line[400];
        struct str words = str_in(line, sizeof line);
        str_put(&words, tr(net_label(status.net)));
        fill_template(&words, tr(N_("; the view is as of {text}")), time, 0);
        say(line);
    }
    job->net = status.net;
}

static int open_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int run(struct watching *job, int signals)
{
    struct cli *cli = job->cli;
    bool stopped = false;
    look_through(job, false);
    client_set_watch(cli->client, on_push, job);
    client_connect(cli->client, !args_flag(&cli->args, "offline"));
    while (!stopped && job->left != 0 && !job->failed) {
        bool followed = job->net == NET_FOLLOWING;
        unsigned events = client_step(cli->client, -1, &signals, &stopped, signals >= 0);
        if (events & EVENT_LINK) follow_link(job);
        if (events & EVENT_RECORDS) look_through(job, followed || job->net == NET_FOLLOWING);
    }
    client_set_watch(cli->client, NULL, NULL);
    return job->failed ? CLASS_FAILED : CLASS_OK;
}

int command_watch(struct cli *cli)
{
    struct watching job = {.cli = cli, .json = args_flag(&cli->args, "json"), .net = NET_OFFLINE};
    struct refusal why = {.err = OK};
    enum err err = cli_expect(cli, "json count", 0, 0, &why);
    if (err == OK) err = args_number(&cli->args, "count", 1000000000, -1, &job.left, &why);
    int signals = open_signals();
    if (err == OK) err = session_open(cli, &why);
    arena_init(&job.scratch, 32 << 20);
    int status = err == OK ? run(&job, signals) : cli_end(err, &why);
    arena_clear(&job.scratch);
    free(job.seen);
    if (signals >= 0) close(signals);
    return status;
}
