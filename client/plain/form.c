/* form.c - an action's fields, one after the other: what is asked, what was there before, what may stand there. A
 * fault is said at once and the field asked again. What is typed is kept as a draft, the same one as the screen's. */
#include "client/cli/cell.h"
#include "client/cli/commands.h"
#include "client/cli/out.h"
#include "client/cli/target.h"
#include "client/core/beside.h"
#include "client/core/resolve.h"
#include "client/core/stand_in.h"
#include "client/plain/talk.h"
#include "proto/check.h"
#include "proto/number.h"
#include "proto/owed.h"

#include <string.h>

struct form {
    struct talk *talk;
    const struct action *action;
    struct target target;
    struct record record; /* as it is; empty for a new one */
    struct record args;
    uint64_t given;
    unsigned count;
    uint8_t fields[FIELDS_MAX];
    char draft[80];
    bool kept; /* something of a draft is in it */
};

enum step { ANSWER_NEXT, ANSWER_BACK, ANSWER_AGAIN, ANSWER_LEAVE, ANSWER_SEND };

/* ---- what is there ---- */

/* As the screens name it, so that what was begun there goes on here. */
static void name_draft(struct form *form)
{
    const struct paper_kind *paper = paper_kind(form->action->kind);
    const struct record *at = form->target.id > 0 ? &form->record : &form->target.key;
    struct str str = str_in(form->draft, sizeof form->draft);
    if (paper == NULL || !rec_has(at, paper->of) || !rec_has(at, paper->month)) {
        str_printf(&str, "act/%u/%u/%llu/0", form->action->kind, form->action->wire,
                   (unsigned long long)(form->target.id > 0 ? form->target.id : 0));
        return;
    }
    int64_t revision = form->target.id > 0 ? rec_num(at, paper->revision) : 1;
    str_printf(&str, "paper/%u/%llu/%d/%lld", form->action->kind, (unsigned long long)rec_num(at, paper->of),
               (int)rec_num(at, paper->month), (long long)revision);
}

static void keep_draft(struct form *form)
{
    form->kept = client_draft_save(form->talk->cli.client, form->draft, &form->args, form->given) == OK;
    if (!form->kept) say(tr(N_("what was typed could not be kept")));
}

static void load_draft(struct form *form)
{
    struct cli *cli = &form->talk->cli;
    struct record fields;
    uint64_t mask;
    if (client_draft_load(cli->client, form->draft, form->action->kind, &cli->arena, &fields, &mask) != OK) return;
    for (unsigned i = 0; i < form->count; i++) {
        if ((mask & FIELD_BIT(form->fields[i])) == 0) continue;
        form->args.values[form->fields[i]] = fields.values[form->fields[i]];
        form->given |= FIELD_BIT(form->fields[i]);
    }
    form->kept = true;
    out_printf(stdout, "%s\n", tr(N_("There is a draft: what stands in it is kept by an empty answer.")));
}

static void choose_fields(struct form *form)
{
    const struct field *field;
    for (unsigned i = 0; (field = field_row(form->action->kind, i)) != NULL; i++) {
        bool shut = (field->flags & F_FIXED) && rec_has(&form->record, i);
        if (act_asks(form->action, i) && !shut && (form->target.given & FIELD_BIT(i)) == 0)
            form->fields[form->count++] = (uint8_t)i;
    }
}

/* ---- asking ---- */

static void put_amount(struct str *out, const char *words, int64_t fen)
{
    str_put(out, words);
    str_scaled(out, fen, FEN_PER_WAN, 2);
}

/* What a report's figure is compared with. */
static void put_beside(const struct form *form, unsigned position, struct str *out)
{
    struct cli *cli = &form->talk->cli;
    const struct record *at = form->target.id > 0 ? &form->record : &form->target.key;
    struct beside figures;
    if (form->action->kind != KIND_report || (position != report_invested && position != report_cumulative)) return;
    beside_of(client_space(cli->client), (uint64_t)rec_num(at, report_project),
              (month_t){(int32_t)rec_num(at, report_month)}, &cli->arena, &figures);
    bool sum = position == report_cumulative, known = sum ? figures.has_cumulative : figures.has_invested;
    if (known) put_amount(out, tr(N_(". The month before: ")), sum ? figures.cumulative : figures.invested);
    if (figures.has_plan) put_amount(out, tr(N_(". Plan: ")), sum ? figures.plan_cumulative : figures.plan);
}

static void ask_field(const struct form *form, unsigned at)
{
    struct show show = session_show(&form->talk->cli, &form->talk->cli.arena, false);
    unsigned position = form->fields[at];
    const struct field *field = field_row(form->action->kind, position);
    bool typed = (form->given & FIELD_BIT(position)) != 0;
    const struct record *from = typed ? &form->args : &form->record;
    char line[4096];
    struct str str = str_in(line, sizeof line);
    str_printf(&str, tr(N_("%u of %u. ")), at + 1, form->count);
    help_field(field, field->need >> form->action->wire & 1, false, &str);
    put_beside(form, position, &str);
    if (rec_has(from, position)) {
        str_put(&str, tr(N_(". Now: ")));
        show_value(&show, from, position, &str);
    }
    out_printf(stdout, "%s\n", line);
    if (field->type != TYPE_CHOICE) return;
    unsigned number = 0;
    for (const struct option *row = NULL; (row = option_next(field->choice, row)) != NULL;)
        out_printf(stdout, "%u. %s\n", ++number, tr(row->label));
}

/* An option by its number in the list or its word in the reader's language becomes its name. */
static struct text named_option(const struct field *field, struct text typed)
{
    char word[200];
    unsigned number = 0;
    if (field->type != TYPE_CHOICE || field->list_max > 0 || !text_narrow(typed, word, sizeof word)) return typed;
    for (const struct option *row = NULL; (row = option_next(field->choice, row)) != NULL;) {
        char digits[16];
        struct str str = str_in(digits, sizeof digits);
        str_number(&str, ++number);
        if (strcmp(word, digits) == 0 || strcmp(word, tr(row->label)) == 0) return text_of(row->name);
    }
    return typed;
}

/* Would it be refused? `all`: also for texts that are not written yet. */
static bool fails(struct form *form, bool all, struct refusal *why)
{
    struct cli *cli = &form->talk->cli;
    struct act *act = arena_get(&cli->arena, sizeof *act);
    if (form->target.id < 0) return false; /* builds on what waits: only the daemon can say */
    *why = (struct refusal){.err = ERR_MEMORY};
    if (act == NULL) return true;
    struct record args = form->args;
    uint64_t given = form->given, id = (uint64_t)form->target.id;
    if (!all) stand_in(cli->client, form->action->kind, id, form->action->wire, &cli->arena, &args, &given);
    enum err err = client_try(cli->client, form->action->kind, form->action->wire, id, &args, given, &cli->arena, act);
    if (err != OK) *why = act->why;
    return err != OK && !daemon_may_differ(cli, err);
}

static enum step take_value(struct form *form, unsigned at, const char *line)
{
    struct cli *cli = &form->talk->cli;
    unsigned position = form->fields[at];
    const struct field *field = field_row(form->action->kind, position);
    struct refusal why = {.err = OK};
    struct value value = {.set = false};
    struct text text;
    enum err err = text_from_locale(line, strlen(line), &cli->arena, &text);
    if (err != OK) refuse(&why, err);
    if (err == OK && strcmp(line, "-") != 0)
        err = resolve_value(cli->client, form->action->kind, position, named_option(field, text), &cli->arena, &value,
                            &why);
    if (err != OK) {
        say_refusal(&why);
        return ANSWER_AGAIN;
    }
    form->args.values[position] = value;
    form->given |= FIELD_BIT(position);
    keep_draft(form);
    bool wrong =
        fails(form, false, &why) && why.kind == form->action->kind && why.field == position && why.err != ERR_NEEDED;
    if (wrong) say_refusal(&why); /* it may be right together with what follows, such as a reason */
    return ANSWER_NEXT;
}

static enum step command_of(struct form *form, const char *line)
{
    struct refusal why;
    if (strcmp(line, "back") == 0) return ANSWER_BACK;
    if (strcmp(line, "cancel") == 0) return ANSWER_LEAVE;
    if (strcmp(line, "send") == 0) return ANSWER_SEND;
    if (strcmp(line, "check") != 0) return ANSWER_NEXT;
    if (fails(form, true, &why))
        say_refusal(&why);
    else
        out_printf(stdout, "%s\n", tr(N_("It can be sent.")));
    return ANSWER_AGAIN;
}

static enum step answer_field(struct form *form, unsigned at)
{
    const struct field *field = field_row(form->action->kind, form->fields[at]);
    struct refusal why;
    ask_field(form, at);
    const char *line = talk_line(form->talk, "> ");
    if (line == NULL) return ANSWER_LEAVE;
    enum step answer = command_of(form, line);
    if (answer != ANSWER_NEXT) return answer;
    if (*line != '\0') return take_value(form, at, line);
    bool there = rec_has(&form->args, form->fields[at]) || rec_has(&form->record, form->fields[at]);
    if (there || (field->need >> form->action->wire & 1) == 0) return ANSWER_NEXT;
    say_refusal((refuse_field(&why, ERR_NEEDED, form->action->kind, form->fields[at], 0), &why));
    return ANSWER_AGAIN;
}

/* ---- the whole ---- */

static enum step ask_end(struct form *form)
{
    const char *line = talk_line(form->talk, tr(N_("All is asked. send, check, back or cancel: ")));
    if (line == NULL) return ANSWER_LEAVE;
    enum step answer = command_of(form, line);
    return answer == ANSWER_NEXT ? ANSWER_AGAIN : answer;
}

/* False: it was given up, or the input ended. */
static bool fill_in(struct form *form, unsigned at)
{
    while (true) {
        enum step answer = at < form->count ? answer_field(form, at) : ask_end(form);
        if (answer == ANSWER_SEND) return true;
        if (answer == ANSWER_LEAVE) return false;
        if (answer == ANSWER_NEXT) at++;
        if (answer == ANSWER_BACK && at > 0) at--;
    }
}

static unsigned faulty_field(const struct form *form, const struct refusal *why)
{
    for (unsigned i = 0; i < form->count; i++)
        if (why->kind == form->action->kind && why->field == form->fields[i]) return i;
    return form->count;
}

static bool in_person(struct talk *talk, struct refusal *why)
{
    return talk_in_person(talk, tr(N_("An opinion is given in person: the passphrase again: ")), why);
}

static int carry_out(struct form *form, const struct verb_call *call)
{
    struct refusal why = {.err = OK};
    unsigned at = 0;
    while (fill_in(form, at)) {
        if (fails(form, true, &why)) {
            say_refusal(&why);
            at = faulty_field(form, &why);
            continue;
        }
        if ((form->action->flags & A_OPINION) && !in_person(form->talk, &why)) return cli_end(why.err, &why);
        int status = act_carry_out(call, &form->target, &form->args, form->given, &why);
        if (why.err == OK) client_draft_drop(form->talk->cli.client, form->draft);
        return status;
    }
    out_printf(stdout, "%s\n", form->kept ? tr(N_("Left. What was typed is kept as a draft.")) : tr(N_("Left.")));
    return CLASS_USAGE;
}

/* The words that name a record to be made are among its fields. */
static void take_key(struct form *form)
{
    for (unsigned i = 0; i < field_count(form->action->kind) && form->target.id == 0; i++) {
        if ((form->target.given & FIELD_BIT(i)) == 0 || !act_asks(form->action, i)) continue;
        form->args.values[i] = form->target.key.values[i];
        form->given |= FIELD_BIT(i);
    }
}

int talk_form(struct talk *talk, const struct action *action, uint64_t id, const char *const *words, unsigned count)
{
    struct cli *cli = &talk->cli;
    struct form form = {.talk = talk,
                        .action = action,
                        .target = {.id = (int64_t)id, .key = record_make(action->kind, 0)},
                        .record = record_make(action->kind, 0),
                        .args = record_make(action->kind, 0)};
    struct verb_call call = {
        .cli = cli, .kind = kind_row(action->kind), .action = action, .words = words, .count = count};
    struct refusal why = {.err = OK};
    stamp_t as_of;
    enum err err = cli->moment != NULL ? refuse(&why, ERR_IN_PAST) : session_ready(cli, WAIT_ACT, &why);
    if (err == OK && count > 0) err = target_named(cli, action->kind, action, words, count, &form.target, &why);
    if (err == OK && form.target.id == 0 && (action->from & 1) == 0) err = refuse(&why, ERR_NOT_FOUND);
    if (err != OK) return cli_end_target(&call, err, &why);
    if (form.target.id > 0) {
        session_fetch(cli, action->kind, (uint64_t)form.target.id, &as_of);
        err = state_get(client_space(cli->client), action->kind, (uint64_t)form.target.id, &cli->arena, &form.record);
        if (err != OK) return cli_end_target(&call, refuse(&why, err), &why);
    }
    choose_fields(&form);
    take_key(&form);
    name_draft(&form);
    out_printf(stdout, "%s%s%s\n", tr(action->label), tr(N_(": ")), tr(call.kind->label));
    if (form.count > 0) load_draft(&form);
    return carry_out(&form, &call);
}
