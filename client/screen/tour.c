/* tour.c - one minute over the real screens: a few boxes, by what the operator's unit does. What is pushed meanwhile
 * stands in its line as ever; one key ends it, and it comes again only when asked for. */
#include "client/screen/prompt.h"

#include <stdio.h>
#include <string.h>

enum { COUNTY = 1, OFFICE = 2, DEPARTMENT = 4, LEADER = 8, ALL = 15 };

static const struct step {
    unsigned whose;
    enum verb goes; /* the screen that it is about */
    const char *text;
} steps[] = {
    {COUNTY, VERB_desk,
     N_("This is your desk: what waits for you, the nearest deadline first. Monthly reports, warnings to be "
        "acknowledged and "
        "registered issues of your county come here by themselves.")},
    {OFFICE, VERB_desk,
     N_("This is the office's desk: reports to be accepted, opinions that are asked for, warnings that nobody "
        "answered, the "
        "nearest deadline first. They come here by themselves.")},
    {DEPARTMENT, VERB_desk,
     N_("This is your desk: what your unit has been assigned, what it has to answer and by when, the nearest deadline "
        "first. It "
        "comes here by itself.")},
    {LEADER, VERB_desk,
     N_("This is your desk: what waits for your decision, the nearest deadline first. Enter opens a matter; everything "
        "about it "
        "stands on its page.")},
    {ALL, VERB_projects,
     N_("These are the projects. Arrows choose, Enter opens, / narrows the list as you type: characters, codes or "
        "pinyin "
        "initials. s sorts, f filters, | chooses columns, and the list stays so.")},
    {COUNTY | DEPARTMENT, VERB_desk,
     N_("Enter on a line of the desk opens its form. Figures are checked while they are typed; a draft is kept even "
        "when the line "
        "is cut. s sends it off.")},
    {OFFICE, VERB_desk,
     N_("Enter on a line of the desk opens the report: y accepts it, r returns it with a reason, and the county sees "
        "that at "
        "once.")},
    {LEADER, VERB_console,
     N_("The console shows the whole: map, course, reports, open matters, ranking, by the digits 1 to 5. Enter leads "
        "from a "
        "figure to what is behind it.")},
    {ALL, VERB_desk,
     N_("What is pushed while you work stands in the line above the keys: o opens it, N lists all of it. Without a "
        "link you work "
        "on; what you send goes out later, and the first line says so.")},
    {ALL, VERB_none,
     N_("The last line names the keys that matter here, ? all of them, and : takes commands. :tour shows this again; "
        "duban train "
        "is for practising, where nothing is real.")},
};
enum { STEPS = sizeof steps / sizeof *steps };

static unsigned who(const struct actor *actor)
{
    const uint32_t functions = actor->functions;
    if (functions >> REL_office & 1) return OFFICE;
    if (functions >> REL_leader & 1 || functions >> REL_government & 1) return LEADER;
    return functions >> REL_local_government & 1 ? COUNTY : DEPARTMENT;
}

static unsigned steps_of(unsigned whose)
{
    unsigned count = 0;
    for (size_t i = 0; i < STEPS; i++)
        count += (steps[i].whose & whose) != 0;
    return count;
}

void tour_run(struct app *app)
{
    const struct actor *actor = client_actor(app->client);
    unsigned whose = actor != NULL ? who(actor) : DEPARTMENT, number = 0;
    bool on = true;
    app->tour_due = false;
    for (size_t i = 0; i < STEPS && on && !app->leave; i++) {
        char title[120];
        struct str str = str_in(title, sizeof title);
        struct prompt prompt = {.id = SCREEN_tour, .title = title, .text = text_of(tr(steps[i].text))};
        if ((steps[i].whose & whose) == 0) continue;
        str_printf(&str, tr(N_("In one minute: %u of %u")), ++number, steps_of(whose));
        if (steps[i].goes != VERB_none) app_do(app, steps[i].goes);
        on = prompt_run(app, &prompt);
    }
    if (app->leave) return; /* the line was cut: it begins again */
    app_to_root(app);
    app->setup.prefs.tour = 0;
    app->setup.prefs.set |= 1u << PREF_TOUR;
    enum err err = prefs_save(&app->profile, &app->setup.prefs);
    if (err != OK) app_say_err(app, err);
}
