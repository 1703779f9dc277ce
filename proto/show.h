/* show.h - records, values and refusals in the reader's language.
 *
 * The only place where table rows become words: labels go through gettext, templates are filled in,
 * numbers get their units. Screens, scripts, lists and messages all say the same. */
#ifndef PROTO_SHOW_H
#define PROTO_SHOW_H

#include "proto/state.h"

/* Translates a msgid of the duban domain; UTF-8 whatever the locale's encoding. Never NULL.
 * An empty or NULL msgid gives "". */
__attribute__((format_arg(1))) const char *tr(const char *msgid);

/* Binds the catalogues under `directory` (NULL: the system's) to the domain, UTF-8. Call after setlocale. */
void show_start(const char *directory);

/* From now on all texts are in that language: "zh" or "en". Works in every locale; false for another word. */
bool show_language(const char *name);

/* Where references are looked up. space may be NULL: then they show as #id. */
struct show {
    const struct space *space;
    struct arena *arena;
    bool names_only; /* for files and scripts: option names, plain numbers, no units or translation */
};

/* One value of a record. Unset ones give nothing. */
void show_value(const struct show *show, const struct record *record, unsigned position, struct str *out);

/* The kind's title or brief template, filled in. */
void show_title(const struct show *show, const struct record *record, struct str *out);
void show_brief(const struct show *show, const struct record *record, struct str *out);
/* The same of a record by id; "#id" when it is not there. */
void show_ref(const struct show *show, unsigned kind, uint64_t id, struct str *out);

/* "{field}: {message}" of a refusal. */
void show_refusal(const struct refusal *why, struct str *out);

/* The state's label, translated. */
const char *show_state(const struct record *record);

#endif
