/* catalogue.h - the compiled catalogue as tests look into it: all that the program says, in both languages. */
#ifndef TESTS_LIB_CATALOGUE_H
#define TESTS_LIB_CATALOGUE_H

#include <stdbool.h>

/* Reads the catalogue under a directory of locales. Aborts the test when it is not there. */
void catalogue_open(const char *directory);
void catalogue_close(void);

/* A pair of texts; false behind the last. */
bool catalogue_at(unsigned i, const char **english, const char **chinese);

/* Is this one of the texts, with whatever may stand in place of its {parts} and %directives? */
bool catalogue_has(const char *text, bool chinese);

/* What the program says in Chinese that stands in the text, longest first; NULL: nothing. Data may be Chinese: short
 * words, which may be data, do not count. */
const char *catalogue_chinese_in(const char *text);

#endif
