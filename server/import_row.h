/* import_row.h - what the importers of single files share: columns as a table, the row at hand, faults.
 *
 * An importer is a row of the table in import.c: its columns, and a function that turns one row into
 * commands. Values are read by value_parse before the function sees the row; columns that name other
 * records it looks up itself with the helpers below. */
#ifndef SERVER_IMPORT_ROW_H
#define SERVER_IMPORT_ROW_H

#include "server/csv.h"
#include "server/import.h"

#include "proto/memory.h"

enum { IMPORT_COLUMNS_MAX = 32, NO_COLUMN = IMPORT_COLUMNS_MAX };

/* The column that says why a row was rejected; ignored when such a file comes back. */
#define IMPORT_ERROR_HEADER "错误"

enum column_flag {
    COLUMN_NEEDED = 1, /* the file must have it */
    COLUMN_PARSED = 2, /* read as a value of its field, but not put into a record by import_fill */
    COLUMN_NAMED = 4,  /* names something: the row's function looks at the text itself */
    COLUMN_CODE = 8,   /* full-width letters and digits become plain ones before it is read */
};

/* kind and field: what the column is about; 0 kind: nothing. A file's column is found by the header, the
 * field's label or its name. */
struct column {
    const char *header;
    uint8_t kind, field;
    unsigned flags;
};

struct import;

struct import_what {
    const char *name;
    const struct column *columns;
    unsigned column_count;
    unsigned keys;                        /* the first so many columns: no two rows may agree in them */
    void (*begin)(struct import *import); /* of each pass; may be NULL */
    void (*row)(struct import *import);
    void (*finish)(struct import *import); /* of each pass; may be NULL */
};
extern const struct import_what import_units, import_plan, import_projects, import_targets, import_operators,
    import_calendar, import_scheme;

enum mark { MARK_NONE, MARK_UNCHANGED, MARK_CHANGED, MARK_CREATED };

struct import {
    struct console *console;
    const struct import_options *options;
    const struct import_what *what;
    struct sheet sheet;
    int at[IMPORT_COLUMNS_MAX]; /* position of each column in the file, -1: not there */
    unsigned error_column;      /* position of a former run's 错误, SHEET_COLUMNS_MAX: none */
    const char **reasons;       /* of each row: why it was rejected, NULL: it was not */
    struct arena kept;          /* of the reasons */
    unsigned faults;            /* rows that were rejected */
    enum err stopped;           /* a fault that is about no row: nothing can be taken over */

    /* the pass */
    unsigned pass_faults;
    unsigned char *marks[KIND_LIMIT]; /* by record id: enum mark */
    size_t mark_room[KIND_LIMIT];
    struct arena arena; /* what an importer keeps during a pass */
    void *own;          /* the importer's, in `arena` */
    char note[200];     /* a line to be printed when it was taken over, or empty */

    /* the row */
    unsigned row; /* position in the sheet */
    bool bad;     /* a fault was found in it */
    struct arena row_arena;
    struct value values[IMPORT_COLUMNS_MAX];
};

const struct space *import_space(const struct import *import);
day_t import_today(const struct import *import);

/* The text of a column in the row at hand, empty when the file has no such column. */
struct text import_cell(const struct import *import, unsigned column);

/* Notes a fault of the row at hand. It is shown at the column that the refusal's field belongs to, or else
 * at `column` (NO_COLUMN: none). */
void import_fault(struct import *import, unsigned column, const struct refusal *why);
/* The same with a text; `column` is required. */
void import_fault_text(struct import *import, unsigned column, enum err err, struct text text);
/* A fault that is about the whole file. */
void import_stop(struct import *import, const struct refusal *why);

/* Finds the columns by the header; faults in it stop the import. */
enum err import_find_columns(struct import *import);
/* Reads and takes over the row at hand. */
void import_run_row(struct import *import);

/* Puts the values of the columns of a kind into a record of it. */
void import_fill(const struct import *import, struct record *record);

/* The unit whose code stands in the column; 0 when the cell is empty, or (a fault then) there is none. */
uint64_t import_unit(struct import *import, unsigned column);

/* Takes an action with the fields of args on the record args->id (0: a new one). Returns the record's id,
 * or 0 after a fault. Counts the record as `mark`. */
uint64_t import_do(struct import *import, unsigned column, unsigned action, const struct record *args, enum mark mark);

/* Makes a record by the action `make`, or amends by `amend` (0: by none) what differs in the record
 * args->id. Returns its id, or 0 after a fault. */
struct put {
    unsigned make, amend;
    unsigned column; /* where a fault shows */
};
uint64_t import_put(struct import *import, const struct put *put, const struct record *args);

/* Reads a record into the row's arena; false after a fault. */
bool import_read(struct import *import, unsigned kind, uint64_t id, struct record *record);

/* Takes over the target of a project for a year (import_targets.c). opening_given: the balance and its day
 * are the file's own word; else they only serve a target that is new. */
void import_target(struct import *import, unsigned column, struct record *args, bool opening_given);

/* A year's total in equal parts of whole fen; what is left over is December's. */
void import_split(int64_t total, int64_t months[12]);

/* The parts of a cell that lists several names or phrases, parted by any character of `marks`. */
bool next_phrase(struct text *rest, const char *marks, struct text *phrase);

#endif
