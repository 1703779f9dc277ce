/* reference_examples.c - one frame of every type, packed by wire.c and read back before it is
 * printed. */
#include "tests/reference.h"

#include "proto/wire.h"

#include <string.h>

/* Prints a finished frame and frees it. */
static void put_frame(FILE *out, struct pack *frame, bool from_client)
{
    struct arena arena;
    struct frame read;
    struct refusal why = {.err = OK};
    arena_init(&arena, 4 << 20);
    if (frame->failed) die("memory", "an example");
    if (frame_read(frame->at, frame->used, from_client, &arena, &read, &why) != OK) die("an example", why.text);
    arena_clear(&arena);
    fputs("```\n", out);
    put_hex(out, frame->at, frame->used);
    put_values(out, frame->at, frame->used);
    fputs("```\n", out);
    pack_free(frame);
}

static struct pack new_frame(void)
{
    struct pack frame;
    pack_init(&frame, FRAME_BYTES_MAX);
    return frame;
}

/* ---- from the client ---- */

static void write_hello(FILE *out)
{
    struct hello first = {
        .protocol_oldest = PROTOCOL_OLDEST, .protocol_newest = PROTOCOL_VERSION, .program = text_of("example 1")};
    struct hello again = first;
    struct pack frame = new_frame();
    fputs("The first time:\n\n", out);
    hello_pack(&frame, &first);
    put_frame(out, &frame, true);
    again.have = 2;
    again.scope = 0x5ca1ab1e;
    again.remember = 1;
    fputs("\nWith a copy up to entry 2, and the hash of entry 1 in mind:\n\n", out);
    hello_pack(&frame, &again);
    put_frame(out, &frame, true);
}

static void write_command(FILE *out)
{
    const struct fixture *vector = fixture();
    struct pack frame = new_frame();
    command_frame_pack(&frame, vector->command.at, vector->command.used, vector->signature);
    put_frame(out, &frame, true);
}

/* The fixture's report for the month after, from the one for its month. */
static void write_delta(FILE *out)
{
    const struct fixture *vector = fixture();
    struct record report = fixture_report();
    struct command command = {.counter = FIXTURE_COUNTER + 3,
                              .kind = KIND_report,
                              .action = ACT_report_submit,
                              .said = {day_end(day_make(2009, 10, 28)).s},
                              .args = report};
    struct delta_base base = {command.counter, KIND_report, report.id, report.version};
    struct arena arena;
    struct pack plain = new_frame(), delta = new_frame(), frame = new_frame();
    struct text again;
    uint8_t signature[SIGNATURE_BYTES];
    rec_set(&command.args, report_month, month_make(2009, 10).n);
    rec_set_text(&command.args, report_progress, text_of("主体结构施工至五层"));
    for (unsigned i = 0; i < field_count(KIND_report); i++)
        if ((field_row(KIND_report, i)->fill >> ACT_report_submit & 1) && rec_has(&report, i))
            command.given |= FIELD_BIT(i);
    command_pack(&plain, &command);
    command_sign(&vector->operator, vector->registry, plain.at, plain.used, signature);
    arena_init(&arena, 1 << 20);
    struct text whole = {(const char *)plain.at, (uint32_t)plain.used};
    if (!delta_make(&report, whole, &delta) ||
        delta_take(&report, (struct text){(const char *)delta.at, (uint32_t)delta.used}, &arena, &again) != OK ||
        again.length != whole.length || memcmp(again.at, whole.at, whole.length) != 0)
        die("an example", "a difference");
    arena_clear(&arena);
    fprintf(out, "The plain command, %zu bytes, which are what is signed:\n\n```\n", plain.used);
    put_hex(out, plain.at, plain.used);
    put_values(out, plain.at, plain.used);
    fputs("```\n\nThe dictionary, from report 1 as entry 2 left it:\n\n```\n", out);
    pack_clear(&plain);
    delta_dictionary(&plain, &report);
    put_hex(out, plain.at, plain.used);
    put_values(out, plain.at, plain.used);
    fputs("```\n\nThe frame:\n\n", out);
    command_delta_pack(&frame, &base, (struct text){(const char *)delta.at, (uint32_t)delta.used}, signature);
    put_frame(out, &frame, true);
    pack_free(&plain);
    pack_free(&delta);
}

static void write_more(FILE *out)
{
    struct pack frame = new_frame();
    more_pack(&frame);
    put_frame(out, &frame, true);
}

static void write_ping(FILE *out)
{
    struct pack frame = new_frame();
    ping_pack(&frame);
    put_frame(out, &frame, true);
}

static void write_bye(FILE *out)
{
    struct pack frame = new_frame();
    bye_pack(&frame);
    put_frame(out, &frame, true);
}

static void put_query(FILE *out, const char *about, const struct query *query)
{
    struct pack frame = new_frame();
    fprintf(out, "%s\n\n", about);
    query_pack(&frame, query);
    put_frame(out, &frame, true);
    fputc('\n', out);
}

static void write_query(FILE *out)
{
    struct query get = {.tag = 1, .what = QUERY_GET, .kind = KIND_report, .id = 1};
    struct query find = {.tag = 2, .what = QUERY_FIND, .index = IX_report_month, .id = 0, .value_count = 2};
    struct query text = {.tag = 3, .what = QUERY_FIND, .index = IX_unit_code, .value_count = 1};
    struct query history = {.tag = 4, .what = QUERY_HISTORY, .kind = KIND_report, .id = 1, .before = 0};
    struct query presence = {.tag = 5, .what = QUERY_PRESENCE};
    struct query proof = {.tag = 6, .what = QUERY_PROOF, .kind = KIND_report, .id = 1, .before = 0};
    struct query points = {.tag = 7, .what = QUERY_POINTS, .kind = KIND_assessment, .id = 1, .unit = FIXTURE_UNIT};
    struct query day = {.tag = 8, .what = QUERY_AS_OF, .moment = {day_end(day_make(2009, 9, 28)).s - 1}};
    struct query entry = {.tag = 9, .what = QUERY_AS_OF, .before = 2, .next = true, .base = BASE_PRESENT};
    find.values[0] = (struct value){.set = true, .as.number = FIXTURE_PROJECT};
    find.values[1] = (struct value){.set = true, .as.number = month_make(2009, 9).n};
    text.values[0] = (struct value){.set = true, .as.text = text_of("HRX")};
    put_query(out, "GET: report 1.", &get);
    put_query(out, "FIND: the reports of project 12 for September 2009, by the first two fields of index 18.", &find);
    put_query(out, "FIND: the unit with the code HRX.", &text);
    put_query(out, "HISTORY: of report 1, from the newest.", &history);
    put_query(out, "PRESENCE:", &presence);
    put_query(out, "PROOF: of report 1, from the newest.", &proof);
    put_query(out, "POINTS: of a unit in assessment 1, all that count.", &points);
    put_query(out, "AS_OF: the registry as it stood at the end of 2009-09-28, of which nothing is here.", &day);
    put_query(out, "AS_OF: the next page of the registry as entry 2 left it; what did not change since is here.",
              &entry);
}

/* ---- from the daemon ---- */

static void write_welcome(FILE *out)
{
    const struct fixture *vector = fixture();
    struct welcome welcome = {.protocol = PROTOCOL_VERSION,
                              .tables = TABLES_VERSION,
                              .scope = 0x5ca1ab1e,
                              .now = vector->now,
                              .head = 2,
                              .has_remembered = true,
                              .counter = FIXTURE_COUNTER};
    struct pack frame = new_frame();
    memcpy(welcome.hash, vector->hashes[1], HASH_BYTES);
    memcpy(welcome.signature, vector->head_signature, SIGNATURE_BYTES);
    memcpy(welcome.remembered, vector->hashes[0], HASH_BYTES);
    welcome_pack(&frame, &welcome);
    put_frame(out, &frame, false);
}

static void write_ticket(FILE *out)
{
    const struct fixture *vector = fixture();
    struct ticket_welcome welcome = {.protocol = PROTOCOL_VERSION,
                                     .now = vector->now,
                                     .device = FIXTURE_DEVICE,
                                     .version = 1,
                                     .operator= FIXTURE_OPERATOR,
                                     .login = text_of("HRX"),
                                     .name = text_of("华容县经办"),
                                     .unit = text_of("华容县"),
                                     .registry_name = text_of("岳阳")};
    struct pack frame = new_frame();
    memcpy(welcome.registry, vector->registry, REGISTRY_ID_BYTES);
    memcpy(welcome.server_sign, vector->server.sign_public, KEY_BYTES);
    ticket_welcome_pack(&frame, &welcome);
    put_frame(out, &frame, false);
}

static void write_enrol(FILE *out)
{
    const struct fixture *vector = fixture();
    struct command command = {.counter = 1,
                              .kind = KIND_device,
                              .action = ACT_device_enrol,
                              .target = FIXTURE_DEVICE,
                              .base = 1,
                              .said = vector->now,
                              .args = record_make(KIND_device, 0)};
    uint8_t signature[SIGNATURE_BYTES];
    struct pack frame = new_frame(), pack = new_frame();
    rec_set_text(&command.args, device_label, text_of("desk 2"));
    rec_set_text(&command.args, device_sign_key, (struct text){(const char *)vector->operator.sign_public, KEY_BYTES});
    rec_set_text(&command.args, device_transport_key,
                 (struct text){(const char *)vector->operator.transport_public, KEY_BYTES});
    command.given = record_mask(&command.args);
    command_pack(&pack, &command);
    command_sign(&vector->operator, vector->registry, pack.at, pack.used, signature);
    command_frame_pack(&frame, pack.at, pack.used, signature);
    put_frame(out, &frame, true);
    pack_free(&pack);
}

static void write_answer(FILE *out)
{
    struct answer answer = {.counter = FIXTURE_COUNTER, .number = 2, .id = 1};
    struct pack frame = new_frame();
    answer_pack(&frame, &answer);
    put_frame(out, &frame, false);
}

static void write_refused(FILE *out)
{
    struct refused field = {
        .counter = FIXTURE_COUNTER,
        .why = {.err = ERR_DOES_NOT_ADD, .kind = KIND_report, .field = report_cumulative, .number = 910000000}};
    struct refused state = {.counter = FIXTURE_COUNTER + 1, .why = {.err = ERR_WRONG_STATE, .text = "accepted"}};
    struct pack frame = new_frame();
    fputs("Error 84 about field 12 of kind 15, with the sum that was expected:\n\n", out);
    refused_pack(&frame, &field);
    put_frame(out, &frame, false);
    fputs("\nError 42, about no field:\n\n", out);
    refused_pack(&frame, &state);
    put_frame(out, &frame, false);
}

/* The report is returned: what its readers at full sight are told. */
static struct wire_change returned_report(void)
{
    struct wire_change change = {.op = OP_DIFF, .record = fixture_report()};
    change.record.version = 3;
    rec_set(&change.record, F_STATE, ST_report_returned);
    rec_set(&change.record, F_SINCE, fixture()->now.s + 3600);
    rec_set_text(&change.record, report_reason, text_of("累计数有误"));
    change.mask = FIELD_BIT(F_STATE) | FIELD_BIT(F_SINCE) | FIELD_BIT(report_reason);
    return change;
}

static struct wire_change gone_target(void)
{
    return (struct wire_change){.op = OP_GONE, .record = record_make(KIND_target, 9)};
}

static void write_push(FILE *out)
{
    struct wire_change returned = returned_report(), gone = gone_target();
    struct wire_entry entries[] = {
        {.number = 3,
         .time = {fixture()->now.s + 3600},
         .unit = FIXTURE_OFFICE,
         .kind = KIND_report,
         .action = ACT_report_return,
         .count = 1,
         .changes = &returned},
        {.number = 5,
         .time = {fixture()->now.s + 3660},
         .unit = FIXTURE_OFFICE,
         .kind = KIND_target,
         .action = ACT_target_reject,
         .count = 1,
         .changes = &gone},
    };
    struct pack frame = new_frame(), packed = new_frame();
    for (unsigned i = 0; i < 2; i++)
        wire_entry_pack(&packed, &entries[i]);
    push_pack(&frame, 2, 2, (struct text){(const char *)packed.at, (uint32_t)packed.used});
    put_frame(out, &frame, false);
    pack_free(&packed);
}

/* The last page of a resume: the same two changes; those of a page bring their version. */
static struct pack page_changes(size_t *first)
{
    struct wire_change returned = returned_report(), gone = gone_target();
    struct pack packed = new_frame();
    wire_change_pack(&packed, &returned);
    *first = packed.used;
    wire_change_pack(&packed, &gone);
    return packed;
}

static void write_page(FILE *out)
{
    size_t first;
    struct pack frame = new_frame(), changes = page_changes(&first);
    page_pack(&frame, 5, false, 2, (struct text){(const char *)changes.at, (uint32_t)changes.used});
    put_frame(out, &frame, false);
    fputs("\nIts last element, the changes one behind the other:\n\n```\n", out);
    put_values(out, changes.at, first);
    put_values(out, changes.at + first, changes.used - first);
    fputs("```\n", out);
    pack_free(&changes);
}

/* A compressor's output differs between its versions; a frame with one block stored as it is does
 * not. */
static void write_page_zstd(FILE *out)
{
    static const uint8_t magic[] = {0x28, 0xb5, 0x2f, 0xfd, 0x20}; /* one segment, its size in one byte */
    size_t first;
    struct pack changes = page_changes(&first), zstd = new_frame(), frame = new_frame();
    size_t size = changes.used;
    if (size > 255) die("an example", "too long for one byte");
    uint8_t block[] = {(uint8_t)size, (uint8_t)(size << 3 | 1), (uint8_t)(size >> 5), 0}; /* last, raw */
    pack_raw(&zstd, magic, sizeof magic);
    pack_raw(&zstd, block, sizeof block);
    pack_raw(&zstd, changes.at, size);
    pack_array(&frame, 6);
    pack_int(&frame, FRAME_PAGE);
    pack_int(&frame, 5);
    pack_int(&frame, 0);
    pack_int(&frame, 2);
    pack_int(&frame, (int64_t)size);
    pack_bytes(&frame, zstd.at, zstd.used);
    put_frame(out, &frame, false);
    pack_free(&zstd);
    pack_free(&changes);
}

static void put_result(FILE *out, const char *about, const struct result *result)
{
    struct pack frame = new_frame();
    fprintf(out, "%s\n\n", about);
    result_pack(&frame, result);
    put_frame(out, &frame, false);
    fputc('\n', out);
}

/* The same line with what was signed, for brevity with the one key of these examples. */
static void put_proof(FILE *out, const struct history_line *line)
{
    const struct fixture *vector = fixture();
    struct history_line signed_line = *line;
    struct command command = {.counter = 7,
                              .kind = KIND_report,
                              .action = ACT_report_return,
                              .target = 1,
                              .base = 2,
                              .said = line->time,
                              .args = line->fields,
                              .given = FIELD_BIT(report_reason)};
    uint8_t signature[SIGNATURE_BYTES];
    struct pack bytes = new_frame();
    command_pack(&bytes, &command);
    command_sign(&vector->operator, vector->registry, bytes.at, bytes.used, signature);
    signed_line.command = (struct text){(const char *)bytes.at, (uint32_t)bytes.used};
    signed_line.signature = (struct text){(const char *)signature, SIGNATURE_BYTES};
    signed_line.key = (struct text){(const char *)vector->operator.sign_public, KEY_BYTES};
    struct result proof = {.tag = 6, .what = QUERY_PROOF, .kind = KIND_report, .count = 1, .history = &signed_line};
    put_result(out, "To PROOF: the same line with what was signed.", &proof);
    pack_free(&bytes);
}

static void put_as_of(FILE *out, const struct wire_change *whole)
{
    const struct fixture *vector = fixture();
    struct as_of as_of = {.moment = vector->now, .number = 2, .time = vector->now, .count = 2};
    struct wire_change same = {.op = OP_SAME, .record = record_make(KIND_report, 2), .count = 3, .level = SEE_LIST};
    struct wire_change first = *whole;
    first.level = SEE_FULL;
    struct pack changes = new_frame();
    memcpy(as_of.hash, vector->hashes[1], HASH_BYTES);
    memcpy(as_of.signature, vector->head_signature, SIGNATURE_BYTES);
    as_of_change_pack(&changes, &first);
    as_of_change_pack(&changes, &same);
    as_of.packed = (struct text){(const char *)changes.at, (uint32_t)changes.used};
    struct result result = {.tag = 8, .what = QUERY_AS_OF, .count = 1, .as_of = &as_of};
    put_result(out, "To AS_OF, the last page: report 1, and that reports 2 to 4 are as the client has them.", &result);
    pack_free(&changes);
}

static void write_result(FILE *out)
{
    struct wire_change whole = {.op = OP_WHOLE, .record = fixture_report()}, returned = returned_report();
    struct history_line line = {.number = 3,
                                .time = {fixture()->now.s + 3600},
                                .unit = FIXTURE_OFFICE,
                                .operator= 2,
                                .name = text_of("市项目办经办"),
                                .kind = KIND_report,
                                .action = ACT_report_return,
                                .is_signed = true,
                                .fields = returned.record,
                                .mask = returned.mask};
    struct presence_line present = {.operator= FIXTURE_OPERATOR,
                                    .unit = FIXTURE_UNIT,
                                    .name = text_of("华容县经办"),
                                    .program = text_of("example 1"),
                                    .since = fixture()->now,
                                    .behind = false};
    struct points_line late = {.number = 3,
                               .time = line.time,
                               .rule = 4,
                               .full = -50,
                               .points = -50,
                               .kind = KIND_report,
                               .id = 1,
                               .unit = FIXTURE_UNIT,
                               .person = 2};
    whole.mask = record_mask(&whole.record);
    struct result get = {.tag = 1, .what = QUERY_GET, .kind = KIND_report, .count = 1, .records = &whole};
    struct result none = {.tag = 2, .what = QUERY_GET, .kind = KIND_report, .err = ERR_NOT_FOUND};
    struct result history = {.tag = 4, .what = QUERY_HISTORY, .kind = KIND_report, .count = 1, .history = &line};
    struct result presence = {.tag = 5, .what = QUERY_PRESENCE, .count = 1, .presences = &present};
    put_result(out, "To GET (to FIND with kind 0):", &get);
    put_result(out, "Nothing there, or not to be seen:", &none);
    put_result(out, "To HISTORY:", &history);
    put_result(out, "To PRESENCE:", &presence);
    put_proof(out, &line);
    struct result points = {.tag = 7, .what = QUERY_POINTS, .kind = KIND_assessment, .count = 1, .points = &late};
    put_result(out, "To POINTS: half a point for a report that was returned.", &points);
    put_as_of(out, &whole);
}

static void write_pong(FILE *out)
{
    struct pack frame = new_frame();
    pong_pack(&frame, 5, fixture()->now);
    put_frame(out, &frame, false);
}

static void write_leave(FILE *out)
{
    struct pack frame = new_frame();
    leave_pack(&frame, ERR_NO_LINK, 0);
    put_frame(out, &frame, false);
}

const struct section example_sections[] = {
    {"example-hello", write_hello},     {"example-welcome", write_welcome},
    {"example-command", write_command}, {"example-delta", write_delta}, {"example-answer", write_answer},
    {"example-refused", write_refused}, {"example-more", write_more},
    {"example-page", write_page},       {"example-page-zstd", write_page_zstd},
    {"example-push", write_push},       {"example-query", write_query},
    {"example-result", write_result},   {"example-ping", write_ping},
    {"example-pong", write_pong},       {"example-bye", write_bye},
    {"example-leave", write_leave},     {"example-ticket", write_ticket},
    {"example-enrol", write_enrol},     {NULL, NULL},
};
