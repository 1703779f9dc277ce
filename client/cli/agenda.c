/* agenda.c - `duban agenda`: meetings, deadlines and duties of the operator by day, also as a calendar file. */
#include "client/core/agenda.h"

#include "client/cli/cell.h"
#include "client/cli/export.h"
#include "client/cli/ics.h"
#include "client/cli/out.h"
#include "client/cli/verbs.h"

#include "proto/owed.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { WORDS_BYTES = 600 };

/* "submit: monthly report 2009-10 YY09-Z031", or without the act when it is another's. */
static void put_about(struct cli *cli, const struct agenda_item *item, struct str *out)
{
    struct show show = session_show(cli, &cli->arena, false);
    struct record record;
    if (item->action != 0) str_printf(out, "%s%s", tr(action_row(item->kind, item->action)->label), tr(N_(": ")));
    if (agenda_record(cli->client, item, &cli->arena, &record))
        put_record(&show, &record, out);
    else
        str_put(out, tr(kind_row(item->kind)->label));
}

static void agenda_json(struct cli *cli, const struct agenda_item *item)
{
    struct json json = {.file = stdout};
    char day[16], about[WORDS_BYTES];
    struct str str = str_in(day, sizeof day), words = str_in(about, sizeof about);
    str_day(&str, item->day);
    put_about(cli, item, &words);
    json_object(&json, NULL);
    json_string(&json, "day", day);
    json_string(&json, "kind", kind_row(item->kind)->name);
    json_string(&json, "action", item->action != 0 ? action_row(item->kind, item->action)->name : NULL);
    if (item->id != 0) json_int(&json, "id", (int64_t)item->id);
    json_string(&json, "about", about);
    json_end(&json);
}

static int print_agenda(struct cli *cli, const struct agenda *agenda)
{
    struct grid grid;
    grid_start(&grid, &cli->arena);
    grid_column(&grid, tr(N_("day")), false);
    grid_column(&grid, tr(N_("about")), false);
    for (unsigned i = 0; i < agenda->count; i++) {
        char day[16], about[WORDS_BYTES];
        struct str str = str_in(day, sizeof day), words = str_in(about, sizeof about);
        str_day(&str, agenda->items[i].day);
        put_about(cli, &agenda->items[i], &words);
        grid_typed(&grid, text_of(day), book_number(CELL_DAY, agenda->items[i].day.n));
        grid_put(&grid, about);
    }
    return export_grid(cli, &grid, tr(N_("agenda")), tr(N_("nothing has a day")));
}

/* ---- the calendar file ---- */

/* The same event keeps its name for ever: by registry, kind and record; a report by project and month, since it is
 * owed before there is a record. */
static void put_uid(struct cli *cli, const struct agenda_item *item, struct str *out)
{
    const struct paper_kind *paper = paper_kind(item->kind);
    struct record record;
    str_printf(out, "%s-", kind_row(item->kind)->name);
    if (paper != NULL && agenda_record(cli->client, item, &cli->arena, &record)) {
        str_printf(out, "%llu-", (unsigned long long)rec_num(&record, paper->of));
        str_month(out, (month_t){(int32_t)rec_num(&record, paper->month)});
    } else
        str_printf(out, "%llu", (unsigned long long)item->id);
    str_put(out, "@");
    str_hex(out, cli->profile.card.registry, 8);
    str_put(out, ".duban");
}

/* "9:00", "09:30" of a meeting; people may have written something else, which then stands in the description. */
static int minute_of(struct text hour)
{
    char word[24];
    unsigned hours, minutes;
    int length = 0;
    if (!text_narrow(hour, word, sizeof word)) return -1;
    if (sscanf(word, "%2u:%2u%n", &hours, &minutes, &length) != 2 || word[length] != '\0') return -1;
    return hours < 24 && minutes < 60 ? (int)(60 * hours + minutes) : -1;
}

static void put_event(struct cli *cli, FILE *file, const struct agenda_item *item)
{
    char uid[120], about[WORDS_BYTES], words[WORDS_BYTES], venue[200];
    struct str name = str_in(uid, sizeof uid), summary = str_in(about, sizeof about);
    struct str description = str_in(words, sizeof words), place = str_in(venue, sizeof venue);
    struct ics_event event = {.uid = uid,
                              .since = item->since,
                              .day = item->day,
                              .minute = -1,
                              .summary = about,
                              .description = words,
                              .location = venue,
                              .category = tr(kind_row(item->kind)->label)};
    struct record record;
    put_uid(cli, item, &name);
    put_about(cli, item, &summary);
    if (item->kind == KIND_meeting && agenda_record(cli->client, item, &cli->arena, &record)) {
        event.minute = minute_of(rec_text(&record, meeting_hour));
        str_text(&description, rec_text(&record, meeting_hour));
        str_text(&place, rec_text(&record, meeting_venue));
    }
    if (item->id != 0)
        str_printf(&description, "%sduban %s show %llu", description.used > 0 ? "\n" : "", kind_row(item->kind)->name,
                   (unsigned long long)item->id);
    ics_event(file, &event);
}

static enum err write_calendar(struct cli *cli, const struct agenda *agenda, const char *path, struct refusal *why)
{
    struct show show = session_show(cli, &cli->arena, false);
    char title[300], text[REFUSAL_TEXT_MAX];
    struct str str = str_in(title, sizeof title), said = str_in(text, sizeof text);
    bool to_output = strcmp(path, "-") == 0;
    FILE *file = to_output ? stdout : fopen(path, "we");
    if (file != NULL) {
        str_put(&str, tr(N_("supervision of major projects")));
        str_put(&str, " ");
        show_ref(&show, KIND_operator, client_actor(cli->client)->operator, & str);
        ics_begin(file, title);
        for (unsigned i = 0; i < agenda->count; i++)
            put_event(cli, file, &agenda->items[i]);
        ics_end(file);
        if (to_output) return OK; /* whether it was written is seen at the end */
        bool good = !ferror(file);
        if (fclose(file) == 0 && good) return OK;
    }
    str_printf(&said, "%s: %s", path, strerror(errno));
    return refuse_text(why, ERR_IO, text);
}

int command_agenda(struct cli *cli)
{
    struct refusal why = {.err = OK};
    struct agenda agenda;
    enum err err = cli_expect(cli, READ_OPTIONS " json xlsx ics", 0, 0, &why);
    const char *path = args_value(&cli->args, "ics");
    if (err == OK) err = session_read(cli, &why);
    if (err == OK && client_actor(cli->client) == NULL) err = refuse(&why, ERR_NO_LINK);
    if (err == OK && (err = agenda_build(cli->client, &cli->arena, &agenda)) != OK) refuse(&why, err);
    if (err == OK && path != NULL) err = write_calendar(cli, &agenda, path, &why);
    if (err != OK) return cli_end(err, &why);
    if (path != NULL) {
        if (strcmp(path, "-") != 0) say_about(tr(N_("written: {text}")), path);
        return CLASS_OK;
    }
    if (!args_flag(&cli->args, "json")) return print_agenda(cli, &agenda);
    for (unsigned i = 0; i < agenda.count; i++)
        agenda_json(cli, &agenda.items[i]);
    return CLASS_OK;
}
