/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from elsewhere: made printable, and parsed as a number. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "lib/text.h"

static void test_make_printable(void **state)
{
    char text[] = " ~a\tb\x1b[2J\x7f\xc3\xa9\n", none[] = "";

    (void)state;
    text_make_printable(text);
    assert_string_equal(text, " ~a?b?[2J????");
    text_make_printable(none);
    assert_string_equal(none, "");
}

static void test_parse_u32(void **state)
{
    static const struct {
        const char *text;
        uint32_t number;
    } good[] = {
        { "0", 0 }, { "7", 7 }, { "010", 10 }, { "4294967295", UINT32_MAX },
        { "0x0", 0 }, { "0xaF", 0xaf }, { "0xffffffff", UINT32_MAX },
        { "00000000000000000000000001", 1 },
    };
    static const char *const bad[] = {
        "", " 1", "1 ", "+1", "-1", "1a", "0x", "0X1", "0xg", "0x-1", "ff",
        "4294967296", "0x100000000", "18446744073709551617",
        "99999999999999999999999",
    };
    uint32_t number;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_int_equal(text_parse_u32(good[i].text, &number), 0);
        assert_int_equal(number, good[i].number);
    }
    number = 3;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(text_parse_u32(bad[i], &number), -EINVAL);
    assert_int_equal(number, 3);
}

static void test_parse_index(void **state)
{
    static const char *const bad[] = {
        "", "00", "01", "+1", "-1", " 1", "1 ", "0x1", "100", "1000",
        "99999999999999999999",
    };
    size_t i;

    (void)state;
    assert_int_equal(text_parse_index("0", 1, 100), 0);
    assert_int_equal(text_parse_index("99", 2, 100), 99);
    assert_int_equal(text_parse_index("12/scmi", 2, 100), 12);
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(text_parse_index(bad[i], strlen(bad[i]), 100), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_make_printable),
        cmocka_unit_test(test_parse_u32),
        cmocka_unit_test(test_parse_index),
    };

    return cmocka_run_group_tests_name("lib text", tests, NULL, NULL);
}
