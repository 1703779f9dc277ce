/* reference_vectors.c - worked vectors from fixed seeds: keys, a ticket, signatures, two entries of
 * a journal. Everything is checked with the verifying half of the code before it is printed. */
#include "tests/reference.h"

#include "proto/wire.h"

#include <string.h>

static const char host[] = "duban.example.cn", login[] = "HRX";

enum { NUMBER_OF_MONTHS = 12 };

static void count_up(uint8_t *bytes, size_t count, uint8_t from)
{
    for (size_t i = 0; i < count; i++)
        bytes[i] = (uint8_t)(from + i);
}

static struct text as_text(const void *bytes, size_t count)
{
    return (struct text){bytes, (uint32_t)count};
}

/* ---- the fixture ---- */

/* What the county's contact fills in; reports begin with these fields. */
static void fill_report(struct record *report)
{
    rec_set(report, report_project, FIXTURE_PROJECT);
    rec_set(report, report_month, month_make(2009, 9).n);
    rec_set(report, report_invested, 120000000);
    rec_set(report, report_cumulative, 920000000);
    rec_set_text(report, report_progress, text_of("主体结构施工至三层"));
    rec_set_text(report, report_difficulties, text_of("无"));
    rec_set_text(report, report_next, text_of("主体封顶"));
}

struct record fixture_report(void)
{
    struct record report = record_make(KIND_report, 1);
    stamp_t now = fixture()->now;
    report.version = 2;
    fill_report(&report);
    rec_set(&report, F_STATE, ST_report_submitted);
    rec_set(&report, F_AUTHOR, FIXTURE_OPERATOR);
    rec_set(&report, F_AUTHOR_UNIT, FIXTURE_UNIT);
    rec_set(&report, F_MADE, now.s);
    rec_set(&report, F_SINCE, now.s);
    rec_set(&report, report_revision, 1);
    rec_set(&report, report_due, day_make(2009, 10, 9).n);
    rec_set(&report, report_received, now.s);
    rec_set(&report, report_late, 0);
    return report;
}

static void pack_entry(struct fixture *made, unsigned i, struct entry *entry, const struct record *after)
{
    struct change change = {.before = record_make(after->kind, after->id), .after = *after};
    const struct change *changes[] = {&change};
    struct pack effects;
    pack_init(&effects, ENTRY_BYTES_MAX);
    pack_init(&made->entries[i], ENTRY_BYTES_MAX);
    effects_pack(&effects, changes, 1);
    entry->number = i + 1;
    if (i > 0) memcpy(entry->before, made->hashes[i - 1], HASH_BYTES);
    entry->time = made->now;
    entry->tables = TABLES_VERSION;
    entry->effects = as_text(effects.at, effects.used);
    entry_pack(&made->entries[i], entry);
    entry_hash(made->entries[i].at, made->entries[i].used, made->hashes[i]);
    if (effects.failed || made->entries[i].failed) die("memory", "an entry");
    pack_free(&effects);
}

/* The first entry of every registry: the console founds it. */
static void make_founding(struct fixture *made)
{
    struct record registry = record_make(KIND_registry, 1);
    struct command command = {.kind = KIND_registry, .action = ACT_registry_found, .said = made->now};
    struct pack pack;
    rec_set_text(&registry, registry_name, text_of("岳阳"));
    rec_set_text(&registry, registry_ident, as_text(made->registry, REGISTRY_ID_BYTES));
    rec_set_text(&registry, registry_server_key, as_text(made->server.sign_public, KEY_BYTES));
    command.args = registry;
    command.given = record_mask(&registry);
    pack_init(&pack, COMMAND_BYTES_MAX);
    command_pack(&pack, &command);
    rec_set(&registry, F_STATE, ST_registry_open);
    rec_set(&registry, F_MADE, made->now.s);
    rec_set(&registry, F_SINCE, made->now.s);
    struct entry entry = {.actor = ACTOR_CONSOLE, .command = as_text(pack.at, pack.used)};
    pack_entry(made, 0, &entry, &registry);
    pack_free(&pack);
}

static void make_command(struct fixture *made)
{
    struct command command = {.counter = FIXTURE_COUNTER,
                              .kind = KIND_report,
                              .action = ACT_report_submit,
                              .said = made->now,
                              .args = record_make(KIND_report, 0)};
    fill_report(&command.args);
    command.given = record_mask(&command.args);
    pack_init(&made->command, COMMAND_BYTES_MAX);
    command_pack(&made->command, &command);
    command_sign(&made->operator, made->registry, made->command.at, made->command.used, made->signature);
    if (!command_verify(made->operator.sign_public, made->registry, made->command.at, made->command.used,
                        made->signature))
        die("a signature", "does not verify");
}

static void make_all(struct fixture *made)
{
    made->now = (stamp_t){day_start(day_make(2009, 9, 28)).s + 9 * 3600LL};
    count_up(made->seed, SEED_BYTES, 0x00);
    count_up(made->server_seed, SEED_BYTES, 0x20);
    count_up(made->registry, REGISTRY_ID_BYTES, 0xa0);
    count_up(made->ticket.code, CODE_BYTES, 0xc0);
    identity_from_seed(&made->operator, made->seed);
    identity_from_seed(&made->server, made->server_seed);
    memcpy(made->ticket.host, host, sizeof host);
    made->ticket.port = DEFAULT_PORT;
    memcpy(made->ticket.server_transport, made->server.transport_public, KEY_BYTES);
    make_founding(made);
    make_command(made);
}

const struct fixture *fixture(void)
{
    static struct fixture made;
    static bool ready;
    if (ready) return &made;
    make_all(&made);
    ready = true;
    struct record report = fixture_report(); /* asks for the time above */
    struct entry entry = {.actor = ACTOR_OPERATOR,
                          .device = FIXTURE_DEVICE,
                          .operator = FIXTURE_OPERATOR,
                          .command = as_text(made.command.at, made.command.used),
                          .signature = as_text(made.signature, SIGNATURE_BYTES)};
    pack_entry(&made, 1, &entry, &report);
    head_sign(&made.server, made.registry, 2, made.hashes[1], made.now, made.head_signature);
    if (!head_verify(made.server.sign_public, made.registry, 2, made.hashes[1], made.now, made.head_signature))
        die("a head", "does not verify");
    return &made;
}

/* ---- sections ---- */

static void put_identity(FILE *out, const uint8_t seed[SEED_BYTES], const struct identity *identity)
{
    put_key(out, "seed", seed, SEED_BYTES);
    put_key(out, "1 sign seed", identity->sign_secret, 32); /* libsodium's secret key is seed, public key */
    put_key(out, "  sign public", identity->sign_public, KEY_BYTES);
    put_key(out, "2 transport secret", identity->transport_secret, KEY_BYTES);
    put_key(out, "  transport public", identity->transport_public, KEY_BYTES);
    put_key(out, "3 cache key", identity->cache_key, KEY_BYTES);
}

static void write_keys(FILE *out)
{
    fputs("An operator's device:\n\n```\n", out);
    put_identity(out, fixture()->seed, &fixture()->operator);
    fputs("```\n\nA daemon:\n\n```\n", out);
    put_identity(out, fixture()->server_seed, &fixture()->server);
    fputs("```\n", out);
}

static void write_ticket(FILE *out)
{
    const struct ticket *ticket = &fixture()->ticket;
    char text[TICKET_TEXT_MAX];
    struct ticket read;
    uint8_t public[KEY_BYTES], secret[KEY_BYTES], code[CODE_BYTES];
    ticket_write(ticket, text);
    ticket_transport(ticket->code, public, secret);
    demo_code(login, code);
    if (ticket_read(text, &read) != OK || memcmp(&read.code, ticket->code, CODE_BYTES) != 0) die("a ticket", text);
    fprintf(out, "```\n%-24s %s\n%-24s %u\n", "host", ticket->host, "port", ticket->port);
    put_key(out, "server transport public", ticket->server_transport, KEY_BYTES);
    put_key(out, "code", ticket->code, CODE_BYTES);
    fprintf(out, "%-24s %s\n", "ticket", text);
    put_key(out, "transport secret", secret, KEY_BYTES);
    put_key(out, "transport public", public, KEY_BYTES);
    fprintf(out, "%-24s %s\n", "a demo's login", login);
    put_key(out, "code of its ticket", code, CODE_BYTES);
    fputs("```\n", out);
}

/* tag with its NUL, registry, body */
static void put_signed(FILE *out, const char *tag, const void *body, size_t count)
{
    struct pack pack;
    pack_init(&pack, COMMAND_BYTES_MAX + 64);
    pack_raw(&pack, tag, strlen(tag) + 1);
    pack_raw(&pack, fixture()->registry, REGISTRY_ID_BYTES);
    pack_raw(&pack, body, count);
    put_hex(out, pack.at, pack.used);
    pack_free(&pack);
}

static void write_command(FILE *out)
{
    const struct fixture *vector = fixture();
    struct command follow = {.counter = FIXTURE_COUNTER + 1,
                             .kind = KIND_report,
                             .action = ACT_report_recall,
                             .target = -FIXTURE_COUNTER,
                             .base = -FIXTURE_COUNTER,
                             .said = {vector->now.s + 60},
                             .args = record_make(KIND_report, 0),
                             .given = FIELD_BIT(report_reason)};
    static const int64_t months[NUMBER_OF_MONTHS] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1000000, 1000000, 2000000};
    struct command list = {.counter = FIXTURE_COUNTER + 2,
                           .kind = KIND_target,
                           .action = ACT_target_save,
                           .target = 9,
                           .base = 1,
                           .said = {vector->now.s + 120},
                           .args = record_make(KIND_target, 0)};
    struct pack pack;
    fputs("Submit a new report (kind 15, action 3), packed:\n\n```\n", out);
    put_hex(out, vector->command.at, vector->command.used);
    put_values(out, vector->command.at, vector->command.used);
    fputs("```\n\nThe bytes that are signed, and the signature:\n\n```\n", out);
    put_signed(out, "duban command 1", vector->command.at, vector->command.used);
    fputs("\n", out);
    put_hex(out, vector->signature, SIGNATURE_BYTES);
    fputs("```\n\nRecall it (action 6) before the answer to the first is known; nil empties "
          "`reason`:\n\n```\n",
          out);
    pack_init(&pack, COMMAND_BYTES_MAX);
    command_pack(&pack, &follow);
    put_hex(out, pack.at, pack.used);
    put_values(out, pack.at, pack.used);
    fputs("```\n\nSave a target (kind 13, action 1) with a list:\n\n```\n", out);
    pack_clear(&pack);
    rec_set(&list.args, target_total, 4000000);
    rec_set_list(&list.args, target_months, months, NUMBER_OF_MONTHS);
    list.given = record_mask(&list.args);
    command_pack(&pack, &list);
    put_hex(out, pack.at, pack.used);
    put_values(out, pack.at, pack.used);
    fputs("```\n", out);
    pack_free(&pack);
}

static void write_head(FILE *out)
{
    const struct fixture *vector = fixture();
    struct pack body;
    uint64_t numbers[] = {2, (uint64_t)vector->now.s};
    pack_init(&body, 64);
    for (unsigned i = 0; i < 2; i++) {
        for (int shift = 56; shift >= 0; shift -= 8)
            pack_raw(&body, &(uint8_t){(uint8_t)(numbers[i] >> shift)}, 1);
        if (i == 0) pack_raw(&body, vector->hashes[1], HASH_BYTES);
    }
    fprintf(out,
            "Head 2 with the hash of the second entry below, at %lld. The bytes that are signed, "
            "the signature:\n\n```\n",
            (long long)vector->now.s);
    put_signed(out, "duban head 1", body.at, body.used);
    fputs("\n", out);
    put_hex(out, vector->head_signature, SIGNATURE_BYTES);
    fputs("```\n", out);
    pack_free(&body);
}

static void check_entry(unsigned i)
{
    const struct pack *bytes = &fixture()->entries[i];
    struct arena arena;
    struct entry entry;
    struct effect *effects;
    unsigned count;
    arena_init(&arena, 1 << 20);
    if (entry_unpack(bytes->at, bytes->used, &arena, &entry, NULL) != OK || entry.number != i + 1 ||
        entry_effects(&entry, &arena, &effects, &count) != OK || count != 1)
        die("an entry", "can't be read");
    arena_clear(&arena);
}

static void write_journal(FILE *out)
{
    static const char *const about[] = {"The first entry: the console founds the registry.",
                                        "The second: the operator's command above."};
    for (unsigned i = 0; i < 2; i++) {
        const struct pack *bytes = &fixture()->entries[i];
        check_entry(i);
        fprintf(out, "%s%s Its bytes, the same as values, and its hash:\n\n```\n", i > 0 ? "\n" : "", about[i]);
        put_hex(out, bytes->at, bytes->used);
        fputs("\n", out);
        put_values(out, bytes->at, bytes->used);
        fputs("\n", out);
        put_hex(out, fixture()->hashes[i], HASH_BYTES);
        fputs("```\n", out);
    }
}

const struct section vector_sections[] = {
    {"vector-keys", write_keys}, {"vector-ticket", write_ticket},   {"vector-command", write_command},
    {"vector-head", write_head}, {"vector-journal", write_journal}, {NULL, NULL},
};
