/* project.c - the page of a project: everything about it, in tabs. */
#include "client/screen/project.h"

#include "client/screen/act.h"
#include "client/screen/marks.h"

enum { VIEW_BYTES = 8 << 20 };

/* What is not kept whole here is fetched: for the office, the lead and the responsible unit nothing is. */
static void want(struct project_view *self)
{
    struct app *app = self->screen.app;
    const struct actor *actor = client_actor(app->client);
    struct record project;
    struct ties ties;
    int64_t id = (int64_t)self->id;
    const uint64_t close = 1ull << REL_office | 1ull << REL_lead | 1ull << REL_responsible;
    view_want(app, &self->asked, KIND_project, self->id, &app->scratch);
    view_want_refs(app, &self->asked, KIND_project, self->id);
    if (actor == NULL || !view_get(app, KIND_project, self->id, &app->scratch, &project)) return;
    if (ties_of(client_space(app->client), &project, &app->scratch, &ties) != OK) return;
    if (relations_held(&ties, actor) & close) return;
    view_want_all(app, &self->asked, IX_target_year, &id, 1);
    view_want_all(app, &self->asked, IX_milestone_project, &id, 1);
    view_want_all(app, &self->asked, IX_report_month, &id, 1);
}

static int bar_columns(const struct project_view *self)
{
    int columns = term_columns(self->screen.app->term) - MARK_COLUMNS - 57;
    return columns < 0 ? 0 : columns;
}

static void follow(struct screen *screen, unsigned events)
{
    struct project_view *self = (struct project_view *)screen;
    if ((events & EVENT_RECORDS) == 0) return;
    want(self);
    project_rows(self, bar_columns(self));
}

/* ---- drawing ---- */

static const char *tab_label(unsigned tab)
{
    static const char *const labels[PROJECT_TABS] = {N_("overview"), N_("plan"), N_("reports"), N_("milestones"),
                                                     N_("chart")};
    return tr(labels[tab]);
}

static void draw_tabs(struct project_view *self, struct term *term, struct area area)
{
    char line[400];
    struct str str = str_in(line, sizeof line);
    for (unsigned tab = 0; tab < PROJECT_TABS; tab++)
        str_printf(&str, self->tab == tab ? "[%u %s] " : " %u %s  ", tab + 1, tab_label(tab));
    str_printf(&str, " %u %s", (unsigned)PROJECT_TABS + 1, tr(N_("history")));
    put_text(term, area, 0, STYLE_PLAIN, line);
}

struct drawing {
    struct project_view *self;
    struct layout layout;
};

static void draw_row(void *of, struct term *term, struct area area, unsigned index)
{
    struct drawing *drawing = of;
    const struct tab_row *row = &drawing->self->rows[index];
    marks_draw(&drawing->self->screen, term, area, index);
    for (unsigned i = 0; i < drawing->layout.count; i++)
        layout_cell(&drawing->layout, term, area, i, row->style, row->cells[drawing->layout.shown[i].of]);
}

static unsigned columns_of(const struct project_view *self, struct column columns[TAB_CELLS])
{
    const struct column plan[TAB_CELLS] = {
        {tr(N_("mon")), 3, 0, 0, false, 0},          {tr(N_("plan")), 10, 0, 0, true, 0},
        {tr(N_("actual")), 10, 0, 0, true, 0},       {tr(N_("plan, cum.")), 11, 0, 2, true, 0},
        {tr(N_("actual, cum.")), 12, 0, 0, true, 0}, {tr(N_("%")), 5, 0, 0, true, 0},
        {tr(N_("# done . plan")), 4, 1, 3, false, 0}};
    const struct column reports[TAB_CELLS] = {
        {tr(N_("month")), 7, 0, 0, false, 0},     {tr(N_("rev")), 3, 0, 4, true, 0},
        {tr(N_("state")), 10, 1, 0, false, 0},    {tr(N_("invested")), 10, 0, 1, true, 0},
        {tr(N_("this year")), 11, 0, 0, true, 0}, {tr(N_("due")), 10, 0, 3, false, 0},
        {tr(N_("received")), 16, 0, 2, false, 0}};
    const struct column milestones[TAB_CELLS] = {{tr(N_("due")), 10, 0, 0, false, 0},
                                                 {tr(N_("milestone")), 20, 2, 0, false, 0},
                                                 {tr(N_("reached")), 10, 0, 1, false, 0},
                                                 {tr(N_("answerable")), 12, 1, 2, false, 0},
                                                 {tr(N_("state")), 9, 0, 0, false, 0}};
    const struct column *from = self->tab == TAB_PLAN ? plan : self->tab == TAB_REPORTS ? reports : milestones;
    for (unsigned i = 0; i < TAB_CELLS; i++)
        columns[i] = from[i];
    return self->tab == TAB_MILESTONES ? 5 : TAB_CELLS;
}

static void draw_list(struct project_view *self, struct term *term, struct area area)
{
    struct drawing drawing = {.self = self};
    struct column columns[TAB_CELLS];
    unsigned count = columns_of(self, columns);
    struct area head = {area.row, area.column + MARK_COLUMNS, 1, area.columns - MARK_COLUMNS};
    struct area body = {area.row + 1, area.column, area.rows - 1, area.columns};
    layout_fit(&drawing.layout, columns, count, head.columns);
    layout_heads(&drawing.layout, term, head, columns);
    if (self->count == 0) {
        const char *text = self->tab == TAB_REPORTS
                               ? tr(N_("No reports yet. r begins the one of this month, when one is owed."))
                               : tr(N_("No milestones. They belong to a target: c, then targets."));
        put_text(term, body, MARK_COLUMNS, STYLE_PLAIN, text);
    }
    list_draw(&self->lists[self->tab], term, body, draw_row, &drawing);
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct project_view *self = (struct project_view *)screen;
    struct app *app = screen->app;
    char line[500];
    struct str str = str_in(line, sizeof line);
    put_text(term, area, 0, STYLE_STRONG, view_title(app, KIND_project, self->id, &app->scratch).at);
    marks_note(screen, term, area);
    area.row++;
    draw_tabs(self, term, area);
    area.row++;
    if (self->bar != bar_columns(self)) project_rows(self, bar_columns(self)); /* the window's size has changed */
    if (self->tab == TAB_PLAN || self->tab == TAB_CHART)
        project_target_line(self, &str);
    else
        put_known(app, KIND_project, self->id, &str);
    if (*line != '\0') put_text(term, area, 0, STYLE_PLAIN, line);
    area.row += *line != '\0';
    area.rows -= 2 + (*line != '\0');
    if (self->tab == TAB_OVERVIEW)
        pager_draw(&self->pager, term, area, project_overview(self, area.columns, &app->scratch));
    else if (self->tab == TAB_CHART)
        project_chart_draw(self, term, area);
    else
        draw_list(self, term, area);
}

/* ---- acting ---- */

static void to_tab(struct project_view *self, int tab)
{
    if (tab == PROJECT_TABS) {
        app_push(self->screen.app, history_screen(self->screen.app, KIND_project, self->id));
        return;
    }
    self->tab = (enum project_tab)((tab + PROJECT_TABS) % PROJECT_TABS);
    project_rows(self, bar_columns(self));
}

static void open_row(struct project_view *self)
{
    struct app *app = self->screen.app;
    if (self->tab == TAB_OVERVIEW) {
        act_menu(app, KIND_project, self->id);
        return;
    }
    if (self->count == 0) return;
    const struct tab_row *row = &self->rows[self->lists[self->tab].at];
    if (self->tab == TAB_MILESTONES || self->tab == TAB_CHART)
        open_record(app, KIND_milestone, row->id);
    else if (self->tab == TAB_REPORTS)
        app_push(app, paper_open(app, KIND_report, row->id));
    else
        app_push(app, paper_screen(app, KIND_report, self->id, row->month));
}

/* The report that matters now: of the last month while it is owed and not in, else of this one. */
static void open_report(struct project_view *self)
{
    struct app *app = self->screen.app;
    struct record project, paper;
    month_t month = month_of(stamp_day(client_now(app->client))), last = month_add(month, -1);
    if (!view_get(app, KIND_project, self->id, &app->scratch, &project)) return;
    bool in = paper_find(client_space(app->client), KIND_report, self->id, last, &app->scratch, &paper) == OK &&
              paper_in(&paper);
    if (project_owes(&project, last) && !in) month = last;
    app_push(app, paper_screen(app, KIND_report, self->id, month));
}

static void act(struct screen *screen, enum verb verb)
{
    struct project_view *self = (struct project_view *)screen;
    struct app *app = screen->app;
    switch ((int)verb) {
    case VERB_overview: to_tab(self, TAB_OVERVIEW); break;
    case VERB_plan: to_tab(self, TAB_PLAN); break;
    case VERB_reports: to_tab(self, TAB_REPORTS); break;
    case VERB_milestones: to_tab(self, TAB_MILESTONES); break;
    case VERB_chart: to_tab(self, TAB_CHART); break;
    case VERB_history: to_tab(self, PROJECT_TABS); break;
    case VERB_next_tab: to_tab(self, ((int)self->tab + 1) % PROJECT_TABS); break;
    case VERB_last_tab: to_tab(self, ((int)self->tab + PROJECT_TABS - 1) % PROJECT_TABS); break;
    case VERB_menu: act_menu(app, KIND_project, self->id); break;
    case VERB_children: children_ask(app, KIND_project, self->id); break;
    case VERB_paper: open_report(self); break;
    case VERB_open: open_row(self); break;
    default:
        if (self->tab == TAB_OVERVIEW)
            pager_verb(&self->pager, verb, app_rows(app) - 2);
        else
            list_verb(&self->lists[self->tab], verb, app_rows(app) - 4);
    }
}

static void release(struct screen *screen)
{
    arena_clear(&((struct project_view *)screen)->arena);
}

/* The kind of record that the rows of the tab are; 0: they are none, or there are no rows. */
static uint8_t row_kind(const struct project_view *self)
{
    if (self->count == 0) return 0;
    if (self->tab == TAB_REPORTS) return KIND_report;
    return self->tab == TAB_MILESTONES || self->tab == TAB_CHART ? KIND_milestone : 0;
}

static const struct list *list_of(const struct screen *screen)
{
    const struct project_view *self = (const struct project_view *)screen;
    return row_kind(self) != 0 ? &self->lists[self->tab] : NULL;
}

static bool at(const struct screen *screen, unsigned row, struct under *under)
{
    const struct project_view *self = (const struct project_view *)screen;
    *under = (struct under){.kind = KIND_project, .id = self->id};
    if (row_kind(self) != 0) *under = (struct under){.kind = row_kind(self), .id = self->rows[row].id};
    return true;
}

static const struct screen_kind kind = {.id = SCREEN_project,
                                        .size = sizeof(struct project_view),
                                        .follow = follow,
                                        .draw = draw,
                                        .act = act,
                                        .list = list_of,
                                        .at = at,
                                        .page = true,
                                        .free = release};

struct screen *project_screen(struct app *app, uint64_t id)
{
    struct project_view *self = (struct project_view *)screen_new(app, &kind);
    if (self == NULL) return NULL;
    self->id = id;
    self->year = month_year(month_of(stamp_day(client_now(app->client))));
    arena_init(&self->arena, VIEW_BYTES);
    return &self->screen;
}
