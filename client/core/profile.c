/* profile.c - see profile.h. */
#include "client/core/profile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool profile_home(char path[PROFILE_PATH_MAX])
{
    const char *own = getenv("DUBAN_HOME"), *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    int length;
    if (own != NULL && *own != '\0')
        length = snprintf(path, PROFILE_PATH_MAX, "%s", own);
    else if (data != NULL && *data == '/')
        length = snprintf(path, PROFILE_PATH_MAX, "%s/duban", data);
    else if (home != NULL && *home == '/')
        length = snprintf(path, PROFILE_PATH_MAX, "%s/.local/share/duban", home);
    else
        return false;
    return length > 0 && length < PROFILE_PATH_MAX - 200;
}

bool profile_name_valid(const char *name)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    size_t length = strlen(name);
    return length > 0 && length <= PROFILE_NAME_MAX && name[0] != '.' && strspn(name, allowed) == length;
}

static bool profile_directory(const char *name, char path[PROFILE_PATH_MAX])
{
    char home[PROFILE_PATH_MAX];
    if (!profile_name_valid(name) || !profile_home(home)) return false;
    return snprintf(path, PROFILE_PATH_MAX, "%s/%s", home, name) < PROFILE_PATH_MAX;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

unsigned profile_list(char names[PROFILES_MAX][PROFILE_NAME_MAX + 1])
{
    char home[PROFILE_PATH_MAX], path[2 * PROFILE_PATH_MAX];
    unsigned count = 0;
    DIR *directory = profile_home(home) ? opendir(home) : NULL;
    if (directory == NULL) return 0;
    for (const struct dirent *entry; count < PROFILES_MAX && (entry = readdir(directory)) != NULL;) {
        if (!profile_name_valid(entry->d_name)) continue;
        snprintf(path, sizeof path, "%s/%s/key", home, entry->d_name);
        if (access(path, F_OK) == 0)
            snprintf(names[count++], PROFILE_NAME_MAX + 1, "%.*s", PROFILE_NAME_MAX, entry->d_name);
    }
    closedir(directory);
    qsort(names, count, sizeof names[0], by_name);
    return count;
}

/* ---- small files ---- */

/* Reads up to max bytes of a file of the profile; returns how many, -1 when it can't be read. */
static ssize_t read_file(const char *directory, const char *name, void *bytes, size_t max, bool secret,
                         struct refusal *why)
{
    char path[2 * PROFILE_PATH_MAX];
    struct stat info;
    snprintf(path, sizeof path, "%s/%s", directory, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return -1;
    ssize_t count = -1;
    if (fstat(fd, &info) == 0 && secret && (info.st_mode & 077) != 0)
        refuse_text(why, ERR_FORMAT, "the key file can be read by others: chmod 600 key");
    else
        count = read(fd, bytes, max);
    close(fd);
    return count;
}

static enum err write_file(const char *directory, const char *name, const void *bytes, size_t count)
{
    char path[2 * PROFILE_PATH_MAX], temporary[2 * PROFILE_PATH_MAX + 8];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    snprintf(temporary, sizeof temporary, "%s.new", path);
    unlink(temporary);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return ERR_IO;
    bool written = write(fd, bytes, count) == (ssize_t)count && fsync(fd) == 0;
    if (close(fd) != 0) written = false;
    if (written && rename(temporary, path) == 0) {
        int dir = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (dir >= 0) {
            fsync(dir);
            close(dir);
        }
        return OK;
    }
    unlink(temporary);
    return ERR_IO;
}

/* Makes the directory and those above it, for the operator alone. */
static bool make_directories(const char *path)
{
    char part[PROFILE_PATH_MAX];
    snprintf(part, sizeof part, "%s", path);
    for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST) return false;
        *slash = '/';
    }
    return mkdir(part, 0700) == 0 || errno == EEXIST;
}

/* One on each line. */
bool profile_read_addresses(struct profile *profile)
{
    char text[ADDRESSES_MAX * ADDRESS_TEXT_MAX];
    struct addresses read = {.count = 0};
    ssize_t count = read_file(profile->directory, "address", text, sizeof text - 1, false, NULL);
    if (count <= 0) return false;
    text[count] = '\0';
    for (char *line = text; *line != '\0' && read.count < ADDRESSES_MAX;) {
        size_t length = strcspn(line, "\r\n");
        char *next = line + length + (line[length] != '\0');
        line[length] = '\0';
        if (length > 0 && !address_read(line, &read.at[read.count++])) return false;
        line = next;
    }
    if (read.count == 0) return false;
    profile->addresses = read;
    return true;
}

enum err profile_load(const char *name, struct profile *profile, struct refusal *why)
{
    uint8_t bytes[KEY_FILE_BYTES_MAX];
    *profile = (struct profile){.training = false};
    refuse(why, OK);
    if (!profile_directory(name, profile->directory)) return refuse_text(why, ERR_USAGE, name);
    snprintf(profile->name, sizeof profile->name, "%.*s", PROFILE_NAME_MAX, name);
    ssize_t count = read_file(profile->directory, "key", bytes, sizeof bytes, true, why);
    if (count < 0) return why != NULL && why->err != OK ? why->err : refuse(why, ERR_NO_KEY);
    if (key_file_card(bytes, (size_t)count, &profile->card) != OK) return refuse_text(why, ERR_FORMAT, "key");
    char training[PROFILE_PATH_MAX + 16];
    snprintf(training, sizeof training, "%s/../training", profile->directory);
    profile->training = access(training, F_OK) == 0;
    if (!profile_read_addresses(profile)) return refuse_text(why, ERR_FORMAT, "address");
    return OK;
}

void profile_poke(const struct profile *profile)
{
    char path[PROFILE_PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/poke", profile->directory);
    utimensat(AT_FDCWD, path, NULL, 0);
}

enum err profile_set_addresses(struct profile *profile, const struct addresses *addresses)
{
    char text[ADDRESSES_MAX * ADDRESS_TEXT_MAX];
    struct str str = str_in(text, sizeof text);
    for (unsigned i = 0; i < addresses->count; i++)
        str_printf(&str, "%s:%u\n", addresses->at[i].host, addresses->at[i].port);
    enum err err = write_file(profile->directory, "address", text, str.used);
    if (err != OK) return err;
    profile->addresses = *addresses;
    profile_poke(profile);
    return OK;
}

enum err profile_create(const char *name, const struct key_card *card, const uint8_t seed[SEED_BYTES],
                        const char *passphrase, const struct addresses *addresses, struct profile *profile,
                        struct refusal *why)
{
    struct pack file;
    char path[2 * PROFILE_PATH_MAX];
    *profile = (struct profile){.card = *card};
    if (!profile_directory(name, profile->directory)) return refuse_text(why, ERR_USAGE, name);
    snprintf(profile->name, sizeof profile->name, "%.*s", PROFILE_NAME_MAX, name);
    snprintf(path, sizeof path, "%s/key", profile->directory);
    if (access(path, F_OK) == 0) return refuse_text(why, ERR_EXISTS, name);
    if (!make_directories(profile->directory)) return refuse_text(why, ERR_IO, strerror(errno));
    enum err err = profile_set_addresses(profile, addresses);
    pack_init(&file, KEY_FILE_BYTES_MAX);
    if (err == OK) err = key_file_seal(card, seed, passphrase, &file);
    if (err == OK) err = write_file(profile->directory, "key", file.at, file.used);
    pack_free(&file);
    return err == OK ? OK : refuse_text(why, err, strerror(errno));
}

enum err profile_unlock(const struct profile *profile, const char *passphrase, uint8_t seed[SEED_BYTES])
{
    uint8_t bytes[KEY_FILE_BYTES_MAX];
    struct key_card card;
    ssize_t count = read_file(profile->directory, "key", bytes, sizeof bytes, true, NULL);
    return count < 0 ? ERR_NO_KEY : key_file_open(bytes, (size_t)count, passphrase, &card, seed);
}

enum err profile_reseal(const struct profile *profile, const char *old_passphrase, const char *new_passphrase)
{
    uint8_t seed[SEED_BYTES];
    struct pack file;
    enum err err = profile_unlock(profile, old_passphrase, seed);
    if (err != OK) return err;
    pack_init(&file, KEY_FILE_BYTES_MAX);
    err = key_file_seal(&profile->card, seed, new_passphrase, &file);
    sodium_memzero(seed, sizeof seed);
    if (err == OK) err = write_file(profile->directory, "key", file.at, file.used);
    pack_free(&file);
    return err;
}
