/* train.c - `duban train`: the full-screen program against a scratch registry of its own.
 *
 * Everything is made under one new directory, which goes when one leaves: a demo registry with weeks of simulated work,
 * a daemon on a free port of this machine, and a home of profiles. Nothing of it can reach the real registry: other
 * keys, another address, another home. */
#include "client/cli/verbs.h"
#include "client/cli/out.h"
#include "client/cli/program.h"
#include "client/core/enrol.h"
#include "client/screen/app.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_BYTES = 1024, ENROL_MS = 60000, SOON_MS = 20000, LOOK_MS = 50 };

/* No secret: it opens nothing but the scratch registry. */
static const char passphrase[] = "duban-demo";
static const char until[] = "2009-11-05"; /* the reports for October are due */

struct training {
    char duband[PATH_BYTES], directory[PATH_BYTES], registry[PATH_BYTES + 16], log[PATH_BYTES + 16];
    pid_t daemon; /* 0: not running */
    bool missing; /* there is no duband */
};

/* ---- duband ---- */

/* Beside this program, else where PATH says. */
static void find_duband(char path[PATH_BYTES])
{
    ssize_t length = readlink("/proc/self/exe", path, PATH_BYTES - 16);
    path[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(path, '/');
    if (slash != NULL) memcpy(slash + 1, "duband", sizeof "duband");
    if (slash == NULL || access(path, X_OK) != 0) memcpy(path, "duband", sizeof "duband");
}

/* Starts it with what it says in the log; it ends when this program does, however that ends. */
static pid_t start(const struct training *training, char *const argv[])
{
    pid_t parent = getpid(), pid = fork();
    if (pid != 0) return pid;
    int log = open(training->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600), in = open("/dev/null", O_RDONLY);
    if (log < 0 || in < 0 || dup2(in, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0) _exit(126);
    setpgid(0, 0); /* keys of the terminal are not for it */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(126);
    execvp(training->duband, argv);
    _exit(127);
}

static int finish(pid_t pid)
{
    int status;
    while (pid > 0 && waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return -1;
    return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool run(struct training *training, const char *command, const char *option, const char *value)
{
    char *const argv[] = {(char *)(uintptr_t)training->duband,   (char *)(uintptr_t)command,
                          (char *)(uintptr_t)training->registry, (char *)(uintptr_t)option,
                          (char *)(uintptr_t)value,              NULL};
    int status = finish(start(training, argv));
    training->missing = status == 127;
    if (training->missing)
        say(tr(
            N_("duband is not installed: it makes and serves the training registry; put it beside duban or in PATH")));
    return status == 0;
}

static unsigned free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool bound = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
                 getsockname(fd, (struct sockaddr *)&address, &length) == 0;
    if (fd >= 0) close(fd);
    return bound ? ntohs(address.sin_port) : 0;
}

/* ---- the directory ---- */

/* Under $XDG_STATE_HOME/duban (~/.local/state/duban), else in $TMPDIR. */
static bool make_directory(struct training *training)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME"), *place = getenv("TMPDIR");
    char parent[PATH_BYTES - 32] = "";
    if (state != NULL && *state == '/')
        snprintf(parent, sizeof parent, "%s", state);
    else if (home != NULL && *home == '/')
        snprintf(parent, sizeof parent, "%s/.local/state", home);
    for (char *at = parent; *at != '\0' && (at = strchr(at + 1, '/')) != NULL;) {
        *at = '\0';
        mkdir(parent, 0700);
        *at = '/';
    }
    bool there = *parent != '\0' && (mkdir(parent, 0700) == 0 || errno == EEXIST);
    if (!there) snprintf(parent, sizeof parent, "%s", place != NULL ? place : "/tmp");
    snprintf(training->directory, sizeof training->directory, "%s/duban-training-XXXXXX", parent);
    if (mkdtemp(training->directory) == NULL) return false;
    snprintf(training->registry, sizeof training->registry, "%s/registry", training->directory);
    snprintf(training->log, sizeof training->log, "%s/log", training->directory);
    return true;
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
    (void)info;
    (void)type;
    (void)ftw;
    return remove(path);
}

static bool write_mark(const char *home)
{
    char path[PATH_BYTES + 32];
    snprintf(path, sizeof path, "%s/training", home);
    mkdir(home, 0700);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0) close(fd);
    return fd >= 0;
}

/* ---- the steps ---- */

/* The daemon answers when its status can be asked. */
static bool serve(struct training *training)
{
    char *const argv[] = {training->duband, (char[]){"serve"}, training->registry, NULL};
    training->daemon = start(training, argv);
    for (int waited = 0; training->daemon > 0 && waited < SOON_MS; waited += LOOK_MS) {
        char *const ask[] = {training->duband, (char[]){"status"}, training->registry, NULL};
        if (finish(start(training, ask)) == 0) return true;
        if (waitpid(training->daemon, NULL, WNOHANG) != 0) break;
        usleep(LOOK_MS * 1000);
    }
    training->daemon = training->daemon > 0 && kill(training->daemon, 0) == 0 ? training->daemon : 0;
    return false;
}

/* The ticket of a login; false when there is no such operator. */
static bool find_ticket(const struct training *training, const char *login, char *ticket, size_t max)
{
    char path[PATH_BYTES + 32], line[TICKET_TEXT_MAX + 80];
    size_t length = strlen(login);
    bool found = false;
    snprintf(path, sizeof path, "%s/tickets", training->registry);
    FILE *file = fopen(path, "re");
    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        found = strncmp(line, login, length) == 0 && line[length] == ' ';
        if (found) snprintf(ticket, max, "%s", line + length + 1);
    }
    if (file != NULL) fclose(file);
    return found;
}

static bool prepare(struct training *training)
{
    char listen[40];
    snprintf(listen, sizeof listen, "tcp://127.0.0.1:%u", free_port());
    return run(training, "demo", "--listen", listen) && run(training, "simulate", "--until", until) && serve(training);
}

static int open_as(struct training *training, const char *login, struct refusal *why)
{
    char ticket[TICKET_TEXT_MAX], home[PATH_BYTES + 16];
    struct enrolment enrolment = {.login = ""};
    struct profile profile;
    struct tui_options options = {.profile = login, .passphrase = passphrase, .training = true, .tour = true};
    snprintf(home, sizeof home, "%s/home", training->directory);
    if (setenv("DUBAN_HOME", home, 1) != 0 || !write_mark(home)) return cli_end(refuse_text(why, ERR_IO, home), why);
    if (!find_ticket(training, login, ticket, sizeof ticket)) {
        say_about(tr(N_("there is no operator {text} in training; XMB, HRX, FGW, LD and other logins are there")),
                  login);
        return CLASS_USAGE;
    }
    enum err err = enrol(ticket, login, "training", passphrase, ENROL_MS, &enrolment, &profile, why);
    return err == OK ? tui_run(&options) : cli_end(err, why);
}

static void clear_away(struct training *training, bool keep)
{
    if (training->daemon > 0) {
        kill(training->daemon, SIGTERM);
        finish(training->daemon);
    }
    if (keep)
        say_about(tr(N_("the training registry is kept in {text}")), training->directory);
    else
        nftw(training->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int command_train(struct cli *cli)
{
    struct training training = {.daemon = 0};
    struct refusal why = {.err = OK};
    const char *login = args_value(&cli->args, "as");
    enum err err = cli_expect(cli, "as keep", 0, 0, &why);
    if (err == OK && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)))
        err = refuse_text(&why, ERR_USAGE, "the full-screen program needs a terminal");
    if (err == OK && login != NULL && !profile_name_valid(login)) err = refuse_text(&why, ERR_USAGE, login);
    if (err != OK) return cli_end(err, &why);
    if (!make_directory(&training)) return cli_end(refuse_text(&why, ERR_IO, training.directory), &why);
    find_duband(training.duband);
    say(tr(N_("making a training registry with six weeks of work; this takes a moment")));
    int status = CLASS_FAILED;
    bool ready = prepare(&training);
    if (ready) status = open_as(&training, login != NULL ? login : "HRX", &why);
    if (!ready && !training.missing)
        say_about(tr(N_("the training registry could not be made; what duband said stands in {text}")), training.log);
    clear_away(&training, (!ready && !training.missing) || args_flag(&cli->args, "keep"));
    return status;
}
