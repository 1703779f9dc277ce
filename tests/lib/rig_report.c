/* rig_report.c - see rig_report.h. */
#include "tests/lib/rig_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void rig_project(struct rig *rig, const char *unit, unsigned n, struct rig_project *project)
{
    char invested[40];
    const char *line =
        rig_out(rig, 0, "XMB", "project", "list", "--responsible", unit, "--sort", "code", "--json", NULL);
    while (n-- > 0 && line != NULL)
        line = (line = strchr(line, '\n')) != NULL ? line + 1 : NULL;
    if (line == NULL || !json_value(line, "code", project->code, sizeof project->code) ||
        !json_value(line, "invested", invested, sizeof invested))
        rig_fail("%s has not so many projects", unit);
    project->id = json_number(line, "id");
    project->invested = strtod(invested, NULL);
}

void rig_report_args(struct report_args *args, const char *action, const struct rig_project *project, const char *month,
                     long invested)
{
    const char *words[] = {NULL,         "report",          action,           project->code,    month,
                           "--invested", args->figures[0],  "--cumulative",   args->figures[1], "--progress",
                           "路基完成",   "--difficulties",  "无",             "--next",         "铺设路面",
                           "--json",     NULL};
    snprintf(args->figures[0], sizeof args->figures[0], "%ld", invested);
    snprintf(args->figures[1], sizeof args->figures[1], "%.2f", project->invested + (double)invested);
    memcpy(args->argv, words, sizeof words);
}

const char *rig_submit(struct rig *rig, int status, const char *login, const struct rig_project *project,
                       const char *month, long invested)
{
    struct report_args args;
    rig_report_args(&args, "submit", project, month, invested);
    return rig_out_args(rig, status, login, args.argv);
}

const char *rig_report(struct rig *rig, const char *login, const struct rig_project *project, const char *month)
{
    return rig_out(rig, 0, login, "report", "show", project->code, month, "--json", NULL);
}

void rig_set_clock(struct rig *rig, const char *at)
{
    rig_daemon_out(rig, 0, "clock", rig->registry, "--at", at, NULL);
}

/* ---- a real registry ---- */

const char *rig_file(struct rig *rig, const char *name, const void *bytes, size_t count)
{
    static char path[400];
    snprintf(path, sizeof path, "%s/%s", rig->directory, name);
    FILE *file = fopen(path, "we");
    if (file == NULL || fwrite(bytes, 1, count, file) != count || fclose(file) != 0) rig_fail("%s", path);
    return path;
}

const char *rig_data(const char *name)
{
    static char path[1100];
    const char *directory = getenv("DUBAN_DATA");
    snprintf(path, sizeof path, "%s/%s", directory != NULL ? directory : "server/data", name);
    return path;
}

void rig_found_real(struct rig *rig)
{
    static const char operators[] = "登录名,姓名,单位代码,角色\nXMB,办甲,XMB,经办;联络员\nXMB-A,办乙,XMB,系统管理员\n"
                                    "HRX,华甲,HRX,经办;联络员\nPJX,平甲,PJX,经办;联络员\n";
    static const char *const logins[] = {"XMB", "XMB-A", "HRX", "PJX"};
    char endpoint[64], tickets[4096] = "";
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%u", rig->port);
    rig_daemon_out(rig, 0, "init", rig->registry, "--name", "试点登记库", "--listen", endpoint, NULL);
    rig_daemon_out(rig, 0, "import", rig->registry, "units", rig_data("units.csv"), NULL);
    rig_daemon_out(rig, 0, "import", rig->registry, "operators",
                   rig_file(rig, "operators.csv", operators, sizeof operators - 1), NULL);
    for (size_t i = 0, used = 0; i < sizeof logins / sizeof *logins; i++)
        used += (size_t)snprintf(tickets + used, sizeof tickets - used, "%s %s", logins[i],
                                 rig_daemon_out(rig, 0, "ticket", rig->registry, logins[i], NULL));
    rig_file(rig, "registry/tickets", tickets, strlen(tickets));
}
