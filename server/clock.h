/* clock.h - registry time: the machine's clock, or a shifted or faster one for demos, training and tests.
 * The daemon's only reader of real clocks besides the log. */
#ifndef SERVER_CLOCK_H
#define SERVER_CLOCK_H

#include "proto/record.h"
#include "proto/when.h"

#include <stdbool.h>

struct clock {
    bool shifted;
    stamp_t real, shown; /* shown was the time when the machine's was real */
    int64_t rate;        /* registry seconds for each real one */
    int64_t offset_ms;   /* of the machine's clock against the monotonic one, when last looked */
};

/* Takes how the clock runs from the registry record. */
void clock_init(struct clock *clock, const struct record *registry);

stamp_t clock_real(void);
int64_t clock_monotonic_ms(void);
stamp_t clock_now(const struct clock *clock);
/* What it shows when the machine's clock is `real`. */
stamp_t clock_at(const struct clock *clock, stamp_t real);

/* Real milliseconds until the registry time `then`; 0 when it is past; at most one day. */
int64_t clock_ms_until(const struct clock *clock, stamp_t then);

/* Has somebody set the machine's clock since the last look? Its jump in seconds, else 0. */
int64_t clock_jump(struct clock *clock);

#endif
