/* outbox_test.c - what an operator has done is durable before anything else, goes in order, and waits for his
 * decision when the daemon refused what it builds on. */
#include "tests/lib/seat.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct world world;
static struct seat seat;
static struct arena arena;

static int setup(void **state)
{
    (void)state;
    world_init(&world);
    arena_init(&arena, 64 << 20);
    seat_init(&seat, &world, "HRX");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    seat_free(&seat);
    arena_clear(&arena);
    world_free(&world);
    return 0;
}

static struct outbox *outbox(void)
{
    return &seat.client->outbox;
}

/* Saves a report for a month (target 0), or the one that an earlier act made. */
static uint64_t act(int64_t target, unsigned action, int64_t invested)
{
    struct record args = record_make(KIND_report, 0);
    uint64_t counter = 0;
    if (target == 0) {
        rec_set(&args, report_project, 1);
        rec_set(&args, report_month, month_make(2009, 9).n);
    }
    rec_set(&args, report_invested, invested);
    assert_int_equal(client_submit(seat.client, KIND_report, action, target, &args, record_mask(&args), &counter), OK);
    return counter;
}

static enum out_state state_of(uint64_t counter)
{
    const struct out_item *item = client_outcome(seat.client, counter);
    assert_non_null(item);
    return item->state;
}

static struct command command_of(uint64_t counter)
{
    struct command command;
    const struct out_item *item = client_outcome(seat.client, counter);
    assert_non_null(item);
    assert_int_equal(outbox_command(item, &arena, &command), OK);
    return command;
}

static void answer(uint64_t counter, uint64_t number, uint64_t id)
{
    struct answer answer = {counter, number, id};
    assert_int_equal(outbox_answer(outbox(), &answer), OK);
    assert_int_equal(cache_commit(seat.client->cache), OK);
}

static void refuse_with(uint64_t counter, enum err err)
{
    struct refusal why = {.err = err, .kind = KIND_report, .field = report_invested, .number = 77, .text = "为什么"};
    assert_int_equal(outbox_refuse(outbox(), counter, &why), OK);
    assert_int_equal(cache_commit(seat.client->cache), OK);
}

static void what_was_done_survives_a_restart(void **state)
{
    (void)state;
    uint64_t first = act(0, ACT_report_save, 5), second = act(-(int64_t)first, ACT_report_submit, 6),
             third = act(0, ACT_report_save, 7);
    assert_true(first < second && second < third);
    answer(first, 70, 12);
    refuse_with(third, ERR_EXISTS);
    struct text bytes = {
        arena_copy(&arena, outbox_find(outbox(), second)->command.at, outbox_find(outbox(), second)->command.length),
        outbox_find(outbox(), second)->command.length};
    seat_reopen(&seat);
    assert_int_equal(outbox()->count, 3);
    assert_int_equal(state_of(first), OUT_ACCEPTED);
    assert_int_equal(client_outcome(seat.client, first)->answer.number, 70);
    assert_int_equal(client_outcome(seat.client, first)->answer.id, 12);
    assert_int_equal(state_of(second), OUT_WAITING);
    assert_true(text_equal(outbox_find(outbox(), second)->command, bytes)); /* to the byte: it is signed */
    assert_int_equal(outbox_find(outbox(), second)->signature.length, SIGNATURE_BYTES);
    assert_true(command_verify(seat.client->identity.sign_public, world.registry, bytes.at, bytes.length,
                               (const uint8_t *)outbox_find(outbox(), second)->signature.at));
    assert_int_equal(state_of(third), OUT_REFUSED);
    const struct refusal *why = &client_outcome(seat.client, third)->why;
    assert_true(why->err == ERR_EXISTS && why->kind == KIND_report && why->field == report_invested &&
                why->number == 77);
    assert_string_equal(why->text, "为什么");
    assert_int_equal(act(0, ACT_report_save, 8), third + 1); /* numbers go on */
}

/* A process that is killed after client_submit has returned has lost nothing. */
static void what_was_done_survives_a_kill(void **state)
{
    (void)state;
    client_close(seat.client);
    seat.client = NULL;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct refusal why;
        if (client_open(&seat.profile, seat.seed, &seat.client, &why) != OK) _exit(1);
        act(0, ACT_report_save, 5);
        kill(getpid(), SIGKILL);
    }
    waitpid(child, NULL, 0);
    assert_int_equal(client_open(&seat.profile, seat.seed, &seat.client, NULL), OK);
    assert_int_equal(outbox()->count, 1);
    assert_int_equal(outbox()->items[0].state, OUT_WAITING);
}

static void a_command_reads_what_the_operator_saw(void **state)
{
    (void)state;
    assert_int_equal(
        world_do(&world, "HRX", "report", "save", 0, "project", "1", "month", "2009-09", "invested", "5", NULL), OK);
    seat_sync(&seat);
    struct record report = world_get(&world, KIND_report, 1);
    uint64_t first = act(1, ACT_report_save, 6), second = act(1, ACT_report_save, 7),
             third = act(1, ACT_report_submit, 8);
    assert_int_equal(command_of(first).base, report.version);
    assert_int_equal(command_of(second).base, -(int64_t)first); /* as the one before it will leave it */
    assert_int_equal(command_of(third).base, -(int64_t)second);
    uint64_t fresh = act(0, ACT_report_save, 9), more = act(-(int64_t)fresh, ACT_report_save, 10);
    assert_int_equal(command_of(fresh).target, 0);
    assert_int_equal(command_of(more).target, -(int64_t)fresh);
    assert_int_equal(command_of(more).base, -(int64_t)fresh);
    assert_int_equal(command_of(more).counter, more);
}

static void a_refusal_holds_what_depends_on_it(void **state)
{
    (void)state;
    uint64_t made = act(0, ACT_report_save, 1), other = act(0, ACT_report_save, 2);
    uint64_t onto = act(-(int64_t)made, ACT_report_save, 3), further = act(-(int64_t)made, ACT_report_submit, 4);
    refuse_with(made, ERR_NOT_ALLOWED);
    assert_int_equal(state_of(made), OUT_REFUSED);
    assert_int_equal(state_of(onto), OUT_HELD);
    assert_int_equal(state_of(further), OUT_HELD);
    assert_int_equal(state_of(other), OUT_WAITING); /* another record */
    assert_int_equal(outbox_count(outbox(), OUT_HELD), 2);
    seat_reopen(&seat);
    assert_int_equal(state_of(onto), OUT_HELD);
    struct client_status status;
    client_status(seat.client, &status);
    assert_int_equal(status.refused, 1);
    assert_int_equal(status.waiting, 3);
}

static void a_refusal_holds_later_acts_on_the_same_record(void **state)
{
    (void)state;
    assert_int_equal(
        world_do(&world, "HRX", "report", "save", 0, "project", "1", "month", "2009-09", "invested", "5", NULL), OK);
    seat_sync(&seat);
    uint64_t first = act(1, ACT_report_save, 6), second = act(1, ACT_report_submit, 7);
    refuse_with(first, ERR_CONFLICT);
    assert_int_equal(state_of(second), OUT_HELD);
    /* what was on its way already is answered by the daemon itself */
    answer(first, 99, 1); /* an answer that crossed: it was accepted after all */
    assert_int_equal(state_of(first), OUT_ACCEPTED);
}

static void giving_up_takes_along_what_builds_on_it_and_frees_the_rest(void **state)
{
    (void)state;
    uint64_t made = act(0, ACT_report_save, 1), onto = act(-(int64_t)made, ACT_report_save, 2),
             deeper = act(-(int64_t)made, ACT_report_submit, 3);
    uint64_t other = act(0, ACT_report_save, 4);
    refuse_with(made, ERR_NOT_ALLOWED);
    assert_int_equal(client_discard(seat.client, made), OK);
    assert_null(client_outcome(seat.client, made));
    assert_null(client_outcome(seat.client, onto));
    assert_null(client_outcome(seat.client, deeper));
    assert_int_equal(state_of(other), OUT_WAITING);
    seat_reopen(&seat);
    assert_int_equal(outbox()->count, 1);

    assert_int_equal(
        world_do(&world, "HRX", "report", "save", 0, "project", "1", "month", "2009-09", "invested", "5", NULL), OK);
    seat_sync(&seat);
    uint64_t first = act(1, ACT_report_save, 6);
    outbox_find(outbox(), first)->sent = true;
    answer(first, 80, 1);
    seat_sync(&seat);
    uint64_t second = act(1, ACT_report_save, 7);
    refuse_with(second, ERR_CONFLICT);
    assert_int_equal(client_discard(seat.client, second), OK);
    assert_null(client_outcome(seat.client, second));
}

/* The operator has looked at both versions and sends it again, for the record as it is now. */
static void doing_it_again_reads_the_record_anew(void **state)
{
    (void)state;
    assert_int_equal(
        world_do(&world, "HRX", "report", "save", 0, "project", "1", "month", "2009-09", "invested", "5", NULL), OK);
    seat_sync(&seat);
    uint64_t first = act(1, ACT_report_save, 6), second = 0;
    int64_t old_base = command_of(first).base;
    assert_int_equal(world_do(&world, "HRX", "report", "save", 1, "next", "别人写的", NULL), OK);
    seat_sync(&seat);
    refuse_with(first, ERR_CONFLICT);
    assert_int_equal(client_redo(seat.client, first, &second), OK);
    assert_true(second > first); /* a new number: the old one is spent */
    assert_null(client_outcome(seat.client, first));
    assert_int_equal(state_of(second), OUT_WAITING);
    struct command again = command_of(second);
    assert_int_equal(again.base, world_get(&world, KIND_report, 1).version);
    assert_int_not_equal(again.base, old_base);
    assert_int_equal(rec_num(&again.args, report_invested), 6);
    assert_int_equal(again.given, FIELD_BIT(report_invested));
    assert_int_equal(client_redo(seat.client, second, &first), ERR_NOT_FOUND); /* only refused ones */
    assert_int_equal(client_redo(seat.client, 999, &first), ERR_NOT_FOUND);
}

static void what_builds_on_it_is_done_again_with_it(void **state)
{
    (void)state;
    uint64_t made = act(0, ACT_report_save, 1), onto = act(-(int64_t)made, ACT_report_submit, 2), new = 0;
    refuse_with(made, ERR_EXISTS);
    assert_int_equal(client_redo(seat.client, made, &new), OK);
    assert_null(client_outcome(seat.client, made));
    assert_null(client_outcome(seat.client, onto));
    assert_int_equal(outbox()->count, 2);
    const struct out_item *moved = &outbox()->items[1];
    struct command command = command_of(moved->counter);
    assert_int_equal(command.target, -(int64_t) new);
    assert_int_equal(command.base, -(int64_t) new);
    assert_int_equal(command.action, ACT_report_submit);
    assert_int_equal(moved->state, OUT_WAITING);
}

static void receipts_do_not_pile_up(void **state)
{
    (void)state;
    for (int i = 0; i < 80; i++)
        answer(act(0, ACT_report_save, i), (uint64_t)i + 1, 1);
    uint64_t waiting = act(0, ACT_report_save, 99);
    assert_true(outbox_count(outbox(), OUT_ACCEPTED) <= 51);
    assert_int_equal(state_of(waiting), OUT_WAITING);
    for (unsigned i = 1; i < outbox()->count; i++)
        assert_true(outbox()->items[i - 1].counter < outbox()->items[i].counter);
    seat_reopen(&seat);
    assert_int_equal(state_of(waiting), OUT_WAITING);
    assert_int_equal(act(0, ACT_report_save, 1), waiting + 1); /* numbers are not used again, though receipts go */
}

static void numbers_go_on_behind_what_the_daemon_has_seen(void **state)
{
    (void)state;
    uint64_t first = act(0, ACT_report_save, 1);
    outbox_raise(outbox(), 500); /* this workstation's cache was lost once */
    outbox_raise(outbox(), 3);
    assert_int_equal(cache_commit(seat.client->cache), OK);
    assert_int_equal(act(0, ACT_report_save, 2), 501);
    assert_int_equal(state_of(first), OUT_WAITING);
    seat_reopen(&seat);
    assert_int_equal(act(0, ACT_report_save, 3), 502);
}

/* Two windows of one operator at work at the same time: no number is given twice, nothing is lost. */
static void two_processes_number_their_acts_apart(void **state)
{
    enum { EACH = 100 };
    bool seen[2 * EACH + 1] = {false};
    (void)state;
    client_close(seat.client);
    seat.client = NULL;
    fflush(NULL);
    pid_t children[2];
    for (int i = 0; i < 2; i++) {
        children[i] = fork();
        if (children[i] != 0) continue;
        struct refusal why;
        if (client_open(&seat.profile, seat.seed, &seat.client, &why) != OK) _exit(1);
        for (int j = 0; j < EACH; j++)
            act(0, ACT_report_save, i * 1000 + j);
        client_close(seat.client);
        _exit(0);
    }
    for (int i = 0; i < 2; i++) {
        int status = 1;
        waitpid(children[i], &status, 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(client_open(&seat.profile, seat.seed, &seat.client, NULL), OK);
    assert_int_equal(outbox()->count, 2 * EACH);
    unsigned of_first = 0;
    for (unsigned i = 0; i < outbox()->count; i++) {
        uint64_t counter = outbox()->items[i].counter;
        assert_true(counter >= 1 && counter <= 2 * EACH && !seen[counter]);
        seen[counter] = true;
        struct command command = command_of(counter);
        assert_int_equal(command.counter, counter); /* as it was signed */
        of_first += rec_num(&command.args, report_invested) < 1000;
        arena_reuse(&arena);
    }
    assert_int_equal(of_first, EACH);
}

/* ---- drafts ---- */

static void what_is_being_typed_is_kept(void **state)
{
    struct record fields = record_make(KIND_report, 0), read;
    uint64_t mask = 0;
    (void)state;
    rec_set(&fields, report_invested, 120000000);
    rec_set_text(&fields, report_progress, text_of("打到一半"));
    assert_int_equal(
        client_draft_save(seat.client, "report 1 2009-09", &fields, record_mask(&fields) | FIELD_BIT(report_next)), OK);
    seat_reopen(&seat);
    assert_int_equal(client_draft_load(seat.client, "report 1 2009-09", KIND_report, &arena, &read, &mask), OK);
    assert_int_equal(record_diff(&fields, &read), 0);
    assert_int_equal(mask, record_mask(&fields) | FIELD_BIT(report_next)); /* also that something was emptied */
    assert_int_equal(client_draft_load(seat.client, "report 1 2009-10", KIND_report, &arena, &read, &mask),
                     ERR_NOT_FOUND);
    assert_int_equal(client_draft_load(seat.client, "report 1 2009-09", KIND_target, &arena, &read, &mask), ERR_FORMAT);
    assert_int_equal(client_draft_drop(seat.client, "report 1 2009-09"), OK);
    assert_int_equal(client_draft_drop(seat.client, "report 1 2009-09"), OK);
    assert_int_equal(client_draft_load(seat.client, "report 1 2009-09", KIND_report, &arena, &read, &mask),
                     ERR_NOT_FOUND);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_was_done_survives_a_restart),
        TEST(what_was_done_survives_a_kill),
        TEST(a_command_reads_what_the_operator_saw),
        TEST(a_refusal_holds_what_depends_on_it),
        TEST(a_refusal_holds_later_acts_on_the_same_record),
        TEST(giving_up_takes_along_what_builds_on_it_and_frees_the_rest),
        TEST(doing_it_again_reads_the_record_anew),
        TEST(what_builds_on_it_is_done_again_with_it),
        TEST(receipts_do_not_pile_up),
        TEST(numbers_go_on_behind_what_the_daemon_has_seen),
        TEST(two_processes_number_their_acts_apart),
        TEST(what_is_being_typed_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
