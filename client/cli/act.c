/* act.c - `KIND ACTION`: what an operator does with a record, put into the outbox and waited for.
 *
 * The form is checked on the view first, as the daemon would: what is surely wrong never leaves. An act that
 * the daemon refuses while somebody waits is told and taken out again; only one whose base has changed stays
 * for the operator to decide about (duban outbox). The passphrase that opened the key a moment ago stands for
 * the one that opinions ask for. */
#include "client/cli/acting.h"
#include "client/cli/cell.h"
#include "client/cli/out.h"
#include "client/cli/outcome.h"
#include "client/cli/reading.h"
#include "client/core/resolve.h"

#include <sodium.h>
#include <string.h>

#define ACT_OPTIONS COMMON_OPTIONS " json yes no_wait " MANY_OPTIONS

/* ---- the form ---- */

static enum err refuse_option(const char *name, struct refusal *why)
{
    char text[REFUSAL_TEXT_MAX];
    struct str str = str_in(text, sizeof text);
    str_printf(&str, "--%s", name);
    return refuse_text(why, ERR_USAGE, text);
}

static bool names_target(const struct acting *job, unsigned position)
{
    for (unsigned i = 0; i < job->naming.count; i++)
        if (job->naming.fields[i] == position) return true;
    return false;
}

/* The key of an invitation is no option: it follows from a code that is made here. */
static bool made_here(const struct action *action, unsigned position)
{
    return action->kind == KIND_device && action->wire == ACT_device_invite && position == device_transport_key;
}

bool act_asks(const struct action *action, unsigned position)
{
    return (field_row(action->kind, position)->fill >> action->wire & 1) && !made_here(action, position);
}

/* Every option is a field that the action fills in, or one of those that name the record. */
static enum err check_options(const struct acting *job, struct refusal *why)
{
    const struct args *args = &job->cli->args;
    const struct action *action = job->call->action;
    for (unsigned i = 0; i < args->option_count; i++) {
        const char *name = args->options[i].name;
        unsigned position;
        if (word_in(ACT_OPTIONS, name)) continue;
        const struct field *field = field_named(action->kind, name, &position);
        if (field == NULL && word_in(READ_OPTIONS, name)) return refuse(why, ERR_IN_PAST);
        bool filled = field != NULL && act_asks(action, position);
        if (!filled && (field == NULL || !names_target(job, position))) return refuse_option(name, why);
        for (unsigned j = 0; j < i; j++)
            if (strcmp(args->options[j].name, name) == 0) return refuse_option(name, why);
    }
    return OK;
}

enum err acting_fields(struct acting *job, struct refusal *why)
{
    const struct args *args = &job->cli->args;
    const struct action *action = job->call->action;
    for (unsigned i = 0; i < args->option_count; i++) {
        unsigned position;
        const struct field *field = field_named(action->kind, args->options[i].name, &position);
        if (word_in(ACT_OPTIONS, args->options[i].name) || field == NULL) continue;
        if ((field->fill >> action->wire & 1) == 0 || (job->target.given & FIELD_BIT(position))) continue;
        struct text text = text_of(args->options[i].value);
        enum err err = OK;
        if (field->type == TYPE_NOTE) err = read_note(&text, &job->cli->arena, why);
        if (err == OK)
            err = resolve_value(job->cli->client, action->kind, position, text, &job->cli->arena,
                                &job->args.values[position], why);
        if (err != OK) return err;
        job->given |= FIELD_BIT(position);
    }
    return OK;
}

/* The words that name a record to be made are among its fields. */
static void take_key(struct acting *job)
{
    const struct action *action = job->call->action;
    if (job->target.id != 0) return;
    for (unsigned i = 0; i < job->naming.count; i++) {
        unsigned position = job->naming.fields[i];
        if ((job->target.given & FIELD_BIT(position)) == 0) continue;
        if ((field_row(action->kind, position)->fill >> action->wire & 1) == 0) continue;
        job->args.values[position] = job->target.key.values[position];
        job->given |= FIELD_BIT(position);
    }
}

/* The daemon learns the public key of the code alone. */
static void make_ticket(struct acting *job)
{
    uint8_t public[KEY_BYTES], secret[KEY_BYTES];
    if (job->call->action->kind != KIND_device || job->call->action->wire != ACT_device_invite) return;
    const struct profile *profile = &job->cli->profile;
    job->invites = true;
    address_to_ticket(client_place(job->cli->client), &job->ticket);
    memcpy(job->ticket.server_transport, profile->card.server_transport, KEY_BYTES);
    randombytes_buf(job->ticket.code, sizeof job->ticket.code);
    ticket_transport(job->ticket.code, public, secret);
    sodium_memzero(secret, sizeof secret);
    const char *kept = arena_copy(&job->cli->arena, public, KEY_BYTES);
    if (kept == NULL) return;
    rec_set_text(&job->args, device_transport_key, (struct text){kept, KEY_BYTES});
    job->given |= FIELD_BIT(device_transport_key);
}

static void print_ticket(struct acting *job)
{
    char text[TICKET_TEXT_MAX];
    ticket_write(&job->ticket, text);
    if (!args_flag(&job->cli->args, "json")) printf("%s\n", text);
    sodium_memzero(text, sizeof text);
}

/* ---- trying and asking ---- */

bool daemon_may_differ(const struct cli *cli, enum err err)
{
    static const enum err incomplete[] = {ERR_NOT_FOUND, ERR_BAD_REF, ERR_CONFLICT, ERR_MEMORY, ERR_NO_LINK};
    static const enum err stale[] = {ERR_WRONG_STATE, ERR_NOT_ALLOWED,  ERR_EXISTS,         ERR_ENDED,
                                     ERR_IN_USE,      ERR_NO_PERMIT,    ERR_NO_REPORT_OWED, ERR_CORRECTING,
                                     ERR_BELOW_LAST,  ERR_DOES_NOT_ADD, ERR_MONTH_AHEAD};
    for (size_t i = 0; i < sizeof incomplete / sizeof *incomplete; i++)
        if (incomplete[i] == err) return true;
    for (size_t i = 0; !cli->current && i < sizeof stale / sizeof *stale; i++)
        if (stale[i] == err) return true;
    return false;
}

/* Do acts of ours wait that the view does not show yet? */
bool acting_builds_on_waiting(const struct acting *job)
{
    const struct outbox *outbox = client_outbox(job->cli->client);
    if (job->target.id < 0) return true;
    for (unsigned i = 0; i < outbox->count; i++) {
        const struct out_item *item = &outbox->items[i];
        bool waits = item->state == OUT_WAITING || item->state == OUT_HELD;
        if (waits && item->kind == job->call->action->kind && job->target.id != 0 && item->target == job->target.id)
            return true;
    }
    return false;
}

/* "dissolve unit 某某: it becomes "dissolved", for good; 3 other records change with it" */
static void describe(const struct acting *job, const struct act *act, bool tried, struct str *out)
{
    const struct action *action = job->call->action;
    struct show show = session_show(job->cli, &job->cli->arena, false);
    struct record record;
    str_put(out, tr(action->label));
    str_put(out, ": ");
    if (tried)
        put_record(&show, &act->changes[0]->after, out);
    else if (state_get(show.space, action->kind, (uint64_t)job->target.id, show.arena, &record) == OK)
        put_record(&show, &record, out);
    const struct state_row *state = state_row(action->kind, tried ? rec_state(&act->changes[0]->after) : action->to);
    if (state != NULL) fill_template(out, tr(N_("; it becomes \"{text}\"")), tr(state->label), 0);
    if (state != NULL && state->final) str_put(out, tr(N_(", for good")));
    if (tried && act->change_count > 1)
        fill_template(out, tr(N_("; so many other records change with it: {n}")), "", act->change_count - 1);
    str_put(out, tr(N_(". ")));
    str_put(out, tr(action->then));
}

/* Grave acts are confirmed, with their consequence in words. */
static enum err confirm(const struct acting *job, const struct act *act, bool tried, struct refusal *why)
{
    char question[2000];
    struct str str = str_in(question, sizeof question);
    if ((job->call->action->flags & A_GRAVE) == 0 || args_flag(&job->cli->args, "yes")) return OK;
    describe(job, act, tried, &str);
    if (job->cli->agrees != NULL)
        return job->cli->agrees(job->cli, question) ? OK : refuse_text(why, ERR_USAGE, N_("not confirmed"));
    if (!on_terminal()) {
        say(question);
        return refuse_text(why, ERR_USAGE, N_("this needs --yes, or an answer on a terminal"));
    }
    return ask_yes(question) ? OK : refuse_text(why, ERR_USAGE, N_("not confirmed"));
}

static enum err try_act(struct acting *job, struct refusal *why)
{
    const struct action *action = job->call->action;
    struct act *act = arena_get(&job->cli->arena, sizeof *act);
    if (act == NULL) return refuse(why, ERR_MEMORY);
    if (acting_builds_on_waiting(job)) return confirm(job, act, false, why);
    enum err err = client_try(job->cli->client, action->kind, action->wire, (uint64_t)job->target.id, &job->args,
                              job->given, &job->cli->arena, act);
    if (err == OK || daemon_may_differ(job->cli, err)) return confirm(job, act, err == OK, why);
    *why = act->why;
    return err;
}

/* ---- the whole ---- */

/* --no-wait goes by the cached view. */
enum err acting_open(struct acting *job, struct refusal *why)
{
    enum err err = check_options(job, why);
    if (err == OK && job->cli->client == NULL) err = session_open(job->cli, why); /* bulletin.c has opened it */
    if (err != OK) return err;
    if (!args_flag(&job->cli->args, "no_wait")) return session_ready(job->cli, WAIT_ACT, why);
    return client_actor(job->cli->client) != NULL ? OK : refuse(why, ERR_NO_LINK);
}

enum err acting_find(struct acting *job, const char *const *words, unsigned count, struct refusal *why)
{
    const struct action *action = job->call->action;
    stamp_t as_of;
    enum err err = target_named(job->cli, action->kind, action, words, count, &job->target, why);
    if (err != OK) return err;
    if (job->target.id > 0) session_fetch(job->cli, action->kind, (uint64_t)job->target.id, &as_of);
    take_key(job);
    return OK;
}

static enum err prepare(struct acting *job, struct refusal *why)
{
    const struct verb_call *call = job->call;
    enum err err = acting_open(job, why);
    if (err == OK) err = acting_find(job, call->words, call->count, why);
    if (err == OK) err = acting_fields(job, why);
    if (err != OK) return err;
    make_ticket(job);
    return try_act(job, why);
}

static int submit(struct acting *job)
{
    const struct action *action = job->call->action;
    struct refusal why = {.err = OK};
    uint64_t counter;
    char ticket[TICKET_TEXT_MAX];
    enum err err =
        client_submit(job->cli->client, action->kind, action->wire, job->target.id, &job->args, job->given, &counter);
    if (err != OK) return cli_end(refuse(&why, err), &why);
    if (job->invites) ticket_write(&job->ticket, ticket);
    int status = act_outcome(job->cli, counter, job->invites ? ticket : NULL);
    sodium_memzero(ticket, sizeof ticket);
    /* while it waits the ticket is printed too: its code exists nowhere else */
    if (job->invites && (status == CLASS_OK || status == CLASS_NO_SERVER)) print_ticket(job);
    return status;
}

int act_carry_out(const struct verb_call *call, const struct target *target, const struct record *args, uint64_t given,
                  struct refusal *why)
{
    struct acting job = {.call = call, .cli = call->cli, .target = *target, .args = *args, .given = given};
    make_ticket(&job);
    enum err err = try_act(&job, why);
    int status = err == OK ? submit(&job) : cli_end(err, why);
    sodium_memzero(&job.ticket, sizeof job.ticket);
    return status;
}

int verb_act(const struct verb_call *call)
{
    struct acting job = {.call = call,
                         .cli = call->cli,
                         .args = record_make(call->kind->wire, 0),
                         .naming = naming_of(call->kind->wire, call->action)};
    struct refusal why = {.err = OK};
    if (acting_is_several(call)) return verb_several(call);
    enum err err = prepare(&job, &why);
    int status = err == OK ? submit(&job) : cli_end_target(call, err, &why);
    sodium_memzero(&job.ticket, sizeof job.ticket);
    return status;
}
