/* log.c - see log.h. */
#include "server/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static enum log_level log_limit = LOG_NOTICE;

void log_set_level(enum log_level level)
{
    log_limit = level;
}

void log_line(enum log_level level, const char *format, ...)
{
    char line[600];
    va_list list;
    if (level > log_limit) return;
    va_start(list, format);
    vsnprintf(line, sizeof line, format, list);
    va_end(list);
    for (unsigned char *at = (unsigned char *)line; *at != '\0'; at++)
        if (*at < ' ' || *at == 0x7f) *at = '?';
    if (getenv("JOURNAL_STREAM") != NULL) {
        fprintf(stderr, "<%d>%s\n", level, line);
        return;
    }
    char when[32];
    time_t now = time(NULL);
    struct tm parts;
    localtime_r(&now, &parts);
    strftime(when, sizeof when, "%F %T", &parts);
    fprintf(stderr, "%s %s\n", when, line);
}
