/* places.c - see places.h. */
#include "server/places.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool program_directory(char path[PLACE_MAX])
{
    ssize_t length = readlink("/proc/self/exe", path, PLACE_MAX - 64);
    if (length <= 0) return false;
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    if (slash == NULL) return false;
    *slash = '\0';
    return true;
}

bool place_locale(char path[PLACE_MAX])
{
    if (!program_directory(path)) return false;
    memcpy(path + strlen(path), "/locale", sizeof "/locale");
    return access(path, R_OK | X_OK) == 0;
}

enum err place_data(const char *name, char path[PLACE_MAX], struct refusal *why)
{
    static const char *const beside[] = {"/data", "/../server/data"};
    char program[PLACE_MAX];
    const char *set = getenv("DUBAN_DATA");
    if (set != NULL && *set != '\0') { /* set means: there and nowhere else */
        int length = snprintf(path, PLACE_MAX, "%s/%s", set, name);
        if (length < PLACE_MAX && access(path, R_OK) == 0) return OK;
        return refuse_text(why, ERR_IO, path);
    }
    bool known = program_directory(program);
    for (size_t i = 0; known && i < sizeof beside / sizeof *beside; i++) {
        int length = snprintf(path, PLACE_MAX, "%s%s/%s", program, beside[i], name);
        if (length < PLACE_MAX && access(path, R_OK) == 0) return OK;
    }
    snprintf(path, PLACE_MAX, "/usr/share/duban/data/%s", name);
    return access(path, R_OK) == 0 ? OK : refuse_text(why, ERR_IO, path);
}

/* ---- directories ---- */

static bool sync_directory(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) close(fd);
    return synced;
}

void remove_flat(const char *path)
{
    DIR *directory = opendir(path);
    if (directory == NULL) return;
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(dirfd(directory), entry->d_name, 0);
    closedir(directory);
    rmdir(path);
}

/* Nothing there, or an empty directory. */
static bool is_free(const char *path)
{
    DIR *directory = opendir(path);
    if (directory == NULL) return errno == ENOENT;
    bool empty = true;
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;)
        empty = empty && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
    closedir(directory);
    return empty;
}

enum err newdir_begin(struct newdir *newdir, const char *target, struct refusal *why)
{
    size_t length = strlen(target);
    while (length > 1 && target[length - 1] == '/')
        length--;
    newdir->path[0] = '\0';
    if (length == 0 || length >= sizeof newdir->target) return refuse_text(why, ERR_USAGE, "DIR");
    memcpy(newdir->target, target, length);
    newdir->target[length] = '\0';
    if (!is_free(newdir->target)) return refuse_text(why, ERR_EXISTS, newdir->target);
    snprintf(newdir->path, sizeof newdir->path, "%s.new-XXXXXX", newdir->target);
    if (mkdtemp(newdir->path) != NULL) return OK; /* 0700 */
    newdir->path[0] = '\0';
    return refuse_text(why, ERR_IO, strerror(errno));
}

bool sync_parent(const char *path)
{
    char parent[PLACE_MAX];
    const char *slash = strrchr(path, '/');
    if (slash == NULL) return sync_directory(".");
    if (slash == path) return sync_directory("/");
    memcpy(parent, path, (size_t)(slash - path));
    parent[slash - path] = '\0';
    return sync_directory(parent);
}

enum err newdir_finish(struct newdir *newdir, struct refusal *why)
{
    /* rename() takes the place of an empty directory and of nothing else */
    bool placed = sync_directory(newdir->path) && rename(newdir->path, newdir->target) == 0;
    enum err err = OK;
    if (placed && !sync_parent(newdir->target)) err = ERR_IO;
    if (!placed) err = errno == ENOTEMPTY || errno == EEXIST ? ERR_EXISTS : ERR_IO;
    if (err != OK) refuse_text(why, err, err == ERR_EXISTS ? newdir->target : strerror(errno));
    if (!placed) newdir_drop(newdir);
    newdir->path[0] = '\0';
    return err;
}

void newdir_drop(struct newdir *newdir)
{
    if (newdir->path[0] != '\0') remove_flat(newdir->path);
    newdir->path[0] = '\0';
}
