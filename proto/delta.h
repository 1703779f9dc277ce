/* delta.h - a command as its difference from a record that both sides have: fewer bytes on the wire, the same command.
 *
 * What is signed, decided and kept in the journal are always the plain bytes of command_pack; only between client and
 * daemon may they go as a zstd frame that has the record for its dictionary. proto/PROTOCOL.md, section 9. */
#ifndef PROTO_DELTA_H
#define PROTO_DELTA_H

#include "proto/codec.h"
#include "proto/grant.h"

/* Appends the dictionary: the fields of the record that operators fill in, packed as a command has them. */
void delta_dictionary(struct pack *pack, const struct record *record);

/* Appends the difference of a packed command to `delta`. False, with nothing said about `delta`, when there is no
 * memory for it; whether it is shorter is for the caller to see. */
bool delta_make(const struct record *record, struct text command, struct pack *delta);

/* The command again, in the arena: at most COMMAND_BYTES_MAX, however much is announced. ERR_BAD_FRAME when it does not
 * unpack with this record, ERR_MEMORY. */
enum err delta_take(const struct record *record, struct text delta, struct arena *arena, struct text *command);

/* The record that a difference is from. Both sides have it whole, at just this version. */
struct delta_base {
    uint64_t counter; /* of the command: what a refusal is about */
    uint8_t kind;     /* 0: the command is plain */
    uint64_t id, version;
};

/* Reads it. ERR_NOT_FOUND when it is not there, stands at another version, or is not seen whole by the actor. */
enum err delta_record(const struct space *space, const struct actor *actor, const struct delta_base *base,
                      struct arena *arena, struct record *record);

#endif
