/* codec.h - records, differences and commands as bytes, by walking the tables.
 *
 * A set of fields is a map from the field's wire number to its value; nil unsets a field. Layouts are
 * described for other implementers in proto/PROTOCOL.md. */
#ifndef PROTO_CODEC_H
#define PROTO_CODEC_H

#include "proto/arena.h"
#include "proto/pack.h"
#include "proto/record.h"
#include "proto/when.h"

enum { COMMAND_BYTES_MAX = 64 * 1024, COMMAND_NODES_MAX = 1024, RECORD_BYTES_MAX = 256 * 1024 };

/* Writes the fields of `mask` (unset ones as nil) and, with `extras`, what this version does not know. */
void fields_pack(struct pack *pack, const struct record *record, uint64_t mask, bool extras);

/* How a map of fields is read. */
enum fields_mode {
    FIELDS_STORED,  /* from the registry: unknown numbers are kept, values are trusted for their bounds */
    FIELDS_COMMAND, /* from an operator: unknown numbers are refused, values are checked */
};

/* Reads a map into the record; *mask gets the positions that were named (nil ones become unset).
 * Lists and extras live in the arena; texts are borrowed from the item's bytes. */
enum err fields_unpack(const struct item *map, enum fields_mode mode, struct arena *arena, struct record *record,
                       uint64_t *mask, struct refusal *why);

/* One value of a record, nil when it is not set; and is the field one number, no list of them? */
void value_pack(struct pack *pack, const struct field *field, const struct value *value);
bool field_is_number(const struct field *field);
/* Reads one value as fields_unpack does. With `last` a number is what it exceeds *last by, and *last becomes it. */
enum err field_unpack(unsigned wire, const struct item *item, uint64_t *last, enum fields_mode mode,
                      struct arena *arena, struct record *record, uint64_t *mask, struct refusal *why);

/* A stored record: [version, fields]. The bytes are borrowed by the record. */
void record_pack(struct pack *pack, const struct record *record);
enum err record_unpack(const void *bytes, size_t count, struct arena *arena, struct record *record,
                       struct refusal *why);

/* What an operator wants done. */
struct command {
    uint64_t counter; /* of the device, from 1; with the device it names the command for ever */
    uint8_t kind, action;
    int64_t target;     /* the record's id; 0: a new one; negative: the one made by the device's own
                           command number -target */
    int64_t base;       /* the version that the operator saw; 0 for a new one; negative: as the device's own
                           command number -base left it */
    stamp_t said;       /* the client's registry time */
    struct record args; /* the fields filled in */
    uint64_t given;     /* mask of them; a position given but not set is to be emptied */
};

void command_pack(struct pack *pack, const struct command *command);

/* Reads and checks form, bounds and characters. The command borrows the bytes and the arena. */
enum err command_unpack(const void *bytes, size_t count, struct arena *arena, struct command *command,
                        struct refusal *why);

/* Reads only what a command is about, without checking its fields: for folding entries of any age. */
enum err command_peek(const void *bytes, size_t count, struct command *command);

/* A record before and after an act. before.version 0 with state 0: it is new. */
struct change {
    struct record before, after;
};

/* Effects: an array of [kind, id, fields that differ]. Reading gives records that hold the differing
 * fields alone, with the mask of each. */
void effects_pack(struct pack *pack, const struct change *const *changes, unsigned count);
struct effect {
    struct record fields;
    uint64_t mask;
};
enum err effects_unpack(const struct item *array, struct arena *arena, struct effect **effects, unsigned *count,
                        struct refusal *why);

#endif
