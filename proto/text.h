/* text.h - UTF-8: reading it, checking what may stand in a record, building bounded strings.
 *
 * Everything inside both programs is UTF-8; only a client's terminal edge knows of other encodings.
 * Display widths are not here: they belong to the terminal's locale. */
#ifndef PROTO_TEXT_H
#define PROTO_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of UTF-8, not NUL-terminated by contract. */
struct text {
    const char *at;
    uint32_t length; /* bytes */
};

/* A text over a C string. Borrows it. */
struct text text_of(const char *string);

bool text_equal(struct text a, struct text b);
/* By their bytes: below 0, 0 or above it, as memcmp says; what is a beginning of the other comes first. */
int text_order(struct text a, struct text b);

/* Decodes the character at *at (before end), moves *at behind it and sets *code.
 * Returns false, leaving *at, when there is none or the bytes are not well-formed UTF-8 (RFC 3629). */
bool utf8_next(const char **at, const char *end, uint32_t *code);

/* Writes code (a valid scalar value) as UTF-8 to out, 1 to 4 bytes; returns how many. */
size_t utf8_put(uint32_t code, char out[4]);

/* Number of characters; malformed bytes count one each. */
size_t text_characters(struct text text);

/* May this text stand in a record? Refused are: malformed UTF-8, control characters (a line feed is
 * allowed when `lines`), bidirectional and zero-width formatting, private use, surrogates and unassigned
 * code points: they hide, reorder or break what another person's terminal shows.
 * Returns 0, or the 1-based position in characters of the first offender. */
size_t text_offence(struct text text, bool lines);

/* Full-width digits, signs, letters and the ideographic space become their ASCII twins, spaces at both
 * ends go: what an input method leaves in a number or a code. Writes at most max - 1 bytes and a NUL;
 * returns false when it does not fit. */
bool text_narrow(struct text text, char *out, size_t max);

/* A string that is built up in a caller's buffer: always NUL-terminated, never overrun, cut only between
 * characters. `cut` tells that something did not fit. */
struct str {
    char *at;
    size_t used, max;
    bool cut;
};

/* Starts an empty string in buffer[max], max >= 1. */
struct str str_in(char *buffer, size_t max);
void str_put(struct str *str, const char *string);
void str_text(struct str *str, struct text text);
void str_number(struct str *str, int64_t number);
__attribute__((format(printf, 2, 3))) void str_printf(struct str *str, const char *format, ...);

/* Lower-case hexadecimal. */
void str_hex(struct str *str, const void *bytes, size_t count);

#endif
