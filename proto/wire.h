/* wire.h - the messages between a client and the daemon, as one frame each.
 *
 * A frame is a packed array whose first element is its type. proto/PROTOCOL.md describes every one down
 * to the bytes. Frames are built and taken apart here and nowhere else; who may send what, and when, is
 * for the two ends. Limits hold for whatever comes from the other side. */
#ifndef PROTO_WIRE_H
#define PROTO_WIRE_H

#include "proto/codec.h"
#include "proto/delta.h"
#include "proto/grant.h"
#include "proto/identity.h"
#include "proto/points.h"

enum {
    PROTOCOL_VERSION = 3, /* the newest spoken here */
    PROTOCOL_OLDEST = 1,  /* the oldest understood */
    PROTOCOL_DELTA = 2,   /* from here on a command may come as a difference */
    PROTOCOL_STAGES = 3,  /* from here on a view comes in the order in which it is needed, and can be gone on with */
    FRAME_BYTES_MAX = 256 * 1024,
    CURVE_BYTES = 64,            /* libzmq compares its limit with the encrypted size, which is 33 more */
    FRAME_NODES_MAX = 64 * 1024, /* values in a frame of the daemon */
    LINES_MAX = 4096,            /* changes, entries or lines in one */
    REQUEST_BYTES_MAX = COMMAND_BYTES_MAX + 256, /* what the daemon takes from a client */
    PAGE_BYTES_MAX = 192 * 1024,                 /* of a page's changes, unpacked */
    PAGE_NODES_MAX = 192 * 1024,                 /* values in one by columns, where a missing one takes a byte */
    PAGE_BYTES_AIM = 16 * 1024, /* a page ends after the record that reaches it: some 4 s at 9600 bit/s */
    COLUMN_BYTES_AIM = 24 * 1024, /* the same of one by columns, which takes half as many */
    PAGES_AHEAD = 2,              /* pages of a view that are asked for before the one before is read */
    FIND_ROWS_MAX = 200,
    PING_SECONDS = 80,   /* an idle client speaks after so long... */
    QUIET_SECONDS = 200, /* ...and is taken for gone after so long */
    ANSWER_SECONDS = 10, /* an unanswered act means: no link */
    HANDSHAKE_SECONDS = 45, /* that the daemon gives a connection until it has shown its key */
    DEFAULT_PORT = 7009,
};

enum frame_type {
    /* from the client */
    FRAME_HELLO = 1,
    FRAME_COMMAND = 2,
    FRAME_MORE = 3,
    FRAME_QUERY = 4,
    FRAME_PING = 5,
    FRAME_BYE = 6,
    /* from the daemon */
    FRAME_WELCOME = 33,
    FRAME_ANSWER = 34,
    FRAME_REFUSED = 35,
    FRAME_PAGE = 36,
    FRAME_PUSH = 37,
    FRAME_RESULT = 38,
    FRAME_PONG = 39,
    FRAME_TICKET = 40,
    FRAME_LEAVE = 41,
};

enum query_what {
    QUERY_GET = 1,      /* [kind, id]: one record, whole */
    QUERY_FIND = 2,     /* [index, values..., id of the last record had, or 0]: records by an index, whole */
    QUERY_HISTORY = 3,  /* [kind, id, before number]: who changed what, newest first */
    QUERY_PRESENCE = 4, /* []: who is connected; for the office and administrators */
    QUERY_PROOF = 5,    /* [kind, id, before number]: as HISTORY, with what was signed, the signature and the key */
    QUERY_AS_OF = 6,    /* [moment, entry, next, base]: all that the asker may see, whole, as it stood; by pages */
    QUERY_POINTS = 7,   /* [kind, id, unit, person, upto, after number]: day-to-day points of an assessment or scheme */
    QUERY_LAST = QUERY_POINTS,
};

/* What a change does to the reader's copy. */
enum change_op {
    OP_DIFF,  /* the given fields change */
    OP_WHOLE, /* the record is replaced: it is new to the reader, or seen at another level */
    OP_GONE,  /* the reader may not see it any more */
    OP_SAME,  /* AS_OF alone: `count` records from this id on are as in what the reader has */
    OP_LISTED, /* as OP_WHOLE, of a record that will be seen whole: its list fields; the rest comes with... */
    OP_REST,   /* ...this, the other fields that are set */
};

/* In what order a view comes. */
enum view_stage {
    VIEW_DONE,  /* all of it is here; or: in the order of the tables (protocol 2) */
    VIEW_FIRST, /* what the desk shows, and whatever has to be read for it */
    VIEW_LISTS, /* everything else: whole where it is seen in part, its list fields where it is seen whole */
    VIEW_REST,  /* the other fields of those */
};

/* How far a view has come: everything up to this record of this stage, in the order of view_kind, is here as it was at
 * the entry as_of. It may be gone on with from there on another connection. */
struct view_place {
    uint8_t stage, kind;
    uint64_t id, as_of;
    uint32_t done, total; /* records that have come, of how many, about: for people */
};
/* The order of kinds in the stages behind the first: projects and what belongs to them, then the rest. NULL: the first
 * kind; NULL behind the last. */
const struct kind *view_kind(const struct kind *kind);

struct hello {
    uint32_t protocol_oldest, protocol_newest;
    uint64_t have;       /* the client has all it may see up to this entry; 0: nothing */
    uint32_t scope;      /* as the daemon last told; a different one means: begin anew */
    uint64_t remember;   /* the head of the last welcome, whose hash the client kept; 0: none */
    struct text program; /* name and version, for the log */
    struct view_place place; /* with `have` 0: a view that was broken off; stage VIEW_DONE: none */
};

struct welcome {
    uint32_t protocol, tables, scope;
    stamp_t now;                        /* registry time */
    uint64_t head;                      /* number of the newest entry */
    uint8_t hash[HASH_BYTES];           /* of the newest entry */
    uint8_t signature[SIGNATURE_BYTES]; /* head_sign over head, hash and now */
    bool has_remembered;
    uint8_t remembered[HASH_BYTES]; /* hash of the entry that the client remembers, when it is not the head */
    uint64_t counter;               /* the device's highest accepted command counter */
    bool afresh;                    /* the client's copy is of another scope: it has to drop it */
    bool pages;                     /* pages follow; else the client has everything up to `head` */
};

/* Told to the holder of a ticket: what enrolling needs. */
struct ticket_welcome {
    uint32_t protocol;
    stamp_t now;
    uint64_t device, version, operator;
    uint8_t registry[REGISTRY_ID_BYTES], server_sign[KEY_BYTES];
    struct text login, name, unit, registry_name;
};

struct answer {
    uint64_t counter; /* of the command */
    uint64_t number;  /* of the journal entry */
    uint64_t id;      /* of the record */
};

struct refused {
    uint64_t counter;
    struct refusal why;
};

/* One record's change as it travels. */
struct wire_change {
    enum change_op op;
    struct record record; /* kind, id, version and the fields of mask */
    uint64_t mask;
    /* AS_OF alone */
    uint32_t count;       /* of OP_SAME */
    enum see_level level; /* at which the asker would have had them then: all of a view that nothing was fetched into */
};

/* What one journal entry means for a reader. */
struct wire_entry {
    uint64_t number;
    stamp_t time;
    uint64_t unit;        /* that acted; 0: a rule */
    uint8_t kind, action; /* what was done */
    unsigned count;
    struct wire_change *changes; /* the one that the act is about comes first, if it is visible */
};

struct push {
    uint64_t after; /* the number up to which the reader should have everything; else it has to resume */
    unsigned count;
    struct wire_entry *entries;
};

struct page {
    uint64_t upto; /* with this page the reader has everything up to here */
    bool more;     /* ask on with MORE */
    bool staged, columns;    /* read: it is of a view that comes by stages; its changes came by columns */
    struct view_place place; /* of such a view: how far it is with this page */
    unsigned count;
    struct wire_change *changes;
};

enum { BASE_NOTHING = 0, BASE_PRESENT = -1 }; /* the latter: what pages and pushes have given it */

struct query {
    uint64_t tag; /* chosen by the client, comes back with the result */
    enum query_what what;
    uint8_t kind;
    uint64_t id, before;
    uint64_t unit, person; /* POINTS: of whom; 0: of all units that the asker may see, of nobody in person */
    uint64_t upto, after;  /* POINTS: the last entry that counts, 0: the newest; the entry of the last line had */
    stamp_t moment; /* AS_OF: what the registry knew at the end of that second; 0: as entry `before` left it */
    bool next;      /* AS_OF: the page behind the last one that this asker got of it */
    int64_t base;   /* AS_OF: what the asker has: an entry as of which it got all, BASE_PRESENT or BASE_NOTHING */
    uint8_t index;
    bool misfit; /* read: there is no such index, or its fields are of other types */
    unsigned value_count;
    struct value values[INDEX_FIELDS_MAX];
};

/* One line of a record's history. */
struct history_line {
    uint64_t number;
    stamp_t time;
    uint64_t unit, operator;
    struct text name;     /* of the operator */
    uint8_t kind, action; /* the action may have been on another record: a target's on its milestones */
    bool is_signed;
    struct record fields; /* what it changed */
    uint64_t mask;
    /* PROOF alone: the bytes as they were sent, their signature and the public key of the device. Empty when it was
     * not signed, and when the act was on another record, whose history has them. */
    struct text command, signature, key;
};

/* The registry as it stood, one page of it. */
struct as_of {
    stamp_t moment;                     /* that was asked for, or the entry's time */
    uint64_t number;                    /* of the newest entry at that moment */
    stamp_t time;                       /* of that entry */
    uint64_t day;                       /* the newest entry before the day of the moment; 0: none */
    uint8_t hash[HASH_BYTES];           /* of the entry `number` */
    uint8_t signature[SIGNATURE_BYTES]; /* head_sign over number, hash and moment: what a welcome said then */
    unsigned count;
    struct text packed;          /* built: the changes, one behind the other */
    struct wire_change *changes; /* read */
};

struct presence_line {
    uint64_t operator, unit;
    struct text name, program;
    stamp_t since;
    bool behind;
};

struct result {
    uint64_t tag;
    enum err err;
    enum query_what what;
    bool more;
    uint8_t kind; /* that was asked about: the fields of HISTORY and PROOF are of it */
    unsigned count;
    struct wire_change *records;     /* GET, FIND */
    struct history_line *history;    /* HISTORY, PROOF */
    struct presence_line *presences; /* PRESENCE */
    struct points_line *points;      /* POINTS */
    struct as_of *as_of;             /* AS_OF: one line, none with an error */
};

/* ---- building; a failure shows in pack->failed ---- */

void hello_pack(struct pack *pack, const struct hello *hello);
void command_frame_pack(struct pack *pack, const void *command, size_t count, const uint8_t *signature);
/* The same command as its difference from the record that `base` names; signature as above. */
void command_delta_pack(struct pack *pack, const struct delta_base *base, struct text delta, const uint8_t *signature);
void more_pack(struct pack *pack);
void ping_pack(struct pack *pack);
void bye_pack(struct pack *pack);
void query_pack(struct pack *pack, const struct query *query);

void welcome_pack(struct pack *pack, const struct welcome *welcome);
void ticket_welcome_pack(struct pack *pack, const struct ticket_welcome *welcome);
void answer_pack(struct pack *pack, const struct answer *answer);
void refused_pack(struct pack *pack, const struct refused *refused);
void pong_pack(struct pack *pack, uint64_t upto, stamp_t now);
void leave_pack(struct pack *pack, enum err err, int64_t number);
/* One entry of a push, and the frame around `count` of them that were packed one behind the other. */
void wire_entry_pack(struct pack *pack, const struct wire_entry *entry);
void push_pack(struct pack *pack, uint64_t after, unsigned count, struct text entries);
/* One change, and the page around `count` of them; compressed when that is shorter. */
void wire_change_pack(struct pack *pack, const struct wire_change *change);
/* One of the registry as it stood: OP_WHOLE or OP_SAME. */
void as_of_change_pack(struct pack *pack, const struct wire_change *change);
void page_pack(struct pack *pack, uint64_t upto, bool more, unsigned count, struct text changes);
/* A page of a view that comes by stages, of these changes by columns; with columns NULL of `changes`, which are packed.
 */
void view_page_pack(struct pack *pack, const struct page *page, const struct wire_change *columns, struct text changes);
void result_pack(struct pack *pack, const struct result *result);

/* ---- taking apart; the results borrow the frame's bytes and live in the arena ---- */

/* Any frame, read and checked by its type. */
struct frame {
    enum frame_type type;
    union {
        struct hello hello;
        struct {
            struct text bytes;      /* with base.kind: the difference */
            struct text signature;  /* 64 bytes or none */
            struct delta_base base;
        } command;
        struct query query;
        struct welcome welcome;
        struct ticket_welcome ticket;
        struct answer answer;
        struct refused refused;
        struct page page;
        struct push push;
        struct result result;
        struct {
            uint64_t upto;
            stamp_t now;
        } pong;
        struct {
            enum err err;
            int64_t number; /* ERR_VERSION: the protocol that the daemon speaks */
        } leave;
    } as;
};

/* from_client: accept only what a client sends, else only what a daemon sends. ERR_BAD_FRAME, ERR_VERSION
 * (a type from a newer protocol), ERR_MEMORY. */
enum err frame_read(const void *bytes, size_t count, bool from_client, struct arena *arena, struct frame *frame,
                    struct refusal *why);

#endif
