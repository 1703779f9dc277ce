/* devices.c - see devices.h. */
#include "tests/lib/devices.h"

#include "tests/lib/rig.h"

#include <sodium.h>

static void must(enum err err, const struct refusal *why, const char *what)
{
    if (err != OK) rig_fail("%s: %s %s", what, err_name(err), why != NULL ? why->text : "");
}

void devices_visit(struct console *console, const char *registry)
{
    struct refusal why = {.err = OK};
    must(console_open(console, registry, &why), &why, registry);
    must(console_begin(console, &why), &why, "batch");
}

uint64_t devices_leave(struct console *console)
{
    struct refusal why = {.err = OK};
    must(console_commit(console, &why), &why, "commit");
    uint64_t head = console->engine.head.number;
    console_close(console);
    return head;
}

uint64_t operator_named(struct console *console, const char *login)
{
    uint64_t id = state_find_text(console_space(console), IX_operator_login, login);
    if (id == 0) rig_fail("no operator %s", login);
    return id;
}

uint64_t operator_after(struct console *console, uint64_t id)
{
    struct record operator;
    do {
        id = state_next_id(console_space(console), KIND_operator, id);
        if (id == 0) id = state_next_id(console_space(console), KIND_operator, 0);
        must(state_get(console_space(console), KIND_operator, id, &console->arena, &operator), NULL, "operator");
    } while (rec_state(&operator) != ST_operator_active);
    return id;
}

static uint64_t invite(struct console *console, uint64_t operator)
{
    struct refusal why = {.err = OK};
    uint8_t secret[KEY_BYTES], public[KEY_BYTES];
    uint64_t device = 0;
    struct record args = record_make(KIND_device, 0);
    randombytes_buf(secret, sizeof secret);
    crypto_scalarmult_base(public, secret);
    rec_set(&args, device_operator, (int64_t) operator);
    rec_set_text(&args, device_transport_key, (struct text){(const char *)public, KEY_BYTES});
    must(console_do(console, ACT_device_invite, &args, &device, &why), &why, "invite");
    return device;
}

static void use_ticket(struct console *console, uint64_t device, const struct identity *identity)
{
    struct record record;
    struct pack pack;
    struct outcome outcome;
    uint8_t signature[SIGNATURE_BYTES];
    must(state_get(console_space(console), KIND_device, device, &console->arena, &record), NULL, "device");
    struct command command = {.counter = 1,
                              .kind = KIND_device,
                              .action = ACT_device_enrol,
                              .target = (int64_t)device,
                              .base = (int64_t)record.version,
                              .said = console->now,
                              .args = record_make(KIND_device, 0)};
    rec_set_text(&command.args, device_label, text_of("test"));
    rec_set_text(&command.args, device_sign_key, (struct text){(const char *)identity->sign_public, KEY_BYTES});
    rec_set_text(&command.args, device_transport_key,
                 (struct text){(const char *)identity->transport_public, KEY_BYTES});
    command.given = record_mask(&command.args);
    pack_init(&pack, COMMAND_BYTES_MAX);
    command_pack(&pack, &command);
    command_sign(identity, console->engine.registry, pack.at, pack.used, signature);
    struct request request = {.actor = {.type = ACTOR_TICKET, .device = device},
                              .command = {(const char *)pack.at, (uint32_t)pack.used},
                              .signature = {(const char *)signature, sizeof signature},
                              .verified = true,
                              .time = console->now};
    must(batch_try(&console->batch, &request, &console->arena, &outcome), NULL, "enrol");
    must(request.why.err, &request.why, "enrol");
    pack_free(&pack);
}

void device_make(struct console *console, uint64_t operator, struct device *device)
{
    randombytes_buf(device->seed, sizeof device->seed);
    identity_from_seed(&device->identity, device->seed);
    uint64_t id = invite(console, operator);
    use_ticket(console, id, &device->identity);
    must(actor_load(console_space(console), id, &console->arena, &device->actor), NULL, "actor");
    arena_reuse(&console->arena);
}
