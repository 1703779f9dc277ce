/* log.h - one line for each event, to stderr: with syslog levels for the journal of systemd, else with the
 * time. For operations, never evidence: that is the registry's journal. No content of records goes here. */
#ifndef SERVER_LOG_H
#define SERVER_LOG_H

enum log_level { LOG_ERROR = 3, LOG_WARNING = 4, LOG_NOTICE = 5, LOG_DEBUG = 7 };

/* Lines above the level are left out. LOG_NOTICE to begin with. */
void log_set_level(enum log_level level);

/* Text from outside must come as an argument: control characters in the line become '?'. */
__attribute__((format(printf, 2, 3))) void log_line(enum log_level level, const char *format, ...);

#endif
