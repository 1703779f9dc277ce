/* line.h - a line that is typed at a terminal. It is edited here rather than by the terminal, so that it is known
 * whether anything has been typed: what others do is said at once while nothing has. No cursor is moved but back over
 * what is erased. */
#ifndef CLIENT_PLAIN_LINE_H
#define CLIENT_PLAIN_LINE_H

#include <stdbool.h>
#include <stddef.h>

enum { LINE_BYTES = 16 * 1024 };

struct line {
    char text[LINE_BYTES]; /* in the locale's encoding, ended */
    size_t used;
    int escape; /* within the sequence of a key that means nothing here */
};

/* Takes the terminal's own editing and echo away until line_end; a signal that ends the program gives them back, too.
 */
void line_begin(void);
void line_end(void);

enum line_step { LINE_GOES_ON, LINE_DONE, LINE_ENDED };

/* A byte that was typed. Backspace, Ctrl-U and Ctrl-W erase; Ctrl-C gives the line up; Ctrl-D ends the input when the
 * line is empty. */
enum line_step line_take(struct line *line, char byte);

#endif
