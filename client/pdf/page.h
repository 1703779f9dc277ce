/* page.h - what duban-pdf reads: a paper laid out in words, on its standard input, in UTF-8.
 *
 * The first line is "duban-page 1"; each further line a word, a blank and a text:
 *   mark     top left, as 草稿             flag    发文机关标志, in red
 *   number   发文字号                      title   标题; title2 is its second line, where somebody chose the break
 *   to       主送机关                      p       a paragraph of the body
 *   h1, h2   a paragraph that begins with a heading of the first (黑体) or second (楷体) level, which ends with
 *            the first 。 or the paragraph
 *   sign     发文机关署名                  date    成文日期
 *   copies   抄送机关                      printer 印发机关
 *   printed  印发日期                      proof   the journal's head: entry and hash
 *   made     the day for the file's own dates, 2009-11-05
 * p, h1 and h2 come in their order, every other word at most once; only title has to be there. */
#ifndef CLIENT_PDF_PAGE_H
#define CLIENT_PDF_PAGE_H

#include <stdbool.h>
#include <stdio.h>

enum { PAGE_BYTES_MAX = 256 * 1024, PARAGRAPHS_MAX = 4096, PROBLEM_BYTES = 200 };

enum level { LEVEL_BODY, LEVEL_FIRST, LEVEL_SECOND };

struct paragraph {
    enum level level;
    const char *text;
};

/* Texts live in `bytes`; NULL: not given. */
struct page {
    const char *mark, *flag, *number, *title, *title2, *to, *sign, *date, *copies, *printer, *printed, *proof, *made;
    unsigned count;
    struct paragraph paragraphs[PARAGRAPHS_MAX];
    char bytes[PAGE_BYTES_MAX + 1];
};

/* False with what is wrong in `problem`. */
bool page_read(FILE *file, struct page *page, char problem[PROBLEM_BYTES]);

#endif
