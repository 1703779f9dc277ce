/* screen.h - what the screens share: the program around them, and what a screen has to be able to do.
 *
 * Screens stand on a stack; the top one is seen. They read the client's view, keep ids rather than records,
 * and build their rows anew when the view has changed. Asking (ask_...) turns the program's loop until there is
 * an answer: afterwards everything read from the view or the screen's own rows has to be read again. */
#ifndef CLIENT_SCREEN_SCREEN_H
#define CLIENT_SCREEN_SCREEN_H

#include "client/core/book.h"
#include "client/core/client.h"
#include "client/core/notice.h"
#include "client/core/search.h"
#include "client/screen/app.h"
#include "client/screen/keys.h"
#include "client/screen/setup.h"
#include "client/term/editor.h"
#include "client/term/pager.h"
#include "client/term/pick.h"

#include "proto/number.h"
#include "proto/owed.h"
#include "proto/progress.h"
#include "proto/show.h"

struct app;
struct screen;
struct jump_texts;
struct marks;
struct sending;
struct discarded;

/* What the cursor stands on: a record, and of its fields (0: the whole). */
struct under {
    uint8_t kind;
    uint64_t id;
    unsigned position;
    bool about; /* the row is about it: there is no record of its own yet */
};

/* What a screen can do; NULL where it can't. */
struct screen_kind {
    enum screen_id id; /* whose keys hold */
    size_t size;       /* of the struct that begins with struct screen */
    /* What the view knows has changed (a mask of client_event; all bits at first). */
    void (*follow)(struct screen *screen, unsigned events);
    void (*draw)(struct screen *screen, struct term *term, struct area area);
    bool (*does)(const struct screen *screen, enum verb verb); /* possible now? NULL: all of its keys */
    void (*act)(struct screen *screen, enum verb verb);
    /* Is a field being typed into: SCREEN_typing_line or _note, or the id. */
    enum screen_id (*mode)(const struct screen *screen);
    bool (*type)(struct screen *screen, const struct key_press *key); /* a key without a verb; true: taken */
    void (*find)(struct screen *screen, struct text words);           /* show only what matches */
    const struct list *(*list)(const struct screen *screen); /* its rows, where each is a record; NULL: not now */
    /* The record in a row, or that the screen is about; false: none. */
    bool (*at)(const struct screen *screen, unsigned row, struct under *under);
    /* What a row stands for when that is not the one record of `at`: writes up to `most`, returns how many. */
    unsigned (*behind)(struct screen *screen, unsigned row, struct under *out, unsigned most);
    void (*columns)(struct screen *screen, struct text names);        /* show these */
    void (*put)(struct screen *screen, struct book *book);            /* what it shows, as a workbook's sheet */
    void (*reload)(struct screen *screen);                            /* a draft that it may be of is back */
    void (*keep)(struct screen *screen);                              /* the program may end: make drafts durable */
    void (*free)(struct screen *screen);
    /* Monotonic milliseconds at which `woken` is to be called, INT64_MAX: never. NULL: never. */
    int64_t (*wakes)(const struct screen *screen);
    void (*woken)(struct screen *screen);
    bool ticker; /* the last push stays in sight, read or not */
    bool page;   /* it is about one record: while nothing is marked, that is what is acted on, not its row */
};

struct screen {
    const struct screen_kind *kind;
    struct app *app;
    struct screen *next_dead;
    struct marks *marks; /* of its rows; NULL: none (marks.h) */
};

enum { STACK_MAX = 24, FIND_BYTES = 120, MESSAGE_BYTES = 500, NOTICES_MAX = 200, WATCHED_MAX = 16, ASKED_MAX = 64 };

/* What was pushed, newest last. */
struct notices {
    unsigned count, unread; /* unread ones are the last */
    struct notice at[NOTICES_MAX];
};

/* Commands that were typed, newest last. */
enum { COMMANDS_KEPT = 30, COMMAND_BYTES = 200 };
struct command_history {
    unsigned count;
    char at[COMMANDS_KEPT][COMMAND_BYTES];
};

/* What an event may have changed. */
struct noticed {
    uint64_t position, advances, counter;
    uint64_t net, waiting, refused, stale;
};

struct app {
    const struct tui_options *options;
    struct term *term;
    struct client *client; /* NULL before sign-in */
    struct profile profile;
    struct setup setup;
    struct screen *stack[STACK_MAX];
    unsigned depth;
    struct screen *dead;   /* freed when nothing runs in it any more */
    struct prompt *prompt; /* the question on top, or NULL */
    struct notices *notices;
    struct arena scratch;        /* of whatever is being done now */
    char message[MESSAGE_BYTES]; /* about the last act; the next key takes it away */
    char link_message[MESSAGE_BYTES]; /* the one about the link, which goes when it is no longer so */
    enum style message_style;
    struct command_history history;
    struct discarded *discarded; /* what was typed and thrown away, or NULL (undo.c) */
    struct sending *sending; /* acts whose outcome is told together, or NULL (batch.c) */
    struct jump_texts *jump; /* the texts of what one can go to, or NULL (jump.c) */
    uint64_t watched[WATCHED_MAX]; /* acts of which the outcome is to be told */
    struct noticed seen;
    stamp_t wished;     /* the moment of the past that was asked for last; 0: none by its time */
    stamp_t stated;     /* the time that the first line shows: of the last event, not of the last key */
    int64_t typed_ms;   /* when the last key was pressed */
    uint32_t key;       /* which it was */
    enum net_state net; /* that was told last */
    bool dirty, leave, locked;
    bool tour_due;    /* the tour begins when it is known who this is */
    bool flash;       /* what was pushed last stands out until the next key */
    bool shut;        /* the console on the wall: whatever leads away from it asks for the passphrase */
    bool typed_ahead; /* keys may have been read from the terminal and not attended to */
    bool unkept;      /* something was typed and not made durable */
    int status;
};

/* ---- app.c ---- */

/* Makes a screen of the kind, with everything zero behind its head; NULL when there is no memory. */
struct screen *screen_new(struct app *app, const struct screen_kind *kind);
/* Puts it on top; it is told to follow first. NULL is ignored. */
void app_push(struct app *app, struct screen *screen);
/* Takes the screen (and what stands above it) away; it is freed later. */
void app_close(struct screen *screen);
struct screen *app_top(const struct app *app);
/* Only the lowest screen is left: the desk. */
void app_to_root(struct app *app);
/* Every screen in another language at once: "zh" or "en". */
void app_speak(struct app *app, const char *language);
/* One turn of the loop: show, wait, attend. */
void app_turn(struct app *app);
/* Opens the profile whose key the seed is, connects, and shows the desk. */
enum err app_sign_in(struct app *app, const struct profile *profile, const uint8_t seed[SEED_BYTES],
                     struct refusal *why);
/* Carries out a verb as if its key had been pressed. */
void app_do(struct app *app, enum verb verb);
/* Is it possible now? */
bool app_does(void *app, enum verb verb);
/* The theme that is set holds from the next frame on. */
void app_theme(struct app *app);
/* Rows that a screen's body has. */
int app_rows(const struct app *app);
/* On the wall the console stays in sight when the screen is shut; what leads away from it asks for the passphrase. */
bool app_keeps_console(struct app *app);
/* Tells the outcome of an own act when it comes. */
void app_watch(struct app *app, uint64_t counter);

/* ---- say.c: one line for the operator ---- */

void app_say(struct app *app, enum style style, const char *text);
void app_say_refusal(struct app *app, const struct refusal *why);
void app_say_err(struct app *app, enum err err);
/* A push is in the view; see client_set_watch. */
void app_on_watch(void *app, const struct wire_entry *entry, const struct wire_change *change);
/* The outbox or the link has changed. */
void app_tell_outcomes(struct app *app);
void app_tell_link(struct app *app);
/* Opens what the last notice is about. */
void app_open_latest(struct app *app);
void app_open_notice(struct app *app, const struct notice *notice);

/* ---- frame.c ---- */

void frame_draw(struct app *app);
/* Does what is shown have to bear the time it is from? */
bool frame_is_stale(struct app *app, const struct client_status *status);

/* ---- prompt.c: questions; each returns false when it was cancelled (also: the program has to end) ---- */

/* What is done must be confirmed: the consequence and the thing's name are in the text. */
bool ask_confirm(struct app *app, const char *title, const char *text);
/* One line; `line` holds what is suggested. */
bool ask_line(struct app *app, const char *title, const char *text, char *line, size_t max);
bool ask_secret(struct app *app, const char *title, const char *text, char *line, size_t max);
/* One of a few, by digit; or of many, by typing. Returns its index or -1. */
int ask_menu(struct app *app, const char *title, struct pick_item *items, unsigned count);
int ask_pick(struct app *app, const char *title, struct pick_item *items, unsigned count);
/* Any number of them: sets `chosen`. */
bool ask_picks(struct app *app, const char *title, struct pick_item *items, unsigned count);
/* Shows a text until it is closed. */
void tell(struct app *app, const char *title, struct text text);
/* The line in which a list is narrowed; calls the top screen's find. */
void ask_find(struct app *app, const char *words);
/* A new passphrase, twice. */
bool ask_new_passphrase(struct app *app, char *line, size_t max);
/* Shuts the screen until the passphrase is given. */
void lock_screen(struct app *app);

struct prompt;
enum screen_id prompt_mode(const struct prompt *prompt);
void prompt_key(struct app *app, struct prompt *prompt, const struct key_press *key);
void prompt_draw(struct app *app, struct prompt *prompt, struct area area);
bool prompt_done(const struct prompt *prompt);
bool prompt_covers(const struct prompt *prompt);

/* ---- jump.c ---- */

/* Lets the operator go to any record or screen by a few letters, and opens it; at once when it is clear what `words`
 * mean. `again`: the letter g opened the box, a second one goes to the first row. */
void jump_ask(struct app *app, struct text words, bool again);
/* Forgets the texts. */
void jump_drop(struct app *app);

/* ---- copy.c ---- */

/* Copies the code, the cell (also: "") or the record under the cursor. False: `what` is none of these. */
bool copy_under(struct app *app, struct text what);

/* ---- undo.c ---- */

/* Takes back what was done last, or says why it can't be. */
void undo_last(struct app *app);
struct entries;
/* The draft is going to be thrown away: kept for this session. */
void undo_keep_draft(struct entries *entries);
void undo_free(struct app *app);

/* ---- export.c ---- */

/* Writes what the top screen shows into a workbook; "": asks where. */
void export_screen(struct app *app, struct text path);

/* ---- command.c ---- */

void command_ask(struct app *app);
/* Shows the tour, from the desk (tour.c). */
void tour_run(struct app *app);
void help_show(struct app *app);

/* ---- helpers for drawing and reading (view.c) ---- */

/* How records show; the scratch arena is emptied by the next screen that works, not before. */
struct show app_show(struct app *app);
/* Reads a record of the view into the arena; false when it is not there. */
bool view_get(struct app *app, unsigned kind, uint64_t id, struct arena *arena, struct record *record);
/* A value as text; "" when unset, text_unknown() when it is not here at all. */
struct text view_value(struct app *app, const struct record *record, unsigned position, struct arena *arena);
struct text view_title(struct app *app, unsigned kind, uint64_t id, struct arena *arena);
struct text view_brief(struct app *app, unsigned kind, uint64_t id, struct arena *arena);
struct text arena_text(struct arena *arena, const char *string);
/* Is the field known here? Of a listed record only the list columns are. */
bool view_knows(struct app *app, const struct record *record, unsigned position, struct arena *arena);
/* What a screen has asked the daemon for already: each thing once, however often the view changes. */
struct asked {
    unsigned count;
    uint64_t at[ASKED_MAX];
};
/* Sees to it that a record that is not kept whole here is fetched once while the screen stands. */
enum known view_want(struct app *app, struct asked *asked, unsigned kind, uint64_t id, struct arena *arena);
/* The same for all records that begin with these numbers in an index. */
void view_want_all(struct app *app, struct asked *asked, enum index_id index, const int64_t *numbers, unsigned count);
/* The same for what a record names, down to the names of persons (record.c). */
void view_want_refs(struct app *app, struct asked *asked, unsigned kind, uint64_t id);
/* How much of a record is here and as of when; nothing when it is kept whole. */
void put_known(struct app *app, unsigned kind, uint64_t id, struct str *out);
/* Asks which of the records that belong to one are to be listed. */
void children_ask(struct app *app, unsigned kind, uint64_t id);
/* The signed-in operator's unit, 0 when not known. */
uint64_t view_unit(const struct app *app);
/* Moves a list by a verb; false when it is none of these. */
bool list_verb(struct list *list, enum verb verb, int rows);
bool pager_verb(struct pager *pager, enum verb verb, int rows);
/* What the cursor of a screen stands on; false: no record. */
bool screen_under(const struct screen *screen, struct under *under);
/* Writes text into a place. */
void put_text(struct term *term, struct area area, int column, enum style style, const char *text);

/* Opens what a record's page is: a project, a report or return, or a record of any kind. */
void open_record(struct app *app, unsigned kind, uint64_t id);

/* ---- screens ---- */

struct screen *signin_screen(struct app *app);
/* Tries what the options say, or what there is only one of. */
void signin_begin(struct app *app);
struct screen *desk_screen(struct app *app);
struct screen *projects_screen(struct app *app);
/* The projects of a county, a lead department, a responsible unit (0: any), and of one light (LIGHTS_ALL: any). */
enum { LIGHTS_ALL = -1 };
struct screen *projects_of(struct app *app, uint64_t county, uint64_t lead, uint64_t unit, int light);
struct screen *project_screen(struct app *app, uint64_t id);
struct screen *notices_screen(struct app *app);
struct screen *matrix_screen(struct app *app);
void matrix_set_year(struct screen *matrix, int year);
struct screen *cell_screen(struct app *app, uint64_t unit, month_t month);
struct screen *outbox_screen(struct app *app);
/* One own act: what it was, why it was refused, and the record as it is now. */
struct screen *sent_screen(struct app *app, uint64_t counter);
struct screen *presence_screen(struct app *app);
struct screen *registers_screen(struct app *app);
struct screen *agenda_screen(struct app *app);
/* The places of an assessment; 0: of this year's. */
struct screen *ranking_screen(struct app *app, uint64_t assessment);
/* What a unit's, or a person's, score is the sum of; assessment 0: so far by the scheme. */
struct screen *why_screen(struct app *app, uint64_t assessment, uint64_t scheme, uint64_t unit, uint64_t person);
/* 督查监控台; the pages turn every so many seconds, 0: by keys alone. */
struct screen *console_screen(struct app *app, unsigned turn_seconds);
/* The name of a page; NULL past the last. */
const char *console_page_name(unsigned page);
/* Shows a page by its name; false when there is none. */
bool console_show(struct screen *console, struct text name);
/* The records of a kind by state. */
struct screen *board_screen(struct app *app, unsigned kind);
/* The records of a kind, those with a parent alone when `parent` is not 0 (`position`: the field). */
struct screen *records_screen(struct app *app, unsigned kind, unsigned position, uint64_t parent);
/* Those that a gauge counts in an area (0: in all), urgent ones first. */
struct screen *gauge_screen(struct app *app, const struct gauge *gauge, uint64_t area);
/* The environment of the projects by area. */
struct screen *environment_screen(struct app *app);
struct screen *record_screen(struct app *app, unsigned kind, uint64_t id);
/* A report or unit return: one that is there, or the one that `of` owes for a month. */
struct screen *paper_open(struct app *app, unsigned kind, uint64_t id);
struct screen *paper_screen(struct app *app, unsigned kind, uint64_t of, month_t month);
/* The boards of a review meeting, page by page. */
struct screen *review_screen(struct app *app, uint64_t meeting);
struct screen *history_screen(struct app *app, unsigned kind, uint64_t id);

#endif
