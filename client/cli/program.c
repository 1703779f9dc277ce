/* program.c - see program.h. */
#include "client/cli/program.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- files ---- */

enum err program_keep(struct text text, char path[PROGRAM_PATH_BYTES], struct refusal *why)
{
    const char *place = getenv("TMPDIR");
    int length = snprintf(path, PROGRAM_PATH_BYTES, "%s/duban-bulletin-XXXXXX", place != NULL ? place : "/tmp");
    int fd = length < PROGRAM_PATH_BYTES ? mkstemp(path) : -1; /* mode 0600 */
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (file == NULL) {
        refuse_text(why, ERR_IO, path);
        path[0] = '\0';
        return ERR_IO;
    }
    fwrite(text.at, 1, text.length, file);
    if (text.length > 0) putc('\n', file);
    bool written = !ferror(file);
    written = fclose(file) == 0 && written;
    return written ? OK : refuse_text(why, ERR_IO, path);
}

enum err program_read(const char *path, size_t most, struct arena *arena, struct text *text, struct refusal *why)
{
    FILE *file = fopen(path, "re");
    char *bytes = arena_get(arena, most + 1);
    if (file == NULL || bytes == NULL) {
        if (file != NULL) fclose(file);
        return refuse_text(why, bytes == NULL ? ERR_MEMORY : ERR_IO, path);
    }
    size_t count = fread(bytes, 1, most + 1, file);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed) return refuse_text(why, ERR_IO, path);
    if (count > most) {
        refuse(why, ERR_LIMIT);
        why->number = (int64_t)most;
        return ERR_LIMIT;
    }
    while (count > 0 && bytes[count - 1] == '\n')
        count--;
    *text = (struct text){bytes, (uint32_t)count};
    return OK;
}

/* ---- running ---- */

/* The exit status, 128 + signal, or -1 when it did not run. */
static int run(const char *program, char *const argv[], const posix_spawn_file_actions_t *files)
{
    pid_t pid;
    int status;
    if (posix_spawnp(&pid, program, files, NULL, argv, environ) != 0) return -1;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* The variable may hold options besides the program: a shell parts them. */
enum err program_edit(const char *path, struct refusal *why)
{
    const char *editor = getenv("VISUAL");
    char command[PROGRAM_PATH_BYTES], file[PROGRAM_PATH_BYTES];
    if (editor == NULL || *editor == '\0') editor = getenv("EDITOR");
    if (editor == NULL || *editor == '\0') editor = "editor";
    if (snprintf(command, sizeof command, "%s \"$1\"", editor) >= (int)sizeof command)
        return refuse_text(why, ERR_NO_EDITOR, "$EDITOR");
    snprintf(file, sizeof file, "%s", path);
    char *const argv[] = {(char[]){"sh"}, (char[]){"-c"}, command, (char[]){"sh"}, file, NULL};
    return run("/bin/sh", argv, NULL) == 0 ? OK : refuse_text(why, ERR_NO_EDITOR, editor);
}

enum err program_beside(const char *name, const char *argument, FILE *in, FILE *out, int *status, struct refusal *why)
{
    char path[PROGRAM_PATH_BYTES], word[PROGRAM_PATH_BYTES];
    posix_spawn_file_actions_t files;
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 64);
    path[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(path, '/');
    snprintf(slash != NULL ? slash + 1 : path, 64, "%s", name);
    snprintf(word, sizeof word, "%s", argument);
    char *const argv[] = {path, word, NULL};
    if (posix_spawn_file_actions_init(&files) != 0) return refuse(why, ERR_MEMORY);
    posix_spawn_file_actions_adddup2(&files, fileno(in), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, fileno(out), STDOUT_FILENO);
    *status = run(path, argv, &files);
    posix_spawn_file_actions_destroy(&files);
    return *status >= 0 && *status != 127 ? OK : refuse_text(why, ERR_NOT_MADE, path);
}
