/* main.c - duban: without a command the full-screen program, with one the scriptable commands. */
#include "client/cli/commands.h"
#include "client/cli/out.h"
#include "client/cli/passphrase.h"
#include "client/console/pages.h"
#include "client/plain/plain.h"
#include "client/screen/app.h"

#include <locale.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PLACE_MAX = 4096, TURN_MAX = 3600 };

#define ARENA_BYTES_MAX ((size_t)1 << 30)

/* A locale that is wanted and not installed must not cost the characters: UTF-8 stays, and the language too
 * when it is Chinese. `duban doctor` says what to install. */
static void start_locale(void)
{
    if (setlocale(LC_ALL, "") != NULL) return;
    const char *names[] = {getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i] == NULL || *names[i] == '\0') continue;
        if (strstr(names[i], "UTF-8") != NULL || strstr(names[i], "utf8") != NULL) setlocale(LC_ALL, "C.UTF-8");
        if (strncmp(names[i], "zh", 2) == 0) setenv("LANGUAGE", "zh_CN", 0);
        return;
    }
}

/* The catalogues beside the program, when it runs from where it was built. */
static bool catalogues_beside(char path[PLACE_MAX])
{
    ssize_t length = readlink("/proc/self/exe", path, PLACE_MAX - 64);
    if (length <= 0) return false;
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    if (slash == NULL) return false;
    memcpy(slash, "/locale", sizeof "/locale");
    return access(path, R_OK | X_OK) == 0;
}

/* Is the supervision console wanted as a screen, not on paper? */
static bool wants_console(const struct cli *cli)
{
    const struct args *args = &cli->args;
    bool paper = args_flag(args, "once") || args_flag(args, "json") || args_flag(args, "help");
    return args->word_count > 0 && strcmp(args->words[0], "console") == 0 && !paper;
}

static int full_screen(const struct cli *cli, bool console)
{
    char passphrase[PASSPHRASE_ROOM];
    struct tui_options options = {
        .profile = args_value(&cli->args, "profile"), .offline = args_flag(&cli->args, "offline"), .console = console,
        .language = args_value(&cli->args, "language") != NULL};
    struct refusal why = {.err = OK};
    long turn;
    enum err err = cli_expect(cli, console ? "turn" : "", 0, console ? 1 : 0, &why);
    if (err == OK) err = args_number(&cli->args, "turn", TURN_MAX, 0, &turn, &why);
    if (err == OK && cli->args.word_count > 1) {
        options.page = cli->args.words[1];
        if (console_page_named(text_of(options.page)) == PAGES) err = refuse_text(&why, ERR_USAGE, options.page);
    }
    if (err != OK) return cli_end(err, &why);
    options.turn_seconds = (unsigned)turn;
    if (options.profile == NULL) options.profile = getenv("DUBAN_PROFILE");
    if (options.profile != NULL && *options.profile == '\0') options.profile = NULL;
    err = passphrase_given(&cli->args, passphrase, &why);
    if (err == OK) options.passphrase = passphrase;
    int status = err == OK || err == ERR_NOT_FOUND ? tui_run(&options) : cli_end(err, &why);
    sodium_memzero(passphrase, sizeof passphrase);
    return status;
}

static int run(struct cli *cli)
{
    bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    const char *language = args_value(&cli->args, "language");
    if (language != NULL && !show_language(language)) {
        struct refusal why;
        return cli_end(refuse_text(&why, ERR_USAGE, "--language zh|en"), &why);
    }
    if (args_flag(&cli->args, "plain") && !args_flag(&cli->args, "help")) return plain_run(cli);
    if (wants_console(cli) && terminal) return full_screen(cli, true);
    if (cli->args.word_count > 0 || args_flag(&cli->args, "help") || args_flag(&cli->args, "version"))
        return cli_run(cli);
    if (terminal) return full_screen(cli, false);
    say(tr(N_("without a terminal a command is needed; see duban help")));
    return CLASS_USAGE;
}

int main(int argc, char **argv)
{
    struct cli *cli = calloc(1, sizeof *cli);
    struct refusal why = {.err = OK};
    char place[PLACE_MAX];
    start_locale();
    show_start(catalogues_beside(place) ? place : NULL);
    int status = CLASS_FAILED;
    if (cli != NULL && sodium_init() >= 0) {
        arena_init(&cli->arena, ARENA_BYTES_MAX);
        enum err err = args_read(argc, argv, &cli->arena, &cli->args, &why);
        status = err == OK ? run(cli) : cli_end(err, &why);
        session_close(cli);
    }
    free(cli);
    return status;
}
