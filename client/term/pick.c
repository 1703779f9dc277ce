/* pick.c - see pick.h. */
#include "client/term/pick.h"

#include "client/core/search.h"
#include "client/term/cells.h"

#include <stdio.h>
#include <stdlib.h>

bool pick_init(struct pick *pick, struct pick_item *items, unsigned count)
{
    *pick = (struct pick){.items = items, .count = count};
    editor_init(&pick->filter, false);
    pick->matches = calloc(count > 0 ? count : 1, sizeof *pick->matches);
    if (pick->matches == NULL) return false;
    pick_narrow(pick);
    return true;
}

void pick_free(struct pick *pick)
{
    editor_free(&pick->filter);
    free(pick->matches);
    pick->matches = NULL;
}

void pick_narrow(struct pick *pick)
{
    unsigned found = 0;
    for (unsigned i = 0; i < pick->count; i++)
        if (search_match(editor_text(&pick->filter), text_of(pick->items[i].text))) pick->matches[found++] = i;
    pick->list.at = pick->list.top = 0;
    list_set_count(&pick->list, found);
}

int pick_selected(const struct pick *pick)
{
    return pick->list.count > 0 ? (int)pick->matches[pick->list.at] : -1;
}

int pick_rows(const struct pick *pick)
{
    return (int)(pick->count < 100 ? pick->count : 100) + (pick->numbered ? 0 : 1);
}

static void draw_row(void *self, struct term *term, struct area area, unsigned index)
{
    const struct pick *pick = self;
    const struct pick_item *item = &pick->items[pick->matches[index]];
    char number[16] = "";
    struct place place = {area.row, area.column, area.columns, STYLE_PLAIN};
    if (pick->many) snprintf(number, sizeof number, item->chosen ? "[x] " : "[ ] ");
    if (pick->numbered && index < 9)
        snprintf(number, sizeof number, "%u ", index + 1);
    else if (pick->numbered)
        snprintf(number, sizeof number, "  ");
    int used = term_put(term, place, text_of(number));
    place.column += used;
    place.columns -= used;
    term_put_cut(term, place, text_of(item->text));
}

void pick_draw(struct pick *pick, struct term *term, struct area area)
{
    struct area rows = area;
    if (!pick->numbered) {
        rows.row++;
        rows.rows--;
    }
    pick->seen = rows.rows;
    list_draw(&pick->list, term, rows, draw_row, pick);
    if (pick->numbered) return;
    int used = term_put(term, (struct place){area.row, area.column, area.columns, STYLE_PLAIN}, text_of("/ "));
    editor_draw(&pick->filter, term, (struct area){area.row, area.column + used, 1, area.columns - used});
}
