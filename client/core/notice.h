/* notice.h - one line for what was pushed: who did what, why, and what that asks of the reader. */
#ifndef CLIENT_CORE_NOTICE_H
#define CLIENT_CORE_NOTICE_H

#include "client/core/client.h"

struct notice {
    uint64_t number; /* of the journal entry */
    stamp_t time;
    uint8_t kind, action;
    uint64_t id;    /* of the record that it is about */
    bool duty;      /* it waits for this operator now */
    char line[400]; /* "10:42 市项目办 退回 月报 2009-09 YY09-Z052: 累计数与上月不衔接" */
};

/* Is the entry worth the operator's attention: done by another unit (or a rule) on a record that is kept
 * whole here, or now his to act upon? Fills in the notice. Call after the entry is in the view. */
bool notice_of(const struct client *client, const struct wire_entry *entry, struct arena *arena, struct notice *notice);

#endif
