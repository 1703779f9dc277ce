/* sheet.h - a page as an official paper after GB/T 9704-2012: A4, type area of 156 by 225 mm, 22 lines of 28
 * characters. The measures are in sheet.c. */
#ifndef CLIENT_PDF_SHEET_H
#define CLIENT_PDF_SHEET_H

#include "client/pdf/fonts.h"
#include "client/pdf/page.h"

/* Draws it all to a PDF surface; returns the number of pages. */
unsigned sheet_draw(cairo_surface_t *surface, const struct page *page, const struct fonts *fonts, PangoFontMap *map);

#endif
