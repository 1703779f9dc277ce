/* base.c - rules of the registry itself: its clock, its settings, its calendar. */
#include "proto/decide.h"
#include "proto/rules/rules.h"

/* Only a registry that says it is a demo may stand in another time. */
enum err rule_clock_set(struct act *act, struct change *change)
{
    if (rec_num(&change->before, registry_demo) == 0) return act_refuse(act, ERR_NOT_DEMO);
    return OK;
}

/* A setting exists in settings.def and stays within its bounds. */
enum err rule_setting(struct act *act, struct change *change)
{
    char name[64];
    struct str str = str_in(name, sizeof name);
    str_text(&str, rec_text(&change->after, setting_name));
    const struct setting_row *row = setting_named(name);
    int64_t value = rec_num(&change->after, setting_value);
    if (row == NULL) return act_refuse_field(act, ERR_BAD_VALUE, change, setting_name, 0);
    if (value < row->lo) return act_refuse_field(act, ERR_TOO_SMALL, change, setting_value, row->lo);
    if (value > row->hi) return act_refuse_field(act, ERR_TOO_LARGE, change, setting_value, row->hi);
    if (change->before.version != 0 && !act_changes(change, setting_value))
        return act_refuse_field(act, ERR_NOT_NEWER, change, setting_value, 0);
    return OK;
}

/* Days off are weekdays and make-up days are weekend days, all of the record's year. */
static bool days_fit(const struct change *change, unsigned position, int year, bool weekdays)
{
    unsigned count;
    const int64_t *list = rec_list(&change->after, position, &count);
    for (unsigned i = 0; i < count; i++) {
        day_t day = {(int32_t)list[i]};
        if (month_year(month_of(day)) != year || (day_weekday(day) < 5) != weekdays) return false;
    }
    return true;
}

enum err rule_calendar(struct act *act, struct change *change)
{
    int year = (int)rec_num(&change->after, calendar_year);
    if (!days_fit(change, calendar_off, year, true))
        return act_refuse_field(act, ERR_BAD_DAY_OFF, change, calendar_off, 0);
    if (!days_fit(change, calendar_work, year, false))
        return act_refuse_field(act, ERR_BAD_DAY_OFF, change, calendar_work, 0);
    return OK;
}
