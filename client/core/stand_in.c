/* stand_in.c - see stand_in.h. */
#include "client/core/stand_in.h"

void stand_in(const struct client *client, unsigned kind, uint64_t id, unsigned action, struct arena *arena,
              struct record *args, uint64_t *given)
{
    static const char filler[] = "--------------------------------";
    struct record record = record_make(kind, 0);
    const struct field *field;
    if (id != 0 && state_get(client_space(client), kind, id, arena, &record) != OK) record = record_make(kind, 0);
    for (unsigned i = 0; (field = field_row(kind, i)) != NULL; i++) {
        bool text = field->type == TYPE_TEXT || field->type == TYPE_NOTE;
        bool missing = text && (field->need >> action & 1) && !rec_has(args, i) && !rec_has(&record, i);
        if (!missing || field->list_max > 0 || field->lo > (int64_t)sizeof filler - 1) continue;
        rec_set_text(args, i, (struct text){filler, (uint32_t)(field->lo > 0 ? field->lo : 1)});
        *given |= FIELD_BIT(i);
    }
}
