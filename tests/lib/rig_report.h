/* rig_report.h - the main job in a line each: a project of a unit, its report submitted, and what stands of it. */
#ifndef TESTS_LIB_RIG_REPORT_H
#define TESTS_LIB_RIG_REPORT_H

#include "tests/lib/rig.h"

struct rig_project {
    char code[40];
    long id;
    double invested; /* this year so far, in 万元 */
};

/* The n-th project (from 0) of a responsible unit, as the project office sees it. */
void rig_project(struct rig *rig, const char *unit, unsigned n, struct rig_project *project);

/* Arguments of `duban report ACTION` with figures that add up: the project's after `invested` more. Ends with
 * NULL. They live in `space`. */
enum { REPORT_ARGS = 20, REPORT_LAST = 15 /* "--json": a test may put another option in its place */ };
struct report_args {
    char *argv[REPORT_ARGS];
    char figures[2][32];
};
void rig_report_args(struct report_args *args, const char *action, const struct rig_project *project, const char *month,
                     long invested);

/* Submits so and expects the exit status; what was printed (JSON) is valid until rig_end. */
const char *rig_submit(struct rig *rig, int status, const char *login, const struct rig_project *project,
                       const char *month, long invested);

/* The report as the login sees it: one JSON object. */
const char *rig_report(struct rig *rig, const char *login, const struct rig_project *project, const char *month);

/* A real registry instead of a demo, in rig->registry: its own clock, the bundled units, operators XMB, XMB-A, HRX,
 * PJX with tickets where rig_enrol looks for them. Begin with rig_prepare; serve it afterwards. */
void rig_found_real(struct rig *rig);

/* Writes a file under the rig's directory; the path is valid until the next call. */
const char *rig_file(struct rig *rig, const char *name, const void *bytes, size_t count);

/* The bundled data file of that name; valid until the next call. */
const char *rig_data(const char *name);

/* Sets the demo's clock, "2009-10-10 09:00". Enrol before: tickets run out. */
void rig_set_clock(struct rig *rig, const char *at);

#endif
