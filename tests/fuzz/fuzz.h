/* fuzz.h - what the fuzz targets share: a property that must hold, and the input taken piece by piece.
 *
 * A target is one NAME_fuzz.c with LLVMFuzzerTestOneInput. Besides not crashing, each checks what is promised of
 * its parser: mostly that what was accepted has exactly one form, so that writing it gives the same bytes. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "proto/pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Ends the run with a report when the condition does not hold. */
#define HOLDS(condition)                                                                   \
    do {                                                                                   \
        if (!(condition)) {                                                                \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                       \
        }                                                                                  \
    } while (0)

/* The bytes that are in a pack are exactly these. */
static inline bool same_bytes(const struct pack *pack, const void *bytes, size_t count)
{
    return !pack->failed && pack->used == count && (count == 0 || memcmp(pack->at, bytes, count) == 0);
}

/* ---- the input, piece by piece; past its end everything is 0 or empty ---- */

struct input {
    const uint8_t *at;
    size_t left;
};

static inline uint8_t input_byte(struct input *input)
{
    if (input->left == 0) return 0;
    input->left--;
    return *input->at++;
}

static inline struct text input_text(struct input *input, size_t length)
{
    if (length > input->left) length = input->left;
    struct text text = {(const char *)input->at, (uint32_t)length};
    input->at += length;
    input->left -= length;
    return text;
}

/* A text behind its length in two bytes: how frames follow each other in one input. */
static inline struct text input_long_text(struct input *input)
{
    size_t high = input_byte(input), low = input_byte(input);
    return input_text(input, high << 8 | low);
}

#endif
