/* svg.h - a test terminal's screen as a picture whose text is text. */
#ifndef TESTS_LIB_SVG_H
#define TESTS_LIB_SVG_H

#include "tests/lib/pty.h"

/* Writes the screen as SVG. Every wide character stands at its own place and every run of narrow ones has its length,
 * so that columns align whatever font there is. False when it does not fit. */
bool svg_of(struct pty *pty, char *svg, size_t max);

#endif
