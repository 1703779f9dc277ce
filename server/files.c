/* files.c - see files.h. */
#include "server/files.h"

#include "proto/show.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int fd, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t written = write(fd, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes += written;
        count -= (size_t)written;
    }
    return true;
}

static bool sync_directory(const char *directory)
{
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) close(fd);
    return synced;
}

enum err file_write(const char *directory, const char *name, const void *bytes, size_t count, unsigned mode)
{
    char path[4200], temporary[4210];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    snprintf(temporary, sizeof temporary, "%s.new", path);
    unlink(temporary);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0) return ERR_IO;
    bool written = write_all(fd, bytes, count) && fsync(fd) == 0;
    if (close(fd) != 0) written = false;
    if (written && rename(temporary, path) == 0 && sync_directory(directory)) return OK;
    unlink(temporary);
    return ERR_IO;
}

enum err file_read(const char *path, size_t max, struct arena *arena, struct text *bytes)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
    enum err err = fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) ? ERR_IO : OK;
    if (err == OK && (uint64_t)info.st_size > max) err = ERR_LIMIT;
    char *into = err == OK ? arena_get(arena, (size_t)info.st_size + 1) : NULL;
    if (err == OK && into == NULL) err = ERR_MEMORY;
    size_t used = 0;
    while (err == OK && used < (size_t)info.st_size) {
        ssize_t got = read(fd, into + used, (size_t)info.st_size - used);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) err = ERR_IO;
        if (got <= 0) break;
        used += (size_t)got;
    }
    close(fd);
    if (err == OK) *bytes = (struct text){into, (uint32_t)used};
    return err;
}

enum err identity_create(const char *directory, struct identity *identity)
{
    uint8_t seed[SEED_BYTES];
    randombytes_buf(seed, sizeof seed);
    enum err err = file_write(directory, "key", seed, sizeof seed, 0400);
    if (err == OK) identity_from_seed(identity, seed);
    sodium_memzero(seed, sizeof seed);
    return err;
}

enum err identity_load(const char *directory, struct identity *identity, struct refusal *why)
{
    char path[4200];
    uint8_t seed[SEED_BYTES];
    struct stat info;
    snprintf(path, sizeof path, "%s/key", directory);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return refuse_text(why, errno == ENOENT ? ERR_FORMAT : ERR_IO,
                           errno == ENOENT ? N_("no registry here") : strerror(errno));
    bool closed = fstat(fd, &info) == 0 && (info.st_mode & 077) == 0;
    bool whole = read(fd, seed, sizeof seed) == (ssize_t)sizeof seed;
    close(fd);
    if (!closed) return refuse_text(why, ERR_FORMAT, N_("the daemon's key file can be read by others: chmod 400 key"));
    if (!whole) return refuse_text(why, ERR_FORMAT, N_("the daemon's key file is damaged"));
    identity_from_seed(identity, seed);
    sodium_memzero(seed, sizeof seed);
    return OK;
}

void report_refusal(const struct refusal *why)
{
    char line[600];
    struct str str = str_in(line, sizeof line);
    show_refusal(why, &str);
    fprintf(stderr, "duband: %s\n", line);
}
