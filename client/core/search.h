/* search.h - finding by what people type: characters, codes, or the first letters of the pinyin. */
#ifndef CLIENT_CORE_SEARCH_H
#define CLIENT_CORE_SEARCH_H

#include "proto/text.h"

#include <stdbool.h>

/* Does the text contain the query? Letters match themselves in either case, or a Chinese character one of
 * whose readings begins with them: "yyx" finds 岳阳县, "cq" and "zq" find 重庆. Several words all have to
 * be found, in any order. An empty query is found everywhere. */
bool search_match(struct text query, struct text text);

/* How well: only inside a word, at the beginning of one, or as a whole one (a code, a name). Of several words the one
 * that is found worst counts. SEARCH_NOT: as search_match says. */
enum search_rank { SEARCH_NOT, SEARCH_PART, SEARCH_START, SEARCH_WHOLE };
enum search_rank search_rank(struct text query, struct text text);

/* The initials of the pinyin readings of a character: bit 0 for a, 25 for z; 0 when it has none. */
uint32_t pinyin_initials(uint32_t code);

/* The initial of its usual reading, 'a' to 'z'; 0 when it has none. */
char pinyin_usual(uint32_t code);

/* Writes the text with every Chinese character replaced by its usual initial: for terminals that can't
 * show it. */
void pinyin_text(struct text text, struct str *out);

/* The ASCII character that stands for another one where a terminal lacks that: the plain form of a mark, the pinyin
 * initial of a Chinese character, a letter without its accent; '?' when there is none. */
uint32_t ascii_twin(uint32_t code);

#endif
