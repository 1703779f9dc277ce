/* acts.h - random acts: any action of any kind upon any record, by anybody; mostly such as may happen. */
#ifndef TESTS_LIFE_ACTS_H
#define TESTS_LIFE_ACTS_H

#include "tests/life/town.h"

struct deed {
    struct request *request; /* in the town's arena */
    struct record meant;     /* the record as it is, with what is filled in */
    uint8_t action;
    const char *who;
};

/* The next one, made against the open batch. */
void acts_next(struct town *town, const struct space *space, struct deed *deed);

#endif
