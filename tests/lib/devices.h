/* devices.h - enrolled devices in any number, made through the engine while nobody serves the registry: invited by
 * the console, each with its ticket used up by a signed command, as over the wire; 200 take a moment. */
#ifndef TESTS_LIB_DEVICES_H
#define TESTS_LIB_DEVICES_H

#include "server/console.h"

struct device {
    uint8_t seed[SEED_BYTES];
    struct identity identity;
    struct actor actor;
};

/* Opens a registry that is not served and begins a batch; devices_leave commits and closes it, and returns the
 * number of the journal's newest entry. */
void devices_visit(struct console *console, const char *registry);
uint64_t devices_leave(struct console *console);

uint64_t operator_named(struct console *console, const char *login);
/* The next one by number who is active, the first again behind the last. */
uint64_t operator_after(struct console *console, uint64_t id);

/* A device for the operator, with its keys. */
void device_make(struct console *console, uint64_t operator, struct device *device);

#endif
