/* address_test.c - the daemon's addresses as people type them, and as they are shown. */
#include "client/core/address.h"
#include "tests/lib/unit.h"

#include <string.h>

static void an_address_is_a_host_and_a_port(void **state)
{
    static const struct {
        const char *word, *host, *shown; /* shown NULL: as it was typed */
        unsigned port;                   /* 0: refused */
    } cases[] = {
        {"duban.example.cn:7009", "duban.example.cn", NULL, 7009},
        {"10.0.0.1:1", "10.0.0.1", NULL, 1},
        {"10.0.0.1:65535", "10.0.0.1", NULL, 65535},
        {"[fe80::1%eth0]:7009", "fe80::1%eth0", NULL, 7009},
        {"::1:7009", "::1", "[::1]:7009", 7009}, /* as older profiles have it */
        {"", "", NULL, 0},
        {"10.0.0.1", "", NULL, 0},
        {":7009", "", NULL, 0},
        {"[]:7009", "", NULL, 0},
        {"10.0.0.1:", "", NULL, 0},
        {"10.0.0.1:0", "", NULL, 0},
        {"10.0.0.1:65536", "", NULL, 0},
        {"10.0.0.1:99999999999999999999", "", NULL, 0},
        {"10.0.0.1:70o9", "", NULL, 0},
        {"10.0.0.1:-1", "", NULL, 0},
        {"a b:7009", "", NULL, 0},
        {"a,b:7009", "", NULL, 0},
        {"you@host:7009", "", NULL, 0},
        {"tcp://host:7009", "", NULL, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct address address;
        char text[ADDRESS_TEXT_MAX];
        struct str str = str_in(text, sizeof text);
        assert_int_equal(address_read(cases[i].word, &address), cases[i].port != 0);
        if (cases[i].port == 0) continue;
        assert_string_equal(address.host, cases[i].host);
        assert_int_equal(address.port, cases[i].port);
        address_put(&address, &str);
        assert_string_equal(text, cases[i].shown != NULL ? cases[i].shown : cases[i].word);
    }
}

static void a_host_has_a_longest_name(void **state)
{
    char word[HOST_MAX + 20], text[ADDRESS_TEXT_MAX];
    struct address address;
    struct str str = str_in(text, sizeof text);
    (void)state;
    memset(word, 'h', HOST_MAX);
    memcpy(word + HOST_MAX, ":65535", 7);
    assert_true(address_read(word, &address));
    address_put(&address, &str);
    assert_false(str.cut);
    memmove(word + 1, word, HOST_MAX + 7);
    assert_false(address_read(word, &address));
}

static void addresses_are_the_same_in_the_same_order(void **state)
{
    struct addresses one = {.at = {{"a", 1}, {"b", 2}}, .count = 2}, other = one;
    char text[100];
    struct str str = str_in(text, sizeof text);
    (void)state;
    assert_true(addresses_equal(&one, &other));
    other.at[1].port = 3;
    assert_false(addresses_equal(&one, &other));
    other.count = 1;
    assert_false(addresses_equal(&one, &other));
    addresses_put(&one, ", ", &str);
    assert_string_equal(text, "a:1, b:2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_a_host_and_a_port),
        cmocka_unit_test(a_host_has_a_longest_name),
        cmocka_unit_test(addresses_are_the_same_in_the_same_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
