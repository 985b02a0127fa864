/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The methods of the control socket: invalid calls, replies, short memory. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "daemon/control/methods.h"
#include "tests/unit/daemon/manager-fixture.h"

/* The "parameters" of the reply to a call, or its "error", a string. */
static json_t *call(const char *text)
{
    char *reply = methods_call(manager, text, NULL);
    json_t *json, *result;

    assert_non_null(reply);
    json = json_loads(reply, 0, NULL);
    assert_non_null(json);
    free(reply);
    result = json_object_get(json, "error");
    if (!result)
        result = json_object_get(json, "parameters");
    json_incref(result);
    json_decref(json);
    return result;
}

static void assert_error(const char *text, const char *error)
{
    json_t *reply = call(text);

    assert_true(json_is_string(reply));
    assert_string_equal(json_string_value(reply), error);
    json_decref(reply);
}

static void test_method_calls(void **state)
{
    char *reply;
    json_t *json;

    (void)state;
    start();
    assert_null(methods_call(manager, "", NULL));
    assert_null(methods_call(manager, "garbage", NULL));
    assert_null(methods_call(manager, "[]", NULL));
    assert_null(methods_call(manager, "{}", NULL));
    assert_null(methods_call(manager, "{\"method\": 7}", NULL));
    assert_null(methods_call(manager, "{\"method\":\"a\",\"method\":\"b\"}", NULL));
    assert_error("{\"method\":\"org.scmimed.Nope\"}",
                 "org.varlink.service.MethodNotFound");
    assert_error("{\"method\":\"x\"}",
                 "org.varlink.service.InterfaceNotFound");
    assert_error("{\"method\":\"org.scmimed.GetStatus\",\"parameters\":[]}",
                 "org.varlink.service.InvalidParameter");
    assert_error("{\"method\":\"org.varlink.service."
                 "GetInterfaceDescription\",\"parameters\":{}}",
                 "org.varlink.service.InvalidParameter");

    reply = methods_call(manager, "{\"method\":\"org.scmimed.GetStatus\","
                                  "\"oneway\":true}", NULL);
    assert_string_equal(reply, "");
    free(reply);
    json = call("{\"method\":\"org.varlink.service.GetInterfaceDescription\","
                "\"parameters\":{\"interface\":\"org.scmimed\"}}");
    assert_non_null(strstr(json_string_value(json_object_get(json,
                                                             "description")),
                           "method ListAgents()"));
    json_decref(json);

    assert_error("{\"method\":\"org.scmimed.Monitor\"}",
                 "org.varlink.service.ExpectedMore");
    fake_fault_fail(0, -EIO);
    assert_error("{\"method\":\"org.scmimed.ListAgents\"}",
                 "org.scmimed.HypervisorFailed");
    fake_fault_reset();
}

/* Which clients may follow, and which do. */
static void test_method_monitor(void **state)
{
    struct server_peer peer = { .may_follow = true };
    char *reply;

    (void)state;
    start();
    reply = methods_call(manager, "{\"method\":\"org.scmimed.Monitor\","
                                  "\"more\":true,\"oneway\":true}", &peer);
    assert_string_equal(reply, "");
    assert_false(peer.follows);
    free(reply);
    reply = methods_call(manager, "{\"method\":\"org.scmimed.Monitor\","
                                  "\"more\":true}", &peer);
    assert_true(peer.follows);
    assert_non_null(strstr(reply, "\"event\":\"watching\""));
    assert_non_null(strstr(reply, "\"continues\":true"));
    free(reply);
    peer = (struct server_peer){ .may_follow = false };
    reply = methods_call(manager, "{\"method\":\"org.scmimed.Monitor\","
                                  "\"more\":true}", &peer);
    assert_false(peer.follows);
    assert_non_null(strstr(reply, "org.scmimed.Refused"));
    free(reply);
}

static void test_method_lists(void **state)
{
    json_t *json, *list, *object;

    (void)state;
    start();
    request(5, RTC);
    fake_store_set("/local/domain/5/name", "a\033[2J\xff");
    turn();

    json = call("{\"method\":\"org.scmimed.GetStatus\",\"parameters\":{}}");
    assert_int_equal(json_integer_value(json_object_get(json, "agents_total")),
                     14);
    assert_int_equal(json_integer_value(json_object_get(json, "agents_free")),
                     13);
    assert_int_equal(json_integer_value(json_object_get(json, "devices")), 3);
    json_decref(json);

    json = call("{\"method\":\"org.scmimed.ListAgents\"}");
    list = json_object_get(json, "agents");
    assert_int_equal(json_array_size(list), NR_AGENTS);
    object = json_array_get(list, 2);
    assert_string_equal(json_string_value(json_object_get(object, "domain")),
                        "a?[2J?");
    assert_string_equal(json_string_value(json_object_get(object, "state")),
                        "bound");
    assert_true(json_is_null(json_object_get(json_array_get(list, 3),
                                             "frame")));
    json_decref(json);

    json = call("{\"method\":\"org.scmimed.ListDomains\"}");
    object = json_array_get(json_object_get(json, "domains"), 1);
    assert_int_equal(json_integer_value(json_object_get(object, "domid")), 5);
    list = json_object_get(object, "devices");
    assert_string_equal(json_string_value(json_array_get(list, 0)), RTC);
    json_decref(json);

    json = call("{\"method\":\"org.scmimed.ListDevices\"}");
    list = json_object_get(json, "devices");
    assert_int_equal(json_array_size(list), 3);
    object = json_array_get(list, 0);
    assert_string_equal(json_string_value(json_object_get(object, "path")),
                        RTC);
    assert_int_equal(json_integer_value(json_object_get(object, "agent")), 3);
    json_decref(json);
}

/* The only permission in ShowDomain's reply; to be freed. */
static json_t *show_one(const char *text)
{
    json_t *json = call(text), *list = json_object_get(json, "permissions");
    json_t *permission;

    assert_int_equal(json_array_size(list), 1);
    assert_int_equal(json_integer_value(json_object_get(
                         json_object_get(json, "agent"), "domid")), 5);
    permission = json_incref(json_array_get(list, 0));
    json_decref(json);
    return permission;
}

#define SHOW(domain) "{\"method\":\"org.scmimed.ShowDomain\"," \
    "\"parameters\":{\"domain\":" domain "}}"

static void test_show_domain(void **state)
{
    json_t *json;

    (void)state;
    start();
    request(5, RTC);
    fake_store_set("/local/domain/5/name", "one");
    turn();
    json = show_one(SHOW("\"5\""));
    assert_int_equal(json_integer_value(json_object_get(json, "id")), 10);
    assert_string_equal(json_string_value(json_object_get(json, "path")), RTC);
    assert_string_equal(json_string_value(json_object_get(json, "property")),
                        "access-controllers");
    assert_true(json_array_size(json_object_get(json, "resources")) > 0);
    json_decref(json);
    json_decref(show_one(SHOW("\"one\"")));
    /* Only digits are an id. */
    fake_store_set("/local/domain/5/name", "5x");
    json_decref(show_one(SHOW("\"5x\"")));
    fake_store_set("/local/domain/5/name", "one");

    assert_error(SHOW("\"05\""), "org.scmimed.Refused");
    assert_error(SHOW("\"6\""), "org.scmimed.Refused");
    assert_error(SHOW("\"5x\""), "org.scmimed.Refused");
    assert_error(SHOW("\"99999999999999999999\""), "org.scmimed.Refused");
    assert_error(SHOW("\"on\""), "org.scmimed.Refused");
    assert_error(SHOW("\"\""), "org.scmimed.Refused");
    assert_error(SHOW("5"), "org.varlink.service.InvalidParameter");
    assert_error("{\"method\":\"org.scmimed.ShowDomain\"}",
                 "org.varlink.service.InvalidParameter");

    /* As in xl. */
    fake_store_set("/local/domain/5/name", "6one");
    json_decref(show_one(SHOW("\"6one\"")));
    fake_store_set("/local/domain/5/name", "one");
    /* Dom0 has an agent, too. */
    json = call(SHOW("\"0\""));
    assert_int_equal(json_integer_value(json_object_get(
                         json_object_get(json, "agent"), "domid")), 0);
    json_decref(json);

    /* xenstore may have the names of domains that are gone. */
    fake_store_set("/local/domain/9/name", "one");
    fake_table_kill(&fake_table, 9);
    json_decref(show_one(SHOW("\"one\"")));
    assert_error(SHOW("\"9\""), "org.scmimed.Refused");
    fake_table.dying[5] = 1;
    json_decref(show_one(SHOW("\"one\"")));
    fake_table.dying[5] = 0;

    /* An ambiguous name is refused. */
    request(6, GPIO);
    fake_store_set("/local/domain/6/name", "one");
    turn();
    assert_error(SHOW("\"one\""), "org.scmimed.Refused");
    json_decref(show_one(SHOW("\"5\"")));

    fake_fault_fail(0, -EIO);
    assert_error(SHOW("\"5\""), "org.scmimed.HypervisorFailed");
    fake_fault_reset();
}

/* ---- Short memory ------------------------------------------------------- */

/* In sanitized builds: json_pack() leaks when it fails. */
extern void __lsan_disable(void) __attribute__((weak));
extern void __lsan_enable(void) __attribute__((weak));

static unsigned int allocations, failing;
static bool was_short;

static void *failing_malloc(size_t size)
{
    if (!failing || ++allocations != failing)
        return malloc(size);
    was_short = true;
    return NULL;
}

/*
 * After a failed allocation there is the whole reply, an error, or no reply.
 * (If jansson fails to format it, the client finds that it is not JSON.)
 */
static void check_reply(const char *reply, const char *whole)
{
    json_t *json = reply ? json_loads(reply, 0, NULL) : NULL;

    if (json && strcmp(reply, whole))
        assert_non_null(json_object_get(json, "error"));
    json_decref(json);
}

/* Fails each allocation of a reply in turn. */
static void test_without_memory(void **state)
{
    static const char *const calls[] = {
        "{\"method\":\"org.scmimed.GetStatus\"}",
        "{\"method\":\"org.scmimed.ListAgents\"}",
        "{\"method\":\"org.scmimed.ListDomains\"}",
        "{\"method\":\"org.scmimed.ListDevices\"}",
        SHOW("\"5\""),
    };
    char *whole, *reply;
    unsigned int nr;
    size_t i;

    (void)state;
    start();
    fake_store_set("/local/domain/5/name", "one");
    request(5, RTC);
    turn();
    for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        whole = methods_call(manager, calls[i], NULL);
        assert_non_null(whole);
        json_set_alloc_funcs(failing_malloc, free);
        if (__lsan_disable)
            __lsan_disable();
        nr = 0;
        do {
            failing = ++nr;
            allocations = 0;
            was_short = false;
            reply = methods_call(manager, calls[i], NULL);
            failing = 0;
            check_reply(reply, whole);
            free(reply);
        } while (was_short);
        if (__lsan_enable)
            __lsan_enable();
        json_set_alloc_funcs(malloc, free);
        assert_true(nr > 20);
        free(whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_method_calls, setup, teardown),
        cmocka_unit_test_setup_teardown(test_method_monitor, setup, teardown),
        cmocka_unit_test_setup_teardown(test_method_lists, setup, teardown),
        cmocka_unit_test_setup_teardown(test_show_domain, setup, teardown),
        cmocka_unit_test_setup_teardown(test_without_memory, setup, teardown),
    };

    return cmocka_run_group_tests_name("daemon methods", tests, NULL, NULL);
}
