/* store.c - see store.h. */
#include "server/store.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

struct store {
    MDB_env *env;
    MDB_dbi tables[TABLE_COUNT];
    int lock_fd;
    uint64_t map_bytes, reserve_bytes, commits;
    char directory[4096];
};

struct txn {
    struct store *store;
    MDB_txn *txn;
    bool write;
    MDB_cursor *cursors[TABLE_COUNT];
    struct space space;
};

static const char *const table_names[TABLE_COUNT] = {"meta",    "record", "index", "clock",
                                                     "journal", "seen",   "feed",  "history"};

static enum err from_lmdb(int rc)
{
    switch (rc) {
    case MDB_SUCCESS: return OK;
    case MDB_NOTFOUND: return ERR_NOT_FOUND;
    case MDB_MAP_FULL:
    case ENOSPC:
    case EDQUOT: return ERR_NO_SPACE;
    case ENOMEM: return ERR_MEMORY;
    default: return ERR_IO;
    }
}

/* ---- opening ---- */

/* The lock belongs to the open file, so a second opening in this process is refused too. */
static enum err take_lock(struct store *store, struct refusal *why)
{
    char path[4200], text[32];
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    snprintf(path, sizeof path, "%s/lock", store->directory);
    store->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (store->lock_fd < 0) return refuse_text(why, ERR_IO, strerror(errno));
    if (fcntl(store->lock_fd, F_OFD_SETLK, &lock) != 0) {
        ssize_t count = pread(store->lock_fd, text, sizeof text - 1, 0);
        text[count > 0 ? count : 0] = '\0';
        char message[80];
        snprintf(message, sizeof message, "duband %s", text);
        return refuse_text(why, ERR_BUSY, message);
    }
    int length = snprintf(text, sizeof text, "pid %ld", (long)getpid());
    if (ftruncate(store->lock_fd, 0) != 0 || pwrite(store->lock_fd, text, (size_t)length, 0) != length)
        return refuse_text(why, ERR_IO, strerror(errno));
    return OK;
}

static int open_tables(struct store *store)
{
    MDB_txn *txn;
    int rc = mdb_txn_begin(store->env, NULL, 0, &txn);
    if (rc != 0) return rc;
    for (unsigned i = 0; i < TABLE_COUNT && rc == 0; i++)
        rc = mdb_dbi_open(txn, table_names[i], MDB_CREATE, &store->tables[i]);
    if (rc != 0) {
        mdb_txn_abort(txn);
        return rc;
    }
    return mdb_txn_commit(txn);
}

static void on_assert(MDB_env *env, const char *message)
{
    (void)env;
    fprintf(stderr, "duband: the database is damaged: %s\n", message);
    _exit(1);
}

static enum err open_env(struct store *store, bool scratch, struct refusal *why)
{
    unsigned flags = MDB_NOTLS | (scratch ? MDB_NOSYNC : 0);
    int rc = mdb_env_create(&store->env);
    if (rc == 0) rc = mdb_env_set_maxdbs(store->env, TABLE_COUNT);
    if (rc == 0) rc = mdb_env_set_mapsize(store->env, store->map_bytes);
    if (rc == 0) mdb_env_set_assert(store->env, on_assert);
    if (rc == 0) rc = mdb_env_open(store->env, store->directory, flags, 0600);
    if (rc == 0) rc = open_tables(store);
    if (rc == 0) return OK;
    refuse_text(why, from_lmdb(rc) == ERR_NO_SPACE ? ERR_NO_SPACE : ERR_IO, mdb_strerror(rc));
    return why != NULL ? why->err : ERR_IO;
}

enum err store_open(const char *directory, const struct store_options *options, struct store **store,
                    struct refusal *why)
{
    struct store *made = calloc(1, sizeof *made);
    if (made == NULL) return refuse(why, ERR_MEMORY);
    made->lock_fd = -1;
    made->map_bytes = options->map_bytes != 0 ? options->map_bytes : 64ull << 30;
    made->reserve_bytes = options->reserve_bytes != 0 ? options->reserve_bytes : 64ull << 20;
    enum err err = refuse_text(why, ERR_IO, "path too long");
    if (strlen(directory) < sizeof made->directory) {
        memcpy(made->directory, directory, strlen(directory) + 1);
        err = take_lock(made, why);
    }
    if (err == OK) err = open_env(made, options->scratch, why);
    if (err != OK) {
        store_close(made);
        return err;
    }
    store_tidy(made);
    *store = made;
    return OK;
}

void store_close(struct store *store)
{
    if (store == NULL) return;
    if (store->env != NULL) mdb_env_close(store->env);
    if (store->lock_fd >= 0) close(store->lock_fd);
    free(store);
}

static uint64_t used_bytes(const struct store *store)
{
    MDB_envinfo info;
    MDB_stat stat;
    mdb_env_info(store->env, &info);
    mdb_env_stat(store->env, &stat);
    return (info.me_last_pgno + 1) * (uint64_t)stat.ms_psize;
}

enum err store_room(const struct store *store)
{
    struct statvfs disk;
    if (used_bytes(store) > store->map_bytes / 10 * 9) return ERR_NO_SPACE;
    if (statvfs(store->directory, &disk) != 0) return ERR_IO;
    return (uint64_t)disk.f_bavail * disk.f_frsize < store->reserve_bytes ? ERR_NO_SPACE : OK;
}

void store_tidy(struct store *store)
{
    int dead;
    mdb_reader_check(store->env, &dead);
}

/* ---- transactions ---- */

static MDB_val val_of_key(const struct key *key)
{
    return (MDB_val){key->used, (void *)(uintptr_t)key->bytes};
}

static struct text text_of_val(MDB_val val)
{
    return (struct text){val.mv_data, (uint32_t)val.mv_size};
}

static enum err space_get(void *self, enum table table, const struct key *key, struct text *value)
{
    struct txn *txn = self;
    MDB_val name = val_of_key(key), data;
    int rc = mdb_get(txn->txn, txn->store->tables[table], &name, &data);
    if (rc == 0) *value = text_of_val(data);
    return from_lmdb(rc);
}

static int cursor(struct txn *txn, enum table table)
{
    if (txn->cursors[table] != NULL) return 0;
    return mdb_cursor_open(txn->txn, txn->store->tables[table], &txn->cursors[table]);
}

static enum err found(struct key *key, struct text *value, MDB_val name, MDB_val data)
{
    if (name.mv_size > KEY_MAX) return ERR_DAMAGED; /* never written so: the page is not what it was */
    memcpy(key->bytes, name.mv_data, name.mv_size);
    key->used = name.mv_size;
    *value = text_of_val(data);
    return OK;
}

static enum err space_seek(void *self, enum table table, struct key *key, struct text *value)
{
    struct txn *txn = self;
    MDB_val name = val_of_key(key), data;
    int rc = cursor(txn, table);
    /* LMDB takes no empty key: that is the start of the table. */
    if (rc == 0) rc = mdb_cursor_get(txn->cursors[table], &name, &data, key->used > 0 ? MDB_SET_RANGE : MDB_FIRST);
    return rc == 0 ? found(key, value, name, data) : from_lmdb(rc);
}

static enum err space_before(void *self, enum table table, struct key *key, struct text *value)
{
    struct txn *txn = self;
    MDB_val name = val_of_key(key), data;
    int rc = cursor(txn, table);
    if (rc != 0) return from_lmdb(rc);
    rc = mdb_cursor_get(txn->cursors[table], &name, &data, MDB_SET_RANGE);
    rc = mdb_cursor_get(txn->cursors[table], &name, &data, rc == MDB_NOTFOUND ? MDB_LAST : MDB_PREV);
    return rc == 0 ? found(key, value, name, data) : from_lmdb(rc);
}

static enum err space_put(void *self, enum table table, const struct key *key, struct text value)
{
    struct txn *txn = self;
    MDB_val name = val_of_key(key), data = {value.length, (void *)(uintptr_t)value.at};
    /* Entries come in ascending order: full pages instead of half-full ones. */
    unsigned flags = table == TABLE_JOURNAL ? MDB_APPEND : 0;
    int rc = mdb_put(txn->txn, txn->store->tables[table], &name, &data, flags);
    return from_lmdb(rc);
}

static enum err space_del(void *self, enum table table, const struct key *key)
{
    struct txn *txn = self;
    MDB_val name = val_of_key(key);
    return from_lmdb(mdb_del(txn->txn, txn->store->tables[table], &name, NULL));
}

enum err store_begin(struct store *store, bool write, struct txn **txn)
{
    struct txn *made = calloc(1, sizeof *made);
    *txn = NULL;
    if (made == NULL) return ERR_MEMORY;
    int rc = mdb_txn_begin(store->env, NULL, write ? 0 : MDB_RDONLY, &made->txn);
    if (rc != 0) {
        free(made);
        return from_lmdb(rc);
    }
    made->store = store;
    made->write = write;
    made->space = (struct space){made, space_get, space_seek, space_before, space_put, space_del};
    *txn = made;
    return OK;
}

const struct space *txn_space(struct txn *txn)
{
    return &txn->space;
}

enum err txn_clear(struct txn *txn, enum table table)
{
    return from_lmdb(mdb_drop(txn->txn, txn->store->tables[table], 0));
}

static void close_cursors(struct txn *txn)
{
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        if (txn->cursors[i] != NULL) mdb_cursor_close(txn->cursors[i]);
}

enum err txn_commit(struct txn **txn)
{
    close_cursors(*txn);
    int rc = mdb_txn_commit((*txn)->txn);
    if (rc == 0) (*txn)->store->commits++;
    free(*txn);
    *txn = NULL;
    return from_lmdb(rc);
}

void txn_abort(struct txn **txn)
{
    if (*txn == NULL) return;
    close_cursors(*txn);
    mdb_txn_abort((*txn)->txn);
    free(*txn);
    *txn = NULL;
}

enum err store_copy(struct store *store, int fd, struct refusal *why)
{
    int rc = mdb_env_copyfd2(store->env, fd, MDB_CP_COMPACT);
    if (rc == 0 && fsync(fd) != 0) rc = errno;
    return rc == 0 ? OK : refuse_text(why, from_lmdb(rc), mdb_strerror(rc));
}

enum err store_stats(struct store *store, struct store_stats *stats)
{
    MDB_txn *txn;
    int rc = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn);
    if (rc != 0) return from_lmdb(rc);
    *stats =
        (struct store_stats){.map_bytes = store->map_bytes, .used_bytes = used_bytes(store), .commits = store->commits};
    for (unsigned i = 0; i < TABLE_COUNT && rc == 0; i++) {
        MDB_stat stat;
        rc = mdb_stat(txn, store->tables[i], &stat);
        stats->entries[i] = stat.ms_entries;
    }
    mdb_txn_abort(txn);
    return from_lmdb(rc);
}
