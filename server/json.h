/* json.h - writing JSON to a stream, value by value; commas and escapes are put here. */
#ifndef SERVER_JSON_H
#define SERVER_JSON_H

#include "proto/text.h"

#include <stdio.h>

struct json {
    FILE *file;
    bool first; /* the next value is the first in its object or array */
};

/* An open object or array; `name` NULL inside an array or at the top. */
void json_open(struct json *json, const char *name, char bracket);
void json_close(struct json *json, char bracket);

/* A member (or with name NULL an element). Text that is no UTF-8 gets the replacement character. */
void json_text(struct json *json, const char *name, struct text text);
void json_number(struct json *json, const char *name, int64_t number);
void json_bool(struct json *json, const char *name, bool value);
void json_null(struct json *json, const char *name);

#endif
