/* notice.c - see notice.h. */
#include "client/core/notice.h"

#include "proto/show.h"

/* The reason that an act gave, when it gave one: the field that everybody calls so. */
static void put_reason(const struct wire_change *change, struct str *out)
{
    unsigned position;
    if (field_named(change->record.kind, "reason", &position) == NULL) return;
    if ((change->mask & FIELD_BIT(position)) == 0 || !rec_has(&change->record, position)) return;
    str_put(out, tr(N_(": ")));
    struct text reason = rec_text(&change->record, position);
    const char *end = reason.at;
    while (end < reason.at + reason.length && *end != '\n')
        end++;
    str_text(out, (struct text){reason.at, (uint32_t)(end - reason.at)});
}

/* The act that the record now asks of this operator, with its deadline. */
static bool put_duty(const struct client *client, const struct record *record, struct arena *arena, struct str *out)
{
    uint32_t open = actions_open(model_space(client_model(client)), record, client_actor(client), arena);
    stamp_t due;
    for (const struct action *row = NULL; (row = action_next(record->kind, row)) != NULL;) {
        if ((row->flags & A_DUTY) == 0 || (open >> row->wire & 1) == 0) continue;
        str_put(out, tr(N_("; please ")));
        str_put(out, tr(row->label));
        if (record_due(record, &due)) {
            str_put(out, tr(N_(" by ")));
            str_day(out, stamp_day((stamp_t){due.s - 1}));
        }
        return true;
    }
    return false;
}

bool notice_of(const struct client *client, const struct wire_entry *entry, struct arena *arena, struct notice *notice)
{
    const struct actor *actor = client_actor(client);
    const struct action *action = action_row(entry->kind, entry->action);
    const struct space *space = model_space(client_model(client)); /* what is pushed is of the present */
    struct show show = {.space = space, .arena = arena};
    struct record record;
    *notice =
        (struct notice){.number = entry->number, .time = entry->time, .kind = entry->kind, .action = entry->action};
    if (actor == NULL || action == NULL || entry->count == 0 || entry->unit == actor->unit) return false;
    const struct wire_change *main = &entry->changes[0];
    if (main->op == OP_GONE || state_get(space, main->record.kind, main->record.id, arena, &record) != OK) return false;
    struct str line = str_in(notice->line, sizeof notice->line);
    notice->kind = record.kind;
    notice->id = record.id;
    str_clock(&line, entry->time);
    str_put(&line, " ");
    if (entry->unit != 0)
        show_ref(&show, KIND_unit, entry->unit, &line);
    else
        str_put(&line, tr(N_("by rule")));
    str_put(&line, " ");
    str_put(&line, tr(action->label));
    str_put(&line, " ");
    str_put(&line, tr(kind_row(record.kind)->label));
    str_put(&line, " ");
    show_title(&show, &record, &line);
    put_reason(main, &line);
    notice->duty = put_duty(client, &record, arena, &line);
    return notice->duty || may_see(space, &record, actor, arena) == SEE_FULL;
}
