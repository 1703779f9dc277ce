/* columns.h - records of one kind by columns, in which they pack into half the bytes: what stands below each other is
 * alike. For the pages of a view; the form is in proto/PROTOCOL.md, "By columns". */
#ifndef PROTO_COLUMNS_H
#define PROTO_COLUMNS_H

#include "proto/wire.h"

/* Writes the changes, all of OP_WHOLE, OP_LISTED or OP_REST, as an array of blocks; their order stays. */
void columns_pack(struct pack *pack, const struct wire_change *changes, unsigned count);

/* Reads `count` changes. They live in the arena and borrow the bytes. ERR_BAD_FRAME, ERR_MEMORY. */
enum err columns_read(struct text bytes, unsigned count, struct arena *arena, struct wire_change **changes,
                      struct refusal *why);

#endif
