/* bulletin.c - see bulletin.h: the sections of each type of bulletin as rows, and what they are written with. */
#include "client/core/bulletin_parts.h"

#include "proto/number.h"

#include <stdlib.h>
#include <string.h>

#define TYPE(name) (1u << OPT_bulletin_##name)
#define PERIODIC (TYPE(monthly) | TYPE(issues) | TYPE(half_year))
#define ON_ISSUES (TYPE(issues) | TYPE(half_year))
enum { END_ROOM = 400 }; /* characters that are kept for the end of the text */

static const struct section {
    unsigned types;
    const char *heading;
    section_fn *write;
} sections[] = {
    {TYPE(monthly), "总体进展情况", write_overall},
    {TYPE(monthly), "各责任单位完成情况", write_units},
    {TYPE(monthly), "月报报送情况", write_reporting},
    {TYPE(monthly), "进度滞后项目", write_lagging},
    {PERIODIC, "问题挂号销号情况", write_issues},
    {ON_ISSUES, "各受理单位办理情况", write_departments},
    {ON_ISSUES, "未销号问题", write_open_issues},
    {ON_ISSUES, "已销号问题", write_cancelled_issues},
    {TYPE(monthly) | TYPE(half_year) | TYPE(digest), "预警情况", write_warnings},
    {TYPE(monthly) | TYPE(half_year) | TYPE(commendation), "表彰情况", write_commended},
    {TYPE(monthly) | TYPE(half_year) | TYPE(accountability), "责任追究情况", write_blamed},
};

/* What each type is called in its first sentence, and what it ends with. */
static const struct {
    const char *about, *demand;
} words[] = {
    [OPT_bulletin_monthly] = {"全市重点建设项目进展情况",
                              "各责任单位要对照年度任务倒排工期、落实专人，抓紧解决存在的困难和问题，按时报送月报；"
                              "进度滞后的项目要逐项制定赶工措施，确保如期完成年度目标任务。"},
    [OPT_bulletin_issues] = {"全市重点建设项目问题挂号销号情况",
                             "各受理单位要按照规定的办结时限抓紧办理，办结后及时出具请求销号的书面报告；"
                             "逾期未办结的，要说明原因并明确办结时间。"},
    [OPT_bulletin_half_year] = {"全市重点建设项目问题挂号销号情况讲评",
                                "各责任单位和受理单位要举一反三、认真整改，确保挂号问题件件有着落、事事有回音。"},
    [OPT_bulletin_commendation] = {"全市重点建设项目建设表彰情况",
                                   "希望受到表彰的单位和个人再接再厉，各单位要以先进为榜样，全力推进项目建设。"},
    [OPT_bulletin_accountability] = {"全市重点建设项目建设责任追究情况",
                                     "各单位要引以为戒，切实履行责任，杜绝类似问题再次发生。"},
    [OPT_bulletin_digest] = {"全市重点建设项目预警情况",
                             "被预警单位要高度重视，按时答复并落实整改措施，避免人为因素影响项目建设进度。"},
};

/* ---- writing ---- */

static void put_line(struct compose *compose, const char *line)
{
    if (compose->out->used > 0) str_put(compose->out, "\n");
    str_put(compose->out, line);
    compose->characters += text_characters(text_of(line)) + 1;
}

static void put_heading(struct compose *compose)
{
    static const char *const numerals[NUMERALS_MAX + 1] = {"",     "一",   "二",   "三",   "四",   "五",   "六",
                                                          "七",   "八",   "九",   "十",   "十一", "十二", "十三",
                                                          "十四", "十五", "十六", "十七", "十八", "十九", "二十"};
    char line[LINE_BYTES];
    struct str str = str_in(line, sizeof line);
    if (compose->heading == NULL || compose->sections >= NUMERALS_MAX) return;
    str_printf(&str, "%s、%s", numerals[++compose->sections], compose->heading);
    compose->heading = NULL;
    put_line(compose, line);
}

bool put_paragraph(struct compose *compose, const char *line)
{
    size_t most = BULLETIN_CHARACTERS - END_ROOM;
    if (compose->characters + text_characters(text_of(line)) > most) return false;
    put_heading(compose);
    put_line(compose, line);
    return true;
}

void put_item(struct compose *compose, struct items *items, const char *line)
{
    char numbered[LINE_BYTES];
    struct str str = str_in(numbered, sizeof numbered);
    str_printf(&str, "%u.%s", items->put + 1, line);
    bool put = items->left == 0 && put_paragraph(compose, numbered);
    items->put += put;
    items->left += !put;
}

void end_items(struct compose *compose, const struct items *items)
{
    char line[80];
    struct str str = str_in(line, sizeof line);
    if (items->left == 0) return;
    str_printf(&str, "其余%u项从略。", items->left);
    put_line(compose, line);
}

void str_day_words(struct str *out, day_t day)
{
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    str_printf(out, "%d年%d月%d日", year, month, of_month);
}

void str_sum(struct str *out, int64_t fen)
{
    enum { YI = 10000 };
    bool large = fen >= (int64_t)YI * FEN_PER_WAN;
    str_scaled(out, fen, large ? (int64_t)YI * FEN_PER_WAN : FEN_PER_WAN, large ? 2 : 0);
    str_put(out, large ? "亿元" : "万元");
}

void str_share(struct str *out, int64_t of)
{
    str_scaled(out, of, 10, 1);
    str_put(out, "%");
}

static void str_field(const struct compose *compose, struct str *out, unsigned kind, uint64_t id, unsigned position)
{
    struct record record;
    if (state_get(compose->space, kind, id, compose->arena, &record) == OK)
        str_text(out, rec_text(&record, position));
    else
        str_printf(out, "#%llu", (unsigned long long)id);
}

void str_unit(const struct compose *compose, struct str *out, uint64_t unit)
{
    str_field(compose, out, KIND_unit, unit, unit_short);
}

void str_project(const struct compose *compose, struct str *out, uint64_t project)
{
    str_field(compose, out, KIND_project, project, project_name);
}

/* ---- reading ---- */

bool next_record(struct compose *compose, unsigned kind, struct record *record)
{
    uint64_t id = compose->err == OK ? state_next_id(compose->space, kind, record->id) : 0;
    if (id == 0) return false;
    compose->err = state_get(compose->space, kind, id, compose->arena, record);
    return compose->err == OK;
}

day_t period_end(const struct compose *compose)
{
    day_t last = month_last(compose->month);
    return last.n < compose->today.n ? last : compose->today;
}

bool in_period(const struct compose *compose, int64_t stamp)
{
    return stamp >= day_start(month_first(compose->first)).s && stamp < day_end(period_end(compose)).s;
}

struct by_unit *by_unit_make(struct compose *compose)
{
    struct by_unit *table = arena_get(compose->arena, sizeof *table);
    if (table == NULL)
        compose->err = ERR_MEMORY;
    else
        table->count = 0;
    return table;
}

struct unit_row *by_unit_row(struct by_unit *table, uint64_t unit)
{
    unsigned i = 0;
    while (i < table->count && i < UNITS_MAX - 1 && table->rows[i].unit != unit)
        i++;
    if (i == table->count) {
        table->count++;
        table->rows[i] = (struct unit_row){.unit = unit};
    }
    return &table->rows[i];
}

/* ---- the whole ---- */

month_t bulletin_period_start(unsigned type, month_t month)
{
    unsigned months = bulletin_months(type);
    return month_add(month, months > 0 ? 1 - (int)months : 0);
}

static void put_opening(struct compose *compose)
{
    char line[LINE_BYTES];
    struct str str = str_in(line, sizeof line);
    str_put(&str, "根据市人民政府办公室岳政办发〔2009〕15号文件要求，现将");
    str_period(&str, bulletin_months(compose->type), compose->month);
    str_printf(&str, "%s通报如下（数据截至", words[compose->type].about);
    str_day_words(&str, compose->today);
    str_put(&str, "）。");
    put_line(compose, line);
}

enum err bulletin_compose(const struct space *space, unsigned type, month_t month, stamp_t now, struct arena *arena,
                          struct text *text)
{
    char *bytes = arena_get(arena, BULLETIN_BYTES);
    struct compose compose = {.space = space, .arena = arena, .type = type, .month = month, .now = now};
    compose.calendar = arena_get(arena, sizeof *compose.calendar);
    if (bytes == NULL || compose.calendar == NULL) return ERR_MEMORY;
    struct str out = str_in(bytes, BULLETIN_BYTES);
    compose.out = &out;
    compose.first = bulletin_period_start(type, month);
    compose.today = stamp_day(now);
    compose.err = calendar_load(space, arena, compose.calendar);
    put_opening(&compose);
    for (size_t i = 0; i < sizeof sections / sizeof *sections && compose.err == OK; i++) {
        if ((sections[i].types >> type & 1) == 0) continue;
        compose.heading = sections[i].heading;
        sections[i].write(&compose);
    }
    compose.heading = "工作要求";
    put_heading(&compose);
    put_line(&compose, words[type].demand);
    *text = (struct text){out.at, (uint32_t)out.used};
    return compose.err;
}

uint64_t bulletin_of_period(const struct space *space, unsigned type, month_t month, struct arena *arena)
{
    const struct value values[] = {number_value(type), number_value(month.n)};
    struct record bulletin;
    struct walk walk;
    uint64_t id;
    walk_start(&walk, space, IX_bulletin_period, values, 2);
    while (walk_next(&walk, &id))
        if (state_get(space, KIND_bulletin, id, arena, &bulletin) == OK &&
            rec_state(&bulletin) != ST_bulletin_withdrawn)
            return id;
    return 0;
}
