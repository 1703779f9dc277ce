/* bulletin_paper.c - a bulletin as it goes on paper: `duban bulletin text ID` for a terminal or a line printer, `duban
 * bulletin pdf ID FILE` by duban-pdf. Clause 2.9; the layout is that of GB/T 9704-2012. */
#include "client/cli/out.h"
#include "client/cli/program.h"
#include "client/cli/target.h"
#include "client/cli/verbs.h"
#include "client/core/bulletin.h"

#include <string.h>
#include <unistd.h>

enum { TEXT_COLUMNS = 56, LINE_BYTES = 1200, PDF_MADE = 0, PDF_NO_FONTS = 3 }; /* 28 characters a line */

/* Most units are known by their short names alone until they are asked for. */
static bool fetch_units(struct cli *cli, const struct record *bulletin)
{
    struct page_units units;
    stamp_t as_of;
    bool all = true;
    bulletin_page_units(client_space(cli->client), bulletin, &cli->arena, &units);
    for (unsigned i = 0; i < units.count; i++) {
        enum known known = units.at[i] != 0 ? session_fetch(cli, KIND_unit, units.at[i], &as_of) : KNOWN_WHOLE;
        all = all && (known == KNOWN_WHOLE || known == KNOWN_FETCHED);
    }
    return all;
}

/* The page of the bulletin that the command's `count` words behind its name mean, in the arena. */
static enum err read_page(struct cli *cli, unsigned count, struct str *page, struct refusal *why)
{
    struct target target;
    struct record bulletin;
    stamp_t as_of;
    char *bytes = arena_get(&cli->arena, PAGE_BYTES);
    if (bytes == NULL) return refuse(why, ERR_MEMORY);
    *page = str_in(bytes, PAGE_BYTES);
    enum err err = session_read(cli, why);
    if (err == OK) err = target_named(cli, KIND_bulletin, NULL, cli->args.words + 2, count, &target, why);
    if (err != OK) return err;
    enum known known = session_fetch(cli, KIND_bulletin, (uint64_t)target.id, &as_of);
    if (known != KNOWN_WHOLE && known != KNOWN_FETCHED) return refuse(why, ERR_NO_LINK);
    err = state_get(client_space(cli->client), KIND_bulletin, (uint64_t)target.id, &cli->arena, &bulletin);
    if (err != OK) return refuse(why, err);
    if (!fetch_units(cli, &bulletin)) return refuse(why, ERR_NO_LINK);
    bulletin_page(client_space(cli->client), &bulletin, &cli->arena, page);
    return OK;
}

/* The next line of a page: its word and its text. */
static bool next_line(const char **at, char word[16], struct text *text)
{
    const char *end = strchr(*at, '\n'), *blank = strchr(*at, ' ');
    if (end == NULL || blank == NULL || blank > end) return false;
    struct str str = str_in(word, 16);
    str_text(&str, (struct text){*at, (uint32_t)(blank - *at)});
    *text = (struct text){blank + 1, (uint32_t)(end - blank - 1)};
    *at = end + 1;
    return true;
}

/* ---- for a terminal ---- */

static void ruled(const char *of)
{
    for (int i = 0; i < TEXT_COLUMNS; i++)
        out_put(stdout, of);
    putc('\n', stdout);
}

/* ---- breaking lines, as on paper: no mark that closes begins a line, none that opens ends one ---- */

static bool among(const char *characters, uint32_t code)
{
    char bytes[5] = {0};
    utf8_put(code, bytes);
    return code != 0 && strstr(characters, bytes) != NULL;
}

static bool may_break(uint32_t before, uint32_t after)
{
    bool word = before > ' ' && before < 0x80 && after > ' ' && after < 0x80; /* figures, Latin words */
    return !word && !among("（《“‘〔(", before) && !among("，。、；：？！）》”’〕—)%", after);
}

/* Bytes of the text that go on a line of so many columns; a closing mark may hang over its end. */
static size_t line_bytes(struct text text, unsigned columns)
{
    const char *at = text.at, *end = text.at + text.length, *stop = NULL;
    unsigned used = 0;
    uint32_t code, before = 0;
    for (const char *here = at; utf8_next(&at, end, &code); here = at, before = code) {
        unsigned width = out_width((struct text){here, (uint32_t)(at - here)});
        if (before != 0 && may_break(before, code)) stop = here;
        used += width;
        if (used > columns && !(used - width <= columns && among("，。、；：", code)))
            return (size_t)((stop != NULL ? stop : here > text.at ? here : at) - text.at);
    }
    return text.length;
}

/* The first line stands at column `indent` already, where the others begin. */
static void wrapped(struct text text, unsigned indent)
{
    while (text.length > 0) {
        size_t used = line_bytes(text, TEXT_COLUMNS - indent);
        out_text(stdout, (struct text){text.at, (uint32_t)used});
        putc('\n', stdout);
        text = (struct text){text.at + used, text.length - (uint32_t)used};
        if (text.length > 0) out_spaces(stdout, indent);
    }
}

/* A line at the right, or in the middle; one that is too wide is wrapped. */
static void placed(struct text text, bool right)
{
    unsigned width = out_width(text), room = width < TEXT_COLUMNS ? TEXT_COLUMNS - width : 0;
    unsigned margin = right ? (room > 4 ? room - 4 : room) : room / 2;
    out_spaces(stdout, margin);
    wrapped(text, 0);
}

static void centred(struct text text)
{
    placed(text, false);
}

static void at_right(struct text text)
{
    placed(text, true);
}

static void flush(struct text text)
{
    wrapped(text, 0);
}

/* Two characters in; the lines after the first begin at the margin. */
static void indented(struct text text)
{
    char line[BULLETIN_BYTES / 4];
    struct str str = str_in(line, sizeof line);
    str_put(&str, "　　");
    str_text(&str, text);
    flush((struct text){line, (uint32_t)str.used});
}

static void labelled(const char *label, struct text text)
{
    out_put(stdout, label);
    wrapped(text, out_width(text_of(label)));
}

static void copied(struct text text)
{
    ruled("-");
    labelled("抄送：", text);
}

static void printer(struct text text)
{
    ruled("-");
    flush(text);
}

static void printed(struct text text)
{
    char line[LINE_BYTES];
    struct str str = str_in(line, sizeof line);
    str_text(&str, text);
    str_put(&str, "印发");
    flush((struct text){line, (uint32_t)str.used});
}

/* The hash is wider than the page: it has a line of its own and stays whole, to be copied. */
static void proved(struct text text)
{
    const char *blank = memchr(text.at, ' ', text.length);
    uint32_t number = blank != NULL ? (uint32_t)(blank - text.at) : text.length;
    ruled("-");
    labelled("登记日志首部 ", (struct text){text.at, number});
    if (blank == NULL) return;
    out_text(stdout, (struct text){blank + 1, text.length - number - 1});
    putc('\n', stdout);
}

static void number(struct text text)
{
    centred(text);
    ruled("=");
    putc('\n', stdout);
}

/* How each word of a page is put; `before` is blank lines. */
static const struct manner {
    const char *word;
    unsigned before;
    void (*put)(struct text text);
} manners[] = {
    {"mark", 0, flush},      {"flag", 1, centred},    {"number", 1, number}, {"title", 1, centred},
    {"title2", 0, centred},  {"to", 1, flush},        {"p", 0, indented},    {"h1", 0, indented},
    {"h2", 0, indented},     {"sign", 1, at_right},   {"date", 0, at_right}, {"copies", 1, copied},
    {"printer", 0, printer}, {"printed", 0, printed}, {"proof", 0, proved},
};

int command_bulletin_text(struct cli *cli)
{
    struct refusal why = {.err = OK};
    struct str page;
    char word[16];
    struct text text;
    enum err err = cli_expect(cli, READ_OPTIONS, 2, 3, &why);
    if (err == OK) err = read_page(cli, cli->args.word_count - 2, &page, &why);
    if (err != OK) return cli_end(err, &why);
    for (const char *at = strchr(page.at, '\n') + 1; next_line(&at, word, &text);) {
        for (size_t i = 0; i < sizeof manners / sizeof *manners; i++) {
            if (strcmp(manners[i].word, word) != 0) continue;
            for (unsigned j = 0; j < manners[i].before; j++)
                putc('\n', stdout);
            manners[i].put(text);
        }
    }
    ruled("-");
    return CLASS_OK;
}

/* ---- PDF ---- */

static const char *role_word(const char *role)
{
    static const struct {
        const char *role, *word;
    } roles[] = {{"fangsong", "仿宋"}, {"xiaobiaosong", "小标宋"}, {"heiti", "黑体"}, {"kaiti", "楷体"}, {"songti", "宋体"}};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (strcmp(roles[i].role, role) == 0) return roles[i].word;
    return role;
}

/* "仿宋: Noto Serif CJK SC; ..." of the lines that begin with a word; false when there are none. */
static bool fonts_told(FILE *told, const char *about, struct str *out)
{
    char line[LINE_BYTES], word[32], role[32];
    int used;
    bool any = false;
    rewind(told);
    while (fgets(line, sizeof line, told) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (sscanf(line, "%31s %31s %n", word, role, &used) != 2 || strcmp(word, about) != 0) continue;
        str_printf(out, "%s%s: %s", any ? "; " : "", role_word(role), line + used);
        any = true;
    }
    return any;
}

static long pages_told(FILE *told)
{
    char line[LINE_BYTES];
    long pages = 0;
    rewind(told);
    while (fgets(line, sizeof line, told) != NULL)
        if (sscanf(line, "pages %ld", &pages) == 1) break;
    return pages;
}

static void say_fonts(FILE *told, const char *about, const char *words)
{
    char line[LINE_BYTES];
    struct str str = str_in(line, sizeof line);
    if (fonts_told(told, about, &str)) say_about(words, line);
}

/* Makes it beside its place, and puts it there when it is whole. */
static enum err make_pdf(const struct str *page, const char *path, FILE *in, FILE *told, struct refusal *why)
{
    char part[PROGRAM_PATH_BYTES];
    int status;
    if (snprintf(part, sizeof part, "%s.part", path) >= (int)sizeof part) return refuse_text(why, ERR_USAGE, path);
    if (fwrite(page->at, 1, page->used, in) != page->used || fflush(in) != 0 || fseek(in, 0, SEEK_SET) != 0)
        return refuse_text(why, ERR_IO, "tmpfile");
    enum err err = program_beside("duban-pdf", part, in, told, &status, why);
    if (err == OK && status == PDF_MADE && rename(part, path) == 0) return OK;
    unlink(part);
    if (err != OK) return err;
    if (status == PDF_NO_FONTS)
        return refuse_text(why, ERR_NOT_MADE,
                           tr(N_("fonts are missing: install fonts-noto-cjk and fonts-arphic-ukai (make fonts)")));
    return refuse_text(why, ERR_NOT_MADE, path);
}

int command_bulletin_pdf(struct cli *cli)
{
    struct refusal why = {.err = OK};
    struct str page;
    FILE *in = tmpfile(), *told = tmpfile();
    enum err err = cli_expect(cli, READ_OPTIONS, 3, 4, &why);
    if (err == OK && (in == NULL || told == NULL)) err = refuse_text(&why, ERR_IO, "tmpfile");
    if (err == OK) err = read_page(cli, cli->args.word_count - 3, &page, &why);
    const char *path = err == OK ? cli->args.words[cli->args.word_count - 1] : "";
    if (err == OK) {
        err = make_pdf(&page, path, in, told, &why);
        say_fonts(told, "none", tr(N_("no font and no stand-in: {text}")));
        say_fonts(told, "missing", tr(N_("named in fonts.conf, and not here: {text}")));
        say_fonts(told, "stand-in", tr(N_("stand-ins for fonts that are not named in fonts.conf: {text}")));
    }
    if (err == OK) out_printf(stdout, "%s: %ld\n", path, pages_told(told));
    if (in != NULL) fclose(in);
    if (told != NULL) fclose(told);
    return cli_end(err, &why);
}
