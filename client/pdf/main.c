/* main.c - duban-pdf: makes the PDF of an official paper from a page on its standard input.
 *
 *   duban-pdf FILE [FONTS.CONF]
 *
 * A program of its own, so that duban itself does not load what only a PDF needs. The same page and fonts give the
 * same file to the byte. On standard output: which fonts it used (fonts.h), and "pages N". Exit status: 0 made,
 * 1 not made, 2 wrong use, 3 fonts are missing. */
#include "client/pdf/sheet.h"

#include <cairo-pdf.h>
#include <stdlib.h>

enum { MADE, NOT_MADE, WRONG_USE, NO_FONTS };

static cairo_surface_t *open_surface(const char *file, const struct page *page)
{
    cairo_surface_t *surface = cairo_pdf_surface_create(file, 210 / 25.4 * 72, 297 / 25.4 * 72);
    char *date = g_strdup_printf("%sT00:00:00", page->made != NULL ? page->made : "2009-01-01");
    char *title = g_strconcat(page->title, page->title2, NULL);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
    g_free(title);
    if (page->sign != NULL) cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, page->sign);
    if (page->number != NULL) cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, page->number);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, date);
    g_free(date);
    return surface;
}

int main(int argc, char **argv)
{
    static struct page page;
    char problem[PROBLEM_BYTES];
    struct fonts fonts;
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: duban-pdf FILE [FONTS.CONF] <PAGE\n");
        return WRONG_USE;
    }
    if (!page_read(stdin, &page, problem)) {
        fprintf(stderr, "duban-pdf: %s\n", problem);
        return WRONG_USE;
    }
    PangoFontMap *map = pango_cairo_font_map_get_default();
    bool ready = fonts_find(map, argc == 3 ? argv[2] : NULL, &fonts);
    cairo_status_t status = CAIRO_STATUS_SUCCESS;
    if (ready) {
        cairo_surface_t *surface = open_surface(argv[1], &page);
        unsigned pages = sheet_draw(surface, &page, &fonts, map);
        cairo_surface_finish(surface);
        status = cairo_surface_status(surface);
        cairo_surface_destroy(surface);
        printf("pages %u\n", pages);
    }
    fonts_free(&fonts);
    if (!ready) return NO_FONTS;
    if (status == CAIRO_STATUS_SUCCESS) return MADE;
    fprintf(stderr, "duban-pdf: %s: %s\n", argv[1], cairo_status_to_string(status));
    return NOT_MADE;
}
