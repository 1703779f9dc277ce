/* bench.c - see bench.h. */
#include "tests/bench/bench.h"

#include "tests/lib/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int64_t clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void clock_until(int64_t then_ns)
{
    struct timespec then = {.tv_sec = then_ns / 1000000000, .tv_nsec = then_ns % 1000000000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &then, NULL);
}

/* ---- samples ---- */

void samples_add(struct samples *samples, int64_t value)
{
    if (samples->count == samples->room) {
        size_t room = samples->room > 0 ? 2 * samples->room : 1024;
        int64_t *grown = realloc(samples->at, room * sizeof *grown);
        if (grown == NULL) rig_fail("memory");
        samples->at = grown;
        samples->room = room;
    }
    samples->at[samples->count++] = value;
    samples->sorted = false;
}

static int ascending(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

int64_t samples_rank(struct samples *samples, unsigned of_thousand)
{
    if (samples->count == 0) return 0;
    if (!samples->sorted) qsort(samples->at, samples->count, sizeof *samples->at, ascending);
    samples->sorted = true;
    size_t rank = samples->count * of_thousand / 1000;
    return samples->at[rank < samples->count ? rank : samples->count - 1];
}

void samples_free(struct samples *samples)
{
    free(samples->at);
    *samples = (struct samples){.at = NULL};
}

static int ascending_double(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

double median(const double *values, unsigned count)
{
    double sorted[ROUNDS_MAX];
    if (count == 0 || count > ROUNDS_MAX) return 0;
    memcpy(sorted, values, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, ascending_double);
    return count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

/* ---- the table ---- */

static unsigned goals, goals_met;

void table_head(void)
{
    printf("%-44s %14s %14s %7s %14s  %s\n", "figure", "measured", "floor/content", "ratio", "goal", "met");
}

void table_part(const char *name)
{
    printf("-- %s\n", name);
    fflush(stdout);
}

static void number(char text[32], double value, const char *unit)
{
    int digits = value > -1000 && value < 1000 && value != (double)(int64_t)value ? 1 : 0;
    snprintf(text, 32, "%.*f %s", digits, value, unit);
}

void goal_counted(bool met)
{
    goals++;
    goals_met += met;
}

/* goal 0: there is none. beside negative: nothing stands beside it. */
static void line(const char *name, const char *measured, const char *beside, double ratio, const char *goal, bool met)
{
    char of[32] = "";
    if (ratio > 0) snprintf(of, sizeof of, "%.2f", ratio);
    if (goal[0] != '\0') goal_counted(met);
    printf("%-44s %14s %14s %7s %14s  %s\n", name, measured, beside, of, goal,
           goal[0] == '\0' ? ""
           : met           ? "yes"
                           : "NO");
    fflush(stdout);
}

static void compared(const char *name, const char *unit, double value, double floor, double goal)
{
    char measured[32], beside[32], wanted[32] = "";
    number(measured, value, unit);
    number(beside, floor, unit);
    if (goal > 0) snprintf(wanted, sizeof wanted, "<= %.2f x", goal);
    double ratio = floor > 0 ? value / floor : 0;
    line(name, measured, beside, ratio, wanted, ratio <= goal);
}

void figure_time(const char *name, double us, double floor_us, double goal)
{
    compared(name, "us", us, floor_us, goal);
}

void figure_floor(const char *name, double bytes, double floor, double goal)
{
    compared(name, "B", bytes, floor, goal);
}

static void bounded(const char *name, const char *unit, double value, double beside, const char *sign, double goal)
{
    char measured[32], other[32] = "", bound[32], wanted[40] = "";
    bool least = sign[0] == '>';
    number(measured, value, unit);
    if (beside >= 0) number(other, beside, unit);
    number(bound, goal, unit);
    if (sign[0] != '\0') snprintf(wanted, sizeof wanted, "%s %s", sign, bound);
    line(name, measured, other, beside > 0 ? value / beside : 0, wanted, least ? value >= goal : value <= goal);
}

void figure_bytes(const char *name, double bytes, double content, double goal)
{
    bounded(name, "B", bytes, content, goal > 0 ? "<=" : "", goal);
}

void figure_ways(const char *name, double up, double down, double content, const char *way, double goal)
{
    char measured[32], beside[32], wanted[40] = "";
    double sum = way[0] == 'u' ? up : way[0] == 'd' ? down : up + down;
    snprintf(measured, sizeof measured, "%.0f + %.0f B", up, down);
    number(beside, content, "B");
    if (goal > 0) snprintf(wanted, sizeof wanted, "<= %.0f B%s%s", goal, way[0] != '\0' ? " " : "", way);
    line(name, measured, beside, content > 0 ? sum / content : 0, wanted, sum <= goal);
}

void figure_most(const char *name, const char *unit, double value, double beside, double goal)
{
    bounded(name, unit, value, beside, "<=", goal);
}

void figure_least(const char *name, const char *unit, double value, double beside, double goal)
{
    bounded(name, unit, value, beside, ">=", goal);
}

void figure_plain(const char *name, const char *unit, double value, double beside)
{
    bounded(name, unit, value, beside, "", 0);
}

void figure_missing(const char *name, const char *why)
{
    printf("%-44s %s\n", name, why);
    fflush(stdout);
}

void table_end(void)
{
    printf("%u of %u goals met\n", goals_met, goals);
}

/* ---- processes ---- */

static bool ends_with(const char *line_of, const char *end)
{
    size_t length = strcspn(line_of, "\n"), wanted = strlen(end);
    return length >= wanted && memcmp(line_of + length - wanted, end, wanted) == 0;
}

int64_t process_kib(pid_t pid, const char *without)
{
    char path[64], text[512];
    int64_t sum = 0, pss;
    bool skipped = false;
    snprintf(path, sizeof path, "/proc/%d/smaps", (int)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL) return -1;
    while (fgets(text, sizeof text, file) != NULL) {
        if (sscanf(text, "Pss: %ld kB", &pss) == 1)
            sum += skipped ? 0 : pss;
        else if (strchr("0123456789abcdef", text[0]) != NULL)
            skipped = ends_with(text, without);
    }
    fclose(file);
    return sum;
}

int64_t process_peak_kib(pid_t pid)
{
    char path[64], text[256];
    int64_t peak = -1;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL) return -1;
    while (peak < 0 && fgets(text, sizeof text, file) != NULL)
        sscanf(text, "VmHWM: %ld kB", &peak);
    fclose(file);
    return peak;
}

int64_t process_cpu_us(pid_t pid)
{
    char path[64], text[1024];
    unsigned long user = 0, system = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL) return 0;
    if (fgets(text, sizeof text, file) != NULL) {
        const char *rest = strrchr(text, ')');
        if (rest != NULL) sscanf(rest + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
    }
    fclose(file);
    return (int64_t)(user + system) * 1000000 / sysconf(_SC_CLK_TCK);
}
