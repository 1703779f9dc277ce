/* doctor_place.c - the workstation as `duban doctor` sees it: locale, terminal, files, disk. */
#include "client/cli/doctor.h"
#include "client/cli/out.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <termios.h>
#include <unistd.h>

enum { ROWS_MIN = 24, COLUMNS_MIN = 80, DISK_MB_MIN = 64, YUE = 0x5CB3 }; /* 岳 */

/* ---- locale ---- */

static const char *wanted_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && *value != '\0') return value;
    }
    return "C";
}

void doctor_locale(struct doctor *doctor)
{
    char found[400];
    struct str str = str_in(found, sizeof found);
    locale_t all = newlocale(LC_ALL_MASK, "", (locale_t)0);
    str_printf(&str, "%s, %s", wanted_locale(), nl_langinfo(CODESET));
    if (all == (locale_t)0) {
        str_put(&str, tr(N_(", not installed")));
        doctor_finds(doctor, "locale", FINDING_BAD, found,
                     N_("install it (dpkg-reconfigure locales), or set LC_ALL to one that `locale -a` names, "
                        "such as C.UTF-8"));
        return;
    }
    freelocale(all);
    if (!out_shows(YUE)) {
        str_put(&str, tr(N_(", can't show Chinese: letters of the pinyin stand for it")));
        doctor_finds(doctor, "locale", FINDING_BAD, found, N_("set LC_ALL to a UTF-8 locale, such as C.UTF-8"));
        return;
    }
    doctor_finds(doctor, "locale", FINDING_WELL, found, NULL);
}

/* ---- terminal ---- */

/* Is there a description of the terminal where ncurses looks for it? */
static bool terminfo_there(const char *term)
{
    const char *own = getenv("TERMINFO"), *home = getenv("HOME");
    const char *places[] = {own, NULL, "/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo"};
    char path[1024], private[512];
    if (*term == '\0' || strchr(term, '/') != NULL) return false;
    bool fits = home != NULL && snprintf(private, sizeof private, "%s/.terminfo", home) < (int)sizeof private;
    if (fits) places[1] = private;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (places[i] == NULL || *places[i] == '\0') continue;
        snprintf(path, sizeof path, "%s/%c/%s", places[i], *term, term);
        if (access(path, R_OK) == 0) return true;
        snprintf(path, sizeof path, "%s/%02x/%s", places[i], (unsigned char)*term, term);
        if (access(path, R_OK) == 0) return true;
    }
    return false;
}

void doctor_terminal(struct doctor *doctor)
{
    const char *term = getenv("TERM");
    struct winsize size = {0};
    struct termios modes;
    char found[200];
    struct str str = str_in(found, sizeof found);
    if (!isatty(STDOUT_FILENO)) {
        doctor_finds(doctor, "terminal", FINDING_NOTE, tr(N_("the output is no terminal: not checked")), NULL);
        return;
    }
    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
    str_printf(&str, "TERM=%s, %ux%u", term != NULL ? term : "", size.ws_col, size.ws_row);
    if (term == NULL || !terminfo_there(term)) {
        doctor_finds(doctor, "terminal", FINDING_BAD, found,
                     N_("there is no description of this terminal: install ncurses-term, or set TERM to one that "
                        "is known, such as vt100"));
        return;
    }
    bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    if (tcgetattr(STDOUT_FILENO, &modes) == 0 && ((modes.c_iflag & IUTF8) != 0) != utf8) {
        str_put(&str, utf8 ? tr(N_(", the line is not set to UTF-8"))
                           : tr(N_(", the line is set to UTF-8, the locale is not")));
        doctor_finds(doctor, "terminal", FINDING_NOTE, found,
                     utf8 ? N_("stty iutf8, so that one backspace takes back one character")
                          : N_("set LC_ALL to a UTF-8 locale, or the terminal to the locale's encoding"));
        return;
    }
    bool small = size.ws_row > 0 && (size.ws_row < ROWS_MIN || size.ws_col < COLUMNS_MIN);
    doctor_finds(doctor, "terminal", small ? FINDING_BAD : FINDING_WELL, found,
                 small ? N_("the full-screen program needs 80 columns and 24 lines") : NULL);
}

/* ---- files ---- */

static const char *profile_advice(enum err err)
{
    if (err == ERR_USAGE) return N_("name one: --profile NAME, or DUBAN_PROFILE");
    if (err == ERR_FORMAT)
        return N_("chmod 600 the file key in the profile's directory; when it is damaged, enrol anew");
    return N_("duban enrol TICKET");
}

void doctor_profile(struct doctor *doctor, bool *there)
{
    struct refusal why = {.err = OK};
    struct stat info;
    char found[PROFILE_PATH_MAX + 300 + ADDRESSES_MAX * ADDRESS_TEXT_MAX];
    struct str str = str_in(found, sizeof found);
    const struct profile *profile = &doctor->cli->profile;
    *there = session_profile(doctor->cli, &why) == OK;
    if (!*there) {
        show_refusal(&why, &str);
        doctor_finds(doctor, "profile", FINDING_BAD, found, profile_advice(why.err));
        return;
    }
    str_printf(&str, "%s: %s, ", profile->name, profile->card.login);
    addresses_put(&profile->addresses, ", ", &str);
    str_printf(&str, ", %s", profile->directory);
    if (stat(profile->directory, &info) == 0 && (info.st_mode & 077) != 0) {
        doctor_finds(doctor, "profile", FINDING_BAD, found, N_("others can look into the directory: chmod 700"));
        return;
    }
    doctor_finds(doctor, "profile", FINDING_WELL, found, NULL);
}

void doctor_disk(struct doctor *doctor)
{
    struct statvfs info;
    char found[100];
    struct str str = str_in(found, sizeof found);
    if (statvfs(doctor->cli->profile.directory, &info) != 0) {
        doctor_finds(doctor, "disk", FINDING_BAD, tr(N_("can't be looked at")), NULL);
        return;
    }
    long long free_mb = (long long)info.f_bavail * (long long)info.f_frsize / (1 << 20);
    fill_template(&str, tr(N_("{n} MB free for the cache")), "", free_mb);
    bool writable = access(doctor->cli->profile.directory, W_OK) == 0;
    bool bad = free_mb < DISK_MB_MIN || !writable;
    doctor_finds(doctor, "disk", bad ? FINDING_BAD : FINDING_WELL, found,
                 !writable ? N_("the profile's directory can't be written")
                 : bad     ? N_("make room")
                           : NULL);
}
