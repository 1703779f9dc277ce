/* verify.c - `verify`: checks every signature in a record's history over the bytes that were signed. */
#include "client/cli/cell.h"
#include "client/cli/commands.h"
#include "client/cli/out.h"
#include "client/cli/target.h"
#include "client/core/proof.h"

#include <sodium.h>
#include <string.h>

enum { INDENT = 6, WIDTH = 100, HEX_BYTES = 2 * KEY_BYTES + 1 };

struct verifying {
    struct cli *cli;
    const struct kind *kind;
    uint64_t id;
    bool json, has_key;
    uint8_t key[KEY_BYTES];
    unsigned good, bad;
};

static const struct {
    const char *name, *label;
} words[] = {[PROOF_UNSIGNED] = {"unsigned", N_("not signed")},
             [PROOF_ELSEWHERE] = {"elsewhere", N_("signed for another record, whose history has it")},
             [PROOF_OTHER_KEY] = {"other_key", N_("signed with another key")},
             [PROOF_GOOD] = {"verified", N_("signed, verified")},
             [PROOF_BAD] = {"not_verified", N_("signed, NOT VERIFIED")},
             [PROOF_MISSING] = {"missing", N_("NOT SIGNED, though it has to be")}};

static bool is_bad(enum proof proof)
{
    return proof == PROOF_BAD || proof == PROOF_MISSING;
}

static const char *hex_of(const struct history_line *line, char hex[HEX_BYTES])
{
    if (line->key.length != KEY_BYTES) return NULL;
    return sodium_bin2hex(hex, HEX_BYTES, (const uint8_t *)line->key.at, KEY_BYTES);
}

static void put_actor(const struct show *show, const struct history_line *line, struct str *str)
{
    if (line->unit != 0)
        show_ref(show, KIND_unit, line->unit, str);
    else
        str_put(str, tr(N_("by rule")));
    if (line->name.length > 0) str_put(str, " ");
    str_text(str, line->name);
}

static void verify_json(const struct show *show, const struct history_line *line, enum proof proof,
                        const struct command *command)
{
    struct json json = {.file = stdout};
    char unit[200], hex[HEX_BYTES];
    struct str str = str_in(unit, sizeof unit);
    const struct kind *kind = kind_row(line->kind);
    const struct action *action = action_row(line->kind, line->action);
    if (line->unit != 0) show_ref(show, KIND_unit, line->unit, &str);
    json_object(&json, NULL);
    json_int(&json, "number", (int64_t)line->number);
    json_stamp(&json, "time", line->time);
    json_string(&json, "unit", line->unit != 0 ? unit : NULL);
    json_text(&json, "operator", line->name);
    json_int(&json, "operator_id", (int64_t)line->operator);
    json_string(&json, "kind", kind != NULL ? kind->name : NULL);
    json_string(&json, "action", action != NULL ? action->name : NULL);
    json_bool(&json, "signed", line->is_signed);
    json_string(&json, "proof", words[proof].name);
    json_string(&json, "key", hex_of(line, hex));
    json_object(&json, "said");
    cells_json(&json, show, &command->args, command->given);
    json_end(&json);
    json_end(&json);
}

/* The fields that the operator filled in and signed. */
static void put_said(const struct show *show, const struct command *command)
{
    const struct field *field;
    for (unsigned i = 0; (field = field_row(command->args.kind, i)) != NULL; i++) {
        if ((command->given & FIELD_BIT(i)) == 0) continue;
        struct text value = cell_text(show, &command->args, i);
        out_spaces(stdout, INDENT);
        out_printf(stdout, "%s: ", tr(field->label));
        out_wrapped(stdout, value.length > 0 ? value : text_of("-"), out_width(text_of(tr(field->label))) + INDENT + 2,
                    WIDTH);
    }
}

static void verify_people(const struct verifying *job, const struct show *show, const struct history_line *line,
                          enum proof proof, const struct command *command)
{
    char text[600], hex[HEX_BYTES];
    struct str str = str_in(text, sizeof text);
    const struct action *action = action_row(line->kind, line->action);
    str_printf(&str, "%llu  ", (unsigned long long)line->number);
    str_stamp(&str, line->time);
    str_put(&str, "  ");
    put_actor(show, line, &str);
    str_put(&str, "  ");
    if (line->kind != job->kind->wire && kind_row(line->kind) != NULL)
        str_printf(&str, "%s: ", tr(kind_row(line->kind)->label));
    str_put(&str, action != NULL ? tr(action->label) : "?");
    str_put(&str, "  ");
    str_put(&str, tr(words[proof].label));
    out_put(stdout, text);
    out_put(stdout, "\n");
    if (proof != PROOF_GOOD && proof != PROOF_BAD) return;
    out_printf(stdout, "      %s: %s\n", tr(N_("key")), hex_of(line, hex) != NULL ? hex : "-");
    put_said(show, command);
}

static void verify_line(struct verifying *job, const struct history_line *line)
{
    struct show show = session_show(job->cli, &job->cli->arena, job->json);
    struct command command;
    enum proof proof = proof_check(job->cli->profile.card.registry, job->kind->wire, job->id, line,
                                   job->has_key ? job->key : NULL, &job->cli->arena, &command);
    job->good += proof == PROOF_GOOD;
    job->bad += is_bad(proof);
    if (job->json)
        verify_json(&show, line, proof, &command);
    else
        verify_people(job, &show, line, proof, &command);
}

/* One page of the answer; *before becomes where the next one begins, 0 at the end. */
static enum err verify_page(struct verifying *job, uint64_t *before, struct refusal *why)
{
    struct query query = {.what = QUERY_PROOF, .kind = job->kind->wire, .id = job->id, .before = *before};
    const struct result *result;
    enum err err = session_ask(job->cli, &query, &result, why);
    if (err != OK) return err;
    *before = 0;
    for (unsigned i = 0; i < result->count; i++) {
        verify_line(job, &result->history[i]);
        if (result->more) *before = result->history[i].number;
    }
    client_release(job->cli->client, result->tag);
    return OK;
}

static enum err read_key(struct verifying *job, struct refusal *why)
{
    const char *hex = args_value(&job->cli->args, "key");
    size_t count;
    if (hex == NULL) return OK;
    job->has_key = true;
    if (sodium_hex2bin(job->key, sizeof job->key, hex, strlen(hex), NULL, &count, NULL) == 0 && count == KEY_BYTES)
        return OK;
    return refuse_text(why, ERR_USAGE, "--key");
}

static enum err verdict(const struct verifying *job, struct refusal *why)
{
    if (job->bad > 0) {
        refuse(why, ERR_NOT_VERIFIED);
        why->number = job->bad;
        return ERR_NOT_VERIFIED;
    }
    return job->has_key && job->good == 0 ? refuse(why, ERR_NOT_BY_KEY) : OK;
}

int command_proof(struct cli *cli)
{
    struct verifying job = {.cli = cli, .json = args_flag(&cli->args, "json")};
    struct verb_call call = {.cli = cli, .words = cli->args.words + 2};
    struct refusal why = {.err = OK};
    struct target target;
    uint64_t before = 0;
    enum err err = cli_expect(cli, "json key", 2, ARGS_WORDS_MAX, &why);
    if (err == OK && (job.kind = kind_named(cli->args.words[1])) == NULL)
        err = refuse_text(&why, ERR_USAGE, cli->args.words[1]);
    if (err == OK) err = read_key(&job, &why);
    if (err != OK) return cli_end(err, &why);
    call.kind = job.kind;
    call.count = cli->args.word_count - 2;
    err = session_read(cli, &why);
    if (err == OK) err = target_named(cli, job.kind->wire, NULL, call.words, call.count, &target, &why);
    if (err != OK) return cli_end_target(&call, err, &why);
    job.id = (uint64_t)target.id;
    do {
        err = verify_page(&job, &before, &why);
    } while (err == OK && before != 0);
    return cli_end(err == OK ? verdict(&job, &why) : err, &why);
}
