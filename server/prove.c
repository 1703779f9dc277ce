/* prove.c - see prove.h. */
#include "server/prove.h"

#include "proto/show.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child tells, in one write. */
struct verdict {
    enum err err;
    struct refusal why;
    struct check_report report;
};

static void describe(struct verdict *verdict)
{
    const struct check_report *report = &verdict->report;
    char text[REFUSAL_TEXT_MAX] = "";
    struct str out = str_in(text, sizeof text);
    if (report->bad != 0) str_printf(&out, "%s %llu: ", tr(N_("journal entry")), (unsigned long long)report->bad);
    str_put(&out, report->what[0] != '\0' ? report->what : err_name(verdict->err));
    refuse_text(&verdict->why, ERR_FORMAT, text);
    verdict->err = ERR_FORMAT;
}

static void run_check(const char *directory, const struct store_options *options, int fd)
{
    struct verdict verdict = {.err = OK};
    struct store *store;
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    verdict.err = store_open(directory, options, &store, &verdict.why);
    if (verdict.err == OK) {
        verdict.err = check_all(store, &verdict.report);
        if (verdict.err != OK) describe(&verdict);
        store_close(store);
    }
    ssize_t wrote = write(fd, &verdict, sizeof verdict);
    _exit(wrote == (ssize_t)sizeof verdict ? 0 : 1);
}

static bool read_verdict(int fd, struct verdict *verdict)
{
    size_t used = 0;
    while (used < sizeof *verdict) {
        ssize_t got = read(fd, (char *)verdict + used, sizeof *verdict - used);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        used += (size_t)got;
    }
    return true;
}

enum err prove(const char *directory, const struct store_options *options, struct check_report *report,
               struct refusal *why)
{
    struct verdict verdict;
    int ends[2], status;
    *report = (struct check_report){.entries = 0};
    if (pipe(ends) != 0) return refuse_text(why, ERR_IO, strerror(errno));
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        run_check(directory, options, ends[1]);
    }
    close(ends[1]);
    bool told = child > 0 && read_verdict(ends[0], &verdict);
    close(ends[0]);
    if (child < 0) return refuse(why, ERR_MEMORY);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!told) return refuse_text(why, ERR_FORMAT, N_("the data file can't be read"));
    *report = verdict.report;
    if (why != NULL) *why = verdict.why;
    return verdict.err;
}
