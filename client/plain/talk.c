/* talk.c - see talk.h. */
#include "client/plain/talk.h"

#include "client/cli/out.h"
#include "client/cli/passphrase.h"
#include "client/core/notice.h"

#include <sodium.h>
#include <string.h>
#include <unistd.h>

/* ---- pushes ---- */

/* The oldest give way: the desk has all that waits. */
static void on_push(void *self, const struct wire_entry *entry, const struct wire_change *change)
{
    struct talk *talk = self;
    struct notice notice;
    struct arena arena;
    (void)change;
    if (entry == NULL) return;
    arena_init(&arena, 8 << 20);
    if (notice_of(talk->cli.client, entry, &arena, &notice)) {
        if (talk->news_count == TALK_NEWS_MAX)
            memmove(talk->news[0], talk->news[1], (size_t)--talk->news_count * TALK_NEWS_BYTES);
        struct str str = str_in(talk->news[talk->news_count++], TALK_NEWS_BYTES);
        str_put(&str, notice.line);
        if (talk->teletype) { /* a sound alone: no text may come into what is being typed */
            putc('\a', stdout);
            fflush(stdout);
        }
    }
    arena_clear(&arena);
}

void talk_listen(struct talk *talk)
{
    client_set_watch(talk->cli.client, on_push, talk);
}

static void tell_news(struct talk *talk)
{
    for (unsigned i = 0; i < talk->news_count; i++)
        out_printf(stdout, "%s%s\n", tr(N_("News: ")), talk->news[i]);
    talk->news_count = 0;
}

/* ---- lines ---- */

/* Takes a whole line out of what was read; without its end only when no more will come. */
static bool take_line(struct talk *talk, char *line, bool last)
{
    char *end = memchr(talk->in, '\n', talk->used);
    if (end == NULL && (!last || talk->used == 0) && talk->used < sizeof talk->in) return false;
    size_t length = end != NULL ? (size_t)(end - talk->in) : talk->used, taken = length + (end != NULL);
    size_t kept = length < TALK_LINE_BYTES - 1 ? length : TALK_LINE_BYTES - 1;
    memcpy(line, talk->in, kept);
    if (kept > 0 && line[kept - 1] == '\r') kept--;
    line[kept] = '\0';
    memmove(talk->in, talk->in + taken, talk->used - taken);
    talk->used -= taken;
    return true;
}

const char *talk_line(struct talk *talk, const char *prompt)
{
    static char line[TALK_LINE_BYTES];
    const int input = STDIN_FILENO;
    fflush(stderr);
    tell_news(talk);
    out_put(stdout, prompt);
    fflush(stdout);
    while (!talk->ended && !take_line(talk, line, false)) {
        bool ready = false;
        client_step(talk->cli.client, -1, &input, &ready, 1);
        if (!ready) continue;
        ssize_t got = read(input, talk->in + talk->used, sizeof talk->in - talk->used);
        if (got <= 0) {
            talk->ended = !take_line(talk, line, true);
            break;
        }
        talk->used += (size_t)got;
    }
    if (!talk->teletype) putc('\n', stdout); /* nobody's Enter has ended the prompt's line */
    return talk->ended ? NULL : line;
}

bool talk_agrees(struct cli *cli, const char *consequence)
{
    struct talk *talk = (struct talk *)cli;
    out_printf(stdout, "%s\n", consequence);
    const char *line = talk_line(talk, tr(N_("Go on? y or n: ")));
    return line != NULL && (*line == 'y' || *line == 'Y' || strncmp(line, "是", strlen("是")) == 0);
}

bool talk_in_person(struct talk *talk, struct refusal *why)
{
    char passphrase[PASSPHRASE_ROOM];
    enum err err = talk->teletype ? passphrase_ask(tr(N_("An opinion is given in person: the passphrase again: ")),
                                                   passphrase, why)
                                  : passphrase_given(&talk->cli.args, passphrase, why);
    if (err == OK && !client_confirm(talk->cli.client, passphrase)) err = refuse(why, ERR_PASSPHRASE);
    sodium_memzero(passphrase, sizeof passphrase);
    return err == OK;
}
