/* client_fuzz.c - a client that is told anything by its daemon: it may give up the link, never more.
 *
 * Input: frames, each behind its length in two bytes; a welcome and a page of the past are signed anew, or none would
 * be believed. Then the
 * view is looked at as screens and commands do. No network, no disk: the link is here, the cache in memory. */
#include "client/core/desk.h"
#include "client/core/notice.h"
#include "client/core/resolve.h"
#include "proto/progress.h"
#include "proto/show.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lib/fake_cache.h"
#include "tests/lib/history.h"
#include "tests/lib/seat.h"

enum { FRAMES_TOLD_MAX = 16, HISTORY_ACTS = 60, LOOKED_AT_MAX = 40 };

static struct world world;
static struct seat seat;

/* ---- a link that is always open and takes everything ---- */

struct link {
    enum link_state state;
};

enum err link_new(const struct addresses *addresses, const struct link_keys *keys, struct link **link)
{
    (void)addresses;
    (void)keys;
    *link = calloc(1, sizeof **link);
    HOLDS(*link != NULL);
    return OK;
}
void link_free(struct link *link)
{
    free(link);
}
void link_start(struct link *link)
{
    link->state = LINK_OPEN;
}
void link_stop(struct link *link)
{
    link->state = LINK_OFF;
}
void link_retry(struct link *link, bool now)
{
    (void)now;
    link->state = LINK_PAUSED;
}
enum link_state link_state(const struct link *link)
{
    return link->state;
}
unsigned link_number(const struct link *link)
{
    (void)link;
    return 1;
}
int64_t link_quiet_ms(const struct link *link)
{
    (void)link;
    return INT64_MAX;
}
const struct address *link_place(const struct link *link)
{
    static const struct address place = {.host = "127.0.0.1", .port = DEFAULT_PORT};
    (void)link;
    return &place;
}
bool link_meets_stranger(const struct link *link)
{
    (void)link;
    return false;
}
void link_settle(struct link *link)
{
    (void)link;
}
void link_doubt(struct link *link)
{
    (void)link;
}
void link_move(struct link *link, const struct addresses *addresses)
{
    (void)link;
    (void)addresses;
}
void link_wait(struct link *link, int timeout_ms, const int *fds, bool *ready, unsigned count)
{
    (void)link;
    (void)timeout_ms;
    (void)fds;
    for (unsigned i = 0; i < count; i++)
        ready[i] = false;
}
bool link_send(struct link *link, const void *bytes, size_t count)
{
    struct frame frame;
    struct arena arena;
    arena_init(&arena, 4 << 20);
    HOLDS(frame_read(bytes, count, true, &arena, &frame, NULL) == OK); /* whatever it heard, it speaks well */
    arena_clear(&arena);
    return link->state == LINK_OPEN;
}
bool link_receive(struct link *link, struct text *frame)
{
    (void)link;
    (void)frame;
    return false;
}
void link_counts(const struct link *link, uint64_t *sent, uint64_t *received)
{
    (void)link;
    *sent = *received = 0;
}
int64_t now_ms(void)
{
    return 1000000;
}

/* ---- telling it, and looking at what it made of it ---- */

static void end(void)
{
    seat_free(&seat);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    struct rng rng = {5};
    world_init(&world);
    history_prepare(&world);
    for (int i = 0; i < HISTORY_ACTS; i++)
        history_act(&world, &rng);
    seat_init(&seat, &world, "HRX");
    atexit(end);
    return 0;
}

/* A page of the past that the client asked for and believes. */
static void tell_past(struct client *client, struct result *result)
{
    struct as_of *page = result->as_of;
    if (client->coming == NULL) return;
    result->tag = client->coming->tag;
    if (client->coming->view.number != 0) page->number = client->coming->view.number;
    memset(page->hash, 0, HASH_BYTES);
    head_sign(&world.server, world.registry, page->number, page->hash, page->moment, page->signature);
    client_take_past(client, result);
}

/* A frame that the client believes. */
static void tell(struct text bytes)
{
    struct client *client = seat.client;
    struct frame frame;
    struct arena arena;
    struct pack pack;
    arena_init(&arena, 16 << 20);
    pack_init(&pack, FRAME_BYTES_MAX);
    bool read = frame_read(bytes.at, bytes.length, false, &arena, &frame, NULL) == OK;
    if (read && frame.type == FRAME_RESULT && frame.as.result.what == QUERY_AS_OF) tell_past(client, &frame.as.result);
    if (read && frame.type == FRAME_WELCOME) {
        struct welcome *welcome = &frame.as.welcome;
        head_sign(&world.server, world.registry, welcome->head, welcome->hash, welcome->now, welcome->signature);
        welcome_pack(&pack, welcome);
        bytes = (struct text){(const char *)pack.at, (uint32_t)pack.used};
    }
    client_frame(client, bytes);
    pack_free(&pack);
    arena_clear(&arena);
}

static void look_at(unsigned kind, uint64_t id, struct arena *arena)
{
    char line[400];
    struct record record;
    struct progress progress;
    const struct space *space = client_space(seat.client);
    struct show show = {.space = space, .arena = arena};
    if (state_get(space, kind, id, arena, &record) != OK) return;
    for (unsigned i = 0; i < field_count(kind); i++) {
        struct str str = str_in(line, sizeof line);
        show_value(&show, &record, i, &str);
    }
    struct str str = str_in(line, sizeof line);
    show_title(&show, &record, &str);
    show_brief(&show, &record, &str);
    if (client_actor(seat.client) != NULL) actions_open(space, &record, client_actor(seat.client), arena);
    if (kind == KIND_project) progress_of(space, &record, arena, &progress);
    resolve_ref(seat.client, kind, text_of("1"), arena);
}

static void look(void)
{
    struct arena arena;
    struct desk desk;
    struct matrix matrix;
    struct client_status status;
    const struct space *space = client_space(seat.client);
    arena_init(&arena, 256 << 20);
    client_status(seat.client, &status);
    desk_build(seat.client, &arena, &desk);
    matrix_build(seat.client, 2009, &arena, &matrix);
    for (const struct kind *kind = NULL; (kind = kind_next(kind)) != NULL;) {
        unsigned seen = 0;
        for (uint64_t id = 0; seen++ < LOOKED_AT_MAX && (id = state_next_id(space, kind->wire, id)) > 0;)
            look_at(kind->wire, id, &arena);
        arena_reuse(&arena);
    }
    arena_clear(&arena);
}

static void watch(void *self, const struct wire_entry *entry, const struct wire_change *change)
{
    struct arena arena;
    struct notice notice;
    (void)self;
    (void)change;
    arena_init(&arena, 16 << 20);
    if (entry != NULL) notice_of(seat.client, entry, &arena, &notice);
    arena_clear(&arena);
}

/* An act that waits, so that answers and refusals are about something. */
static void submit(void)
{
    struct record args = record_make(KIND_report, 0);
    uint64_t counter;
    rec_set(&args, report_project, 1);
    rec_set(&args, report_month, month_make(2009, 9).n);
    client_submit(seat.client, KIND_report, ACT_report_save, 0, &args, record_mask(&args), &counter);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    struct client *client = seat.client;
    client->fault = NET_OFFLINE;
    client->greeted = client->live = true;
    client->wanted = client->sender = true;
    link_start(client->link);
    client_set_watch(client, watch, NULL);
    if (size > 0 && data[0] % 2 == 0) submit();
    if (size > 0 && data[0] / 2 % 2 == 0) client_go_back(client, &(struct moment){.entry = 3});
    input_byte(&input);
    for (unsigned i = 0; i < FRAMES_TOLD_MAX && input.left > 0; i++)
        tell(input_long_text(&input));
    bool moved = client->changed || client->model.fresh != NULL || client->model.position != world.head.number;
    bool past = client_past(client) != NULL;
    if (moved || past) look();
    for (unsigned kind = 1; past && kind < KIND_LIMIT; kind++)
        client_fetch(client, kind, 1);
    client_come_back(client);
    client_fail_queries(client, 0);
    while (client->outbox.count > 0)
        HOLDS(outbox_drop(&client->outbox, client->outbox.items[0].counter) == OK);
    client->outbox.last_counter = 0;
    client->model.highest = client->model.remember = 0;
    client->changed = false;
    if (moved) seat_sync(&seat);
    return 0;
}
