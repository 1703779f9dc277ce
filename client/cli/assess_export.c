/* assess_export.c - `duban assessment export`: a published assessment as a file for whoever takes its results over, in
 * the offices' words: first who got what, then line by line why. Clauses 3.4 and 3.5. */
#include "client/cli/assess.h"

#include "client/cli/cell.h"
#include "client/cli/grid.h"
#include "client/cli/out.h"
#include "client/core/book.h"
#include "client/core/why.h"

#include "proto/number.h"

#include <string.h>

/* Who takes the results over, and of whom. */
static const struct receiver {
    const char *option, *title;
    bool persons, departments;
} receivers[] = {
    {"minben", "民本岳阳建设考核", false, false},
    {"gov", "市政府绩效考核", false, true},
    {"cadre", "领导干部年终考核", true, false},
};

struct export {
    struct cli *cli;
    const struct receiver *receiver;
    const char *path;
    FILE *file;        /* one of these */
    struct book *book;
    struct record assessment;
    struct record *scores;
    unsigned count;
    struct points_line *lines;
    unsigned line_count;
};

/* ---- cells: of a CSV file, or of a workbook when the file is called so ---- */

static void put_text(const struct export *job, bool first, struct text text)
{
    if (job->book != NULL)
        book_put(job->book, book_text(text));
    else
        csv_cell(job->file, first, true, text);
}

static void put(const struct export *job, bool first, const char *text)
{
    put_text(job, first, text_of(text));
}

static void put_points(const struct export *job, int64_t points)
{
    char text[32];
    struct str str = str_in(text, sizeof text);
    str_scaled(&str, points, POINT_PARTS, 2);
    if (job->book != NULL)
        book_put(job->book, book_number(CELL_YUAN, points));
    else
        csv_cell(job->file, false, false, (struct text){text, (uint32_t)str.used});
}

static void put_number(const struct export *job, bool first, int64_t number)
{
    char text[32] = "";
    struct str str = str_in(text, sizeof text);
    if (number != 0) str_number(&str, number);
    if (job->book != NULL)
        book_put(job->book, number != 0 ? book_number(CELL_INT, number) : book_text(text_of("")));
    else
        csv_cell(job->file, first, false, (struct text){text, (uint32_t)str.used});
}

static void end_row(const struct export *job)
{
    if (job->book == NULL) csv_end(job->file);
}

/* Begins a table: a sheet of its own in a workbook, the next lines of a CSV file. */
static void start_table(const struct export *job, const char *name, const char *const *words, size_t count)
{
    if (job->book != NULL)
        book_sheet(job->book, name);
    else
        put(job, true, name);
    end_row(job);
    for (size_t i = 0; i < count; i++) {
        if (job->book != NULL)
            book_column(job->book, words[i]);
        else
            put(job, i == 0, words[i]);
    }
    end_row(job);
}

static struct text ref_text(const struct export *job, unsigned kind, uint64_t id, unsigned position)
{
    struct record record;
    struct show show = session_show(job->cli, &job->cli->arena, true);
    if (id == 0 || state_get(show.space, kind, id, &job->cli->arena, &record) != OK) return text_of("");
    return cell_text(&show, &record, position);
}

/* The offices' word of a choice's option. */
static const char *word_of(unsigned choice, int64_t option)
{
    const struct option *row = option_row(choice, (unsigned)option);
    return row != NULL && row->word != NULL ? row->word : "";
}

/* ---- who got what ---- */

static void put_head(const struct export *job)
{
    static const char *const words[] = {"报送", "考核", "文号", "考核期", "版本"};
    char text[200];
    struct str str = str_in(text, sizeof text);
    const struct record *assessment = &job->assessment;
    start_table(job, "说明", words, sizeof words / sizeof *words);
    put(job, true, job->receiver->title);
    put_text(job, false, rec_text(assessment, assessment_name));
    put_text(job, false, rec_text(assessment, assessment_document));
    str_day(&str, (day_t){(int32_t)rec_num(assessment, assessment_from)});
    str_put(&str, " - ");
    str_day(&str, (day_t){(int32_t)rec_num(assessment, assessment_to)});
    put(job, false, text);
    str = str_in(text, sizeof text);
    str_printf(&str, "第%lld版 计至日志第%lld条", (long long)rec_num(assessment, assessment_version),
               (long long)rec_num(assessment, assessment_upto));
    put(job, false, text);
    end_row(job);
}

/* The post by which the person answers in the unit: the newest of head and deputy. */
static bool find_post(const struct export *job, const struct record *score, struct record *post)
{
    const struct space *space = client_space(job->cli->client);
    struct walk walk;
    uint64_t id;
    bool found = false;
    walk_start(&walk, space, IX_post_person, &score->values[score_person], 1);
    while (walk_next(&walk, &id)) {
        struct record other;
        if (state_get(space, KIND_post, id, &job->cli->arena, &other) != OK) continue;
        bool answers = rec_num(&other, post_rank) == OPT_rank_head || rec_num(&other, post_rank) == OPT_rank_deputy;
        if (!answers || rec_num(&other, post_unit) != rec_num(score, score_unit)) continue;
        *post = other;
        found = true;
    }
    return found;
}

static void put_post(const struct export *job, const struct record *score)
{
    struct record post;
    static const uint8_t days[] = {post_from, post_to};
    bool found = find_post(job, score, &post);
    put(job, false, found ? word_of(CHOICE_rank, rec_num(&post, post_rank)) : "");
    for (size_t i = 0; i < sizeof days; i++) {
        char text[16] = "";
        struct str str = str_in(text, sizeof text);
        if (found && rec_has(&post, days[i])) str_day(&str, (day_t){(int32_t)rec_num(&post, days[i])});
        put(job, false, text);
    }
}

static void put_scores(const struct export *job)
{
    static const char *const units[] = {"组别", "名次", "单位代码", "单位", "基础分", "日常考核", "年终考核", "总分"};
    static const char *const persons[] = {"组别",   "名次",   "单位代码", "单位",     "姓名",     "职务",
                                          "任职起", "任职止", "基础分",   "日常考核", "年终考核", "总分"};
    end_row(job);
    if (job->receiver->persons)
        start_table(job, job->receiver->title, persons, sizeof persons / sizeof *persons);
    else
        start_table(job, job->receiver->title, units, sizeof units / sizeof *units);
    for (unsigned i = 0; i < job->count; i++) {
        const struct record *score = &job->scores[i];
        uint64_t unit = (uint64_t)rec_num(score, score_unit), person = (uint64_t)rec_num(score, score_person);
        put(job, true, word_of(CHOICE_score_group, rec_num(score, score_group)));
        put_number(job, false, rec_num(score, score_rank));
        put_text(job, false, ref_text(job, KIND_unit, unit, unit_code));
        put_text(job, false, ref_text(job, KIND_unit, unit, unit_short));
        if (person != 0) put_text(job, false, ref_text(job, KIND_person, person, person_name));
        if (person != 0) put_post(job, score);
        put_points(job, rec_num(score, score_base));
        put_points(job, rec_num(score, score_daily));
        put_points(job, rec_num(score, score_year_end));
        put_points(job, rec_num(score, score_total));
        end_row(job);
    }
}

/* ---- why ---- */

static void put_line(const struct export *job, const struct record *score, const struct why_line *line)
{
    char day[16] = "", about[600] = "";
    struct str str = str_in(day, sizeof day);
    struct show show = session_show(job->cli, &job->cli->arena, false);
    struct record record;
    if (line->number != 0) str_day(&str, stamp_day(line->time));
    str = str_in(about, sizeof about);
    if (line->kind != 0 && state_get(show.space, line->kind, line->id, show.arena, &record) == OK)
        put_record(&show, &record, &str);
    uint64_t unit = (uint64_t)rec_num(score, score_unit), person = (uint64_t)rec_num(score, score_person);
    put_text(job, true, ref_text(job, KIND_unit, unit, unit_code));
    put_text(job, false, ref_text(job, KIND_unit, unit, unit_short));
    if (job->receiver->persons) put_text(job, false, ref_text(job, KIND_person, person, person_name));
    put_number(job, false, (int64_t)line->number);
    put(job, false, day);
    put_text(job, false, ref_text(job, KIND_scheme_rule, line->rule, scheme_rule_name));
    put_points(job, line->points);
    put_points(job, line->sum);
    put(job, false, about);
    end_row(job);
}

/* All lines of the assessment, of every unit. */
static enum err read_lines(struct export *job, struct refusal *why)
{
    struct cli *cli = job->cli;
    struct why all;
    enum err err = why_start(&all, client_space(cli->client), job->assessment.id, 0, 0, 0, &cli->arena);
    if (err != OK) return refuse(why, err);
    for (bool more = true; more;) {
        struct query query = why_query(&all);
        const struct result *result;
        if ((err = session_ask(cli, &query, &result, why)) != OK) return err;
        struct points_line *lines = arena_get(&cli->arena, (job->line_count + result->count + 1) * sizeof *lines);
        if (lines == NULL) return refuse(why, ERR_MEMORY);
        if (job->line_count > 0) memcpy(lines, job->lines, job->line_count * sizeof *lines);
        if (result->count > 0) memcpy(lines + job->line_count, result->points, result->count * sizeof *lines);
        job->lines = lines;
        job->line_count += result->count;
        more = why_take(&all, result);
        client_release(cli->client, result->tag);
    }
    return OK;
}

static enum err put_why(const struct export *job, const struct record *score, struct refusal *why)
{
    struct cli *cli = job->cli;
    const struct space *space = client_space(cli->client);
    uint64_t unit = (uint64_t)rec_num(score, score_unit), person = (uint64_t)rec_num(score, score_person);
    struct points_line *own = arena_get(&cli->arena, (job->line_count + 1) * sizeof *own);
    struct why lines;
    stamp_t as_of;
    enum err err =
        own != NULL ? why_start(&lines, space, job->assessment.id, 0, unit, person, &cli->arena) : ERR_MEMORY;
    if (err != OK) return refuse(why, err);
    why_add(&lines, own, points_of(&lines.rules, job->lines, job->line_count, unit, person, own));
    session_fetch(cli, KIND_score, score->id, &as_of);
    why_finish(&lines, space);
    for (unsigned i = 0; i < lines.count; i++)
        put_line(job, score, &lines.lines[i]);
    return OK;
}

static enum err put_reasons(const struct export *job, struct refusal *why)
{
    static const char *const units[] = {"单位代码", "单位", "日志条目", "日期", "细则", "得分", "累计", "事项"};
    static const char *const persons[] = {"单位代码", "单位", "姓名", "日志条目", "日期", "细则", "得分", "累计", "事项"};
    end_row(job);
    if (job->receiver->persons)
        start_table(job, "计分依据", persons, sizeof persons / sizeof *persons);
    else
        start_table(job, "计分依据", units, sizeof units / sizeof *units);
    for (unsigned i = 0; i < job->count; i++) {
        enum err err = put_why(job, &job->scores[i], why);
        if (err != OK) return err;
    }
    return OK;
}

/* ---- the file ---- */

static enum err read_receiver(struct export *job, struct refusal *why)
{
    for (size_t i = 0; i < sizeof receivers / sizeof *receivers; i++) {
        const char *path = args_value(&job->cli->args, receivers[i].option);
        if (path == NULL) continue;
        if (job->receiver != NULL) return refuse_text(why, ERR_USAGE, receivers[i].option);
        job->receiver = &receivers[i];
        job->path = path;
    }
    return job->receiver != NULL ? OK : refuse_text(why, ERR_USAGE, "--minben|--gov|--cadre FILE");
}

/* Only what was published leaves the registry. */
static enum err read_scores(struct export *job, struct refusal *why)
{
    struct cli *cli = job->cli;
    const struct space *space = client_space(cli->client);
    long year = month_year(month_of(stamp_day(client_now(cli->client))));
    enum err err = args_number(&cli->args, "year", YEAR_MAX, year, &year, why);
    if (err != OK) return err;
    uint64_t id = why_assessment(space, (int)year, &cli->arena);
    if (id == 0 || state_get(space, KIND_assessment, id, &cli->arena, &job->assessment) != OK)
        return refuse(why, ERR_NOT_FOUND);
    unsigned state = rec_state(&job->assessment);
    if (state != ST_assessment_published)
        return refuse_text(why, ERR_WRONG_STATE, state_row(KIND_assessment, state)->label);
    struct record *scores;
    unsigned count = ranking_read(space, id, job->receiver->persons, &cli->arena, &scores);
    job->scores = scores;
    for (unsigned i = 0; i < count; i++)
        if (job->receiver->departments || rec_num(&scores[i], score_group) == OPT_score_group_responsible)
            scores[job->count++] = scores[i];
    return job->count > 0 ? OK : refuse(why, ERR_NOT_FOUND);
}

/* Persons and posts are not sent by themselves to everybody. */
static void fetch_people(const struct export *job)
{
    stamp_t as_of;
    for (unsigned i = 0; job->receiver->persons && i < job->count; i++) {
        struct record post;
        session_fetch(job->cli, KIND_person, (uint64_t)rec_num(&job->scores[i], score_person), &as_of);
        if (!find_post(job, &job->scores[i], &post) &&
            client_find(job->cli->client, IX_post_person, &job->scores[i].values[score_person], 1))
            session_await(job->cli);
    }
}

static bool ends_with(const char *path, const char *end)
{
    size_t length = strlen(path), wanted = strlen(end);
    return length > wanted && strcmp(path + length - wanted, end) == 0;
}

static enum err open_file(struct export *job, struct refusal *why)
{
    if (ends_with(job->path, ".xlsx"))
        job->book = book_open(job->path, book_created(client_now(job->cli->client)));
    else
        job->file = strcmp(job->path, "-") == 0 ? stdout : fopen(job->path, "we");
    if (job->book == NULL && job->file == NULL) return refuse_text(why, ERR_IO, job->path);
    if (job->file != NULL) csv_begin(job->file);
    return OK;
}

static enum err close_file(struct export *job, enum err err, struct refusal *why)
{
    if (job->book != NULL) {
        if (err == OK) return book_close(job->book, why);
        book_drop(job->book);
        return err;
    }
    bool written = fflush(job->file) == 0 && !ferror(job->file);
    if (job->file != stdout && fclose(job->file) != 0) written = false;
    return err == OK && !written ? refuse_text(why, ERR_IO, job->path) : err;
}

int assessment_export(struct cli *cli)
{
    struct export job = {.cli = cli};
    struct refusal why = {.err = OK};
    enum err err = cli_expect(cli, READ_OPTIONS " minben gov cadre year", 1, 1, &why);
    if (err == OK) err = read_receiver(&job, &why);
    if (err == OK) err = session_read(cli, &why);
    if (err == OK) err = read_scores(&job, &why);
    if (err == OK) err = read_lines(&job, &why);
    if (err != OK) return cli_end(err, &why);
    fetch_people(&job);
    err = open_file(&job, &why);
    if (err != OK) return cli_end(err, &why);
    put_head(&job);
    put_scores(&job);
    err = close_file(&job, put_reasons(&job, &why), &why);
    return cli_end(err, &why);
}
