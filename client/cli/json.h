/* json.h - a writer of JSON: one line for each outermost value. UTF-8 as it is; quotes, backslashes, control
 * characters and characters that hide are escaped, malformed bytes become U+FFFD. */
#ifndef CLIENT_CLI_JSON_H
#define CLIENT_CLI_JSON_H

#include "proto/text.h"
#include "proto/when.h"

#include <stdio.h>

enum { JSON_DEPTH_MAX = 16 };

struct json {
    FILE *file;
    unsigned depth;
    bool more; /* a comma is due before the next value */
    char closing[JSON_DEPTH_MAX];
};

/* In all of these, key is NULL inside an array and for the outermost value. */
void json_object(struct json *json, const char *key);
void json_array(struct json *json, const char *key);
/* Ends what was begun last; a line feed behind the outermost. */
void json_end(struct json *json);

void json_text(struct json *json, const char *key, struct text text);
void json_string(struct json *json, const char *key, const char *string); /* NULL: null */
void json_int(struct json *json, const char *key, int64_t number);
/* A number in its decimal form, which is the caller's to get right. */
void json_decimal(struct json *json, const char *key, const char *decimal);
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);
/* "2009-09-08T10:42:00+08:00"; null for 0. */
void json_stamp(struct json *json, const char *key, stamp_t stamp);

#endif
