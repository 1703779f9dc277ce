/* main.c - measures what the README promises, as ratios to floors of the same run. Not a test.
 *
 *   bench [--long] [--rounds N] [FIGURE...]     push start memory writers wire screen past thin storm; all when none is
 * named
 *
 * The programs are found in the directory that DUBAN_BUILD names. */
#include "tests/bench/bench.h"
#include "tests/bench/floor.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    void (*run)(const struct bench *bench);
} figures[] = {
    {"push", bench_push}, {"start", bench_start},   {"memory", bench_memory}, {"writers", bench_writers},
    {"wire", bench_wire}, {"screen", bench_screen}, {"past", bench_past},
    {"thin", bench_thin}, {"storm", bench_storm},
};

enum { FIGURES = sizeof figures / sizeof *figures };

static bool wanted(const char *name, int argc, char **argv)
{
    for (int i = 0; i < argc; i++)
        if (strcmp(argv[i], name) == 0) return true;
    return argc == 0;
}

static bool known(const char *name)
{
    for (unsigned i = 0; i < FIGURES; i++)
        if (strcmp(figures[i].name, name) == 0) return true;
    return false;
}

int main(int argc, char **argv)
{
    struct bench bench = {.rounds = 5, .self = "/proc/self/exe"};
    if (sodium_init() < 0) return 1;
    if (argc > 1 && strcmp(argv[1], "floor") == 0) return floor_main(argc - 2, argv + 2);
    int at = 1;
    for (; at < argc && strncmp(argv[at], "--", 2) == 0; at++) {
        if (strcmp(argv[at], "--long") == 0)
            bench.whole = true;
        else if (strcmp(argv[at], "--rounds") == 0 && at + 1 < argc)
            bench.rounds = (unsigned)atoi(argv[++at]);
        else
            return fprintf(stderr, "bench [--long] [--rounds N] [FIGURE...]\n"), 2;
    }
    if (bench.rounds < 1 || bench.rounds > ROUNDS_MAX) return 2;
    for (int i = at; i < argc; i++)
        if (!known(argv[i])) return fprintf(stderr, "bench: no figure \"%s\"\n", argv[i]), 2;
    table_head();
    for (unsigned i = 0; i < FIGURES; i++)
        if (wanted(figures[i].name, argc - at, argv + at)) figures[i].run(&bench);
    table_end();
    return 0;
}
