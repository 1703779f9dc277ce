/* site.h - what the rules about a project's site have in common: days, departments, stations. */
#ifndef PROTO_RULES_SITE_H
#define PROTO_RULES_SITE_H

#include "proto/decide.h"

/* Refuses a day that lies ahead (ERR_DATE_AHEAD). */
enum err check_not_ahead(struct act *act, const struct change *change, unsigned day);

/* Refuses a day before today (ERR_DATE_PAST). */
enum err check_not_past(struct act *act, const struct change *change, unsigned day);

/* Refuses an enterprise where a department is meant (ERR_NOT_DEPARTMENT). */
enum err check_department(struct act *act, const struct change *change, unsigned unit);

/* Refuses a unit that is no police station (ERR_NOT_STATION). */
enum err check_station(struct act *act, const struct change *change, unsigned unit);

/* The working day that is as many days from today as the setting says. */
day_t days_by_setting(struct act *act, enum setting_id days);

#endif
