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

struct rig {
    char directory[256];   /* temporary; holds registry/ and one home for each client */
    char registry[280];
    char build[1024];
    pid_t daemon;          /* 0: not running */
    unsigned port;
};

/* Makes a demo registry (copied from one that is made once for each build) and starts the daemon. */
void rig_start(struct rig *rig);
/* Stops everything and removes the directory. */
void rig_end(struct rig *rig);

/* Starts the daemon on the registry and waits until it answers. Aborts the test when it does not. */
void rig_serve(struct rig *rig);
/* Ends the daemon with a signal and waits for its end; returns its wait status. */
int rig_stop(struct rig *rig, int signal);
/* Freezes and continues it: a link that is there and says nothing. */
void rig_freeze(struct rig *rig, bool frozen);

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

/* Starts `duban` of an operator in the background. Its output is read line by line. */
struct spawned {
    pid_t pid;
    int out; /* its standard output */
    char buffer[65536];
    size_t used;
};
void rig_spawn(struct rig *rig, struct spawned *spawned, const char *login, ...) __attribute__((sentinel));
/* The next line (without its end), or NULL when none comes within the time or the program ended. The line is
 * valid until the next call. */
const char *spawned_line(struct spawned *spawned, int timeout_ms);
/* Ends it and returns its status as in struct run. */
int spawned_end(struct spawned *spawned, int signal);

/* Enrols an operator with the demo's ticket. */
void rig_enrol(struct rig *rig, const char *login);
/* The demo's ticket of a login. Aborts when there is none. */
void rig_ticket(struct rig *rig, const char *login, char *text, size_t max);
/* The home of an operator (its DUBAN_HOME). */
void rig_home(struct rig *rig, const char *login, char *path, size_t max);

/* A value in a line of JSON by its name, as text without quotes, into `value`. False when it is not there. */
bool json_value(const char *json, const char *name, char *value, size_t max);

/* A free port on the loopback. */
unsigned free_port(void);

/* Fails the test with a message. */
_Noreturn void rig_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
