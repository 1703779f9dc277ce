/* people_test.c - units, persons, posts, operators and their devices; settings, calendars, the registry's clock. */
#include "tests/lib/unit.h"
#include "tests/lib/world.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct world world;

static int setup(void **state)
{
    (void)state;
    world_init(&world);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_free(&world);
    return 0;
}

static const char *number(uint64_t id)
{
    char *text = arena_get(&world.arena, 24);
    snprintf(text, 24, "%llu", (unsigned long long)id);
    return text;
}

static const char *unit(const char *code)
{
    return number(world_unit(&world, code));
}

static const char *key_text(uint8_t fill)
{
    char *text = arena_get(&world.arena, 65);
    uint8_t key[32];
    memset(key, fill, sizeof key);
    sodium_bin2hex(text, 65, key, sizeof key);
    return text;
}

static uint64_t operator_of(const char *login)
{
    return world_actor(&world, login).operator;
}

static void units_in_use_are_not_dissolved(void **state)
{
    uint64_t hrx = world_unit(&world, "HRX"), pjx = world_unit(&world, "PJX");
    (void)state;
    assert_int_equal(world_do(&world, "ADM", "unit", "dissolve", hrx, NULL), ERR_IN_USE);
    assert_int_equal(world.why.number, 1);                                                     /* project */
    assert_int_equal(world_do(&world, "XMB", "unit", "dissolve", pjx, NULL), ERR_NOT_ALLOWED); /* the administrator's */
    assert_int_equal(world_do(&world, "ADM", "unit", "dissolve", pjx, NULL), OK);
    assert_int_equal(world_do(&world, "ADM", "unit", "amend", pjx, "short", "平", NULL), ERR_WRONG_STATE);
    /* its operators are out at once */
    struct actor actor;
    uint64_t device = 0;
    for (uint64_t id = 0; (id = state_next_id(&world.memory.space, KIND_device, id)) > 0;) {
        struct record record = world_get(&world, KIND_device, id);
        struct record operator= world_get(&world, KIND_operator, (uint64_t)rec_num(&record, device_operator));
        if ((uint64_t)rec_num(&operator, operator_unit) == pjx) device = id;
    }
    assert_int_equal(actor_load(&world.memory.space, device, &world.arena, &actor), ERR_NOT_FOUND);
    /* when its project has ended, HRX may go, too */
    assert_int_equal(world_do(&world, "XMB", "project", "withdraw", 1, "reason", "并县", "basis", "岳政发1号", NULL),
                     OK);
    assert_int_equal(world_do(&world, "ADM", "unit", "dissolve", hrx, NULL), OK);
}

static void a_units_code_stays(void **state)
{
    (void)state;
    assert_int_equal(world_do(&world, "ADM", "unit", "amend", world_unit(&world, "PJX"), "code", "PJ", NULL),
                     ERR_FIXED);
    assert_int_equal(
        world_do(&world, "ADM", "unit", "amend", world_unit(&world, "PJX"), "name", "平江县人民政府", NULL), OK);
}

static void nobody_leaves_with_a_post(void **state)
{
    (void)state;
    assert_int_equal(world_do(&world, "HRX", "person", "create", 0, "name", "蒋四", "unit", unit("HRX"), NULL), OK);
    uint64_t person = world.id;
    assert_int_equal(world_do(&world, "HRX", "post", "create", 0, "person", number(person), "unit", unit("HRX"), "rank",
                              "member", "from", "2009-03-01", NULL),
                     OK);
    uint64_t post = world.id;
    assert_int_equal(world_do(&world, "HRX", "person", "leave", person, NULL), ERR_IN_USE);
    assert_int_equal(world.why.number, 1);
    assert_int_equal(world_do(&world, "HRX", "post", "end", post, "to", "2009-09-01", NULL), OK);
    assert_int_equal(world_do(&world, "HRX", "person", "leave", person, NULL), OK);
    assert_int_equal(world_do(&world, "HRX", "person", "amend", person, "phone", "1", NULL), ERR_WRONG_STATE);
}

/* clauses: 1.5 */
static void a_post_in_a_projects_chain_does_not_end(void **state)
{
    (void)state;
    for (uint64_t post = 1; post <= 4; post++) { /* head, deputy, member, contact of P1 */
        assert_int_equal(world_do(&world, "HRX", "post", "end", post, "to", "2009-09-20", NULL), ERR_IN_USE);
        assert_int_equal(world.why.number, 1);
    }
    assert_int_equal(world_do(&world, "HRX", "person", "create", 0, "name", "沈五", "unit", unit("HRX"), NULL), OK);
    assert_int_equal(world_do(&world, "HRX", "post", "create", 0, "person", number(world.id), "unit", unit("HRX"),
                              "rank", "contact", "from", "2009-09-01", NULL),
                     OK);
    assert_int_equal(world_do(&world, "HRX", "project", "appoint", 1, "contact", number(world.id), NULL), OK);
    assert_int_equal(world_do(&world, "HRX", "post", "end", 4, "to", "2009-09-20", NULL), OK); /* history stays */
    struct record ended = world_get(&world, KIND_post, 4);
    assert_int_equal(rec_num(&ended, post_to), day_make(2009, 9, 20).n);
}

static void posts_are_held_in_the_persons_own_unit(void **state)
{
    (void)state;
    assert_int_equal(world_do(&world, "XMB", "post", "create", 0, "person", "1", "unit", unit("PJX"), "rank", "head",
                              "from", "2009-01-01", NULL),
                     ERR_OTHER_UNIT);
    assert_int_equal(world.why.field, post_person);
    assert_int_equal(world_do(&world, "HRX", "post", "create", 0, "person", "1", "unit", unit("HRX"), "rank", "head",
                              "from", "2009-02-01", "to", "2009-01-31", NULL),
                     ERR_DATE_ORDER);
    assert_int_equal(world_do(&world, "HRX", "post", "create", 0, "person", "1", "unit", unit("HRX"), "rank", "member",
                              "from", "2009-02-01", NULL),
                     OK);
    assert_int_equal(world_do(&world, "HRX", "post", "end", world.id, "to", "2009-01-31", NULL), ERR_DATE_ORDER);
    assert_int_equal(world_do(&world, "HRX", "post", "end", world.id, NULL), ERR_NEEDED);
}

/* ---- operators ---- */

static void somebody_is_left_who_can_let_people_in(void **state)
{
    uint64_t admin = operator_of("ADM"), office = operator_of("XMB");
    (void)state;
    assert_int_equal(world_do(&world, "ADM", "operator", "suspend", admin, "reason", "离岗", NULL), ERR_LAST_ADMIN);
    assert_int_equal(world_do(&world, "ADM", "operator", "end", admin, "reason", "离岗", NULL), ERR_LAST_ADMIN);
    assert_int_equal(world_do(&world, "ADM", "operator", "amend", admin, "roles", "clerk", NULL), ERR_LAST_ADMIN);
    assert_int_equal(world_do(&world, "ADM", "operator", "amend", admin, "name", "管理员", NULL), OK);
    assert_int_equal(world_do(&world, "ADM", "operator", "amend", office, "roles", "clerk admin", NULL), OK);
    assert_int_equal(world_do(&world, "ADM", "operator", "suspend", office, "reason", "休假", NULL), OK);
    assert_int_equal(world_do(&world, "ADM", "operator", "end", admin, "reason", "离岗", NULL),
                     ERR_LAST_ADMIN); /* the other is suspended */
    assert_int_equal(world_do(&world, "ADM", "operator", "restore", office, NULL), OK);
    assert_int_equal(world_do(&world, "ADM", "operator", "end", admin, "reason", "离岗", NULL), OK);
}

/* clauses: 0.1 */
static void logins_are_unique_and_stay(void **state)
{
    (void)state;
    assert_int_equal(
        world_do(&world, "ADM", "operator", "create", 0, "login", "HRX", "name", "另一个", "unit", unit("HRX"), NULL),
        ERR_EXISTS);
    assert_int_equal(
        world_do(&world, "ADM", "operator", "create", 0, "login", "华容", "name", "另一个", "unit", unit("HRX"), NULL),
        ERR_BAD_VALUE);
    assert_int_equal(world_do(&world, "ADM", "operator", "amend", operator_of("HRX"), "login", "HRX2", NULL),
                     ERR_FIXED);
    assert_int_equal(world_do(&world, "HRX", "operator", "amend", operator_of("HRX"), "roles", "admin", NULL),
                     ERR_NOT_ALLOWED);
}

static void the_administrator_has_no_say_in_the_business(void **state)
{
    (void)state;
    assert_int_equal(world_do(&world, "ADM", "project", "suspend", 1, "reason", "试试看", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(&world, "ADM", "target", "amend", 1, "reason", "试试看", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(&world, "ADM", "person", "create", 0, "name", "韩六", "unit", unit("XMB"), NULL),
                     ERR_NOT_ALLOWED);
}

/* ---- devices ---- */

static uint64_t invite(const char *login, uint8_t fill)
{
    assert_int_equal(world_do(&world, "ADM", "device", "invite", 0, "operator", number(operator_of(login)),
                              "transport_key", key_text(fill), NULL),
                     OK);
    return world.id;
}

/* The holder of the ticket of `own` enrols the device `id`. */
static enum err enrol(uint64_t own, uint64_t id, uint8_t transport)
{
    struct actor holder = {.type = ACTOR_TICKET, .device = own};
    struct record device = world_get(&world, KIND_device, id);
    struct command command = {.counter = 1,
                              .kind = KIND_device,
                              .action = ACT_device_enrol,
                              .target = (int64_t)id,
                              .base = (int64_t)device.version,
                              .args = record_make(KIND_device, 0)};
    static char keys[64];
    memset(keys, 9, 32);
    memset(keys + 32, transport, 32);
    rec_set_text(&command.args, device_label, text_of("办公室"));
    rec_set_text(&command.args, device_sign_key, (struct text){keys, 32});
    rec_set_text(&command.args, device_transport_key, (struct text){keys + 32, 32});
    command.given = record_mask(&command.args);
    struct act act = {.space = &world.memory.space,
                      .arena = &world.arena,
                      .now = world.now,
                      .actor = &holder,
                      .command = &command,
                      .target = (int64_t)id,
                      .base = command.base};
    enum err err = decide(&act);
    world.why = act.why;
    if (err == OK) assert_int_equal(rec_state(&act.changes[0]->after), ST_device_active);
    if (err == OK) assert_false(rec_has(&act.changes[0]->after, device_expires));
    return err;
}

static void a_ticket_is_good_for_its_own_device_and_a_day(void **state)
{
    uint64_t id = invite("HRX", 1), other = invite("PJX", 2);
    struct record device = world_get(&world, KIND_device, id);
    (void)state;
    assert_int_equal(rec_num(&device, device_expires), world.now.s + 24 * 3600);
    assert_int_equal(enrol(other, id, 5), ERR_NOT_FOUND); /* another's ticket */
    assert_int_equal(enrol(id, id, 1), ERR_NOT_NEWER);    /* the ticket's own key is known to whoever made it */
    assert_int_equal(enrol(id, id, 5), OK);
    world_wait(&world, 0, 23, 59);
    assert_int_equal(enrol(id, id, 5), OK);
    world_wait(&world, 0, 0, 1);
    assert_int_equal(enrol(id, id, 5), ERR_BAD_TICKET);
}

static void a_ticket_that_ran_out_is_revoked_by_the_clock(void **state)
{
    struct key key = {.used = 0};
    stamp_t due;
    unsigned kind;
    uint64_t id = invite("HRX", 1), rings;
    (void)state;
    assert_true(state_clock(&world.memory.space, &key, &due, &kind, &rings));
    assert_int_equal(kind, KIND_device);
    assert_int_equal(rings, id);
    assert_int_equal(due.s, world.now.s + 24 * 3600);
    world.now = due;
    assert_int_equal(world_own(&world, ACTOR_RULE, "device", "lapse", id, NULL), OK);
    assert_int_equal(enrol(id, id, 5), ERR_WRONG_STATE);
}

static void keys_belong_to_one_device(void **state)
{
    uint64_t id = invite("HRX", 1);
    (void)state;
    assert_int_equal(world_do(&world, "ADM", "device", "invite", 0, "operator", number(operator_of("PJX")),
                              "transport_key", key_text(1), NULL),
                     ERR_EXISTS);
    struct record taken = world_get(&world, KIND_device, 1);
    struct text key = rec_text(&taken, device_transport_key);
    struct actor holder = {.type = ACTOR_TICKET, .device = id};
    struct record device = world_get(&world, KIND_device, id);
    struct command command = {.counter = 1,
                              .kind = KIND_device,
                              .action = ACT_device_enrol,
                              .target = (int64_t)id,
                              .base = (int64_t)device.version,
                              .args = record_make(KIND_device, 0)};
    rec_set_text(&command.args, device_label, text_of("复制的"));
    rec_set_text(&command.args, device_sign_key, key);
    rec_set_text(&command.args, device_transport_key, key);
    command.given = record_mask(&command.args);
    struct act act = {.space = &world.memory.space,
                      .arena = &world.arena,
                      .now = world.now,
                      .actor = &holder,
                      .command = &command,
                      .target = (int64_t)id,
                      .base = command.base};
    assert_int_equal(decide(&act), ERR_EXISTS);
}

static void a_revoked_device_is_nobody(void **state)
{
    struct actor hrx = world_actor(&world, "HRX"), actor;
    (void)state;
    assert_int_equal(
        world_do(&world, "HRX-L", "device", "revoke", world_actor(&world, "PJX").device, "reason", "遗失", NULL),
        ERR_NOT_FOUND);
    assert_int_equal(world_do(&world, "HRX", "device", "revoke", hrx.device, "reason", "遗失", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(&world, "HRX-L", "device", "revoke", hrx.device, NULL), ERR_NEEDED);
    assert_int_equal(world_do(&world, "HRX-L", "device", "revoke", hrx.device, "reason", "遗失", NULL),
                     OK); /* the unit's head may */
    assert_int_equal(actor_load(&world.memory.space, hrx.device, &world.arena, &actor), ERR_NOT_FOUND);
    assert_int_equal(world_do(&world, "ADM", "device", "revoke", hrx.device, "reason", "遗失", NULL), ERR_WRONG_STATE);
}

static void a_suspended_operator_is_nobody_until_restored(void **state)
{
    struct actor hrx = world_actor(&world, "HRX"), actor;
    (void)state;
    assert_int_equal(world_do(&world, "ADM", "operator", "suspend", hrx.operator, "reason", "休假", NULL), OK);
    assert_int_equal(actor_load(&world.memory.space, hrx.device, &world.arena, &actor), ERR_NOT_FOUND);
    assert_int_equal(world_do(&world, "ADM", "operator", "restore", hrx.operator, NULL), OK);
    assert_int_equal(actor_load(&world.memory.space, hrx.device, &world.arena, &actor), OK);
    assert_true(actor.operator == hrx.operator && actor.unit == hrx.unit && actor.roles == hrx.roles &&
                actor.functions == hrx.functions);
}

/* ---- settings, calendars, the registry ---- */

static uint64_t setting(const char *name, const char *value)
{
    assert_int_equal(world_own(&world, ACTOR_CONSOLE, "setting", "found", 0, "name", name, "value", value, NULL), OK);
    return world.id;
}

static void settings_exist_and_stay_within_their_bounds(void **state)
{
    (void)state;
    assert_int_equal(world_own(&world, ACTOR_CONSOLE, "setting", "found", 0, "name", "colour", "value", "5", NULL),
                     ERR_BAD_VALUE);
    assert_int_equal(
        world_own(&world, ACTOR_CONSOLE, "setting", "found", 0, "name", "report_due_day", "value", "29", NULL),
        ERR_TOO_LARGE);
    assert_int_equal(world.why.number, 28);
    assert_int_equal(
        world_own(&world, ACTOR_CONSOLE, "setting", "found", 0, "name", "report_due_day", "value", "0", NULL),
        ERR_TOO_SMALL);
    assert_int_equal(world.why.number, 1);
    uint64_t id = setting("report_due_day", "5");
    assert_int_equal(
        world_own(&world, ACTOR_CONSOLE, "setting", "found", 0, "name", "report_due_day", "value", "6", NULL),
        ERR_EXISTS);
    assert_int_equal(world_do(&world, "XMB", "setting", "change", id, "value", "8", "reason", "节假日", NULL),
                     ERR_NOT_ALLOWED);
    assert_int_equal(world_do(&world, "ADM", "setting", "change", id, "value", "8", NULL), ERR_NEEDED); /* why? */
    assert_int_equal(world_do(&world, "ADM", "setting", "change", id, "value", "5", "reason", "节假日", NULL),
                     ERR_NOT_NEWER);
    assert_int_equal(world_do(&world, "ADM", "setting", "change", id, "value", "8", "reason", "节假日", NULL), OK);
    assert_int_equal(setting_now(&world.memory.space, SET_report_due_day, &world.arena), 8);
}

static void a_calendar_holds_days_of_its_year_alone(void **state)
{
    static const struct {
        const char *off, *work;
        enum err want;
    } cases[] = {
        {"2010-10-01", "2010-10-09", OK},
        {"2010-10-02", "2010-10-09", ERR_BAD_DAY_OFF}, /* a Saturday is off anyway */
        {"2010-10-01", "2010-10-08", ERR_BAD_DAY_OFF}, /* a Friday works anyway */
        {"2011-10-03", "2010-10-09", ERR_BAD_DAY_OFF},
        {"2010-10-01", "2011-10-08", ERR_BAD_DAY_OFF},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (i == 1) {
            teardown(NULL);
            setup(NULL);
        }
        assert_int_equal(world_do(&world, "ADM", "calendar", "enter", 0, "year", "2010", "off", cases[i].off, "work",
                                  cases[i].work, NULL),
                         cases[i].want);
    }
    assert_int_equal(world_do(&world, "ADM", "calendar", "enter", 0, "year", "2009", NULL), ERR_EXISTS);
    assert_int_equal(world_do(&world, "XMB", "calendar", "enter", 0, "year", "2010", NULL), ERR_NOT_ALLOWED);
}

static void only_a_demo_registry_stands_in_another_time(void **state)
{
    static const char ident[] = "ffffffffffffffff0123456789abcdef";
    (void)state;
    assert_int_equal(world_own(&world, ACTOR_CONSOLE, "registry", "set_clock", 1, "clock_rate", "60", NULL),
                     OK); /* it is a demo */
    assert_int_equal(world_do(&world, "ADM", "registry", "set_clock", 1, "clock_rate", "60", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_own(&world, ACTOR_CONSOLE, "registry", "found", 0, "name", "正式", "ident", ident,
                               "server_key", key_text(3), NULL),
                     OK);
    assert_int_equal(world_own(&world, ACTOR_CONSOLE, "registry", "set_clock", world.id, "clock_rate", "60", NULL),
                     ERR_NOT_DEMO);
}

static void a_jump_of_the_clock_is_held_until_confirmed(void **state)
{
    (void)state;
    assert_int_equal(world_do(&world, "ADM", "registry", "confirm", 1, "reason", "时间正确", NULL), ERR_WRONG_STATE);
    assert_int_equal(world_own(&world, ACTOR_RULE, "registry", "hold", 1, "jump", "7200", NULL), OK);
    assert_int_equal(world_own(&world, ACTOR_RULE, "registry", "hold", 1, "jump", "7200", NULL), ERR_WRONG_STATE);
    assert_int_equal(world_own(&world, ACTOR_RULE, "registry", "set_back", 1, "jump", "-30", NULL), OK);
    struct record registry = world_get(&world, KIND_registry, 1);
    assert_int_equal(rec_state(&registry), ST_registry_held); /* still */
    assert_int_equal(world_do(&world, "XMB", "registry", "confirm", 1, "reason", "时间正确", NULL), ERR_NOT_ALLOWED);
    assert_int_equal(world_do(&world, "ADM", "registry", "confirm", 1, NULL), ERR_NEEDED);
    assert_int_equal(world_do(&world, "ADM", "registry", "confirm", 1, "reason", "时间正确", NULL), OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(units_in_use_are_not_dissolved),
        TEST(a_units_code_stays),
        TEST(nobody_leaves_with_a_post),
        TEST(a_post_in_a_projects_chain_does_not_end),
        TEST(posts_are_held_in_the_persons_own_unit),
        TEST(somebody_is_left_who_can_let_people_in),
        TEST(logins_are_unique_and_stay),
        TEST(the_administrator_has_no_say_in_the_business),
        TEST(a_ticket_is_good_for_its_own_device_and_a_day),
        TEST(a_ticket_that_ran_out_is_revoked_by_the_clock),
        TEST(keys_belong_to_one_device),
        TEST(a_revoked_device_is_nobody),
        TEST(a_suspended_operator_is_nobody_until_restored),
        TEST(settings_exist_and_stay_within_their_bounds),
        TEST(a_calendar_holds_days_of_its_year_alone),
        TEST(only_a_demo_registry_stands_in_another_time),
        TEST(a_jump_of_the_clock_is_held_until_confirmed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
