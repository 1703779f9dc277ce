/* bulletin.c - `duban bulletin compose TYPE`: a draft with its text made from the registry; `duban bulletin edit ID`:
 * the draft's text in the operator's editor. Clauses 2.9, 5.5g, 5.5h. Both end in the same acts as `bulletin draft` and
 * `bulletin revise`. */
#include "client/cli/out.h"
#include "client/cli/program.h"
#include "client/cli/target.h"
#include "client/cli/verbs.h"
#include "client/core/bulletin.h"

#include <string.h>
#include <unistd.h>

#define ACT_OPTIONS "json yes no_wait"

enum { NAME_BYTES = 64, EDIT_BYTES_MAX = 64 * 1024 };

/* ---- the act at the end ---- */

/* Puts an option into the command line, as if it had been typed. False without memory. */
static bool give(struct cli *cli, const char *name, const char *value)
{
    struct args *args = &cli->args;
    const char *kept = arena_copy(&cli->arena, value, strlen(value));
    if (kept == NULL || args->option_count == ARGS_OPTIONS_MAX) return false;
    args->options[args->option_count++] = (struct arg_option){.name = name, .value = kept};
    return true;
}

static void take_away(struct cli *cli, const char *name)
{
    struct args *args = &cli->args;
    unsigned kept = 0;
    for (unsigned i = 0; i < args->option_count; i++)
        if (strcmp(args->options[i].name, name) != 0) args->options[kept++] = args->options[i];
    args->option_count = kept;
}

static int act_on(struct cli *cli, unsigned action, const char *const *words, unsigned count)
{
    struct verb_call call = {.cli = cli,
                             .kind = kind_row(KIND_bulletin),
                             .action = action_row(KIND_bulletin, action),
                             .words = words,
                             .count = count};
    return verb_act(&call);
}

static int revise(struct cli *cli, uint64_t id)
{
    char word[NAME_BYTES];
    const char *const words[] = {word};
    struct str str = str_in(word, sizeof word);
    str_printf(&str, "#%llu", (unsigned long long)id);
    return act_on(cli, ACT_bulletin_revise, words, 1);
}

/* ---- composing ---- */

static const struct option *type_typed(const char *word)
{
    char name[NAME_BYTES];
    struct str str = str_in(name, sizeof name);
    for (const char *at = word; *at != '\0'; at++)
        str_printf(&str, "%c", *at == '-' ? '_' : *at);
    const struct option *option = option_named(CHOICE_bulletin, name);
    return option != NULL ? option : option_worded(CHOICE_bulletin, text_of(word));
}

/* The last period that is over; of types without a period of their own, this month. */
static month_t usual_period(const struct cli *cli, unsigned type)
{
    month_t month = month_of(stamp_day(client_now(cli->client)));
    int months = type == OPT_bulletin_half_year ? 6 : type == OPT_bulletin_issues ? 3 : 1;
    if (type > OPT_bulletin_half_year) return month;
    do {
        month = month_add(month, -1);
    } while (month_number(month) % months != 0);
    return month;
}

static enum err read_period(const struct cli *cli, unsigned type, month_t *month, struct refusal *why)
{
    const char *given = args_value(&cli->args, "period");
    *month = usual_period(cli, type);
    if (given == NULL || month_parse(text_of(given), month)) return OK;
    return refuse_text(why, ERR_USAGE, "--period");
}

/* The draft of the period that waits for its text: one laid out by the calendar, or, with --yes, any. */
static enum err find_draft(struct cli *cli, unsigned type, month_t month, uint64_t *id, struct refusal *why)
{
    const struct space *space = client_space(cli->client);
    struct record draft;
    char text[NAME_BYTES];
    struct str str = str_in(text, sizeof text);
    *id = type > OPT_bulletin_half_year ? 0 : bulletin_of_period(space, type, month, &cli->arena);
    if (*id == 0 || state_get(space, KIND_bulletin, *id, &cli->arena, &draft) != OK) return OK;
    bool open = rec_state(&draft) == ST_bulletin_draft;
    if (open && (!rec_has(&draft, bulletin_body) || args_flag(&cli->args, "yes"))) return OK;
    str_printf(&str, open ? "#%llu, --yes" : "#%llu", (unsigned long long)*id);
    refuse_text(why, ERR_BULLETIN_THERE, text);
    why->kind = KIND_bulletin;
    why->field = bulletin_month;
    return ERR_BULLETIN_THERE;
}

static int send_composed(struct cli *cli, const struct option *type, month_t month, uint64_t draft, const char *body)
{
    struct refusal why;
    char period[NAME_BYTES], today[NAME_BYTES];
    struct str str = str_in(period, sizeof period), day = str_in(today, sizeof today);
    const char *const words[] = {type->name, period};
    str_month(&str, month);
    str_day(&day, stamp_day(client_now(cli->client)));
    take_away(cli, "period");
    bool periodic = type->wire <= OPT_bulletin_half_year;
    bool given = give(cli, "body", body) && give(cli, "figures_on", today);
    if (given && draft == 0 && periodic) given = give(cli, "everybody", "yes");
    if (!given) return cli_end(refuse(&why, ERR_MEMORY), &why);
    return draft != 0 ? revise(cli, draft) : act_on(cli, ACT_bulletin_draft, words, 2);
}

int command_bulletin_compose(struct cli *cli)
{
    struct refusal why = {.err = OK};
    uint64_t draft = 0;
    month_t month;
    struct text body;
    bool print = args_flag(&cli->args, "print"); /* the text alone: nothing is sent, so it may be of the past */
    enum err err = cli_expect(cli, print ? READ_OPTIONS " print period" : ACT_OPTIONS " period " READ_OPTIONS, 2,
                              2, &why);
    if (err == OK && !print && args_value(&cli->args, "as_of") != NULL) err = refuse(&why, ERR_IN_PAST);
    const struct option *type = err == OK ? type_typed(cli->args.words[2]) : NULL;
    if (err == OK && type == NULL) err = refuse_text(&why, ERR_USAGE, cli->args.words[2]);
    if (err == OK) err = session_read(cli, &why);
    if (err == OK) err = read_period(cli, type->wire, &month, &why);
    if (err == OK && !print) err = find_draft(cli, type->wire, month, &draft, &why);
    if (err != OK) return cli_end(err, &why);
    err = bulletin_compose(client_space(cli->client), type->wire, month, client_now(cli->client), &cli->arena, &body);
    if (err != OK) return cli_end(refuse(&why, err), &why);
    if (print) return out_printf(stdout, "%s\n", body.at), CLASS_OK;
    return send_composed(cli, type, month, draft, body.at); /* it ends with a NUL */
}

/* ---- editing ---- */

static enum err read_draft(struct cli *cli, struct record *draft, struct refusal *why)
{
    struct target target;
    stamp_t as_of;
    enum err err = target_named(cli, KIND_bulletin, NULL, cli->args.words + 2, 1, &target, why);
    if (err != OK) return err;
    session_fetch(cli, KIND_bulletin, (uint64_t)target.id, &as_of);
    err = state_get(client_space(cli->client), KIND_bulletin, (uint64_t)target.id, &cli->arena, draft);
    if (err != OK) return refuse(why, err);
    if (rec_state(draft) == ST_bulletin_draft) return OK;
    return refuse_text(why, ERR_WRONG_STATE, state_row(KIND_bulletin, rec_state(draft))->label);
}

/* Opens the text in $VISUAL or $EDITOR; *after gets what it was left as. */
static enum err edit(struct cli *cli, struct text before, char path[PROGRAM_PATH_BYTES], struct text *after,
                     struct refusal *why)
{
    enum err err = program_keep(before, path, why);
    if (err == OK) err = program_edit(path, why);
    if (err == OK) err = program_read(path, EDIT_BYTES_MAX, &cli->arena, after, why);
    return err;
}

/* Somebody else may have saved while the editor was open. */
static enum err check_unchanged(struct cli *cli, const struct record *draft, struct refusal *why)
{
    struct record now;
    enum err err = session_ready(cli, WAIT_ACT, why);
    if (err != OK) return err;
    err = state_get(client_space(cli->client), KIND_bulletin, draft->id, &cli->arena, &now);
    if (err != OK) return refuse(why, err);
    return now.version == draft->version ? OK : refuse(why, ERR_CONFLICT);
}

/* Nothing that was written is lost: what was not taken stays in its file. */
int command_bulletin_edit(struct cli *cli)
{
    struct refusal why = {.err = OK};
    struct record draft;
    struct text after;
    char path[PROGRAM_PATH_BYTES] = "", value[PROGRAM_PATH_BYTES + 1];
    struct str str = str_in(value, sizeof value);
    enum err err = cli_expect(cli, ACT_OPTIONS, 2, 2, &why);
    if (err == OK) err = session_read(cli, &why);
    if (err == OK) err = read_draft(cli, &draft, &why);
    if (err != OK) return cli_end(err, &why);
    err = edit(cli, rec_text(&draft, bulletin_body), path, &after, &why);
    bool same = err == OK && text_equal(after, rec_text(&draft, bulletin_body));
    if (err == OK && !same) err = check_unchanged(cli, &draft, &why);
    str_printf(&str, "@%s", path);
    if (err == OK && !same && !give(cli, "body", value)) err = refuse(&why, ERR_MEMORY);
    int status = cli_end(err, &why);
    if (err == OK && same) say(tr(N_("nothing was changed")));
    if (err == OK && !same) status = revise(cli, draft.id);
    if (path[0] != '\0' && (status == CLASS_OK || status == CLASS_NO_SERVER))
        unlink(path);
    else if (path[0] != '\0')
        say_about(tr(N_("what you wrote is in {text}")), path);
    return status;
}
