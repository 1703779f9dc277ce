/* passphrase.c - see passphrase.h. */
#include "client/cli/passphrase.h"

#include "client/cli/out.h"
#include "client/core/enrol.h"
#include "proto/show.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/* Takes the first line of what was read, in UTF-8 whatever the terminal's encoding: the key must open
 * everywhere. */
static enum err take_line(char *bytes, size_t count, char passphrase[PASSPHRASE_ROOM], struct refusal *why)
{
    struct arena arena;
    struct text text;
    char *end = memchr(bytes, '\n', count);
    if (end != NULL) count = (size_t)(end - bytes);
    if (count > 0 && bytes[count - 1] == '\r') count--;
    arena_init(&arena, 16384);
    enum err err = text_from_locale(bytes, count, &arena, &text);
    if (err == OK && (text.length == 0 || text.length > PASSPHRASE_MAX)) err = ERR_PASSPHRASE;
    if (err == OK) {
        memcpy(passphrase, text.at, text.length);
        passphrase[text.length] = '\0';
        sodium_memzero((char *)text.at, text.length);
    }
    arena_clear(&arena);
    return err == OK ? OK : refuse(why, err);
}

static enum err read_fd(int fd, char passphrase[PASSPHRASE_ROOM], struct refusal *why)
{
    char bytes[1024] = {0};
    size_t used = 0;
    ssize_t count = 0;
    while (used < sizeof bytes && memchr(bytes, '\n', used) == NULL) {
        count = read(fd, bytes + used, sizeof bytes - used);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        used += (size_t)count;
    }
    enum err err = count < 0 ? refuse_text(why, ERR_IO, strerror(errno)) : take_line(bytes, used, passphrase, why);
    sodium_memzero(bytes, sizeof bytes);
    return err;
}

static enum err read_file(const char *path, char passphrase[PASSPHRASE_ROOM], struct refusal *why)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) != 0) {
        char text[REFUSAL_TEXT_MAX];
        struct str str = str_in(text, sizeof text);
        str_printf(&str, "%s: %s", path, strerror(errno));
        if (fd >= 0) close(fd);
        return refuse_text(why, ERR_IO, text);
    }
    enum err err = OK;
    if ((info.st_mode & 077) != 0)
        err = refuse_text(why, ERR_FORMAT, N_("the passphrase file can be read by others: chmod 600"));
    if (err == OK) err = read_fd(fd, passphrase, why);
    close(fd);
    return err;
}

static enum err from_option(const struct args *args, const char *fd_name, const char *file_name,
                            char passphrase[PASSPHRASE_ROOM], struct refusal *why)
{
    long fd;
    enum err err = args_number(args, fd_name, 1 << 16, -1, &fd, why);
    if (err != OK) return err;
    if (fd >= 0) return read_fd((int)fd, passphrase, why);
    const char *file = args_value(args, file_name);
    return file != NULL ? read_file(file, passphrase, why) : refuse(why, ERR_NOT_FOUND);
}

enum err passphrase_given(const struct args *args, char passphrase[PASSPHRASE_ROOM], struct refusal *why)
{
    enum err err = from_option(args, "passphrase_fd", "passphrase_file", passphrase, why);
    if (err != ERR_NOT_FOUND) return err;
    const char *file = getenv("DUBAN_PASSPHRASE_FILE"), *directory = getenv("CREDENTIALS_DIRECTORY");
    if (file != NULL && *file != '\0') return read_file(file, passphrase, why);
    if (directory == NULL || *directory == '\0') return refuse(why, ERR_NOT_FOUND);
    char path[4096];
    struct str str = str_in(path, sizeof path);
    str_put(&str, directory);
    str_put(&str, "/duban-passphrase");
    return access(path, F_OK) == 0 ? read_file(path, passphrase, why) : refuse(why, ERR_NOT_FOUND);
}

enum err passphrase_new_given(const struct args *args, char passphrase[PASSPHRASE_ROOM], struct refusal *why)
{
    return from_option(args, "new_passphrase_fd", "new_passphrase_file", passphrase, why);
}

/* ---- on the terminal ---- */

/* Drops the last character, however many bytes it has. */
static size_t without_last(const char *bytes, size_t used)
{
    while (used > 0 && ((unsigned char)bytes[used - 1] & 0xC0) == 0x80)
        used--;
    return used > 0 ? used - 1 : 0;
}

/* Reads key by key, so that nothing is shown and giving up leaves the terminal as it was. */
static bool read_keys(int fd, char *bytes, size_t max, size_t *used)
{
    enum { CANCEL = 3, END = 4, BACKSPACE = 8, KILL_LINE = 21, DELETE = 127 };
    char key;
    *used = 0;
    while (read(fd, &key, 1) == 1) {
        if (key == '\r' || key == '\n') return true;
        if (key == CANCEL || (key == END && *used == 0)) return false;
        if (key == BACKSPACE || key == DELETE)
            *used = without_last(bytes, *used);
        else if (key == KILL_LINE)
            *used = 0;
        else if (*used < max && (unsigned char)key >= ' ')
            bytes[(*used)++] = key;
    }
    return false;
}

enum err passphrase_ask(const char *prompt, char passphrase[PASSPHRASE_ROOM], struct refusal *why)
{
    struct termios before, silent;
    char bytes[4 * PASSPHRASE_ROOM];
    size_t used;
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || tcgetattr(fd, &before) != 0) {
        if (fd >= 0) close(fd);
        return refuse_text(why, ERR_USAGE, N_("a passphrase is needed: --passphrase-fd or --passphrase-file"));
    }
    silent = before;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
    silent.c_cc[VMIN] = 1;
    silent.c_cc[VTIME] = 0;
    out_put(stderr, prompt);
    fflush(stderr);
    tcsetattr(fd, TCSAFLUSH, &silent);
    bool whole = read_keys(fd, bytes, sizeof bytes, &used);
    tcsetattr(fd, TCSAFLUSH, &before);
    putc('\n', stderr);
    close(fd);
    enum err err = whole ? take_line(bytes, used, passphrase, why) : refuse(why, ERR_PASSPHRASE);
    sodium_memzero(bytes, sizeof bytes);
    return err;
}

enum err passphrase_choose(char passphrase[PASSPHRASE_ROOM], struct refusal *why)
{
    char again[PASSPHRASE_ROOM];
    enum err err;
    while ((err = passphrase_ask(tr(N_("new passphrase: ")), passphrase, why)) == OK) {
        if (text_characters(text_of(passphrase)) < PASSPHRASE_MIN) {
            say(tr(N_("too short: at least six characters")));
            continue;
        }
        err = passphrase_ask(tr(N_("the same again: ")), again, why);
        bool same = err == OK && strcmp(passphrase, again) == 0;
        sodium_memzero(again, sizeof again);
        if (err != OK || same) return err;
        say(tr(N_("the two differ")));
    }
    return err;
}
