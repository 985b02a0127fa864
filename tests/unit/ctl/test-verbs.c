/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scmi-medctl's verbs: checks of replies, tables and JSON. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ctl/client/interface.h"
#include "tests/unit/ctl/verb-fixture.h"

#define FREE_AGENT "{\"agent\":4,\"role\":\"guest\"," \
    "\"state\":\"free\",\"domid\":null,\"domain\":null," \
    "\"function_id\":2181038100,\"client_id\":4,\"page\":3220189184," \
    "\"frame\":null,\"devices\":[],\"calls\":0,\"refused\":0,\"throttled\":0," \
    "\"limit\":4294967295,\"last_error\":0,\"last_call_ms\":null}"
#define AGENTS "{\"parameters\":{\"agents\":[" AGENT "," FREE_AGENT "]}}"
#define DOMAINS "{\"parameters\":{\"domains\":[{\"domid\":7," \
    "\"domain\":null,\"agent\":3," \
    "\"devices\":[\"/pl031@9010000\",\"id 11\"]}]}}"
#define DEVICES "{\"parameters\":{\"devices\":[{\"path\":\"/pl031@9010000\"," \
    "\"ids\":[10],\"resources\":[{\"protocol\":20,\"id\":1," \
    "\"property\":\"clocks\",\"name\":\"apb_pclk\"},{\"protocol\":22," \
    "\"id\":9,\"property\":\"resets\"}],\"agent\":3,\"domid\":7," \
    "\"domain\":\"rtc\"},{\"path\":\"/x\",\"ids\":[],\"resources\":[]}]}}"
#define STATUS "{\"parameters\":{\"version\":\"1.2.3\",\"pid\":99,\"abi\":1," \
    "\"function_id\":2181038097,\"agents_total\":14,\"agents_free\":13," \
    "\"agents_quarantined\":1,\"domains\":1,\"devices\":3,\"firmware\":{" \
    "\"base_version\":131072,\"features\":[\"trusted\",\"reset\"]}}}"

static void check_table(const char *name, const char *reply,
                        const char *table)
{
    struct ctl_options options = { .headings = true };

    assert_int_equal(run(name, reply, options), CTL_OK);
    assert_string_equal(output, table);

    /* Without headings; columns may be narrower then. */
    options.headings = false;
    assert_int_equal(run(name, reply, options), CTL_OK);
    assert_non_null(output);
    assert_null(strstr(output, name[0] == 's' ? "VALUE" : "DEVICE"));
}

static void test_tables(void **state)
{
    (void)state;
    check_table("agents", AGENTS,
        "AGENT ROLE  STATE DOMAIN  DEVICES CALLS REFUSED THROTTLED LIMIT "
        "LAST-CALL LAST-ERROR FUNCTION-ID       PAGE\n"
        "    3 guest bound rtc (7) 10 11      42       1         2 10000 "
        "    1.5 s         -3  0x82000013 0xbff02000\n"
        "    4 guest free  -       -           0       0         0  none "
        "        -          0  0x82000014 0xbff03000\n");
    check_table("domains", DOMAINS,
        "DOMID DOMAIN AGENT DEVICES\n"
        "    7 -          3 /pl031@9010000 id 11\n");
    check_table("devices", DEVICES,
        "DEVICE         IDS RESOURCES          AGENT DOMAIN\n"
        "/pl031@9010000 10  clocks 1, resets 9     3 rtc (7)\n"
        "/x             -   -                      - -\n");
    check_table("status", STATUS,
        "WHAT          VALUE\n"
        "daemon        scmi-medd 1.2.3, pid 99\n"
        "hypercall     version 1\n"
        "function id   0x82000011\n"
        "agents        13 of 14 free, 1 quarantined\n"
        "domains       1\n"
        "devices       3\n"
        "base protocol version 0x20000\n"
        "features      trusted reset\n");
}

static void check_json(const char *name, const char *reply)
{
    const struct ctl_options options = { .json = true };
    json_t *sent, *shown;

    assert_int_equal(run(name, reply, options), CTL_OK);
    sent = json_loads(reply, 0, NULL);
    /* One document and the end of the line. */
    shown = json_loads(output, 0, NULL);
    assert_true(json_equal(json_object_get(sent, "parameters"), shown));
    assert_string_equal(output + strlen(output) - 2, "}\n");
    json_decref(sent);
    json_decref(shown);
}

static void test_json(void **state)
{
    (void)state;
    check_json("agents", AGENTS);
    check_json("domains", DOMAINS);
    check_json("devices", DEVICES);
    check_json("status", STATUS);
}

static void test_empty_lists(void **state)
{
    const struct ctl_options table = { 0 }, json = { .json = true };

    (void)state;
    assert_int_equal(run("domains", "{\"parameters\":{\"domains\":[]}}", table),
                     CTL_OK);
    assert_string_equal(output, "");
    assert_int_equal(run("domains", "{\"parameters\":{\"domains\":[]}}", json),
                     CTL_OK);
    assert_non_null(strstr(output, "\"domains\": []"));
}

/* Replaces a part of a reply, which is refused for this reason then. */
static void check_bad(const char *name, const char *reply, const char *from,
                      const char *to, const char *reason)
{
    const char *at = strstr(reply, from);
    char text[4096];

    assert_non_null(at);
    snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - reply), reply, to,
             at + strlen(from));
    check_bad_reply(name, text, reason);
}

static void test_bad_replies(void **state)
{
    (void)state;
    check_bad("agents", AGENTS, "\"agents\"", "\"agent\"", "agents is missing");
    check_bad("agents", AGENTS, "\"agents\":[" AGENT "," FREE_AGENT "]",
              "\"agents\":{}", "agents is not a list");
    check_bad("agents", AGENTS, AGENT, "7", "agents[0] is not an object");
    check_bad("agents", AGENTS, FREE_AGENT, "null",
              "agents[1] is not an object");
    check_bad("agents", AGENTS, "\"agent\":4", "\"agent\":\"4\"",
              "agents[1].agent is not an integer");
    check_bad("agents", AGENTS, "\"agent\":4", "\"agent\":4.0",
              "agents[1].agent is not an integer");
    check_bad("agents", AGENTS, "\"agent\":3", "\"agent\":null",
              "agents[0].agent is missing");
    check_bad("agents", AGENTS, "\"calls\":42", "\"calls\":-1",
              "agents[0].calls is negative");
    check_bad("agents", AGENTS, "\"rtc\"", "7",
              "agents[0].domain is not a string");
    check_bad("agents", AGENTS, "[10,11]", "[10,\"11\"]",
              "agents[0].devices[1] is not an integer");
    check_bad("domains", DOMAINS, "\"domid\":7", "\"domid\":null",
              "domains[0].domid is missing");
    check_bad("domains", DOMAINS, "\"id 11\"", "11",
              "domains[0].devices[1] is not a string");
    check_bad("devices", DEVICES, "\"protocol\":22", "\"protocol\":[]",
              "devices[0].resources[1].protocol is not an integer");
    check_bad("status", STATUS, "\"firmware\":", "\"software\":",
              "firmware is missing");
    check_bad("status", STATUS, "\"base_version\":131072",
              "\"base_version\":true", "firmware.base_version is not an int");
    check_bad("status", STATUS, "\"pid\":99,", "", "pid is missing");
}

/* A newer daemon may send more. */
static void test_unknown_fields(void **state)
{
    const struct ctl_options options = { 0 };

    (void)state;
    assert_int_equal(run("domains", "{\"continues\":false,\"parameters\":"
                         "{\"domains\":[],\"more\":{}}}", options), CTL_OK);
}

/* Control characters do not reach the terminal. */
static void test_control_characters(void **state)
{
    const struct ctl_options options = { 0 };

    (void)state;
    assert_int_equal(run("domains", "{\"parameters\":{\"domains\":[{"
                         "\"domid\":7,\"domain\":\"a\\u001b[31m\\nb\",\"agent\":3,"
                         "\"devices\":[\"/x\\u001b]0;t\\u0007\"]}]}}", options),
                     CTL_OK);
    assert_null(strchr(output, '\033'));
    assert_null(strchr(output, '\a'));
    /* Still one line. */
    assert_ptr_equal(strchr(output, '\n'), output + strlen(output) - 1);
}

static void test_many_devices(void **state)
{
    const struct ctl_options options = { 0 };
    char *text = malloc(400000);
    size_t len;
    int i;

    (void)state;
    len = (size_t)sprintf(text, "{\"parameters\":{\"domains\":[{\"domid\":7,"
                          "\"domain\":\"d\",\"agent\":3,\"devices\":[\"/0\"");
    for (i = 0; i < 256; i++)
        len += (size_t)sprintf(text + len, ",\"/%0*d\"", 1023, i);
    strcpy(text + len, "]}]}}");
    assert_int_equal(run("domains", text, options), CTL_OK);
    assert_true(strlen(output) > 60000);
    free(text);
}

static void check_arguments(const char *name, const char *first,
                            const char *second, enum ctl_status expected,
                            const char *said)
{
    const struct ctl_options options = { .headings = true };
    char *before[4];

    memcpy(before, arguments, sizeof(before));
    arguments[0] = (char *)first;
    arguments[1] = (char *)second;
    arguments[2] = NULL;
    /* Wrong usage is found without a call. */
    if (expected == CTL_OK) {
        assert_int_equal(run(name, "{\"parameters\":{\"domid\":7,\"agent\":3}}",
                             options), CTL_OK);
        assert_string_equal(output, "");
        assert_non_null(strstr(server.call, said));
    } else {
        const struct ctl_options nowhere = { .socket_path = "/nonexistent" };

        assert_int_equal(ctl_verb_run(ctl_verb_find(name), arguments, &nowhere,
                                      stdout, error), expected);
        assert_says(error, said);
    }
    memcpy(arguments, before, sizeof(before));
}

static void test_arguments(void **state)
{
    (void)state;
    check_arguments("reset", "3", NULL, CTL_OK, "{\"agent\":3}");
    check_arguments("limit", "0x3", "500", CTL_OK,
                    "{\"agent\":3,\"limit\":500}");
    check_arguments("limit", "3", "none", CTL_OK, "\"limit\":4294967295");
    check_arguments("reset", NULL, NULL, CTL_USAGE, "missing: agent");
    check_arguments("limit", "3", NULL, CTL_USAGE, "missing: limit");
    check_arguments("limit", "3", "0", CTL_USAGE,
                    "0 is no rate: write calls per second, from 1 on, or");
    check_arguments("limit", "3", "0100", CTL_OK, "\"limit\":100");
    check_arguments("limit", "3", "0x", CTL_USAGE, "0x is no rate");
    check_arguments("reset", "three", NULL, CTL_USAGE, "three is no agent");
    check_arguments("reset", "none", NULL, CTL_USAGE, "none is no agent");
    check_arguments("reset", "-3", NULL, CTL_USAGE, "-3 is no agent");
    check_arguments("reset", "3x", NULL, CTL_USAGE, "3x is no agent");
    check_arguments("reset", "4294967296", NULL, CTL_USAGE, "is no agent");
    check_arguments("reset", "", NULL, CTL_USAGE, " is no agent");
    check_arguments("reset", "3", "4", CTL_USAGE, "too many arguments: 4");
    check_arguments("agents", "3", NULL, CTL_USAGE, "too many arguments: 3");
    check_arguments("attach", "web", "/x@1", CTL_OK,
                    "{\"domain\":\"web\",\"device\":\"/x@1\"}");
    check_arguments("detach", "7", "/x@1", CTL_OK, "\"domain\":\"7\"");
    check_arguments("attach", "web", NULL, CTL_USAGE, "missing: device");
    check_arguments("attach", "", "/x@1", CTL_USAGE, " is no domain");
    check_arguments("attach", "web", "/\xff", CTL_USAGE, "is no device");
}

static void test_full_disk(void **state)
{
    const struct ctl_verb *verb = ctl_verb_find("agents");
    struct ctl_options options = { .timeout_ms = 60000 };
    FILE *out = fopen("/dev/full", "w");
    int json;

    (void)state;
    assert_non_null(out);
    for (json = 0; json < 2; json++) {
        server_reset(NULL);
        server_answers(AGENTS);
        server_start();
        options.socket_path = server.path;
        options.json = json;
        assert_int_equal(ctl_verb_run(verb, arguments, &options, out,
                                      error), CTL_USAGE);
        server_stop();
        assert_string_equal(error, "cannot write the output: "
                            "No space left on device");
    }
    fclose(out);
}

static void test_refusal_is_passed_on(void **state)
{
    char *words[] = { (char *)"web", (char *)"/x@1", NULL };
    const struct ctl_options options = { .json = true };

    (void)state;
    assert_int_equal(run("status", "{\"error\":\"org.scmimed.HypervisorFailed\""
                         ",\"parameters\":{\"message\":\"no\"}}", options),
                     CTL_REFUSED);
    assert_string_equal(output, "");

    /* Refused's message is shown as it is. */
    memcpy(arguments, words, sizeof(words));
    assert_int_equal(run("attach", "{\"error\":\"org.scmimed.Refused\","
                         "\"parameters\":{\"message\":\"because\"}}", options),
                     CTL_REFUSED);
    memset(arguments, 0, sizeof(arguments));
    assert_string_equal(error, "because");
}

static void test_verbs(void **state)
{
    const struct ctl_verb *verb;

    (void)state;
    for (verb = ctl_verbs; verb->name; verb++) {
        assert_ptr_equal(ctl_verb_find(verb->name), verb);
        assert_string_equal(interface_method(verb->method)->name,
                            verb->method);
        /* --help has 80 columns. */
        assert_true(strlen(verb->name) < 10 && strlen(verb->help) < 68);
    }
    assert_null(ctl_verb_find("nonsense"));
    assert_null(ctl_verb_find(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verbs),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_empty_lists),
        cmocka_unit_test(test_bad_replies),
        cmocka_unit_test(test_unknown_fields),
        cmocka_unit_test(test_control_characters),
        cmocka_unit_test(test_many_devices),
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_refusal_is_passed_on),
    };

    return cmocka_run_group_tests_name("ctl-verbs", tests, NULL, free_output);
}
