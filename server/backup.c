/* backup.c - duband backup and restore. A backup is one file: the registry's data without the daemon's key,
 * which is kept apart. Nothing is called a backup, or put in place from one, before it has proved itself. */
#include "server/commands.h"
#include "server/console.h"
#include "server/files.h"
#include "server/found.h"
#include "server/net.h"
#include "server/options.h"
#include "server/prove.h"

#include "proto/show.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ASK_TIMEOUT_MS = 3000, COPY_TIMEOUT_MS = 30 * 60 * 1000, CHUNK_BYTES = 1 << 20 };

static const struct store_options scratch_store = {.scratch = true};

static void tell_head(const struct check_report *report)
{
    char head[2 * HASH_BYTES + 1];
    struct str hex = str_in(head, sizeof head);
    str_hex(&hex, report->head, sizeof report->head);
    printf("entries %llu head %s\n", (unsigned long long)report->entries, head);
}

/* ---- backup ---- */

/* The daemon that holds the registry writes the copy itself, to the absolute path. */
static enum err copy_by_daemon(const char *directory, const char *path, struct refusal *why)
{
    char endpoint[PLACE_MAX], answer[600], line[PLACE_MAX], real[PLACE_MAX];
    snprintf(endpoint, sizeof endpoint, "ipc://%s/control", directory);
    /* Who holds it may be another command instead of a daemon: then nobody answers. */
    if (control_ask(endpoint, "status", ASK_TIMEOUT_MS, answer, sizeof answer) != OK)
        return refuse_text(why, ERR_BUSY, directory);
    if (realpath(path, real) == NULL) return refuse_text(why, ERR_IO, strerror(errno));
    int length = snprintf(line, sizeof line, "backup %s/data.mdb", real);
    if (length >= (int)sizeof line) return refuse_text(why, ERR_IO, "path too long");
    enum err err = control_ask(endpoint, line, COPY_TIMEOUT_MS, answer, sizeof answer);
    if (err != OK) return refuse(why, err);
    return strcmp(answer, "OK") == 0 ? OK : refuse_text(why, ERR_IO, answer);
}

static enum err copy_store(struct store *store, const char *directory, struct refusal *why)
{
    char path[PLACE_MAX + 16];
    snprintf(path, sizeof path, "%s/data.mdb", directory);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return refuse_text(why, ERR_IO, strerror(errno));
    enum err err = store_copy(store, fd, why);
    if (close(fd) != 0 && err == OK) err = refuse_text(why, ERR_IO, strerror(errno));
    return err;
}

static enum err copy_registry(const char *directory, const char *into, struct refusal *why)
{
    struct config config;
    struct store *store;
    enum err err = config_load(&config, directory, why);
    if (err != OK) return err;
    struct store_options options = config_store(&config);
    err = store_open(directory, &options, &store, why);
    if (err == ERR_BUSY) return copy_by_daemon(directory, into, why);
    if (err != OK) return err;
    err = copy_store(store, into, why);
    store_close(store);
    return err;
}

static enum err place_copy(const char *scratch, const char *file, struct refusal *why)
{
    char path[PLACE_MAX + 16];
    snprintf(path, sizeof path, "%s/data.mdb", scratch);
    /* link() does not replace what somebody else has put there meanwhile; not every disk can link */
    bool placed = link(path, file) == 0 || (errno != EEXIST && rename(path, file) == 0);
    enum err err = placed ? OK : errno == EEXIST ? ERR_EXISTS : ERR_IO;
    if (err != OK) return refuse_text(why, err, err == ERR_EXISTS ? file : strerror(errno));
    return sync_parent(file) ? OK : refuse_text(why, ERR_IO, strerror(errno));
}

static enum err backup(const char *directory, const char *file, struct check_report *report, struct refusal *why)
{
    char scratch[PLACE_MAX];
    enum err err = registry_there(directory, why);
    if (err != OK) return err;
    if (access(file, F_OK) == 0) return refuse_text(why, ERR_EXISTS, file);
    int length = snprintf(scratch, sizeof scratch, "%s.new-XXXXXX", file);
    if (length >= (int)sizeof scratch) return refuse_text(why, ERR_USAGE, "FILE");
    if (mkdtemp(scratch) == NULL) return refuse_text(why, ERR_IO, strerror(errno));
    err = copy_registry(directory, scratch, why);
    if (err == OK) err = prove(scratch, &scratch_store, report, why);
    if (err == OK) err = place_copy(scratch, file, why);
    remove_flat(scratch);
    return err;
}

int command_backup(int argc, char **argv)
{
    const char *words[2];
    struct check_report report = {.entries = 0};
    struct refusal why = {.err = OK};
    if (!options_read(argc, argv, NULL, 0, words, 2)) return CLASS_USAGE;
    enum err err = backup(words[0], words[1], &report, &why);
    if (err != OK) return command_end(err, &why);
    tell_head(&report);
    fprintf(stderr, "duband: %s: %s/key\n", tr(N_("the daemon's key is not in the backup; keep it apart")), words[0]);
    return CLASS_OK;
}

/* ---- restore ---- */

static enum err copy_bytes(int from, int to, struct refusal *why)
{
    char *chunk = malloc(CHUNK_BYTES);
    ssize_t got = 0;
    bool good = chunk != NULL;
    while (good && (got = read(from, chunk, CHUNK_BYTES)) != 0) {
        if (got < 0 && errno == EINTR) continue;
        good = got > 0;
        for (ssize_t done = 0, wrote; good && done < got; done += wrote)
            good = (wrote = write(to, chunk + done, (size_t)(got - done))) > 0;
    }
    free(chunk);
    if (good && fsync(to) == 0) return OK;
    return chunk == NULL ? refuse(why, ERR_MEMORY) : refuse_text(why, ERR_IO, strerror(errno));
}

static enum err copy_file(const char *from, const char *directory, const char *name, unsigned mode, struct refusal *why)
{
    char path[PLACE_MAX + 32];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0) {
        snprintf(path, sizeof path, "%.80s: %s", from, strerror(errno));
        return refuse_text(why, ERR_IO, path);
    }
    int out = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    enum err err = out >= 0 ? copy_bytes(in, out, why) : refuse_text(why, ERR_IO, strerror(errno));
    close(in);
    if (out >= 0 && close(out) != 0 && err == OK) err = refuse_text(why, ERR_IO, strerror(errno));
    return err;
}

/* The key has to be this registry's; that is what opening it as a console checks. */
static enum err check_key(const char *directory, struct refusal *why)
{
    struct console console;
    enum err err = console_open(&console, directory, why);
    if (err == OK) console_close(&console);
    return err;
}

/* Clients that followed the registry past the backup must not go on from there: see serve.c. */
static enum err mark_restored(const char *directory, struct refusal *why)
{
    uint32_t generation = 0;
    while (generation == 0)
        generation = randombytes_random();
    enum err err = file_write(directory, "restored", &generation, sizeof generation, 0600);
    return err == OK ? OK : refuse_text(why, err, "restored");
}

int command_restore(int argc, char **argv)
{
    const char *key = NULL, *listen = NULL, *address = NULL, *words[2];
    const struct option_row rows[] = {{"key", &key, NULL}, {"listen", &listen, NULL}, {"address", &address, NULL}};
    struct newdir newdir;
    struct check_report report = {.entries = 0};
    struct refusal why = {.err = OK};
    if (!options_read(argc, argv, rows, 3, words, 2) || key == NULL) return CLASS_USAGE;
    enum err err = newdir_begin(&newdir, words[1], &why);
    if (err == OK) err = copy_file(words[0], newdir.path, "data.mdb", 0600, &why);
    if (err == OK) err = copy_file(key, newdir.path, "key", 0400, &why);
    if (err == OK) err = prove(newdir.path, &scratch_store, &report, &why);
    if (err == OK) err = found_config(newdir.path, listen, address, &why);
    if (err == OK) err = mark_restored(newdir.path, &why);
    if (err == OK) err = check_key(newdir.path, &why);
    if (err == OK)
        err = newdir_finish(&newdir, &why);
    else
        newdir_drop(&newdir);
    if (err != OK) return command_end(err, &why);
    tell_head(&report);
    fprintf(stderr, "duband: %s\n",
            tr(N_("whoever has seen later entries will be told that the history was rewritten; tell them")));
    return CLASS_OK;
}
