/* paper_side.c - what stands beside and above a report: last month's figures, the plan's, how it stands.
 * For comparison only: nothing of it is ever filled in (clause 2). */
#include "client/screen/paper.h"

#include "client/core/desk.h"
#include "client/core/beside.h"
#include "client/screen/words.h"

#include <string.h>

enum { CALENDAR_BYTES = 4 << 20 };

static void put_money(char into[SIDE_BYTES], int64_t fen)
{
    struct str str = str_in(into, SIDE_BYTES);
    str_scaled(&str, fen, FEN_PER_WAN, 2);
}

/* The report of the month before, of the same year or the last one's end. */
static bool last_paper(struct paper_view *self, struct record *paper)
{
    struct app *app = self->screen.app;
    month_t month = month_add(self->month, -1);
    return paper_find(client_space(app->client), self->row->kind, self->of, month, &app->scratch, paper) == OK;
}

static void compare_last(struct paper_view *self, const struct beside *figures)
{
    struct str head = str_in(self->side.last_head, sizeof self->side.last_head);
    if (figures->has_invested) put_money(self->side.last[report_invested], figures->invested);
    if (figures->has_cumulative) put_money(self->side.last[report_cumulative], figures->cumulative);
    if (figures->before.n != 0)
        str_month(&head, figures->before);
    else
        str_put(&head, tr(N_("before")));
}

static void compare_plan(struct paper_view *self, const struct beside *figures)
{
    struct str head = str_in(self->side.plan_head, sizeof self->side.plan_head);
    str_put(&head, tr(N_("plan")));
    if (!figures->has_plan) return;
    put_money(self->side.plan[report_invested], figures->plan);
    put_money(self->side.plan[report_cumulative], figures->plan_cumulative);
}

void paper_compare(struct paper_view *self)
{
    memset(&self->side, 0, sizeof self->side);
    struct beside figures;
    if (self->row->kind != KIND_report) return;
    beside_of(client_space(self->screen.app->client), self->of, self->month, &self->screen.app->scratch, &figures);
    compare_last(self, &figures);
    compare_plan(self, &figures);
}

void paper_beside(void *of, const struct entry *entry, struct form_row *row)
{
    struct paper_view *self = of;
    row->beside[0] = text_of(self->side.last[entry->position]);
    row->beside[1] = text_of(self->side.plan[entry->position]);
}

struct text paper_last_text(struct paper_view *self, unsigned position, struct arena *arena)
{
    struct record last;
    const struct field *field = field_row(self->row->kind, position);
    char line[4000];
    struct str str = str_in(line, sizeof line);
    if (field == NULL || field->type != TYPE_NOTE || position == self->row->reason || !last_paper(self, &last))
        return (struct text){"", 0};
    if (!rec_has(&last, position)) return (struct text){"", 0};
    str_month(&str, month_add(self->month, -1));
    str_put(&str, tr(N_(": ")));
    str_text(&str, rec_text(&last, position));
    return arena_text(arena, line);
}

/* ---- how it stands ---- */

static void put_due(struct paper_view *self, const struct record *paper, struct str *out)
{
    struct app *app = self->screen.app;
    struct calendar *calendar = arena_get(&app->scratch, sizeof *calendar);
    const struct space *space = client_space(app->client);
    if (calendar == NULL || calendar_load(space, &app->scratch, calendar) != OK) return;
    day_t due = month_due(space, calendar, self->month, &app->scratch);
    if (paper != NULL && rec_has(paper, self->row->due)) due.n = (int32_t)rec_num(paper, self->row->due);
    str_put(out, tr(N_("   due ")));
    str_day(out, due);
    enum standing standing =
        paper_standing(space, calendar, paper, self->month, client_now(app->client), &app->scratch);
    if (standing == STANDING_LATE || standing == STANDING_MISSING) {
        str_put(out, " ");
        str_put(out, standing == STANDING_LATE ? tr(N_("!late")) : tr(N_("!missing")));
    }
}

void paper_state_line(struct paper_view *self, struct str *out)
{
    struct app *app = self->screen.app;
    struct record paper;
    bool there = view_get(app, self->row->kind, self->id, &app->scratch, &paper);
    str_put(out, there ? show_state(&paper) : self->made != 0 ? tr(N_("waits to be sent")) : tr(N_("not begun")));
    if (there && rec_num(&paper, self->row->revision) > 1)
        str_printf(out, tr(N_("   revision %lld")), (long long)rec_num(&paper, self->row->revision));
    put_due(self, there ? &paper : NULL, out);
    if (there && rec_has(&paper, self->row->received)) {
        str_put(out, tr(N_("   received ")));
        str_stamp(out, (stamp_t){rec_num(&paper, self->row->received)});
        if (rec_num(&paper, self->row->late) != 0) str_put(out, tr(N_(" late")));
    }
    str_put(out, "   ");
    if (self->waits) str_put(out, tr(N_("an own act on it waits to be sent   ")));
    if (self->filling.entries.drafted) str_put(out, tr(N_("draft, kept here only   ")));
    if (there) put_known(app, self->row->kind, self->id, out);
}

void paper_reason_line(struct paper_view *self, struct str *out)
{
    struct app *app = self->screen.app;
    struct record paper;
    if (self->moved)
        str_put(out,
                tr(N_("Changed by somebody else meanwhile: what you typed is kept, the rest shows the new values. ")));
    if (!view_get(app, self->row->kind, self->id, &app->scratch, &paper) || !rec_has(&paper, self->row->reason)) return;
    if (paper_in(&paper)) return;
    str_put(out, show_state(&paper));
    str_put(out, tr(N_(": ")));
    str_text(out, rec_text(&paper, self->row->reason));
}

void paper_projects_line(struct paper_view *self, struct str *out)
{
    struct app *app = self->screen.app;
    const struct space *space = client_space(app->client);
    struct calendar *calendar = arena_get(&app->scratch, sizeof *calendar);
    struct value unit = number_value((int64_t)self->of);
    struct walk walk;
    char missing[400];
    struct str rest = str_in(missing, sizeof missing);
    unsigned owed = 0, in = 0;
    uint64_t id;
    if (calendar == NULL || calendar_load(space, &app->scratch, calendar) != OK) return;
    walk_start(&walk, space, IX_project_responsible, &unit, 1);
    while (walk_next(&walk, &id)) {
        struct record project;
        bool owes;
        if (!view_get(app, KIND_project, id, &app->scratch, &project)) continue;
        enum standing standing = project_standing(app->client, calendar, &project, self->month, &app->scratch, &owes);
        if (!owes) continue;
        owed++;
        if (standing == STANDING_ON_TIME || standing == STANDING_IN_LATE) {
            in++;
            continue;
        }
        str_put(&rest, " ");
        str_text(&rest, rec_text(&project, project_code));
    }
    str_printf(out, tr(N_("Reports of its projects: %u of %u in.")), in, owed);
    if (owed > in) {
        str_put(out, tr(N_(" Not in:")));
        str_put(out, missing);
    }
}
