/* watched.c - see watched.h. */
#include "proto/watched.h"

#include "proto/tables.h"

static void tell(const struct watched *watched, enum table table, const struct key *key, bool exactly)
{
    if (table == TABLE_RECORD)
        watched->saw(watched->self, key->bytes[0], exactly ? key_read(key, 1) : 0);
    else if (table == TABLE_INDEX && index_row(key->bytes[0]) != NULL)
        watched->saw(watched->self, index_row(key->bytes[0])->kind, 0);
}

static enum err watched_get(void *self, enum table table, const struct key *key, struct text *value)
{
    const struct watched *watched = self;
    tell(watched, table, key, true);
    return watched->under->get(watched->under->self, table, key, value);
}

static enum err watched_seek(void *self, enum table table, struct key *key, struct text *value)
{
    const struct watched *watched = self;
    tell(watched, table, key, false);
    return watched->under->seek(watched->under->self, table, key, value);
}

static enum err watched_before(void *self, enum table table, struct key *key, struct text *value)
{
    const struct watched *watched = self;
    tell(watched, table, key, false);
    return watched->under->before(watched->under->self, table, key, value);
}

void watched_init(struct watched *watched, const struct space *under, watched_saw *saw, void *self)
{
    *watched = (struct watched){.under = under, .saw = saw, .self = self};
    watched->space =
        (struct space){.self = watched, .get = watched_get, .seek = watched_seek, .before = watched_before};
}
