/* walk_test.c - a walk through every screen, every kind's pages and the form of every action, in both languages at 80
 * columns: nothing that the program itself says is cut, and none of it is in the other language. A screen that is
 * added has to be reached. */
#include "client/screen/keys.h"
#include "client/term/cells.h"
#include "client/term/list.h"
#include "proto/owed.h"
#include "proto/show.h"
#include "proto/tables.h"
#include "tests/lib/catalogue.h"
#include "tests/lib/rig.h"
#include "tests/lib/sitting.h"
#include "tests/lib/unit.h"

#include <locale.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GLANCE_MS = 12, HASH_LETTERS = 16, ROWS = 24, FAULTS_MAX = 60, FAULT_BYTES = 400, DATA_BYTES = 1 << 18 };

static struct rig rig;

static char samples[64][24]; /* a record of each kind that the office sees, as #id; "": there is none */

static char data[DATA_BYTES]; /* what the demo registry is made of */

struct walker {
    struct pty *seat;
    FILE *cuts; /* what the program notes of what it cut */
    const char *language;
    char where[200];
    void *known; /* what was cut before (tsearch) */
    bool seen[SCREEN_COUNT];
    unsigned faults;
    char fault[FAULTS_MAX][FAULT_BYTES];
};

static void read_data(void)
{
    const char *const files[] = {"units.csv", "scheme.csv", "projects.csv"};
    size_t used = 0;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[600];
        snprintf(path, sizeof path, "%s/%s", getenv("DUBAN_DATA"), files[i]);
        FILE *file = fopen(path, "r");
        if (file == NULL) rig_fail("cannot read %s", path);
        used += fread(data + used, 1, sizeof data - 1 - used, file);
        fclose(file);
    }
}

static void find_samples(void)
{
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        const char *lines = rig_out(&rig, 0, "XMB", kind->name, "list", "--limit", "1", "--json", NULL);
        if (*lines != '\0') snprintf(samples[kind->wire], sizeof *samples, "#%ld", json_number(lines, "id"));
    }
}

/* What six weeks of work do not bring by themselves. */
static void make_rest(void)
{
    rig_out(&rig, 0, "XMB", "review-meeting", "plan", NULL);
    rig_out(&rig, 0, "XMB", "review-item", "add", "--meeting", "#1", "--board", "exposure", "--subject", "HRX",
            "--text", "征地拆迁两月无进展", "--order", "1", NULL);
    rig_out(&rig, 0, "XMB", "assessment", "open", "--from", "2009-10-01", "--to", "2009-10-31", "--name", "考核",
            "--yes", NULL);
    rig_out(&rig, 0, "XMB", "assessment", "compute", "#1", NULL);
}

static int begin(void **state)
{
    char place[1100];
    (void)state;
    sitting_start_worked(&rig);
    make_rest();
    read_data();
    find_samples();
    setlocale(LC_ALL, "C.UTF-8");
    snprintf(place, sizeof place, "%s/locale", rig.build);
    show_start(place);
    catalogue_open(place);
    return 0;
}

static int end(void **state)
{
    (void)state;
    catalogue_close();
    rig_end(&rig);
    return 0;
}

/* ---- what a screen must not show ---- */

static void note(struct walker *walk, const char *what, const char *text)
{
    char fault[FAULT_BYTES];
    snprintf(fault, sizeof fault, "%s: %.300s", what, text);
    for (unsigned i = 0; i < walk->faults; i++)
        if (strcmp(walk->fault[i], fault) == 0) return;
    fprintf(stderr, "%s, %s: %s\n", walk->language, walk->where, fault);
    if (walk->faults < FAULTS_MAX) strcpy(walk->fault[walk->faults++], fault);
}

/* Data, codes and names of keys are no lower-case words; commands and programs are called the same in all languages. */
static void expect_no_english(struct walker *walk, const char *row)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";
    static const char *const same[] = {"make run", "duban ", ":", "Shift-Tab", "Home", "simulate", " test"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (strstr(row, same[i]) != NULL) return;
    for (const char *at = row; *at != '\0'; at++) {
        size_t hash = strspn(at, "0123456789abcdef"), word = strspn(at, letters);
        bool code = hash >= HASH_LETTERS || memchr(at, '_', word) != NULL;
        if (word >= 3 && !code) note(walk, "English", row);
        if (word > 0 || code) at += (word > hash || !code ? word : hash) - 1;
    }
}

/* Texts of records that are worded as something that the program says, too. */
static bool is_data(const char *words)
{
    static const char *const said[] = {"重大项目督办", "本月完成投资", "挂牌派出所", "明确责任人"};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        if (strcmp(said[i], words) == 0) return true;
    return strstr(data, words) != NULL;
}

static void expect_no_chinese(struct walker *walk, const char *row)
{
    const char *words = catalogue_chinese_in(row);
    if (words != NULL && !is_data(words)) note(walk, "Chinese", words);
}

/* A chosen word may be cut in a list, with a mark, when it is a long one. */
static bool is_long_option(const char *text)
{
    if (text_columns(text_of(text)) <= OPTION_COLUMNS) return false;
    for (unsigned choice = 0; choice < CHOICE_COUNT; choice++)
        for (const struct option *row = NULL; (row = option_next(choice, row)) != NULL;)
            if (strcmp(tr(row->label), text) == 0) return true;
    return false;
}

static int in_order(const void *left, const void *right)
{
    return strcmp(left, right);
}

/* Every frame cuts the same again. */
static bool is_new(struct walker *walk, const char *line)
{
    char *kept = strdup(line);
    assert_non_null(kept);
    char *const *at = tsearch(kept, &walk->known, in_order);
    assert_non_null(at);
    if (*at == kept) return true;
    free(kept);
    return false;
}

static void expect_uncut(struct walker *walk)
{
    char line[2000];
    bool chinese = strcmp(walk->language, "zh") == 0;
    while (fgets(line, sizeof line, walk->cuts) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char *text = strchr(line, '\t');
        if (text == NULL || !is_new(walk, line)) continue;
        bool words = strncmp(line, "words", 5) == 0;
        text++;
        if (words || (catalogue_has(text, chinese) && !is_long_option(text)))
            note(walk, words ? "words" : "data", text);
    }
    clearerr(walk->cuts);
}

static void look(struct walker *walk)
{
    bool chinese = strcmp(walk->language, "zh") == 0;
    for (unsigned row = 0; row < ROWS; row++)
        (chinese ? expect_no_english : expect_no_chinese)(walk, pty_row(walk->seat, row));
    expect_uncut(walk);
    const char *first = strstr(pty_row(walk->seat, 0), "| ");
    for (enum screen_id id = 0; first != NULL && id < SCREEN_COUNT; id++)
        if (strncmp(first + 2, screen_label(id), strlen(screen_label(id))) == 0) walk->seen[id] = true;
}

static void reach(struct walker *walk, const char *keys, const char *leads_to)
{
    pty_send(walk->seat, keys);
    if (!pty_wait(walk->seat, leads_to, SOON_MS)) rig_fail("%s, %s: %s is not there", walk->language, keys, leads_to);
}

/* Keys, what stands on the screen then, and a look at it. */
static void go(struct walker *walk, const char *keys, const char *leads_to)
{
    snprintf(walk->where, sizeof walk->where, "%s", keys);
    reach(walk, keys, leads_to);
    pty_settle(walk->seat, GLANCE_MS);
    look(walk);
}

static void go_home(struct walker *walk)
{
    char label[80];
    snprintf(label, sizeof label, "| %s", screen_label(SCREEN_desk));
    reach(walk, "\x03\033[20~", label); /* Ctrl-C: out of what is typed or asked; F9 */
}

/* ---- the ways ---- */

/* Each from the desk. Where it leads to: a screen, or (SCREEN_COUNT) what the key bar of a question offers. */
static const struct way {
    const char *keys;
    enum screen_id screen;
    const char *offers;
} ways[] = {
    {"p", SCREEN_projects, NULL},
    {"ps", SCREEN_projects, NULL},
    {"pf", SCREEN_COUNT, N_("cancel")},
    {"pf\r", SCREEN_COUNT, N_("cancel")},
    {"p|", SCREEN_COUNT, N_("choose or not")},
    {"pvva", SCREEN_COUNT, N_("choose")},
    {"p/gl", SCREEN_COUNT, N_("go on")},
    {"p\r1", SCREEN_project, NULL},
    {"p\r2", SCREEN_project, NULL},
    {"p\r3", SCREEN_project, NULL},
    {"p\r4", SCREEN_project, NULL},
    {"p\r5", SCREEN_project, NULL},
    {"p\r6", SCREEN_history, NULL},
    {"p\rc", SCREEN_COUNT, N_("choose")},
    {"p\ra", SCREEN_COUNT, N_("choose")},
    {"pr", SCREEN_paper, NULL},
    {"m", SCREEN_matrix, NULL},
    {"m\r", SCREEN_cell, NULL},
    {"w", SCREEN_records, NULL},
    {"wb", SCREEN_board, NULL},
    {"i", SCREEN_board, NULL},
    {"i\ra", SCREEN_COUNT, N_("choose")},
    {"i\rc", SCREEN_COUNT, N_("choose")},
    {"t", SCREEN_registers, NULL},
    {"y", SCREEN_agenda, NULL},
    {"K", SCREEN_ranking, NULL},
    {"KP", SCREEN_ranking, NULL},
    {"K\r", SCREEN_why, NULL},
    {"e", SCREEN_environment, NULL},
    {"el\r", SCREEN_records, NULL},
    {"x", SCREEN_outbox, NULL},
    {"x\r", SCREEN_sent, NULL},
    {"u", SCREEN_records, NULL},
    {"W", SCREEN_presence, NULL},
    {"C1", SCREEN_console, NULL},
    {"C2", SCREEN_console, NULL},
    {"C3", SCREEN_console, NULL},
    {"C4", SCREEN_console, NULL},
    {"C5", SCREEN_console, NULL},
    {"N", SCREEN_notices, NULL},
    {":review_meeting\r\rS", SCREEN_review, NULL},
    {":review_meeting\r\rS2", SCREEN_review, NULL},
    {":review_meeting\r\rS3", SCREEN_review, NULL},
    {":assessment\r\rv", SCREEN_ranking, NULL},
    {":assessment\r\rv\r", SCREEN_why, NULL},
    {":return\r", SCREEN_paper, NULL},
    {":report #5\r", SCREEN_paper, NULL},
    {":new issue\r", SCREEN_act, NULL},
    {"g", SCREEN_COUNT, N_("go on")},
    {":", SCREEN_COUNT, N_("complete")},
    {":passphrase\r", SCREEN_COUNT, N_("cancel")},
    {":tour\r", SCREEN_COUNT, N_("end the tour")},
    {"?", SCREEN_COUNT, N_("close")},
};

static void take_way(struct walker *walk, const struct way *way)
{
    char label[100];
    if (way->screen < SCREEN_COUNT)
        snprintf(label, sizeof label, "| %s", screen_label(way->screen));
    else
        snprintf(label, sizeof label, "%s", tr(way->offers));
    bool known = way->screen == SCREEN_COUNT || way->screen == SCREEN_act || walk->seen[way->screen];
    go(walk, way->keys, label);
    if (!known) {
        go(walk, "?", tr(N_("close")));
        reach(walk, "\r", label);
    }
    go_home(walk);
}

/* A way that some kind's page has: the kind's list, its first record, what that does. */
static void walk_kind(struct walker *walk, const struct kind *kind, const char *sample)
{
    char keys[100], label[100];
    bool named = kind->wire != KIND_report; /* whose name is a command with a meaning of its own */
    snprintf(keys, sizeof keys, named ? ":%s\r" : "t/%s\r\r", named ? kind->name : tr(kind->plural));
    go(walk, keys, tr(kind->plural));
    snprintf(label, sizeof label, "| %s", screen_label(SCREEN_board));
    if (kind->wire != KIND_project && *sample != '\0') go(walk, "b", label);
    snprintf(keys, sizeof keys, ":%s %s\r", kind->name, sample);
    if (*sample == '\0' || !named) return;
    bool tabs = kind->wire == KIND_project; /* of the same name as the list of all; its page has them */
    pty_send(walk->seat, keys);
    if (!(tabs ? pty_wait(walk->seat, "[1 ", SOON_MS) : pty_wait_gone(walk->seat, label, SOON_MS)))
        rig_fail("%s: nothing opened", keys);
    go(walk, "", "");
    snprintf(label, sizeof label, "| %s", screen_label(SCREEN_history));
    if (kind->wire != KIND_project && kind->wire != KIND_registry) go(walk, "H", label);
}

static bool asks(const struct action *action)
{
    const struct field *field;
    for (unsigned i = 0; (field = field_row(action->kind, i)) != NULL; i++)
        if ((field->fill >> action->wire & 1) && field->type != TYPE_BYTES) return true;
    return false;
}

static void walk_form(struct walker *walk, const struct kind *kind, const struct action *action, const char *sample)
{
    char keys[200], title[300];
    bool begins = (action->from & 1) && paper_kind(kind->wire) == NULL;
    snprintf(keys, sizeof keys, ":%s %s %s\r", kind->name, action->name, begins ? "" : sample);
    snprintf(title, sizeof title, "%s%s%s", tr(action->label), tr(N_(": ")), tr(kind->label));
    if (begins || *sample != '\0') {
        go(walk, keys, title);
        pty_send(walk->seat, DONE); /* the next one is opened on top of it */
    } else
        note(walk, "no record", keys);
}

static void walk_all(struct walker *walk)
{
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        take_way(walk, &ways[i]);
    go(walk, ":asof 2009-10-20\r", tr(N_("AS OF")));
    go(walk, ":new issue\r", tr(err_message(ERR_IN_PAST)));
    go(walk, "=", tr(N_("this is the present again")));
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        walk_kind(walk, kind, samples[kind->wire]);
        for (const struct action *row = NULL; (row = action_next(kind->wire, row)) != NULL;)
            if (action_for_operators(row) && asks(row)) walk_form(walk, kind, row, samples[kind->wire]);
        go_home(walk);
    }
    for (enum screen_id id = SCREEN_desk; id <= SCREEN_history; id++)
        if (!walk->seen[id]) note(walk, "never seen", screen_label(id));
}

static void walk_in(const char *language)
{
    static struct walker walk;
    char cuts[400], variable[420], keys[60];
    memset(&walk, 0, sizeof walk);
    walk.language = language;
    snprintf(cuts, sizeof cuts, "%s/cuts-%s", rig.directory, language);
    snprintf(variable, sizeof variable, "DUBAN_TEST_CUTS=%s", cuts);
    walk.cuts = fopen(cuts, "w+");
    assert_non_null(walk.cuts);
    assert_true(show_language(language));
    walk.seat = sit("XMB", (struct look){.variable = variable});
    assert_true(pty_wait(walk.seat, "市项目办", SOON_MS)); /* in whatever language it was left */
    snprintf(keys, sizeof keys, ":set language %s\r", language);
    reach(&walk, keys, tr(N_("connected")));
    walk_all(&walk);
    get_up(walk.seat);
    fclose(walk.cuts);
    tdestroy(walk.known, free);
    if (walk.faults > 0) rig_fail("%u faults in %s", walk.faults, language);
}

/* What a screen tells is told by a command, too, in plain lines; forms are words_test.c's. */
static const char *const commands[SCREEN_COUNT][5] = {
    [SCREEN_desk] = {"desk"},
    [SCREEN_projects] = {"project", "list", "--columns", "code,name,share,light,report"},
    [SCREEN_project] = {"project", "show", "YY09-Z001"},
    [SCREEN_paper] = {"report", "show", "#1"},
    [SCREEN_act] = {"help", "issue", "register"},
    [SCREEN_records] = {"issue", "list"},
    [SCREEN_record] = {"issue", "show", "#1"},
    [SCREEN_registers] = {"registers"},
    [SCREEN_board] = {"issue", "list", "--sort", "state"},
    [SCREEN_agenda] = {"agenda"},
    [SCREEN_ranking] = {"assessment", "ranking"},
    [SCREEN_why] = {"assessment", "why", "HRX"},
    [SCREEN_console] = {"console", "--once"},
    [SCREEN_environment] = {"environment"},
    [SCREEN_matrix] = {"matrix"},
    [SCREEN_cell] = {"report", "list", "--month", "2009-10"},
    [SCREEN_outbox] = {"help", "outbox"},
    [SCREEN_sent] = {"help", "outbox"},
    [SCREEN_notices] = {"help", "watch"},
    [SCREEN_presence] = {"presence"},
    [SCREEN_review] = {"review", "show", "#1"},
    [SCREEN_history] = {"issue", "history", "#1"},
};

static void what_each_screen_tells_a_command_tells(void **state)
{
    (void)state;
    for (enum screen_id id = SCREEN_desk; id <= SCREEN_history; id++) {
        char *argv[8] = {NULL};
        if (commands[id][0] == NULL) rig_fail("%s: no command tells that", screen_label(id));
        for (unsigned i = 0; i < 5; i++)
            argv[i + 1] = (char *)(uintptr_t)commands[id][i];
        const char *out = rig_out_args(&rig, 0, "XMB", argv);
        if (*out == '\0' || strchr(out, '\033') != NULL) rig_fail("%s: no plain lines", screen_label(id));
    }
}

/* The list's computed columns are the screen's. */
static void computed_columns_are_for_scripts_too(void **state)
{
    (void)state;
    char row[400];
    const char *lines =
        rig_out(&rig, 0, "XMB", "project", "list", "--columns", "code,share,light,report", "--json", NULL);
    assert_non_null(json_row(lines, "light", "red", row, sizeof row));
    assert_true(json_number(row, "share") >= 0);
    assert_non_null(strstr(row, "\"report\":\"2009-1"));
    assert_non_null(
        strstr(rig_out(&rig, 0, "XMB", "project", "list", "--columns", "code,light", "--csv", NULL), ",green"));
    rig_err(&rig, 2, "XMB", "issue", "list", "--columns", "light", NULL);
}

static void in_chinese(void **state)
{
    (void)state;
    walk_in("zh");
}

static void in_english(void **state)
{
    (void)state;
    walk_in("en");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_each_screen_tells_a_command_tells),
        cmocka_unit_test(computed_columns_are_for_scripts_too),
        cmocka_unit_test_teardown(in_chinese, clear_seats),
        cmocka_unit_test_teardown(in_english, clear_seats),
    };
    return cmocka_run_group_tests_name("walk", tests, begin, end);
}
