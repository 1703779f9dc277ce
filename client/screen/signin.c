/* signin.c - who sits here: the profiles of this workstation, their passphrases, and the first run with a
 * ticket. Works without a link; what goes wrong is said together with what can be done about it. */
#include "client/screen/screen.h"

#include "client/core/enrol.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ENROL_MS = 60000, LABEL_BYTES = 60 };

struct signin {
    struct screen screen;
    struct list list; /* the profiles, then one row for a ticket */
    unsigned count;
    char names[PROFILES_MAX][PROFILE_NAME_MAX + 1];
};

static void wipe(void *bytes, size_t count)
{
    explicit_bzero(bytes, count);
}

static void follow(struct screen *screen, unsigned events)
{
    struct signin *self = (struct signin *)screen;
    (void)events;
    self->count = profile_list(self->names);
    list_set_count(&self->list, self->count + 1);
}

/* ---- signing in ---- */

static void say_refusal_of(struct app *app, const struct profile *profile, const struct refusal *why)
{
    char line[MESSAGE_BYTES];
    struct str str = str_in(line, sizeof line);
    show_refusal(why, &str);
    if (why->err == ERR_FORMAT) {
        str_put(&str, tr(N_("; what is kept in ")));
        str_put(&str, profile->directory);
        str_put(&str,
                tr(N_("/cache can be moved away: it comes again from the daemon, but not what waited to be sent")));
    }
    app_say(app, STYLE_BAD, line);
}

static bool open_with(struct app *app, const struct profile *profile, const char *passphrase)
{
    uint8_t seed[SEED_BYTES];
    struct refusal why = {.err = OK};
    enum err err = profile_unlock(profile, passphrase, seed);
    if (err != OK)
        refuse(&why, err);
    else
        err = app_sign_in(app, profile, seed, &why);
    wipe(seed, sizeof seed);
    if (err != OK) say_refusal_of(app, profile, &why);
    return err == OK;
}

static void sign_in(struct app *app, const char *name, const char *given)
{
    struct profile profile;
    struct refusal why = {.err = OK};
    char line[PASSPHRASE_MAX + 1] = "", title[200], fault[MESSAGE_BYTES] = "";
    enum err err = profile_load(name, &profile, &why);
    if (err != OK) {
        say_refusal_of(app, &profile, &why);
        return;
    }
    bool open = given != NULL && open_with(app, &profile, given);
    while (!open && !app->leave) {
        struct str str = str_in(title, sizeof title);
        str_printf(&str, tr(N_("Passphrase of %s")), name);
        memcpy(fault, app->message, sizeof fault); /* why it is asked again */
        app->message[0] = '\0';
        if (!ask_secret(app, title, fault, line, sizeof line)) return;
        open = open_with(app, &profile, line);
        wipe(line, sizeof line);
    }
}

/* ---- the first run ---- */

bool ask_new_passphrase(struct app *app, char *line, size_t max)
{
    char again[PASSPHRASE_MAX + 1] = "", text[300];
    const char *fault = "";
    while (!app->leave) {
        struct str str = str_in(text, sizeof text);
        str_put(&str, fault);
        str_printf(&str,
                   tr(N_("It seals your key on this workstation and can't be recovered; at least %d characters.")),
                   PASSPHRASE_MIN);
        *line = *again = '\0';
        if (!ask_secret(app, tr(N_("Choose a passphrase")), text, line, max)) return false;
        if (text_characters(text_of(line)) < PASSPHRASE_MIN) {
            fault = tr(N_("That was too short. "));
            continue;
        }
        if (!ask_secret(app, tr(N_("The same passphrase again")), "", again, sizeof again)) return false;
        bool same = strcmp(line, again) == 0;
        wipe(again, sizeof again);
        if (same) return true;
        fault = tr(N_("The two were not the same. "));
    }
    return false;
}

static void say_enrol_failure(struct app *app, const struct refusal *why)
{
    char line[MESSAGE_BYTES];
    struct str str = str_in(line, sizeof line);
    show_refusal(why, &str);
    if (why->err == ERR_NO_LINK)
        str_put(&str,
                tr(N_(": is the network there, and the address in the ticket right? The ticket can be used again")));
    if (why->err == ERR_BAD_TICKET) str_put(&str, tr(N_(": ask the administrator for a new one")));
    if (why->err == ERR_EXISTS) str_put(&str, tr(N_(": this operator has a key here; choose him in the list")));
    app_say(app, STYLE_BAD, line);
}

static void enrol_with(struct app *app, const char *ticket, const char *passphrase)
{
    struct enrolment enrolment = {.login = ""};
    struct profile profile;
    struct refusal why = {.err = OK};
    char label[LABEL_BYTES] = "";
    if (gethostname(label, sizeof label - 1) != 0 || *label == '\0') snprintf(label, sizeof label, "workstation");
    label[sizeof label - 1] = '\0';
    if (strlen(label) > 40) label[40] = '\0';
    app_say(app, STYLE_PLAIN, tr(N_("asking the daemon to take the key; this can take half a minute...")));
    frame_draw(app);
    enum err err = enrol(ticket, NULL, label, passphrase, ENROL_MS, &enrolment, &profile, &why);
    app->message[0] = '\0';
    if (err != OK)
        say_enrol_failure(app, &why);
    else
        open_with(app, &profile, passphrase);
}

static void first_run(struct app *app)
{
    char text[TICKET_TEXT_MAX] = "", passphrase[PASSPHRASE_MAX + 1];
    const char *fault = "";
    struct ticket ticket;
    for (;;) {
        char question[400];
        struct str str = str_in(question, sizeof question);
        str_put(&str, fault);
        str_put(&str, tr(N_("Paste or type the line that the administrator gave you; it begins with duban1:")));
        if (!ask_line(app, tr(N_("Enrol with a ticket")), question, text, sizeof text)) return;
        if (ticket_read(text, &ticket) == OK) break;
        fault = tr(N_("That ticket is mistyped. "));
    }
    wipe(&ticket, sizeof ticket);
    if (ask_new_passphrase(app, passphrase, sizeof passphrase)) enrol_with(app, text, passphrase);
    wipe(passphrase, sizeof passphrase);
    wipe(text, sizeof text);
}

/* ---- the screen ---- */

static void draw_row(void *of, struct term *term, struct area area, unsigned index)
{
    struct signin *self = of;
    struct profile profile;
    char line[600];
    struct str str = str_in(line, sizeof line);
    if (index == self->count) {
        put_text(term, area, 0, STYLE_PLAIN, tr(N_("enrol a new operator with a ticket")));
        return;
    }
    str_put(&str, self->names[index]);
    if (profile_load(self->names[index], &profile, NULL) == OK) {
        str_printf(&str, "   %s   ", profile.card.login);
        address_put(&profile.addresses.at[0], &str);
    }
    put_text(term, area, 0, STYLE_PLAIN, line);
}

static void draw(struct screen *screen, struct term *term, struct area area)
{
    struct signin *self = (struct signin *)screen;
    const char *text = self->count > 0
                           ? tr(N_("Who are you?"))
                           : tr(N_("No operator has a key on this workstation yet. Press Enter and paste the ticket."));
    put_text(term, area, 0, STYLE_PLAIN, text);
    area.row += 2;
    area.rows -= 2;
    list_draw(&self->list, term, area, draw_row, self);
}

static void open_selected(struct signin *self)
{
    char name[PROFILE_NAME_MAX + 1];
    struct app *app = self->screen.app;
    if (self->list.at == self->count) {
        first_run(app);
        return;
    }
    memcpy(name, self->names[self->list.at], sizeof name);
    sign_in(app, name, NULL);
}

static void act(struct screen *screen, enum verb verb)
{
    struct signin *self = (struct signin *)screen;
    if (verb == VERB_open)
        open_selected(self);
    else
        list_verb(&self->list, verb, app_rows(screen->app) - 2);
}

static const struct screen_kind kind = {
    .id = SCREEN_signin, .size = sizeof(struct signin), .follow = follow, .draw = draw, .act = act};

struct screen *signin_screen(struct app *app)
{
    return screen_new(app, &kind);
}

void signin_begin(struct app *app)
{
    char names[PROFILES_MAX][PROFILE_NAME_MAX + 1];
    if (app->options->profile != NULL)
        sign_in(app, app->options->profile, app->options->passphrase);
    else if (profile_list(names) == 1)
        sign_in(app, names[0], app->options->passphrase);
    else if (app->options->passphrase == NULL && profile_list(names) == 0)
        first_run(app);
}
