/* lots.c - the draw of a spot check by hand: `duban draw-nonce` makes a secret number and its commitment, `duban
 * draw-sheet` prints what is published of a draw, `duban inspection verify-draw` draws again from the sheet alone,
 * without profile or link. Clause 2; the algorithm is in proto/lots.h. */
#include "client/cli/out.h"
#include "client/cli/target.h"
#include "client/cli/verbs.h"
#include "proto/lots.h"
#include "proto/number.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHEET_BYTES = 64 * 1024, HEX_BYTES = 2 * LOTS_BYTES + 1 };

/* ---- a secret number ---- */

int command_draw_nonce(struct cli *cli)
{
    uint8_t nonce[LOTS_BYTES], commitment[LOTS_BYTES];
    char hex[HEX_BYTES];
    struct refusal why = {.err = OK};
    enum err err = cli_expect(cli, "", 0, 0, &why);
    if (err != OK) return cli_end(err, &why);
    randombytes_buf(nonce, sizeof nonce);
    lots_commitment(nonce, commitment);
    printf("nonce %s\n", sodium_bin2hex(hex, sizeof hex, nonce, sizeof nonce));
    printf("commitment %s\n", sodium_bin2hex(hex, sizeof hex, commitment, sizeof commitment));
    sodium_memzero(nonce, sizeof nonce);
    say(tr(N_("keep the number secret until both sides have committed; then reveal it")));
    return CLASS_OK;
}

/* ---- the sheet ---- */

static void put_bytes(const char *word, const struct record *draw, unsigned position)
{
    char hex[HEX_BYTES];
    struct text bytes = rec_text(draw, position);
    if (bytes.length != LOTS_BYTES) return;
    printf("%s %s\n", word, sodium_bin2hex(hex, sizeof hex, (const uint8_t *)bytes.at, bytes.length));
}

static void put_drawn(struct cli *cli, const struct record *draw)
{
    unsigned count;
    const int64_t *ids = rec_list(draw, draw_drawn, &count);
    printf("drawn");
    for (unsigned i = 0; i < count; i++) {
        struct record project;
        if (state_get(client_space(cli->client), KIND_project, (uint64_t)ids[i], &cli->arena, &project) != OK) continue;
        struct text code = rec_text(&project, project_code);
        printf(" %.*s", (int)code.length, code.at);
    }
    printf("\n");
}

static void print_sheet(struct cli *cli, const struct record *draw)
{
    struct text pool = rec_text(draw, draw_pool);
    printf("duban-draw 1\npool %.*s\ncount %lld\n", (int)pool.length, pool.at, (long long)rec_num(draw, draw_count));
    put_bytes("commitment-office", draw, draw_commitment_office);
    put_bytes("commitment-other", draw, draw_commitment_other);
    put_bytes("nonce-office", draw, draw_nonce_office);
    put_bytes("nonce-other", draw, draw_nonce_other);
    put_drawn(cli, draw);
}

int command_draw_sheet(struct cli *cli)
{
    struct verb_call call = {.cli = cli, .kind = kind_row(KIND_draw), .words = cli->args.words + 1};
    struct refusal why = {.err = OK};
    struct target target;
    struct record draw;
    enum err err = cli_expect(cli, "", 1, ARGS_WORDS_MAX, &why);
    if (err == OK) err = session_read(cli, &why);
    if (err != OK) return cli_end(err, &why);
    call.count = cli->args.word_count - 1;
    err = target_named(cli, KIND_draw, NULL, call.words, call.count, &target, &why);
    if (err == OK) err = state_get(client_space(cli->client), KIND_draw, (uint64_t)target.id, &cli->arena, &draw);
    if (err == OK && !rec_has(&draw, draw_seed)) err = refuse(&why, ERR_NOT_FOUND);
    if (err != OK) return cli_end_target(&call, err, &why);
    print_sheet(cli, &draw);
    return CLASS_OK;
}

/* ---- drawing again ---- */

struct sheet {
    struct text pool, drawn;
    unsigned count;
    uint8_t commitments[2][LOTS_BYTES], nonces[2][LOTS_BYTES];
};

/* The rest of the line that begins with a word; false when there is none, or two. */
static bool line_of(const char *sheet, const char *word, struct text *rest)
{
    size_t length = strlen(word);
    bool found = false;
    for (const char *at = sheet; at != NULL && *at != '\0'; at = strchr(at, '\n'), at += at != NULL) {
        if (strncmp(at, word, length) != 0 || at[length] != ' ') continue;
        if (found) return false;
        found = true;
        *rest = (struct text){at + length + 1, (uint32_t)strcspn(at + length + 1, "\r\n")};
    }
    return found;
}

static bool hex_line(const char *sheet, const char *word, uint8_t bytes[LOTS_BYTES])
{
    struct text text;
    size_t count;
    return line_of(sheet, word, &text) && text.length == 2 * LOTS_BYTES &&
           sodium_hex2bin(bytes, LOTS_BYTES, text.at, text.length, NULL, &count, NULL) == 0 && count == LOTS_BYTES;
}

/* What of the sheet can't be read, or NULL. */
static const char *read_sheet(const char *bytes, struct sheet *sheet)
{
    struct text version, count;
    int64_t number;
    if (!line_of(bytes, "duban-draw", &version) || !text_equal(version, text_of("1"))) return "duban-draw";
    if (!line_of(bytes, "pool", &sheet->pool)) return "pool";
    if (!line_of(bytes, "drawn", &sheet->drawn)) return "drawn";
    if (!line_of(bytes, "count", &count) || !number_parse(count, 1, &number) || number < 1 || number > LIST_MAX)
        return "count";
    sheet->count = (unsigned)number;
    if (!hex_line(bytes, "commitment-office", sheet->commitments[0])) return "commitment-office";
    if (!hex_line(bytes, "commitment-other", sheet->commitments[1])) return "commitment-other";
    if (!hex_line(bytes, "nonce-office", sheet->nonces[0])) return "nonce-office";
    return hex_line(bytes, "nonce-other", sheet->nonces[1]) ? NULL : "nonce-other";
}

/* What of the sheet does not hold, or NULL. */
static const char *fault_of(const struct sheet *sheet)
{
    uint8_t hash[LOTS_BYTES], seed[LOTS_BYTES];
    struct text chosen[LIST_MAX];
    char drawn[SHEET_BYTES];
    struct str str = str_in(drawn, sizeof drawn);
    for (unsigned i = 0; i < 2; i++) {
        lots_commitment(sheet->nonces[i], hash);
        if (memcmp(hash, sheet->commitments[i], LOTS_BYTES) != 0) return i == 0 ? "nonce-office" : "nonce-other";
    }
    lots_pool_hash(sheet->pool, hash);
    lots_seed(sheet->nonces[0], sheet->nonces[1], hash, sheet->count, seed);
    if (!lots_choose(sheet->pool, seed, sheet->count, chosen)) return "pool";
    for (unsigned i = 0; i < sheet->count; i++) {
        if (i > 0) str_put(&str, " ");
        str_text(&str, chosen[i]);
    }
    return text_equal((struct text){drawn, (uint32_t)str.used}, sheet->drawn) ? NULL : "drawn";
}

int command_verify_draw(struct cli *cli)
{
    static char bytes[SHEET_BYTES];
    struct refusal why = {.err = OK};
    struct sheet sheet;
    enum err err = cli_expect(cli, "", 2, 2, &why);
    if (err != OK) return cli_end(err, &why);
    const char *name = cli->args.words[2];
    FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
    if (file == NULL) return cli_end(refuse_text(&why, ERR_IO, name), &why);
    size_t count = fread(bytes, 1, sizeof bytes - 1, file);
    bytes[count] = '\0';
    if (file != stdin) fclose(file);
    const char *fault = read_sheet(bytes, &sheet);
    if (fault == NULL) fault = fault_of(&sheet);
    if (fault != NULL) return cli_end(refuse_text(&why, ERR_NOT_AS_DRAWN, fault), &why);
    out_printf(stdout, "%s %.*s\n", tr(N_("drawn again, with the same lot:")), (int)sheet.drawn.length, sheet.drawn.at);
    return CLASS_OK;
}
