/* pages.h - the pages of the console, 督查监控台. Each is built from the view onto a sheet of any size. */
#ifndef CLIENT_CONSOLE_PAGES_H
#define CLIENT_CONSOLE_PAGES_H

#include "client/core/figures.h"
#include "client/console/sheet.h"
#include "client/term/chart.h"

/* What a page is built from. */
struct console {
    const struct client *client;
    struct arena *arena; /* figures and words; lives as long as the sheet */
    enum charts charts;
    uint64_t county; /* what is open: of this one alone; 0: of all */
};

enum { PAGE_MAP, PAGE_COURSE, PAGE_REPORTS, PAGE_OPEN, PAGE_RANKING, PAGES };

struct console_page {
    const char *name;  /* for scripts */
    const char *label; /* msgid */
    enum err (*build)(const struct console *console, struct sheet *sheet);
};

extern const struct console_page console_pages[PAGES];

/* The number of a page by its name; PAGES when there is none. */
unsigned console_page_named(struct text name);

enum err page_map(const struct console *console, struct sheet *sheet);
enum err page_course(const struct console *console, struct sheet *sheet);
enum err page_reports(const struct console *console, struct sheet *sheet);
enum err page_open(const struct console *console, struct sheet *sheet);
enum err page_ranking(const struct console *console, struct sheet *sheet);

/* ---- shared by the pages ---- */

/* A unit's short name, in the arena; `otherwise` for 0. */
const char *name_of_unit(const struct console *console, uint64_t unit, const char *otherwise);
/* The colour that says a light again: on the console green is one, too. */
enum style console_style(enum light light);
/* Fen as whole 万元. */
void str_wan(struct str *str, int64_t fen);
/* Rows between two rows of a table, so that it fills the sheet and reads from afar. */
int row_step(const struct sheet *sheet, unsigned count);

/* A table's column: label, width, and whether numbers stand in it. */
struct heading {
    const char *label; /* msgid */
    int columns;
    bool right;
};

/* Where the column of a heading begins, when the first begins at `column`. */
int heading_column(int column, const struct heading *headings, unsigned at);
/* Writes the labels in a row, one column apart, from `column` on; returns where the last one ends. */
int put_headings(struct sheet *sheet, int row, int column, const struct heading *headings, unsigned count);
/* Writes a cell below its label. */
void put_cell(struct sheet *sheet, int row, int column, const struct heading *headings, unsigned at, enum style style,
              const char *text);
void put_count(struct sheet *sheet, int row, int column, const struct heading *headings, unsigned at, enum style style,
               int64_t number);

#endif
