/* words.c - see words.h. */
#include "client/screen/words.h"

#include "proto/number.h"
#include "proto/show.h"

const char *light_word(enum light light)
{
    switch (light) {
    case LIGHT_UNKNOWN: return "-";
    case LIGHT_GREEN: return tr(N_("G"));
    case LIGHT_YELLOW: return tr(N_("Y"));
    case LIGHT_RED: return tr(N_("R"));
    }
    return "";
}

enum style light_style(enum light light)
{
    switch (light) {
    case LIGHT_UNKNOWN: return STYLE_PLAIN;
    case LIGHT_GREEN: return STYLE_PLAIN; /* colour costs bytes, and is for what asks for attention */
    case LIGHT_YELLOW: return STYLE_WARN;
    case LIGHT_RED: return STYLE_BAD;
    }
    return STYLE_PLAIN;
}

const char *standing_word(enum standing standing)
{
    switch (standing) {
    case STANDING_NOT_DUE: return tr(N_("wait"));
    case STANDING_LATE: return tr(N_("late"));
    case STANDING_MISSING: return tr(N_("miss"));
    case STANDING_RETURNED: return tr(N_("ret."));
    case STANDING_ON_TIME: return tr(N_("in"));
    case STANDING_IN_LATE: return tr(N_("in!"));
    case STANDING_HIDDEN: return "?";
    }
    return "";
}

const char *standing_letter(enum standing standing)
{
    switch (standing) {
    case STANDING_NOT_DUE: return ".";
    case STANDING_LATE: return tr(N_("L"));
    case STANDING_MISSING: return tr(N_("M"));
    case STANDING_RETURNED: return tr(N_("r"));
    case STANDING_ON_TIME: return tr(N_("o"));
    case STANDING_IN_LATE: return tr(N_("l"));
    case STANDING_HIDDEN: return "?";
    }
    return "";
}

enum style standing_style(enum standing standing)
{
    switch (standing) {
    case STANDING_LATE:
    case STANDING_IN_LATE: return STYLE_WARN;
    case STANDING_MISSING:
    case STANDING_RETURNED: return STYLE_BAD;
    case STANDING_NOT_DUE:
    case STANDING_ON_TIME:
    case STANDING_HIDDEN: return STYLE_PLAIN;
    }
    return STYLE_PLAIN;
}

void str_percent(struct str *str, int64_t value)
{
    str_scaled(str, value, 10, 1);
}
