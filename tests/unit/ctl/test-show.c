/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scmi-medctl show: a domain, and why it has each permission. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ctl/client/verbs.h"
#include "tests/unit/ctl/fixture.h"

#define AGENT "{\"agent\":3,\"role\":\"guest\"," \
    "\"state\":\"bound\",\"domid\":7,\"domain\":\"rtc\"," \
    "\"function_id\":2181038099,\"client_id\":3,\"page\":3220185088," \
    "\"frame\":139265,\"devices\":[10,11],\"calls\":42,\"refused\":1,\"throttled\":2," \
    "\"limit\":10000,\"last_error\":-3,\"last_call_ms\":1500}"
#define SHOW "{\"parameters\":{\"agent\":" AGENT ",\"permissions\":[" \
    "{\"id\":10,\"path\":\"/pl031@9010000\"," \
    "\"property\":\"access-controllers\",\"resources\":[{\"protocol\":20," \
    "\"id\":1,\"property\":\"clocks\",\"name\":null}]}," \
    "{\"id\":11,\"path\":null,\"property\":null,\"resources\":[]}]}}"

static char error[CTL_ERROR_SIZE];
static char *output;
static char *arguments[] = { (char *)"rtc", NULL };

static enum ctl_status run(const char *name, const char *text,
                           struct ctl_options options)
{
    const struct ctl_verb *verb = ctl_verb_find(name);
    enum ctl_status status;
    size_t size;
    FILE *out;

    free(output);
    output = NULL;
    error[0] = '\0';
    assert_non_null(verb);
    out = open_memstream(&output, &size);
    assert_non_null(out);

    server_reset(NULL);
    server_answers(text);
    server_start();
    options.socket_path = server.path;
    options.timeout_ms = 5000;
    status = ctl_verb_run(verb, arguments, &options, out, error);
    server_stop();
    fclose(out);
    return status;
}

/* Two tables; a permission that nothing in the tree explains is not hidden. */
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

/* An answer that is not valid is not shown. */
static void refuses(const char *answer, const char *reason)
{
    const struct ctl_options options = { .headings = true };

    assert_int_equal(run("show", answer, options), CTL_BAD_ANSWER);
    if (!strstr(error, reason))
        fail_msg("\"%s\" does not say \"%s\"", error, reason);
    assert_string_equal(output, "");
}

#define PERMITS(permission) "{\"parameters\":{\"agent\":" AGENT \
    ",\"permissions\":[" permission "]}}"

static void test_bad_answers(void **state)
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

static int tear_down(void **state)
{
    (void)state;
    free(output);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_show),
        cmocka_unit_test(test_bad_answers),
    };

    return cmocka_run_group_tests_name("ctl-show", tests, NULL, tear_down);
}
