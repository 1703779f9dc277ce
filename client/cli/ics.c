/* ics.c - see ics.h. */
#include "client/cli/ics.h"

enum { LINE_BYTES = 75, STAMP_ROOM = 24 };

/* A line under construction. */
struct folded {
    FILE *file;
    unsigned used; /* bytes of the physical line */
};

static void put_bytes(struct folded *line, const char *bytes, unsigned count)
{
    if (line->used + count > LINE_BYTES) {
        fputs("\r\n ", line->file);
        line->used = 1;
    }
    fwrite(bytes, 1, count, line->file);
    line->used += count;
}

static void put_plain(struct folded *line, const char *text)
{
    for (; *text != '\0'; text++)
        put_bytes(line, text, 1);
}

/* What would end a value or part it is escaped (RFC 5545, 3.3.11); the two bytes of an escape stay together. */
static void put_escaped(struct folded *line, const char *text)
{
    const char *at = text, *end = text + text_of(text).length;
    while (at < end) {
        const char *start = at;
        uint32_t code;
        if (!utf8_next(&at, end, &code)) {
            at++;
            continue;
        }
        char escape[2] = {'\\', (char)(code == '\n' ? 'n' : code)};
        if (code == '\n' || code == '\\' || code == ';' || code == ',')
            put_bytes(line, escape, 2);
        else if (text_offence((struct text){start, (uint32_t)(at - start)}, false) == 0)
            put_bytes(line, start, (unsigned)(at - start));
    }
}

static void put_line(FILE *file, const char *name, const char *value, bool escaped)
{
    struct folded line = {.file = file};
    if (value == NULL || *value == '\0') return;
    put_plain(&line, name);
    put_plain(&line, ":");
    if (escaped)
        put_escaped(&line, value);
    else
        put_plain(&line, value);
    fputs("\r\n", file);
}

void ics_begin(FILE *file, const char *name)
{
    static const char *const zone[][2] = {
        {"BEGIN", "VTIMEZONE"},    {"TZID", "Asia/Shanghai"}, {"BEGIN", "STANDARD"}, {"DTSTART", "19700101T000000"},
        {"TZOFFSETFROM", "+0800"}, {"TZOFFSETTO", "+0800"},   {"TZNAME", "CST"},     {"END", "STANDARD"},
        {"END", "VTIMEZONE"}};
    put_line(file, "BEGIN", "VCALENDAR", false);
    put_line(file, "VERSION", "2.0", false);
    put_line(file, "PRODID", "-//duban//duban//ZH", false);
    put_line(file, "CALSCALE", "GREGORIAN", false);
    put_line(file, "METHOD", "PUBLISH", false);
    put_line(file, "X-WR-CALNAME", name, true);
    put_line(file, "X-WR-TIMEZONE", "Asia/Shanghai", false);
    for (size_t i = 0; i < sizeof zone / sizeof *zone; i++)
        put_line(file, zone[i][0], zone[i][1], false);
}

static void put_date(struct str *str, day_t day)
{
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    str_printf(str, "%04d%02d%02d", year, month, of_month);
}

/* In UTC, as the standard wants it. */
static void put_stamp(FILE *file, const char *name, stamp_t stamp)
{
    char text[STAMP_ROOM];
    struct str str = str_in(text, sizeof text);
    stamp_t shifted = {stamp.s - 8 * 3600};
    int64_t second = shifted.s - day_start(stamp_day(shifted)).s;
    put_date(&str, stamp_day(shifted));
    str_printf(&str, "T%02d%02d%02dZ", (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
    put_line(file, name, text, false);
}

static void put_when(FILE *file, const struct ics_event *event)
{
    char start[STAMP_ROOM], end[STAMP_ROOM];
    struct str str = str_in(start, sizeof start), after = str_in(end, sizeof end);
    put_date(&str, event->day);
    put_date(&after, day_add(event->day, 1));
    if (event->minute < 0) {
        put_line(file, "DTSTART;VALUE=DATE", start, false);
        put_line(file, "DTEND;VALUE=DATE", end, false);
        return;
    }
    str_printf(&str, "T%02d%02d00", event->minute / 60, event->minute % 60);
    put_line(file, "DTSTART;TZID=Asia/Shanghai", start, false);
}

void ics_event(FILE *file, const struct ics_event *event)
{
    put_line(file, "BEGIN", "VEVENT", false);
    put_line(file, "UID", event->uid, false);
    put_stamp(file, "DTSTAMP", event->since);
    put_when(file, event);
    put_line(file, "SUMMARY", event->summary, true);
    put_line(file, "DESCRIPTION", event->description, true);
    put_line(file, "LOCATION", event->location, true);
    put_line(file, "CATEGORIES", event->category, true);
    if (event->minute < 0) put_line(file, "TRANSP", "TRANSPARENT", false); /* a deadline takes no time of the day */
    put_line(file, "END", "VEVENT", false);
}

void ics_end(FILE *file)
{
    put_line(file, "END", "VCALENDAR", false);
}
