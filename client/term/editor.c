/* editor.c - see editor.h. */
#include "client/term/editor.h"

#include "client/term/cells.h"

#include <stdlib.h>
#include <string.h>

void editor_init(struct editor *editor, bool lines)
{
    *editor = (struct editor){.lines = lines, .most = EDITOR_BYTES_MAX, .columns = 40, .goal = -1};
}

void editor_free(struct editor *editor)
{
    if (editor->bytes != NULL) explicit_bzero(editor->bytes, editor->room);
    free(editor->bytes);
    editor_init(editor, editor->lines);
}

struct text editor_text(const struct editor *editor)
{
    return (struct text){editor->bytes != NULL ? editor->bytes : "", editor->used};
}

static bool make_room(struct editor *editor, uint32_t more)
{
    if (editor->used + more > editor->most) return false;
    if (editor->bytes != NULL && editor->used + more <= editor->room) return true;
    uint32_t room = editor->room < 64 ? 64 : editor->room;
    while (room < editor->used + more)
        room *= 2;
    char *grown = malloc(room); /* not realloc: a secret must not stay behind */
    if (grown == NULL) return false;
    if (editor->bytes != NULL) {
        memcpy(grown, editor->bytes, editor->used);
        explicit_bzero(editor->bytes, editor->room);
        free(editor->bytes);
    }
    editor->bytes = grown;
    editor->room = room;
    return true;
}

static void insert(struct editor *editor, const char *bytes, uint32_t count)
{
    if (!make_room(editor, count)) return;
    memmove(editor->bytes + editor->at + count, editor->bytes + editor->at, editor->used - editor->at);
    memcpy(editor->bytes + editor->at, bytes, count);
    editor->used += count;
    editor->at += count;
}

void editor_set(struct editor *editor, struct text text)
{
    editor->used = editor->at = editor->seen = 0;
    editor->goal = -1;
    insert(editor, text.at, text.length);
}

void editor_type(struct editor *editor, const struct key_press *key)
{
    char bytes[4];
    uint32_t code = key->code;
    if (key->pasted && code == K_ENTER) code = editor->lines ? '\n' : ' ';
    if (key->pasted && code == K_TAB) code = ' ';
    if (code >= 0x110000 || (code < ' ' && code != '\n') || code == 0x7F) return;
    editor->goal = -1;
    insert(editor, bytes, (uint32_t)utf8_put(code, bytes));
}

/* ---- moving ---- */

static bool is_mark(const struct editor *editor, uint32_t at)
{
    const char *here = editor->bytes + at;
    uint32_t code;
    return utf8_next(&here, editor->bytes + editor->used, &code) && cells_mark(code);
}

/* Where the character before `at` begins, with the marks that belong to it. */
static uint32_t before(const struct editor *editor, uint32_t at)
{
    while (at > 0) {
        do
            at--;
        while (at > 0 && ((unsigned char)editor->bytes[at] & 0xC0) == 0x80);
        if (!is_mark(editor, at)) break;
    }
    return at;
}

static uint32_t after(const struct editor *editor, uint32_t at)
{
    while (at < editor->used) {
        do
            at++;
        while (at < editor->used && ((unsigned char)editor->bytes[at] & 0xC0) == 0x80);
        if (at >= editor->used || !is_mark(editor, at)) break;
    }
    return at;
}

static uint32_t line_start(const struct editor *editor, uint32_t at)
{
    while (at > 0 && editor->bytes[at - 1] != '\n')
        at--;
    return at;
}

static uint32_t line_end(const struct editor *editor, uint32_t at)
{
    while (at < editor->used && editor->bytes[at] != '\n')
        at++;
    return at;
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\n';
}

/* A word of letters, or one Chinese character. */
static uint32_t word_start(const struct editor *editor, uint32_t at)
{
    while (at > 0 && is_space(editor->bytes[at - 1]))
        at--;
    if (at == 0 || (unsigned char)editor->bytes[at - 1] >= 0x80) return before(editor, at);
    while (at > 0 && !is_space(editor->bytes[at - 1]) && (unsigned char)editor->bytes[at - 1] < 0x80)
        at--;
    return at;
}

static void erase(struct editor *editor, uint32_t from, uint32_t to)
{
    memmove(editor->bytes + from, editor->bytes + to, editor->used - to);
    editor->used -= to - from;
    editor->at = from;
}

/* ---- wrapped lines of a note ---- */

/* Where wrapped line number `row` begins; the last one when there are not so many. */
static uint32_t row_start(const struct editor *editor, int columns, unsigned row, unsigned *found)
{
    struct text rest = editor_text(editor);
    uint32_t start = 0, next;
    *found = 0;
    while (*found < row) {
        uint32_t shown = text_wrap(rest, columns, &next);
        bool more = next < rest.length || (shown < next && rest.at[shown] == '\n');
        if (!more) break;
        start += next;
        rest.at += next;
        rest.length -= next;
        ++*found;
    }
    return start;
}

/* The wrapped line and the column in which the caret is. */
static void caret_place(const struct editor *editor, int columns, unsigned *row, int *column)
{
    struct text rest = editor_text(editor);
    uint32_t start = 0, next;
    for (*row = 0;; ++*row) {
        uint32_t shown = text_wrap(rest, columns, &next);
        bool more = next < rest.length || (shown < next && rest.at[shown] == '\n');
        if (!more || start + next > editor->at) break;
        start += next;
        rest.at += next;
        rest.length -= next;
    }
    *column = text_columns((struct text){editor->bytes + start, editor->at - start});
}

static void move_rows(struct editor *editor, int by)
{
    unsigned row, found;
    int column;
    uint32_t next;
    caret_place(editor, editor->columns, &row, &column);
    if (by < 0 && row == 0) return;
    if (editor->goal < 0) editor->goal = column;
    uint32_t start = row_start(editor, editor->columns, by < 0 ? row - 1 : row + 1, &found);
    if (by > 0 && found == row) return;
    struct text rest = {editor->bytes + start, editor->used - start};
    rest.length = text_wrap(rest, editor->columns, &next);
    editor->at = start + text_fit(rest, editor->goal, NULL);
}

void editor_do(struct editor *editor, enum editing editing)
{
    if (editing != EDIT_UP && editing != EDIT_DOWN) editor->goal = -1;
    if (editor->bytes == NULL && editing != EDIT_BREAK) return;
    switch (editing) {
    case EDIT_LEFT: editor->at = before(editor, editor->at); break;
    case EDIT_RIGHT: editor->at = after(editor, editor->at); break;
    case EDIT_UP: move_rows(editor, -1); break;
    case EDIT_DOWN: move_rows(editor, 1); break;
    case EDIT_START: editor->at = line_start(editor, editor->at); break;
    case EDIT_END: editor->at = line_end(editor, editor->at); break;
    case EDIT_ERASE: erase(editor, before(editor, editor->at), editor->at); break;
    case EDIT_DELETE: erase(editor, editor->at, after(editor, editor->at)); break;
    case EDIT_ERASE_WORD: erase(editor, word_start(editor, editor->at), editor->at); break;
    case EDIT_ERASE_START: erase(editor, line_start(editor, editor->at), editor->at); break;
    case EDIT_ERASE_END: erase(editor, editor->at, line_end(editor, editor->at)); break;
    case EDIT_BREAK:
        if (editor->lines) insert(editor, "\n", 1);
        break;
    }
}

/* ---- drawing ---- */

unsigned editor_rows(const struct editor *editor, int columns)
{
    return editor->lines ? text_lines(editor_text(editor), columns) : 1;
}

static void draw_secret(struct editor *editor, struct term *term, struct area area)
{
    char stars[64];
    int count = (int)text_characters(editor_text(editor));
    if (count > area.columns - 1) count = area.columns - 1;
    if (count > (int)sizeof stars) count = (int)sizeof stars;
    memset(stars, '*', sizeof stars);
    term_put(term, (struct place){area.row, area.column, area.columns, STYLE_PLAIN},
             (struct text){stars, (uint32_t)(count > 0 ? count : 0)});
    term_cursor(term, area.row, area.column + count);
}

static void draw_line(struct editor *editor, struct term *term, struct area area)
{
    if (editor->seen > editor->at) editor->seen = editor->at;
    for (;;) { /* the caret needs a column of its own */
        struct text seen = {editor->bytes + editor->seen, editor->at - editor->seen};
        if (editor->seen >= editor->at || text_columns(seen) < area.columns) break;
        struct text step = {editor->bytes + editor->seen, editor->used - editor->seen};
        editor->seen += text_fit(step, area.columns / 2 > 2 ? area.columns / 2 : 2, NULL); /* half a screen at once */
        if (editor->seen > editor->at) editor->seen = editor->at;
    }
    struct text rest = {editor->bytes + editor->seen, editor->used - editor->seen};
    term_put(term, (struct place){area.row, area.column, area.columns, STYLE_PLAIN}, rest);
    struct text left = {rest.at, editor->at - editor->seen};
    term_cursor(term, area.row, area.column + text_columns(left));
}

static void draw_note(struct editor *editor, struct term *term, struct area area)
{
    unsigned row, found;
    int column;
    caret_place(editor, area.columns, &row, &column);
    if (row < editor->seen) editor->seen = row;
    if (row >= editor->seen + (unsigned)area.rows) editor->seen = row - (unsigned)area.rows + 1;
    struct text rest = editor_text(editor);
    uint32_t start = row_start(editor, area.columns, editor->seen, &found);
    rest.at += start;
    rest.length -= start;
    for (int i = 0; i < area.rows && rest.length > 0; i++) {
        uint32_t next, shown = text_wrap(rest, area.columns, &next);
        term_put(term, (struct place){area.row + i, area.column, area.columns, STYLE_PLAIN},
                 (struct text){rest.at, shown});
        rest.at += next;
        rest.length -= next;
    }
    if (column >= area.columns) column = area.columns - 1;
    term_cursor(term, area.row + (int)(row - editor->seen), area.column + column);
}

void editor_draw(struct editor *editor, struct term *term, struct area area)
{
    if (area.columns < 2 || area.rows < 1) return;
    editor->columns = area.columns;
    if (editor->secret)
        draw_secret(editor, term, area);
    else if (editor->bytes == NULL)
        term_cursor(term, area.row, area.column);
    else if (editor->lines)
        draw_note(editor, term, area);
    else
        draw_line(editor, term, area);
}
