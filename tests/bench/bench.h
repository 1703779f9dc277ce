/* bench.h - what the figures share: time, medians, processes, and the table that they are printed in.
 *
 * A figure is a line: what was measured, the floor of the same run or the content beside it, their ratio, the
 * goal and whether it is met. Nothing here passes or fails. */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { ROUNDS_MAX = 32 };

/* How much time a run may take. */
struct bench {
    unsigned rounds;  /* of what is compared, alternating */
    bool whole;       /* the long version: real minutes of idleness and outage */
    const char *self; /* this program, to be started again as a throw-away daemon */
};

/* Monotonic nanoseconds. */
int64_t clock_ns(void);
/* Sleeps until then. */
void clock_until(int64_t then_ns);

/* Latencies and the like. Freed with samples_free. */
struct samples {
    int64_t *at;
    size_t count, room;
    bool sorted;
};
void samples_add(struct samples *samples, int64_t value);
/* The value below which so many of a thousand lie; 0 without samples. */
int64_t samples_rank(struct samples *samples, unsigned of_thousand);
void samples_free(struct samples *samples);

double median(const double *values, unsigned count);

/* ---- the table ---- */

void table_head(void);
/* A heading over the figures that follow. */
void table_part(const char *name);

/* Times in microseconds: at most goal times the floor; goal 0: none. */
void figure_time(const char *name, double us, double floor_us, double goal);
/* Bytes with their content beside them: at most goal bytes; 0: none. */
void figure_bytes(const char *name, double bytes, double content, double goal);
/* Bytes up and down beside their content; the goal is for those that go the way ("up", "down", or "": both). */
void figure_ways(const char *name, double up, double down, double content, const char *way, double goal);
/* Bytes against a floor: at most goal times it. */
void figure_floor(const char *name, double bytes, double floor, double goal);
/* Any number: at most (at least) the goal; `beside` is for the reader, negative: nothing. */
void figure_most(const char *name, const char *unit, double value, double beside, double goal);
void figure_least(const char *name, const char *unit, double value, double beside, double goal);
/* A number that has no goal. */
void figure_plain(const char *name, const char *unit, double value, double beside);
/* A goal of a figure that is printed in another way. */
void goal_counted(bool met);
/* A figure that could not be had, and why. */
void figure_missing(const char *name, const char *why);
/* How many goals there were, and how many were met. */
void table_end(void);

/* ---- processes ---- */

/* Proportional memory in KiB without what is mapped from files whose path ends so; -1 when there is none. */
int64_t process_kib(pid_t pid, const char *without);
/* The most resident memory it ever had, in KiB. */
int64_t process_peak_kib(pid_t pid);
/* Processor time used so far, in microseconds. */
int64_t process_cpu_us(pid_t pid);

/* ---- the figures, each in a file of its own ---- */

void bench_push(const struct bench *bench);
void bench_start(const struct bench *bench);
void bench_memory(const struct bench *bench);
void bench_writers(const struct bench *bench);
void bench_wire(const struct bench *bench);
void bench_screen(const struct bench *bench);
void bench_past(const struct bench *bench);
void bench_thin(const struct bench *bench);
void bench_storm(const struct bench *bench);

#endif
