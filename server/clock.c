/* clock.c - see clock.h. */
#include "server/clock.h"

#include <time.h>

static int64_t read_ms(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Whatever has not slept with the machine: a laptop's lid is no jump of the clock. */
int64_t clock_monotonic_ms(void)
{
    return read_ms(CLOCK_BOOTTIME);
}

stamp_t clock_real(void)
{
    return (stamp_t){read_ms(CLOCK_REALTIME) / 1000};
}

void clock_init(struct clock *clock, const struct record *registry)
{
    *clock = (struct clock){.rate = 1, .offset_ms = read_ms(CLOCK_REALTIME) - clock_monotonic_ms()};
    if (!rec_has(registry, registry_clock_real) || !rec_has(registry, registry_clock_shown)) return;
    clock->shifted = true;
    clock->real.s = rec_num(registry, registry_clock_real);
    clock->shown.s = rec_num(registry, registry_clock_shown);
    if (rec_num(registry, registry_clock_rate) > 0) clock->rate = rec_num(registry, registry_clock_rate);
}

static stamp_t shown_at(const struct clock *clock, int64_t real_ms)
{
    if (!clock->shifted) return (stamp_t){real_ms / 1000};
    int64_t past_ms = real_ms - clock->real.s * 1000;
    if (past_ms < 0) past_ms = 0;
    return (stamp_t){clock->shown.s + past_ms * clock->rate / 1000};
}

stamp_t clock_now(const struct clock *clock)
{
    return shown_at(clock, read_ms(CLOCK_REALTIME));
}

stamp_t clock_at(const struct clock *clock, stamp_t real)
{
    return shown_at(clock, real.s * 1000);
}

int64_t clock_ms_until(const struct clock *clock, stamp_t then)
{
    enum { DAY_MS = 86400 * 1000 };
    int64_t left = then.s - clock_now(clock).s;
    if (left <= 0) return 0;
    if (left > 2 * 86400ll * clock->rate) return DAY_MS;
    int64_t ms = left * 1000 / clock->rate;
    return ms < DAY_MS ? ms + 1 : DAY_MS;
}

int64_t clock_jump(struct clock *clock)
{
    int64_t offset = read_ms(CLOCK_REALTIME) - clock_monotonic_ms(), jump_ms = offset - clock->offset_ms;
    if (jump_ms > -1000 && jump_ms < 1000) return 0; /* slow adjustment adds up until it counts */
    clock->offset_ms = offset;
    return (jump_ms + (jump_ms < 0 ? -500 : 500)) / 1000; /* the two clocks are read one after the other */
}
