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
        if (talk->news_count == TALK_NEWS_MAX) {
            memmove(talk->news[0], talk->news[1], (size_t)--talk->news_count * TALK_NEWS_BYTES);
            talk->news_told -= talk->news_told > 0;
        }
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
    while (talk->news_told < talk->news_count)
        out_printf(stdout, "%s%s\n", tr(N_("News: ")), talk->news[talk->news_told++]);
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

/* Takes what is typed out of what was read. False: more has to come. */
static bool take_typed(struct talk *talk)
{
    enum line_step step = LINE_GOES_ON;
    size_t at = 0;
    while (step == LINE_GOES_ON && at < talk->used)
        step = line_take(&talk->line, talk->in[at++]);
    memmove(talk->in, talk->in + at, talk->used - at);
    talk->used -= at;
    talk->ended = step == LINE_ENDED;
    return step != LINE_GOES_ON;
}

static bool take(struct talk *talk, char *line)
{
    if (!talk->teletype) return take_line(talk, line, false);
    if (!take_typed(talk)) return false;
    snprintf(line, TALK_LINE_BYTES, "%s", talk->line.text);
    return true;
}

/* While nothing is typed, what is pushed is said at once and the question put again. */
static void tell_between(struct talk *talk, const char *prompt)
{
    if (!talk->teletype || talk->line.used > 0 || talk->news_told == talk->news_count) return;
    putc('\n', stdout);
    tell_news(talk);
    out_put(stdout, prompt);
    fflush(stdout);
}

const char *talk_line(struct talk *talk, const char *prompt)
{
    static char line[TALK_LINE_BYTES];
    const int input = STDIN_FILENO;
    fflush(stderr);
    tell_news(talk);
    out_put(stdout, prompt);
    fflush(stdout);
    talk->line.text[talk->line.used = 0] = '\0';
    if (talk->teletype) line_begin();
    while (!talk->ended && !take(talk, line)) {
        bool ready = false;
        client_step(talk->cli.client, -1, &input, &ready, 1);
        tell_between(talk, prompt);
        if (!ready) continue;
        ssize_t got = read(input, talk->in + talk->used, sizeof talk->in - talk->used);
        if (got <= 0) {
            talk->ended = talk->teletype || !take_line(talk, line, true);
            break;
        }
        talk->used += (size_t)got;
    }
    if (talk->teletype) line_end();
    if (!talk->teletype || talk->ended) putc('\n', stdout); /* nobody's Enter has ended the prompt's line */
    tell_news(talk);
    return talk->ended ? NULL : line;
}

bool talk_agrees(struct cli *cli, const char *consequence)
{
    struct talk *talk = (struct talk *)cli;
    out_printf(stdout, "%s\n", consequence);
    const char *line = talk_line(talk, tr(N_("Go on? y or n: ")));
    return line != NULL && (*line == 'y' || *line == 'Y' || strncmp(line, "是", strlen("是")) == 0);
}

bool talk_in_person(struct talk *talk, const char *question, struct refusal *why)
{
    char passphrase[PASSPHRASE_ROOM];
    enum err err = talk->teletype ? passphrase_ask(question, passphrase, why)
                                  : passphrase_given(&talk->cli.args, passphrase, why);
    if (err == OK && !client_confirm(talk->cli.client, passphrase)) err = refuse(why, ERR_PASSPHRASE);
    sodium_memzero(passphrase, sizeof passphrase);
    return err == OK;
}
