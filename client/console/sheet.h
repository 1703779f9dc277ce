/* sheet.h - a page of the console before it is shown: pieces of text at their places, and the figures among them
 * that open a list. A screen shows it, `duban console --once` prints it. */
#ifndef CLIENT_CONSOLE_SHEET_H
#define CLIENT_CONSOLE_SHEET_H

#include "client/term/term.h"

#include "proto/arena.h"
#include "proto/progress.h"

enum { PIECES_MAX = 6000, SPOTS_MAX = 1500 };

struct piece {
    int row, column;
    enum style style;
    struct text text; /* in the sheet's arena; it fits */
};

/* What stands behind a figure. */
enum opens {
    OPENS_PROJECTS, /* narrowed by county, unit and light, where these are set */
    OPENS_RECORD,   /* one of a kind */
    OPENS_RECORDS,  /* all of a kind */
    OPENS_BOARD,    /* the same, by state */
    OPENS_CELL,     /* reports of a unit for a month */
    OPENS_MATRIX,
    OPENS_OPEN, /* the console's page of what is open, of one county */
};

struct target {
    enum opens opens;
    uint8_t kind;
    bool by_light;
    enum light light;
    uint64_t id, county, lead, unit;
    month_t month;
};

struct spot {
    int row, column; /* of the mark, in front of the figure */
    struct target target;
};

struct sheet {
    struct arena *arena;
    int rows, columns; /* the room that there is; a sheet may be longer than that */
    int height;        /* rows that are used */
    int head;          /* so many rows at the top stay when the rest is moved */
    unsigned pieces, spots;
    struct piece *piece;
    struct spot *spot; /* from left to right, from top to bottom */
};

/* An empty sheet. ERR_MEMORY. */
enum err sheet_start(struct sheet *sheet, struct arena *arena, int rows, int columns);

/* Writes a text, cut at so many columns and at the right edge; returns the columns it took. */
int sheet_put(struct sheet *sheet, struct place place, const char *text);
/* The same, ending at the right edge of its place; the text must fit. */
void sheet_put_right(struct sheet *sheet, struct place place, const char *text);

/* A mark may stand here, in front of a figure that opens something. */
void sheet_spot(struct sheet *sheet, int row, int column, const struct target *target);

/* The nearest spot in a direction (rows and columns -1, 0, 1), or the same. */
unsigned sheet_move(const struct sheet *sheet, unsigned at, int rows, int columns);

/* A row as text, without the marks: pieces at their columns, spaces between them. */
void sheet_row(const struct sheet *sheet, int row, struct str *out);

#endif
