/* rig.h - real programs for end-to-end tests: a daemon on a demo registry, clients with profiles of their own.
 *
 * Everything lives under one temporary directory and is stopped by its pid. Waiting is for events (a line, an
 * exit, an answer), never for luck. The programs are found in the directory that DUBAN_BUILD names. */
#ifndef TESTS_LIB_RIG_H
#define TESTS_LIB_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct kept_text;

#define RIG_PASSPHRASE "duban-demo" /* of every operator's key */

struct rig {
    char directory[256]; /* temporary; holds registry/ and one home for each client */
    char registry[280];
    char build[1024];
    pid_t daemon; /* 0: not running */
    const char *host; /* that the daemon listens on, as others reach it; 127.0.0.1 unless a test sets another */
    unsigned port;
    struct kept_text *kept; /* what rig_out and rig_err gave out */
};

/* Makes a demo registry and starts the daemon. */
void rig_start(struct rig *rig);
/* The same in parts: a directory and a port; a demo registry in rig->registry, which a test may have set to
 * another place before. */
void rig_prepare(struct rig *rig);
void rig_found(struct rig *rig);
/* Stops everything and removes the directory. */
void rig_end(struct rig *rig);

/* Starts the daemon on the registry and waits until it answers. Aborts the test when it does not. */
void rig_serve(struct rig *rig);
/* Ends the daemon with a signal and waits for its end; returns its wait status. */
int rig_stop(struct rig *rig, int signal);
/* Freezes and continues it: a link that is there and says nothing. */
void rig_freeze(struct rig *rig, bool frozen);
/* The newest journal entry, asked of the daemon itself. */
long rig_head(struct rig *rig);
/* Waits until the journal has reached an entry. */
void rig_await_head(struct rig *rig, long number, int timeout_ms);
/* The daemon's log so far; freed by the caller. */
char *rig_log(struct rig *rig);

/* What a program that was run said. Freed with run_free. */
struct run {
    int status; /* exit status; 128 + signal when it was killed */
    char *out, *err;
};
void run_free(struct run *run);

/* Runs `duban` of an operator (enrolled when this is the first time) to its end; at most 60 s. */
struct run rig_duban(struct rig *rig, const char *login, ...) __attribute__((sentinel));
/* The same from another workstation: `home` names it. Not enrolled by itself. */
struct run rig_duban_at(struct rig *rig, const char *home, ...) __attribute__((sentinel));
/* Runs `duband` with arguments. */
struct run rig_duband(struct rig *rig, ...) __attribute__((sentinel));
struct run rig_run(struct rig *rig, char *const argv[], const char *const env[], const char *input);

/* Runs `duban` of an operator and fails the test unless it ends with the status; what it said on standard
 * output or standard error is valid until rig_end. */
const char *rig_out(struct rig *rig, int status, const char *login, ...) __attribute__((sentinel));
const char *rig_err(struct rig *rig, int status, const char *login, ...) __attribute__((sentinel));
/* The same with the arguments in an array from argv[1] on, which ends with NULL; argv[0] is filled in. */
const char *rig_out_args(struct rig *rig, int status, const char *login, char *argv[]);
/* The same for a workstation by its home, and for `duband`. */
const char *rig_out_at(struct rig *rig, int status, const char *home, ...) __attribute__((sentinel));
const char *rig_err_at(struct rig *rig, int status, const char *home, ...) __attribute__((sentinel));
const char *rig_daemon_out(struct rig *rig, int status, ...) __attribute__((sentinel));
const char *rig_daemon_err(struct rig *rig, int status, ...) __attribute__((sentinel));

/* Starts `duban` of an operator in the background. Its output is read line by line. */
struct spawned {
    pid_t pid;
    int out; /* its standard output */
    int err; /* a file with its standard error */
    char buffer[65536];
    size_t used;
};
void rig_spawn(struct rig *rig, struct spawned *spawned, const char *login, ...) __attribute__((sentinel));
void rig_spawn_at(struct rig *rig, struct spawned *spawned, const char *home, ...) __attribute__((sentinel));
/* The same with the arguments in an array, as for rig_out_args. */
void rig_spawn_args(struct rig *rig, struct spawned *spawned, const char *login, char *argv[]);
/* The next line (without its end), or NULL when none comes within the time or the program ended. The line is
 * valid until the next call. */
const char *spawned_line(struct spawned *spawned, int timeout_ms);
/* Waits until the text stands in what it wrote to standard error. */
bool spawned_says(struct spawned *spawned, const char *text, int timeout_ms);
/* Ends it with a signal (0: waits for its own end) and returns its status as in struct run. */
int spawned_end(struct spawned *spawned, int signal);

/* Starts `watch --json` (json: else in words) and waits until it is connected. What came before is not told. */
void rig_watch(struct rig *rig, struct spawned *spawned, const char *login, bool json);

/* Enrols an operator with the demo's ticket. */
void rig_enrol(struct rig *rig, const char *login);
/* The demo's ticket of a login. Aborts when there is none. */
void rig_ticket(struct rig *rig, const char *login, char *text, size_t max);
/* Enrols another device of an operator, whom the administrator invites, at a home. */
void rig_enrol_second(struct rig *rig, const char *login, const char *home);
/* The home of an operator (its DUBAN_HOME). */
void rig_home(struct rig *rig, const char *login, char *path, size_t max);

/* A value in a line of JSON by its name, as text without quotes, into `value`. False when it is not there. */
bool json_value(const char *json, const char *name, char *value, size_t max);
/* Fails the test unless the first value of that name is this one. */
void json_expect(const char *json, const char *name, const char *value);
/* The first line whose value of that name is this one, into `row`; NULL when there is none. */
const char *json_row(const char *lines, const char *name, const char *value, char *row, size_t max);
/* A number by its name; fails the test when it is not there. */
long json_number(const char *json, const char *name);
unsigned json_lines(const char *lines);

/* A free port on the loopback. */
unsigned free_port(void);

/* Monotonic milliseconds, and a short pause between two looks at something. */
int64_t rig_clock_ms(void);
void rig_pause(void);

/* Runs a line of the shell and fails the test unless it succeeds. */
void rig_shell(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Fails the test with a message. */
_Noreturn void rig_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
