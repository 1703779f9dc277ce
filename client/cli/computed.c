/* computed.c - see computed.h. */
#include "client/cli/computed.h"

#include "client/cli/verbs.h"
#include "client/core/desk.h"
#include "proto/number.h"
#include "proto/progress.h"

#include <string.h>

static const struct {
    int column;
    const char *name, *label; /* the label is a msgid */
} rows[] = {{COMPUTED_SHARE, "share", N_("%")},
            {COMPUTED_LIGHT, "light", N_("light")},
            {COMPUTED_REPORT, "report", N_("report")}};

bool computed_named(unsigned kind, const char *name, int *column)
{
    for (size_t i = 0; kind == KIND_project && i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].name, name) != 0) continue;
        *column = rows[i].column;
        return true;
    }
    return false;
}

const char *computed_names(unsigned kind)
{
    return kind == KIND_project ? "share light report" : "";
}

const char *computed_name(int column)
{
    return rows[column - COMPUTED_SHARE].name;
}

const char *computed_label(int column)
{
    return tr(rows[column - COMPUTED_SHARE].label);
}

static void put_report(const struct cli *cli, const struct calendar *calendar, const struct show *show,
                       const struct record *project, struct str *out)
{
    month_t month;
    enum standing standing;
    if (!project_report_now(cli->client, calendar, project, show->arena, &month, &standing)) return;
    str_month(out, month);
    str_printf(out, " %s", show->names_only ? standing_name(standing) : standing_label(standing));
}

struct text computed_text(const struct cli *cli, const struct calendar *calendar, const struct show *show,
                          const struct record *record, int column)
{
    char line[80];
    struct str str = str_in(line, sizeof line);
    struct progress progress;
    if (column == COMPUTED_REPORT) {
        put_report(cli, calendar, show, record, &str);
    } else {
        progress_of(show->space, record, show->arena, &progress);
        if (column == COMPUTED_LIGHT && progress.light != LIGHT_UNKNOWN)
            str_put(&str, show->names_only ? light_name(progress.light) : tr(light_name(progress.light)));
        if (column == COMPUTED_SHARE && progress.year_plan > 0)
            str_scaled(&str, per_mille(progress.invested, progress.year_plan), 10, 1);
    }
    const char *kept = arena_copy(show->arena, line, str.used);
    return (struct text){kept != NULL ? kept : "", kept != NULL ? (uint32_t)str.used : 0};
}

void computed_json(struct json *json, const struct cli *cli, const struct calendar *calendar, const struct show *show,
                   const struct record *record, int column)
{
    struct text text = computed_text(cli, calendar, show, record, column);
    const char *name = computed_name(column);
    if (text.length == 0)
        json_string(json, name, NULL);
    else if (column == COMPUTED_SHARE)
        json_decimal(json, name, text.at);
    else
        json_text(json, name, text);
}
