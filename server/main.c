/* main.c - duband's command line: a table of commands, help, version. */
#include "server/commands.h"
#include "server/places.h"

#include "proto/show.h"
#include "proto/tables.h"
#include "proto/wire.h"

#include <locale.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char version[] = "0.1";

struct subcommand {
    const char *name;
    command_fn *run;
    const char *usage; /* behind the name */
    const char *about; /* msgid */
};

static command_fn command_help;

static const struct subcommand subcommands[] = {
    {"init", command_init,
     "DIR --name NAME [--demo] [--at \"YYYY-MM-DD HH:MM\"] [--rate N] [--listen tcp://ADDRESS:PORT] "
     "[--address HOST:PORT]",
     N_("found a registry in a new directory; --at and --rate shift and speed up the clock of a --demo")},
    {"import", command_import,
     "DIR units|plan|projects|targets|operators|calendar|scheme FILE [--skip-bad] [--rejects FILE] [--dry-run] "
     "[--as-of YYYY-MM-DD] [--plan NUMBER]",
     N_("take over a CSV file, all of it or nothing; with --skip-bad all but the wrong rows")},
    {"ticket", command_ticket, "DIR LOGIN [--label LABEL]",
     N_("print a ticket with which the operator enrols a device: for the first administrator, or when no "
        "administrator has a key any more")},
    {"serve", command_serve, "DIR [--listen tcp://ADDRESS:PORT] [--quiet]", N_("serve the registry")},
    {"check", command_check, "DIR", N_("prove that journal, signatures and state fit together")},
    {"dump", command_dump, "DIR [--from NUMBER | --as-of \"YYYY-MM-DD [HH:MM]\"]",
     N_("print the journal, or the records as they stood at a moment, one JSON object on each line")},
    {"backup", command_backup, "DIR FILE",
     N_("copy the registry, also while it is served; the copy is checked, and is without the daemon's key")},
    {"restore", command_restore, "FILE DIR --key KEYFILE [--listen tcp://ADDRESS:PORT] [--address HOST:PORT]",
     N_("make a new directory from a backup and the daemon's key")},
    {"status", command_status, "DIR", N_("ask the daemon that serves the registry how it is")},
    {"clock", command_clock, "DIR [--at \"YYYY-MM-DD HH:MM\"] [--rate N] [--reason TEXT]",
     N_("show the registry's time; set it and its speed in a demo or training registry")},
    {"demo", command_demo, "DIR [--listen tcp://ADDRESS:PORT]",
     N_("found a demo registry of September 2009 with the bundled units and projects; its tickets are known "
        "to everybody")},
    {"simulate", command_simulate, "DIR [--seed N] [--until YYYY-MM-DD] [--verbose]",
     N_("let people work in a demo registry that nobody serves, as the seed has it; prints what was done")},
    {"help", command_help, "[COMMAND]", N_("say how a command is used")},
};

enum { SUBCOMMANDS = sizeof subcommands / sizeof *subcommands };

static const struct subcommand *find(const char *name)
{
    for (size_t i = 0; i < SUBCOMMANDS; i++)
        if (strcmp(subcommands[i].name, name) == 0) return &subcommands[i];
    return NULL;
}

static void print_usage(FILE *file, const struct subcommand *row)
{
    fprintf(file, "%s duband %s %s\n", tr(N_("usage:")), row->name, row->usage);
}

static int command_help(int argc, char **argv)
{
    if (argc > 2) return CLASS_USAGE;
    const struct subcommand *row = argc == 2 ? find(argv[1]) : NULL;
    if (argc == 2 && row == NULL) return CLASS_USAGE;
    if (row != NULL) {
        print_usage(stdout, row);
        printf("  %s\n", tr(row->about));
        return CLASS_OK;
    }
    printf("%s duband COMMAND ...\n", tr(N_("usage:")));
    for (size_t i = 0; i < SUBCOMMANDS; i++)
        printf("  %-8s %s\n", subcommands[i].name, tr(subcommands[i].about));
    return CLASS_OK;
}

static int run(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "%s duband COMMAND ... (duband help)\n", tr(N_("usage:")));
        return CLASS_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("duband %s (protocol %d, tables %d)\n", version, PROTOCOL_VERSION, TABLES_VERSION);
        return CLASS_OK;
    }
    const struct subcommand *row = strcmp(argv[1], "--help") == 0 ? find("help") : find(argv[1]);
    if (row == NULL) {
        fprintf(stderr, "duband: %s: %s (duband help)\n", tr(N_("there is no such command")), argv[1]);
        return CLASS_USAGE;
    }
    if (argc > 2 && strcmp(argv[2], "--help") == 0) {
        char *help[] = {argv[2], argv[1], NULL};
        return command_help(2, help);
    }
    int status = row->run(argc - 1, argv + 1);
    if (status == CLASS_USAGE) print_usage(stderr, row);
    return status;
}

int main(int argc, char **argv)
{
    char locale[PLACE_MAX];
    setlocale(LC_ALL, "");
    show_start(place_locale(locale) ? locale : NULL);
    if (sodium_init() < 0) return CLASS_FAILED;
    if (tables_fault() != NULL) {
        fprintf(stderr, "duband: %s\n", tables_fault());
        return CLASS_FAILED;
    }
    int status = run(argc, argv);
    if (fflush(stdout) == 0 && !ferror(stdout)) return status;
    fprintf(stderr, "duband: %s\n", tr(N_("the output could not be written")));
    return CLASS_FAILED;
}
