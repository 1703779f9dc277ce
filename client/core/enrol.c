/* enrol.c - see enrol.h. The key file is written before the ticket is used up: whatever happens then, the
 * enrolment can be tried again or the file thrown away; the other order could lose the key of a used ticket. */
#include "client/core/enrol.h"

#include "client/core/link.h"
#include "proto/wire.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct enrolling {
    struct link *link;
    struct arena arena;
    int64_t until_ms;
};

/* Waits for the link to open. A refused key means a ticket that the daemon does not know. */
static enum err wait_open(struct enrolling *job)
{
    while (now_ms() < job->until_ms) {
        link_wait(job->link, (int)(job->until_ms - now_ms()), NULL, NULL, 0);
        if (link_state(job->link) == LINK_OPEN) return OK;
        if (link_state(job->link) == LINK_REFUSED) return ERR_BAD_TICKET;
    }
    return ERR_NO_LINK;
}

static enum err wait_frame(struct enrolling *job, struct frame *frame)
{
    struct text bytes;
    while (now_ms() < job->until_ms) {
        if (link_state(job->link) != LINK_OPEN) return ERR_NO_LINK;
        if (link_receive(job->link, &bytes)) {
            const char *kept = arena_copy(&job->arena, bytes.at, bytes.length);
            if (kept == NULL) return ERR_MEMORY;
            return frame_read(kept, bytes.length, false, &job->arena, frame, NULL);
        }
        link_wait(job->link, (int)(job->until_ms - now_ms()), NULL, NULL, 0);
    }
    return ERR_NO_LINK;
}

static enum err say_hello(struct enrolling *job, struct frame *frame)
{
    struct pack pack;
    struct hello hello = {
        .protocol_oldest = PROTOCOL_OLDEST, .protocol_newest = PROTOCOL_VERSION, .program = text_of("duban enrol")};
    pack_init(&pack, 1024);
    hello_pack(&pack, &hello);
    enum err err = !pack.failed && link_send(job->link, pack.at, pack.used) ? OK : ERR_NO_LINK;
    pack_free(&pack);
    if (err == OK) err = wait_frame(job, frame);
    if (err == OK && frame->type == FRAME_LEAVE)
        return frame->as.leave.err == ERR_VERSION ? ERR_VERSION : ERR_BAD_TICKET;
    return err == OK && frame->type != FRAME_TICKET ? ERR_BAD_TICKET : err;
}

/* Registers the keys: a command like every other, signed with the key that it brings. */
static enum err send_keys(struct enrolling *job, const struct identity *identity, const char *label,
                          const struct ticket_welcome *welcome)
{
    struct pack pack, frame;
    uint8_t signature[SIGNATURE_BYTES];
    struct command command = {.counter = 1,
                              .kind = KIND_device,
                              .action = ACT_device_enrol,
                              .target = (int64_t)welcome->device,
                              .base = (int64_t)welcome->version,
                              .said = welcome->now,
                              .args = record_make(KIND_device, 0)};
    rec_set_text(&command.args, device_label, text_of(label));
    rec_set_text(&command.args, device_sign_key, (struct text){(const char *)identity->sign_public, KEY_BYTES});
    rec_set_text(&command.args, device_transport_key,
                 (struct text){(const char *)identity->transport_public, KEY_BYTES});
    command.given = record_mask(&command.args);
    pack_init(&pack, 4096);
    pack_init(&frame, 4096);
    command_pack(&pack, &command);
    command_sign(identity, welcome->registry, pack.at, pack.used, signature);
    command_frame_pack(&frame, pack.at, pack.used, signature);
    enum err err = !frame.failed && link_send(job->link, frame.at, frame.used) ? OK : ERR_NO_LINK;
    pack_free(&pack);
    pack_free(&frame);
    return err;
}

static enum err register_keys(struct enrolling *job, const struct identity *identity, const char *label,
                              const struct ticket_welcome *welcome, struct refusal *why)
{
    struct frame frame;
    enum err err = send_keys(job, identity, label, welcome);
    if (err == OK) err = wait_frame(job, &frame);
    if (err != OK) return refuse(why, err);
    if (frame.type == FRAME_ANSWER) return OK;
    if (frame.type != FRAME_REFUSED) return refuse(why, ERR_BAD_TICKET);
    *why = frame.as.refused.why;
    return why->err;
}

static void take_text(char *into, size_t max, struct text text)
{
    struct str str = str_in(into, max);
    str_text(&str, text);
}

static void fill_in(struct enrolment *enrolment, struct key_card *card, const struct ticket *ticket,
                    const struct ticket_welcome *welcome)
{
    take_text(enrolment->login, sizeof enrolment->login, welcome->login);
    take_text(enrolment->name, sizeof enrolment->name, welcome->name);
    take_text(enrolment->unit, sizeof enrolment->unit, welcome->unit);
    take_text(enrolment->registry, sizeof enrolment->registry, welcome->registry_name);
    *card = (struct key_card){.device = welcome->device, .operator = welcome->operator};
    memcpy(card->registry, welcome->registry, REGISTRY_ID_BYTES);
    memcpy(card->server_sign, welcome->server_sign, KEY_BYTES);
    memcpy(card->server_transport, ticket->server_transport, KEY_BYTES);
    memcpy(card->login, enrolment->login, sizeof card->login);
}

static void throw_away(const struct profile *profile)
{
    char path[PROFILE_PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/key", profile->directory);
    unlink(path);
}

static enum err run(struct enrolling *job, const struct ticket *ticket, const char *name, const char *label,
                    const char *passphrase, struct enrolment *enrolment, struct profile *profile, struct refusal *why)
{
    struct frame frame;
    struct key_card card;
    struct identity identity;
    uint8_t seed[SEED_BYTES];
    struct addresses addresses = {.count = 1};
    enum err err = wait_open(job);
    if (err == OK) err = say_hello(job, &frame);
    if (err != OK) return refuse(why, err);
    fill_in(enrolment, &card, ticket, &frame.as.ticket);
    randombytes_buf(seed, sizeof seed);
    identity_from_seed(&identity, seed);
    job->until_ms += 2000; /* sealing takes its time */
    address_of_ticket(ticket, &addresses.at[0]);
    err = profile_create(name != NULL ? name : enrolment->login, &card, seed, passphrase, &addresses, profile, why);
    sodium_memzero(seed, sizeof seed);
    if (err == OK) {
        err = register_keys(job, &identity, label, &frame.as.ticket, why);
        if (err != OK && err != ERR_NO_LINK) throw_away(profile); /* without an answer it may have been taken */
    }
    identity_wipe(&identity);
    return err;
}

enum err enrol(const char *ticket_text, const char *name, const char *label, const char *passphrase, int timeout_ms,
               struct enrolment *enrolment, struct profile *profile, struct refusal *why)
{
    struct ticket ticket;
    struct link_keys keys;
    struct addresses addresses = {.count = 1};
    struct enrolling job = {.until_ms = now_ms() + timeout_ms};
    if (ticket_read(ticket_text, &ticket) != OK) return refuse(why, ERR_BAD_TICKET);
    if (text_characters(text_of(passphrase)) < PASSPHRASE_MIN || strlen(passphrase) > PASSPHRASE_MAX)
        return refuse_text(why, ERR_USAGE, "passphrase");
    address_of_ticket(&ticket, &addresses.at[0]);
    memcpy(keys.server_key, ticket.server_transport, KEY_BYTES);
    ticket_transport(ticket.code, keys.public_key, keys.secret_key);
    enum err err = link_new(&addresses, &keys, &job.link);
    if (err != OK) return refuse(why, err);
    arena_init(&job.arena, 4 << 20);
    link_start(job.link);
    err = run(&job, &ticket, name, label, passphrase, enrolment, profile, why);
    link_free(job.link);
    arena_clear(&job.arena);
    sodium_memzero(&ticket, sizeof ticket);
    sodium_memzero(&keys, sizeof keys);
    return err;
}
