/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scmi-medctl show: a domain, and why it has each of its permissions. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/ctl/verb-fixture.h"

#define SHOW "{\"parameters\":{\"agent\":" AGENT ",\"permissions\":[" \
    "{\"id\":10,\"path\":\"/pl031@9010000\"," \
    "\"property\":\"access-controllers\",\"resources\":[{\"protocol\":20," \
    "\"id\":1,\"property\":\"clocks\",\"name\":null}]}," \
    "{\"id\":11,\"path\":null,\"property\":null,\"resources\":[]}]}}"

/* Two tables; also a permission whose id is not in the host tree is shown. */
static void test_show(void **state)
{
    struct ctl_options options = { .headings = true };

    (void)state;
    assert_int_equal(run("show", SHOW, options), CTL_OK);
    assert_non_null(strstr(server.call, "{\"domain\":\"rtc\"}"));
    assert_string_equal(output,
        "WHAT        VALUE\n"
        "domain      rtc (7)\n"
        "agent       3, guest\n"
        "function id 0x82000013\n"
        "page        0xbff02000\n"
        "calls       42 forwarded, 1 refused, 2 throttled\n"
        "limit       10000\n"
        "last call   1.5 s\n"
        "last error  -3\n"
        "\n"
        "ID DEVICE               BY-PROPERTY        RESOURCES\n"
        "10 /pl031@9010000       access-controllers clocks 1\n"
        "11 not in the host tree -                  -\n");
    options.json = true;
    assert_int_equal(run("show", SHOW, options), CTL_OK);
    assert_non_null(strstr(output, "\"property\": \"access-controllers\""));
    options.json = false;
    options.headings = false;
    assert_int_equal(run("show", "{\"parameters\":{\"agent\":" AGENT
                         ",\"permissions\":[]}}", options), CTL_OK);
    assert_null(strstr(output, "DEVICE"));
    assert_null(strstr(output, "\n\n"));
}

static void refuses(const char *reply, const char *reason)
{
    check_bad_reply("show", reply, reason);
}

#define PERMITS(permission) "{\"parameters\":{\"agent\":" AGENT \
    ",\"permissions\":[" permission "]}}"

static void test_bad_replies(void **state)
{
    (void)state;
    refuses("{\"parameters\":{\"permissions\":[]}}", "agent is missing");
    refuses("{\"parameters\":{\"agent\":{\"agent\":1},\"permissions\":[]}}",
            "agent.role is missing");
    refuses("{\"parameters\":{\"agent\":" AGENT "}}", "permissions is missing");
    refuses(PERMITS("{\"id\":-11,\"resources\":[]}"),
            "permissions[0].id is negative");
    refuses(PERMITS("{\"id\":11,\"path\":7,\"resources\":[]}"),
            "permissions[0].path is not a string");
    refuses(PERMITS("{\"id\":11,\"resources\":[{\"protocol\":20,"
                    "\"property\":7}]}"),
            "permissions[0].resources[0].property is not a string");
}

static int set_up(void **state)
{
    (void)state;
    arguments[0] = (char *)"rtc";
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_show),
        cmocka_unit_test(test_bad_replies),
    };

    return cmocka_run_group_tests_name("ctl-show", tests, set_up, free_output);
}
