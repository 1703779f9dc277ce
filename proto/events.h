/* events.h - what gives or takes points: an event is a change of a record that can be told from the record before and
 * after it, and from the act. A rule of a scheme names one (choice score_event). Clause 3. */
#ifndef PROTO_EVENTS_H
#define PROTO_EVENTS_H

#include "proto/codec.h"

/* How a field of the record has to be for the event to count. */
enum test {
    TEST_NONE,
    TEST_IS,      /* has the value; unset is 0 */
    TEST_AT_MOST, /* is no more than the value */
    TEST_PASSED,  /* its day was over when it happened */
    TEST_AHEAD,   /* its day was not over */
};

enum { EVENT_TESTS_MAX = 3, ANY_VALUE = -1 };

struct event {
    uint8_t kind;
    uint8_t action; /* each act of this kind on the record; 0: whatever act... */
    uint8_t field;  /* ...by which this field... */
    int16_t value;  /* ...becomes this; ANY_VALUE: is set for the first time */
    uint8_t times;  /* the field that says how often it counts; 0: once */
    struct {
        uint8_t field;
        enum test test;
        int16_t value;
    } tests[EVENT_TESTS_MAX];
};

/* The row of an event, or NULL. */
const struct event *event_row(int64_t event);

/* Did it happen to the record on that day? `act_kind` and `act_action` are those of the act when it was about this
 * very record, else 0. Returns how often it counts. */
int64_t event_times(const struct event *event, const struct record *before, const struct record *after, day_t day,
                    unsigned act_kind, unsigned act_action);

/* Can records of the kind have a unit of this relation? */
bool kind_relates(unsigned kind, unsigned relation);

#endif
