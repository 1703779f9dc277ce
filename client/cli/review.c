/* review.c - `duban review show TARGET`: the boards of a review meeting, printed plainly. Clause 3. */
#include "client/core/review.h"
#include "client/cli/cell.h"
#include "client/cli/out.h"
#include "client/cli/target.h"
#include "client/cli/verbs.h"

#include <string.h>

enum { WIDTH = 78, INDENT = 4 };

struct print {
    struct cli *cli;
    struct show show;
    struct record meeting;
    struct review_pages pages;
};

/* What a record is called in full. */
static struct text title_of(const struct print *print, unsigned kind, uint64_t id)
{
    char title[600];
    struct record record;
    struct str str = str_in(title, sizeof title);
    if (state_get(print->show.space, kind, id, print->show.arena, &record) == OK)
        show_title(&print->show, &record, &str);
    else
        show_ref(&print->show, kind, id, &str);
    const char *kept = arena_copy(print->show.arena, title, str.used);
    return kept != NULL ? (struct text){kept, (uint32_t)str.used} : text_of("");
}

/* A field with its label in front, when it is set. */
static void print_field(const struct print *print, const struct record *record, unsigned position)
{
    char line[CELL_BYTES_MAX + 200];
    struct str str = str_in(line, sizeof line);
    const struct field *field = field_row(record->kind, position);
    if (!rec_has(record, position)) return;
    str_put(&str, tr(field->label));
    str_put(&str, tr(N_(": ")));
    if (field->type == TYPE_REF)
        str_text(&str, title_of(print, field->ref, (uint64_t)rec_num(record, position)));
    else
        str_text(&str, cell_text(&print->show, record, position));
    out_spaces(stdout, INDENT);
    out_wrapped(stdout, (struct text){line, (uint32_t)str.used}, INDENT, WIDTH);
}

static void print_meeting(const struct print *print)
{
    static const uint8_t positions[] = {F_STATE,
                                        review_meeting_day,
                                        review_meeting_hour,
                                        review_meeting_venue,
                                        review_meeting_chair,
                                        review_meeting_summary};
    out_printf(stdout, "%s ", tr(kind_row(KIND_review_meeting)->label));
    out_text(stdout, cell_text(&print->show, &print->meeting, review_meeting_from));
    out_put(stdout, " - ");
    out_text(stdout, cell_text(&print->show, &print->meeting, review_meeting_to));
    out_put(stdout, "\n");
    for (size_t i = 0; i < sizeof positions; i++)
        print_field(print, &print->meeting, positions[i]);
}

static void print_board(const struct print *print, unsigned board)
{
    const struct option *option = option_row(CHOICE_board, board);
    out_printf(stdout, "\n%s (%u)\n", option != NULL ? tr(option->label) : "", print->pages.on_board[board]);
}

static void print_item(const struct print *print, const struct review_page *page)
{
    static const uint8_t positions[] = {review_item_evidence, review_item_said,  review_item_measure,
                                        review_item_executor, review_item_until, review_item_issue,
                                        review_item_decision};
    struct record item;
    if (state_get(print->show.space, KIND_review_item, page->id, &print->cli->arena, &item) != OK) return;
    out_printf(stdout, "%2u. ", page->place);
    out_text(stdout, cell_text(&print->show, &item, review_item_subject));
    if (rec_has(&item, review_item_project)) {
        out_put(stdout, "  ");
        out_text(stdout, title_of(print, KIND_project, (uint64_t)rec_num(&item, review_item_project)));
    }
    bool open = rec_state(&item) == ST_review_item_proposed && page->board == OPT_board_exposure;
    out_printf(stdout, "  #%llu%s%s\n", (unsigned long long)page->id, open ? "  " : "",
               open ? tr(N_("not confirmed by the office yet")) : "");
    out_spaces(stdout, INDENT);
    out_wrapped(stdout, cell_text(&print->show, &item, review_item_text), INDENT, WIDTH);
    for (size_t i = 0; i < sizeof positions; i++)
        print_field(print, &item, positions[i]);
}

static enum err read_meeting(struct cli *cli, uint64_t id, struct print *print)
{
    stamp_t as_of;
    struct value value = number_value((int64_t)id);
    session_fetch(cli, KIND_review_meeting, id, &as_of);
    if (client_find(cli->client, IX_review_item_meeting, &value, 1)) session_await(cli);
    print->cli = cli;
    print->show = session_show(cli, &cli->arena, false);
    review_pages(print->show.space, id, &cli->arena, &print->pages);
    return state_get(print->show.space, KIND_review_meeting, id, &cli->arena, &print->meeting);
}

int command_review(struct cli *cli)
{
    struct verb_call call = {.cli = cli, .kind = kind_row(KIND_review_meeting), .words = cli->args.words + 2};
    struct refusal why = {.err = OK};
    struct target target;
    struct print print;
    unsigned board = 0;
    enum err err = cli_expect(cli, "", 2, 2 + INDEX_FIELDS_MAX, &why);
    if (err == OK && strcmp(cli->args.words[1], "show") != 0) err = refuse_text(&why, ERR_USAGE, cli->args.words[1]);
    if (err == OK) err = session_read(cli, &why);
    if (err != OK) return cli_end(err, &why);
    call.count = cli->args.word_count - 2;
    err = target_named(cli, KIND_review_meeting, NULL, call.words, call.count, &target, &why);
    if (err == OK && (err = read_meeting(cli, (uint64_t)target.id, &print)) != OK) refuse(&why, err);
    if (err != OK) return cli_end_target(&call, err, &why);
    print_meeting(&print);
    for (unsigned i = 0; i < print.pages.count; i++) {
        if (print.pages.at[i].board != board) print_board(&print, board = print.pages.at[i].board);
        print_item(&print, &print.pages.at[i]);
    }
    return CLASS_OK;
}
