/* fonts.h - which fonts stand for those of GB/T 9704: named in a file of the operator's, or what Debian has. */
#ifndef CLIENT_PDF_FONTS_H
#define CLIENT_PDF_FONTS_H

#include <pango/pangocairo.h>
#include <stdbool.h>

/* 仿宋 of the body, 小标宋 of titles, 黑体 and 楷体 of headings, 宋体 of page numbers. */
enum font { FONT_BODY, FONT_TITLE, FONT_FIRST, FONT_SECOND, FONT_NUMBER, FONT_COUNT };

struct fonts {
    PangoFontDescription *at[FONT_COUNT];
};

/* Takes what $XDG_CONFIG_HOME/duban/fonts.conf (or `file`, when not NULL) names under [fonts]: lines like
 * fangsong = FangSong_GB2312. Tells on standard output, a line for each font, "font ROLE NAME" when it is the
 * operator's, "stand-in ROLE NAME" when it is not, and before it "missing ROLE NAME" when his is not here.
 * False when one has no stand-in here either: "none ROLE NAME". */
bool fonts_find(PangoFontMap *map, const char *file, struct fonts *fonts);
void fonts_free(struct fonts *fonts);

#endif
