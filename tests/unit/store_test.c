/* store_test.c - the LMDB store: transactions, one opening, copies, no room, damaged files. */
#include "proto/memory.h"
#include "server/check.h"
#include "tests/lib/disk.h"
#include "tests/lib/rng.h"
#include "tests/lib/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct store_options usual = {.map_bytes = 64 << 20, .reserve_bytes = 1, .scratch = true};
static char directory[SCRATCH_PATH_MAX];
static struct store *store;

static int setup(void **state)
{
    (void)state;
    scratch_make(directory);
    return store_open(directory, &usual, &store, NULL);
}

static int teardown(void **state)
{
    (void)state;
    store_close(store);
    scratch_remove(directory);
    return 0;
}

static struct key key_of(uint64_t number)
{
    struct key key = {.used = 0};
    key_number(&key, number);
    return key;
}

static enum err put(struct txn *txn, enum table table, uint64_t number, const char *value)
{
    const struct space *space = txn_space(txn);
    struct key key = key_of(number);
    return space->put(space->self, table, &key, text_of(value));
}

/* The value under a number, or "-". */
static const char *get(struct txn *txn, uint64_t number)
{
    static char copy[100];
    const struct space *space = txn_space(txn);
    struct key key = key_of(number);
    struct text value;
    if (space->get(space->self, TABLE_RECORD, &key, &value) != OK) return "-";
    snprintf(copy, sizeof copy, "%.*s", (int)value.length, value.at);
    return copy;
}

static void what_is_committed_stays_and_what_is_aborted_was_never_there(void **state)
{
    struct txn *txn;
    (void)state;
    assert_int_equal(store_begin(store, true, &txn), OK);
    assert_int_equal(put(txn, TABLE_RECORD, 1, "one"), OK);
    assert_int_equal(txn_commit(&txn), OK);
    assert_null(txn);
    assert_int_equal(store_begin(store, true, &txn), OK);
    assert_int_equal(put(txn, TABLE_RECORD, 1, "uno"), OK);
    assert_int_equal(put(txn, TABLE_RECORD, 2, "due"), OK);
    assert_string_equal(get(txn, 1), "uno"); /* seen within */
    txn_abort(&txn);
    assert_null(txn);
    txn_abort(&txn); /* twice is harmless */
    store_close(store);
    assert_int_equal(store_open(directory, &usual, &store, NULL), OK);
    assert_int_equal(store_begin(store, false, &txn), OK);
    assert_string_equal(get(txn, 1), "one");
    assert_string_equal(get(txn, 2), "-");
    txn_abort(&txn);
}

static void a_reader_sees_one_moment(void **state)
{
    struct txn *reader, *later, *writer;
    (void)state;
    assert_int_equal(store_begin(store, true, &writer), OK);
    put(writer, TABLE_RECORD, 1, "one");
    assert_int_equal(txn_commit(&writer), OK);
    assert_int_equal(store_begin(store, false, &reader), OK);
    assert_int_equal(store_begin(store, true, &writer), OK);
    put(writer, TABLE_RECORD, 1, "two");
    assert_string_equal(get(reader, 1), "one"); /* nor what is not committed yet */
    assert_int_equal(txn_commit(&writer), OK);
    assert_string_equal(get(reader, 1), "one");
    assert_int_equal(store_begin(store, false, &later), OK); /* readers side by side */
    assert_string_equal(get(later, 1), "two");
    txn_abort(&later);
    txn_abort(&reader);
}

/* The same operations on LMDB and on the memory: the code above them can't tell which it has. */
static void it_behaves_as_memory_does(void **state)
{
    struct rng rng = rng_make(40);
    struct memory memory;
    struct txn *txn;
    (void)state;
    memory_init(&memory);
    assert_int_equal(store_begin(store, true, &txn), OK);
    for (int i = 0; i < 20000; i++) {
        const struct space *spaces[2] = {txn_space(txn), &memory.space};
        struct key key = {.used = 0}, keys[2];
        struct text values[2] = {{"", 0}, {"", 0}};
        enum err errs[2];
        char bytes[30];
        uint64_t operation = rng_below(&rng, 6);
        for (uint64_t n = 1 + rng_below(&rng, 3); n > 0; n--)
            key_byte(&key, (uint8_t)(rng_below(&rng, 3) * 127));
        memset(bytes, (int)rng_below(&rng, 256), sizeof bytes);
        if (operation >= 4 && rng_once_in(&rng, 10) && operation == 4) key_clear(&key); /* seek from the start */
        for (int j = 0; j < 2; j++) {
            const struct space *space = spaces[j];
            keys[j] = key;
            switch (operation) {
            case 0:
            case 1:
                errs[j] = space->put(space->self, TABLE_INDEX, &key, (struct text){bytes, (uint32_t)(i % 30)});
                break;
            case 2: errs[j] = space->del(space->self, TABLE_INDEX, &key); break;
            case 3: errs[j] = space->get(space->self, TABLE_INDEX, &key, &values[j]); break;
            case 4: errs[j] = space->seek(space->self, TABLE_INDEX, &keys[j], &values[j]); break;
            default: errs[j] = space->before(space->self, TABLE_INDEX, &keys[j], &values[j]);
            }
        }
        assert_int_equal(errs[0], errs[1]);
        if (errs[0] != OK || operation < 3) continue;
        assert_true(text_equal(values[0], values[1]));
        assert_int_equal(keys[0].used, keys[1].used);
        assert_memory_equal(keys[0].bytes, keys[1].bytes, keys[0].used);
    }
    txn_abort(&txn);
    memory_free(&memory);
}

static void the_last_row_of_a_table_is_found_from_its_end(void **state)
{
    struct txn *txn;
    struct text value;
    struct key end = key_of(UINT64_MAX);
    (void)state;
    assert_int_equal(store_begin(store, true, &txn), OK);
    const struct space *space = txn_space(txn);
    assert_int_equal(space->before(space->self, TABLE_JOURNAL, &end, &value), ERR_NOT_FOUND);
    for (uint64_t i = 1; i <= 300; i++)
        assert_int_equal(put(txn, TABLE_JOURNAL, i, "x"), OK);
    end = key_of(UINT64_MAX);
    assert_int_equal(space->before(space->self, TABLE_JOURNAL, &end, &value), OK);
    assert_int_equal(key_read(&end, 0), 300);
    assert_int_not_equal(put(txn, TABLE_JOURNAL, 7, "y"), OK); /* the journal only grows at its end */
    txn_abort(&txn);
}

/* ---- one opening ---- */

static void a_second_opening_is_refused_and_told_by_whom(void **state)
{
    struct store *second = NULL;
    struct refusal why;
    char pid[32];
    (void)state;
    snprintf(pid, sizeof pid, "pid %ld", (long)getpid());
    assert_int_equal(store_open(directory, &usual, &second, &why), ERR_BUSY); /* in this process */
    assert_non_null(strstr(why.text, pid));
    assert_null(second);
    pid_t child = fork();
    if (child == 0)
        _exit(store_open(directory, &usual, &second, &why) == ERR_BUSY && strstr(why.text, pid) != NULL ? 0 : 1);
    int status = 1;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0); /* in another */
    store_close(store);
    assert_int_equal(store_open(directory, &usual, &store, &why), OK); /* free again */
}

static void a_killed_daemon_holds_nothing(void **state)
{
    int ready[2];
    (void)state;
    store_close(store);
    store = NULL;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        struct store *mine;
        struct txn *reader, *writer;
        bool opened = store_open(directory, &usual, &mine, NULL) == OK && store_begin(mine, false, &reader) == OK &&
                      store_begin(mine, true, &writer) == OK && put(writer, TABLE_RECORD, 1, "half") == OK;
        if (write(ready[1], opened ? "y" : "n", 1) != 1) _exit(1);
        for (;;)
            pause();
    }
    char answer = 'n';
    assert_int_equal(read(ready[0], &answer, 1), 1);
    assert_int_equal(answer, 'y');
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(ready[0]);
    close(ready[1]);
    assert_int_equal(store_open(directory, &usual, &store, NULL), OK);
    struct txn *txn;
    assert_int_equal(store_begin(store, true, &txn), OK);
    assert_string_equal(get(txn, 1), "-");
    txn_abort(&txn);
}

static void a_directory_that_is_not_there_is_an_error(void **state)
{
    struct store *none = NULL;
    struct refusal why;
    char longest[5000];
    (void)state;
    assert_int_equal(store_open("/dev/shm/duban-no-such-directory", &usual, &none, &why), ERR_IO);
    assert_true(why.text[0] != '\0');
    memset(longest, 'd', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(store_open(longest, &usual, &none, &why), ERR_IO);
}

/* ---- room ---- */

static void no_room_is_said_before_and_when_it_happens(void **state)
{
    struct store_options small = {.map_bytes = 1 << 20, .reserve_bytes = 1, .scratch = true};
    char big[3000];
    struct txn *txn;
    enum err err = OK;
    (void)state;
    store_close(store);
    scratch_remove(directory);
    scratch_make(directory);
    assert_int_equal(store_open(directory, &small, &store, NULL), OK);
    memset(big, 'b', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    assert_int_equal(store_room(store), OK);
    uint64_t stored = 0;
    while (store_room(store) == OK) { /* to nine tenths */
        assert_int_equal(store_begin(store, true, &txn), OK);
        assert_int_equal(put(txn, TABLE_RECORD, stored, big), OK);
        assert_int_equal(txn_commit(&txn), OK);
        stored++;
    }
    assert_true(stored > 50);
    assert_int_equal(store_room(store), ERR_NO_SPACE);
    assert_int_equal(store_begin(store, true, &txn), OK); /* and past it, within one transaction */
    for (uint64_t i = 0; i < 1000 && err == OK; i++)
        err = put(txn, TABLE_RECORD, stored + i, big);
    assert_int_equal(err, ERR_NO_SPACE);
    txn_abort(&txn);
    assert_int_equal(store_begin(store, false, &txn), OK); /* what was there is there */
    for (uint64_t i = 0; i < stored; i++)
        assert_int_equal(strncmp(get(txn, i), big, 90), 0);
    assert_string_equal(get(txn, stored), "-");
    txn_abort(&txn);
    small.map_bytes = 8 << 20; /* with more address space it goes on */
    store_close(store);
    assert_int_equal(store_open(directory, &small, &store, NULL), OK);
    assert_int_equal(store_room(store), OK);
    assert_int_equal(store_begin(store, true, &txn), OK);
    assert_int_equal(put(txn, TABLE_RECORD, stored, "more"), OK);
    assert_int_equal(txn_commit(&txn), OK);
}

static void a_disk_that_reaches_its_reserve_has_no_room(void **state)
{
    struct store_options greedy = usual;
    (void)state;
    store_close(store);
    greedy.reserve_bytes = UINT64_MAX;
    assert_int_equal(store_open(directory, &greedy, &store, NULL), OK);
    assert_int_equal(store_room(store), ERR_NO_SPACE);
}

static void figures_of_the_store_are_true(void **state)
{
    struct store_stats stats;
    struct txn *txn;
    (void)state;
    assert_int_equal(store_begin(store, true, &txn), OK);
    for (uint64_t i = 1; i <= 5; i++)
        put(txn, TABLE_JOURNAL, i, "x");
    put(txn, TABLE_RECORD, 1, "x");
    assert_int_equal(txn_commit(&txn), OK);
    assert_int_equal(store_stats(store, &stats), OK);
    assert_int_equal(stats.entries[TABLE_JOURNAL], 5);
    assert_int_equal(stats.entries[TABLE_RECORD], 1);
    assert_int_equal(stats.entries[TABLE_FEED], 0);
    assert_int_equal(stats.commits, 1);
    assert_int_equal(stats.map_bytes, 64 << 20);
    assert_true(stats.used_bytes > 0 && stats.used_bytes < stats.map_bytes);
}

/* ---- copies and damaged files ---- */

static struct disk disk;

/* The last act is a signed one: what nothing stands behind is vouched for by its signature alone. */
static int setup_disk(void **state)
{
    (void)state;
    disk_init(&disk, NULL);
    return disk_do(&disk, "HRX", "report", "submit", 0, "project", "1", "month", "2009-09", "invested", "120",
                   "cumulative", "920", "progress", "主体三层", "difficulties", "无", "next", "封顶", NULL);
}

static int teardown_disk(void **state)
{
    (void)state;
    disk_free(&disk);
    return 0;
}

/* Writes a compact copy of the registry into a directory of its own. */
static void copy_to(char path[SCRATCH_PATH_MAX], char file[SCRATCH_PATH_MAX + 20])
{
    scratch_make(path);
    snprintf(file, SCRATCH_PATH_MAX + 20, "%s/data.mdb", path);
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(store_copy(disk.store, fd, NULL), OK);
    close(fd);
}

static void a_copy_is_a_registry(void **state)
{
    struct disk other;
    char file[SCRATCH_PATH_MAX + 20];
    struct check_report report;
    (void)state;
    uint64_t digest = disk_digest(&disk);
    other = disk;
    copy_to(other.directory, file);
    assert_int_equal(disk_do(&disk, "XMB", "project", "suspend", 1, "reason", "资金不到位", NULL),
                     OK); /* goes on meanwhile */
    assert_int_equal(store_open(other.directory, &usual, &other.store, NULL), OK);
    assert_true(disk_digest(&other) == digest);
    assert_int_equal(check_all(other.store, &report), OK);
    store_close(other.store);
    scratch_remove(other.directory);
}

/* In a process of its own, since a damaged file can end whoever maps it: 0 fine, 1 found, 2 silently different. */
static int look_at(const char *path, uint64_t digest)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        const struct rlimit none = {0, 0};
        struct disk copy = disk;
        struct check_report report;
        setrlimit(RLIMIT_CORE, &none);
        if (freopen("/dev/null", "w", stderr) == NULL) _exit(3);
        alarm(20);
        for (int signal_number = 1; signal_number < 32; signal_number++)
            signal(signal_number, SIG_DFL);
        if (store_open(path, &usual, &copy.store, NULL) != OK) _exit(1);
        if (check_all(copy.store, &report) != OK) _exit(1);
        _exit(disk_digest(&copy) == digest ? 0 : 2);
    }
    int status;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1; /* ended by a signal: nobody was told anything wrong */
}

/* Flipped bits in the file: the check finds each that changes anything that is stored. */
static void flipped_bits_in_the_file_are_found(void **state)
{
    struct rng rng = rng_make(41);
    char path[SCRATCH_PATH_MAX], file[SCRATCH_PATH_MAX + 20];
    struct stat info;
    unsigned found = 0, harmless = 0;
    (void)state;
    uint64_t digest = disk_digest(&disk);
    copy_to(path, file);
    int fd = open(file, O_RDWR);
    assert_true(fd >= 0 && fstat(fd, &info) == 0);
    assert_int_equal(look_at(path, digest), 0);
    for (int i = 0; i < 400; i++) {
        off_t at = (off_t)rng_below(&rng, (uint64_t)info.st_size);
        uint8_t byte, flipped;
        assert_int_equal(pread(fd, &byte, 1, at), 1);
        flipped = (uint8_t)(byte ^ 1u << rng_below(&rng, 8));
        assert_int_equal(pwrite(fd, &flipped, 1, at), 1);
        int verdict = look_at(path, digest);
        if (verdict == 2) fail_msg("byte %lld of the file: silently wrong", (long long)at);
        found += verdict == 1;
        harmless += verdict == 0;
        assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    }
    assert_true(found > 50); /* the rest hit bytes that nothing uses */
    assert_int_equal(found + harmless, 400);
    close(fd);
    scratch_remove(path);
}

/* Every copy of a record's text in the file, changed: always found. */
static void a_changed_word_in_the_file_is_found(void **state)
{
    static const char word[] = "县城道路改造";
    char path[SCRATCH_PATH_MAX], file[SCRATCH_PATH_MAX + 20];
    static char bytes[4 << 20];
    unsigned places = 0;
    (void)state;
    uint64_t digest = disk_digest(&disk);
    copy_to(path, file);
    int fd = open(file, O_RDWR);
    ssize_t count = pread(fd, bytes, sizeof bytes, 0);
    assert_true(count > 0);
    for (char *at = bytes; (at = memmem(at, (size_t)(bytes + count - at), word, strlen(word))) != NULL; at++) {
        char changed = (char)(at[2] ^ 1);
        assert_int_equal(pwrite(fd, &changed, 1, at - bytes + 2), 1);
        assert_int_equal(look_at(path, digest), 1);
        assert_int_equal(pwrite(fd, &at[2], 1, at - bytes + 2), 1);
        places++;
    }
    assert_true(places >= 3); /* the record, the command, its effects */
    assert_int_equal(look_at(path, digest), 0);
    close(fd);
    scratch_remove(path);
}

int main(void)
{
#define TEST(name)      cmocka_unit_test_setup_teardown(name, setup, teardown)
#define DISK_TEST(name) cmocka_unit_test_setup_teardown(name, setup_disk, teardown_disk)
    const struct CMUnitTest tests[] = {
        TEST(what_is_committed_stays_and_what_is_aborted_was_never_there),
        TEST(a_reader_sees_one_moment),
        TEST(it_behaves_as_memory_does),
        TEST(the_last_row_of_a_table_is_found_from_its_end),
        TEST(a_second_opening_is_refused_and_told_by_whom),
        TEST(a_killed_daemon_holds_nothing),
        TEST(a_directory_that_is_not_there_is_an_error),
        TEST(no_room_is_said_before_and_when_it_happens),
        TEST(a_disk_that_reaches_its_reserve_has_no_room),
        TEST(figures_of_the_store_are_true),
        DISK_TEST(a_copy_is_a_registry),
        DISK_TEST(flipped_bits_in_the_file_are_found),
        DISK_TEST(a_changed_word_in_the_file_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
