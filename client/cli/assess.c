/* assess.c - `duban assessment why`, `ranking` and `export`: what a score is the sum of, who stands where, and the
 * files for those who take the results over. Clauses 3.3 to 3.5:
 * 纳入民本岳阳建设考核、市政府绩效考核和领导干部年终考核. */
#include "client/cli/assess.h"

#include "client/cli/cell.h"
#include "client/cli/export.h"
#include "client/cli/grid.h"
#include "client/cli/out.h"
#include "client/cli/target.h"
#include "client/core/why.h"

#include "proto/number.h"

#include <limits.h>

/* ---- which assessment ---- */

/* The one of --assessment, or that of --year (this year), or the scheme of that year when there is none yet. */
static enum err find_assessment(struct cli *cli, uint64_t *assessment, uint64_t *scheme, struct refusal *why)
{
    const struct space *space = client_space(cli->client);
    long year = month_year(month_of(stamp_day(client_now(cli->client)))), id = 0;
    enum err err = args_number(&cli->args, "year", YEAR_MAX, year, &year, why);
    if (err == OK) err = args_number(&cli->args, "assessment", LONG_MAX, 0, &id, why);
    if (err != OK) return err;
    *assessment = id != 0 ? (uint64_t)id : why_assessment(space, (int)year, &cli->arena);
    *scheme = *assessment == 0 ? why_scheme(space, (int)year, &cli->arena) : 0;
    return *assessment != 0 || *scheme != 0 ? OK : refuse(why, ERR_NOT_FOUND);
}

/* Asks for all lines of one unit or person, or of every unit. */
static enum err collect(struct cli *cli, struct why *lines, struct refusal *why)
{
    bool more = true;
    while (more) {
        struct query query = why_query(lines);
        const struct result *result;
        enum err err = session_ask(cli, &query, &result, why);
        if (err != OK) return err;
        more = why_take(lines, result);
        client_release(cli->client, result->tag);
    }
    return OK;
}

/* ---- why ---- */

static const char *points_text(int64_t points, bool sign, char text[32])
{
    struct str str = str_in(text, 32);
    if (sign && points > 0) str_put(&str, "+");
    str_scaled(&str, points, POINT_PARTS, 2);
    return text;
}

static void points_json(struct json *json, const char *key, int64_t points)
{
    char text[32];
    struct str str = str_in(text, sizeof text);
    str_exact(&str, points, POINT_PARTS);
    json_decimal(json, key, text);
}

/* "monthly report 2009-09 YY09-Z031 #12" */
static void put_about(const struct show *show, const struct why_line *line, struct str *out)
{
    struct record record;
    if (line->kind == 0) return;
    if (state_get(show->space, line->kind, line->id, show->arena, &record) == OK)
        put_record(show, &record, out);
    else
        str_put(out, tr(kind_row(line->kind)->label));
    str_printf(out, " #%llu", (unsigned long long)line->id);
}

static void why_json(const struct show *show, const struct why_line *line)
{
    struct json json = {.file = stdout};
    char text[600];
    json_object(&json, NULL);
    if (line->number != 0)
        json_int(&json, "number", (int64_t)line->number);
    else
        json_null(&json, "number");
    json_stamp(&json, "time", line->time);
    struct str str = str_in(text, sizeof text);
    show_ref(show, KIND_scheme_rule, line->rule, &str);
    json_string(&json, "rule", text);
    json_int(&json, "rule_id", (int64_t)line->rule);
    points_json(&json, "points", line->points);
    points_json(&json, "sum", line->sum);
    json_string(&json, "kind", line->kind != 0 ? kind_row(line->kind)->name : NULL);
    json_int(&json, "id", (int64_t)line->id);
    str = str_in(text, sizeof text);
    put_about(show, line, &str);
    json_string(&json, "about", text);
    json_int(&json, "unit_id", (int64_t)line->unit);
    str = str_in(text, sizeof text);
    if (line->person != 0) show_ref(show, KIND_person, line->person, &str);
    json_string(&json, "person", line->person != 0 ? text : NULL);
    json_int(&json, "person_id", (int64_t)line->person);
    json_end(&json);
}

static void why_people(struct grid *grid, const struct show *show, const struct why_line *line)
{
    char text[600] = "";
    struct str str = str_in(text, sizeof text);
    if (line->number != 0) str_number(&str, (int64_t)line->number);
    grid_put(grid, text);
    str = str_in(text, sizeof text);
    if (line->number != 0) str_day(&str, stamp_day(line->time));
    grid_put(grid, text);
    str = str_in(text, sizeof text);
    show_ref(show, KIND_scheme_rule, line->rule, &str);
    grid_put(grid, text);
    grid_typed(grid, text_of(points_text(line->points, true, text)), book_number(CELL_YUAN, line->points));
    grid_typed(grid, text_of(points_text(line->sum, false, text)), book_number(CELL_YUAN, line->sum));
    str = str_in(text, sizeof text);
    if (line->person != 0) show_ref(show, KIND_person, line->person, &str);
    grid_put(grid, text);
    str = str_in(text, sizeof text);
    put_about(show, line, &str);
    grid_put(grid, text);
}

static int print_why(struct cli *cli, const struct why *lines)
{
    bool json = args_flag(&cli->args, "json");
    struct show show = session_show(cli, &cli->arena, json);
    struct grid grid;
    grid_start(&grid, &cli->arena);
    grid_column(&grid, tr(N_("entry")), true);
    grid_column(&grid, tr(N_("day")), false);
    grid_column(&grid, tr(N_("assessment rule")), false);
    grid_column(&grid, tr(N_("points")), true);
    grid_column(&grid, tr(N_("sum")), true);
    grid_column(&grid, tr(N_("answerable")), false);
    grid_column(&grid, tr(N_("about")), false);
    for (unsigned i = 0; i < lines->count; i++) {
        if (json)
            why_json(&show, &lines->lines[i]);
        else
            why_people(&grid, &show, &lines->lines[i]);
    }
    if (json) return CLASS_OK;
    if (lines->assessment == 0)
        say(tr(N_("so far, by the day-to-day rules alone: no assessment of this year is open yet")));
    return export_grid(cli, &grid, tr(N_("why this score")), tr(N_("nothing found")));
}

static enum err find_unit(struct cli *cli, uint64_t *unit, struct refusal *why)
{
    struct target target;
    enum err err = target_named(cli, KIND_unit, NULL, cli->args.words + 2, cli->args.word_count - 2, &target, why);
    if (err == OK) *unit = (uint64_t)target.id;
    return err;
}

/* The names of who answers are fetched, each once. */
static void fetch_persons(struct cli *cli, const struct why *lines)
{
    struct record person;
    stamp_t as_of;
    for (unsigned i = 0; i < lines->count; i++)
        if (lines->lines[i].person != 0 && state_get(client_space(cli->client), KIND_person, lines->lines[i].person,
                                                     &cli->arena, &person) != OK)
            session_fetch(cli, KIND_person, lines->lines[i].person, &as_of);
}

int assessment_why(struct cli *cli)
{
    struct refusal why = {.err = OK};
    struct why lines;
    uint64_t assessment, scheme, unit = 0;
    long person = 0;
    stamp_t as_of;
    enum err err = cli_expect(cli, READ_OPTIONS " json xlsx year assessment person", 2, 2, &why);
    if (err == OK) err = args_number(&cli->args, "person", LONG_MAX, 0, &person, &why);
    if (err == OK) err = session_read(cli, &why);
    if (err == OK) err = find_unit(cli, &unit, &why);
    if (err == OK) err = find_assessment(cli, &assessment, &scheme, &why);
    if (err != OK) return cli_end(err, &why);
    err = why_start(&lines, client_space(cli->client), assessment, scheme, unit, (uint64_t)person, &cli->arena);
    if (err != OK) return cli_end(refuse(&why, err), &why);
    err = collect(cli, &lines, &why);
    if (err != OK) return cli_end(err, &why);
    if (lines.score != 0) session_fetch(cli, KIND_score, lines.score, &as_of);
    fetch_persons(cli, &lines);
    why_finish(&lines, client_space(cli->client));
    return print_why(cli, &lines);
}

/* ---- scores in their order ---- */

static const uint8_t ranking_columns[] = {score_group, score_rank,     score_unit, score_person,
                                          score_base,  score_daily,    score_year_end, score_total};

static int print_ranking(struct cli *cli, const struct record *scores, unsigned count)
{
    bool json = args_flag(&cli->args, "json"), csv = args_flag(&cli->args, "csv");
    struct show show = session_show(cli, &cli->arena, json || csv);
    struct grid grid;
    grid_start(&grid, &cli->arena);
    for (size_t i = 0; i < sizeof ranking_columns; i++)
        grid_column(&grid, tr(field_row(KIND_score, ranking_columns[i])->label),
                    cell_right(KIND_score, ranking_columns[i]));
    if (csv && !args_flag(&cli->args, "no_bom")) csv_begin(stdout);
    for (size_t i = 0; csv && i < sizeof ranking_columns; i++)
        csv_cell(stdout, i == 0, false, text_of(field_row(KIND_score, ranking_columns[i])->name));
    if (csv) csv_end(stdout);
    for (unsigned row = 0; row < count; row++) {
        struct json out = {.file = stdout};
        if (json) json_object(&out, NULL);
        for (size_t i = 0; i < sizeof ranking_columns; i++) {
            unsigned position = ranking_columns[i];
            if (json)
                cell_json(&out, &show, &scores[row], position);
            else if (csv)
                csv_cell(stdout, i == 0, cell_is_text(KIND_score, position), cell_text(&show, &scores[row], position));
            else
                grid_typed(&grid, cell_text(&show, &scores[row], position), book_value(&show, &scores[row], position));
        }
        if (json) json_end(&out);
        if (csv) csv_end(stdout);
    }
    return json || csv ? CLASS_OK : export_grid(cli, &grid, tr(N_("ranking")), tr(N_("nothing found")));
}

static void fetch_persons_of(struct cli *cli, const struct record *scores, unsigned count)
{
    stamp_t as_of;
    for (unsigned i = 0; i < count; i++)
        if (rec_has(&scores[i], score_person))
            session_fetch(cli, KIND_person, (uint64_t)rec_num(&scores[i], score_person), &as_of);
}

int assessment_ranking(struct cli *cli)
{
    struct refusal why = {.err = OK};
    struct why lines;
    struct record *scores;
    uint64_t assessment, scheme;
    unsigned count;
    bool persons = args_flag(&cli->args, "by_person");
    enum err err = cli_expect(cli, READ_OPTIONS " json csv no_bom xlsx year assessment by_person", 1, 1, &why);
    if (err == OK) err = session_read(cli, &why);
    if (err == OK) err = find_assessment(cli, &assessment, &scheme, &why);
    if (err != OK) return cli_end(err, &why);
    if (assessment != 0) {
        count = ranking_read(client_space(cli->client), assessment, persons, &cli->arena, &scores);
        fetch_persons_of(cli, scores, count);
    } else {
        err = why_start(&lines, client_space(cli->client), 0, scheme, 0, 0, &cli->arena);
        if (err == OK) err = collect(cli, &lines, &why);
        if (err != OK) return cli_end(err, &why);
        say(tr(N_("so far, by the day-to-day rules alone: no assessment of this year is open yet")));
        count = ranking_so_far(client_space(cli->client), &lines, client_actor(cli->client), &scores);
    }
    return print_ranking(cli, scores, count);
}
