/* set_clock.h - moving the clock of a demo or training registry, while it is served and while it is not. */
#ifndef SERVER_SET_CLOCK_H
#define SERVER_SET_CLOCK_H

#include "server/serve.h"

enum { CLOCK_LINE_MAX = 1200 };

/* How much faster than real time a clock may run. */
bool rate_parse(const char *text, int64_t *rate);

/* The daemon's side: a line of the control socket, behind the word "clock". The answer's line goes into `out`. */
void serve_clock_line(struct serve *serve, const char *line, struct str *out);

#endif
