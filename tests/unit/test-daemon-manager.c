/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The manager in a real loop, with Xen and xenstore as models in memory: what
 * it finds when it starts, what it does when something happens, what it says,
 * and why it does not start.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "daemon/log.h"
#include "daemon/manager.h"
#include "daemon/methods.h"
#include "tests/fake/fake-fault.h"
#include "tests/fake/fake-hyp.h"
#include "tests/fake/fake-store.h"

#define RTC "/pl031@9010000"
#define GPIO "/pl061@9030000"
#define NR_AGENTS 16

static struct loop *loop;
static struct manager *manager;
static char status_line[256];
static char log_text[16384];

static void record_log(int priority, const char *message)
{
    size_t len = strlen(log_text);

    (void)priority;
    snprintf(log_text + len, sizeof(log_text) - len, "%s\n", message);
}

static void record_status(void *context, const char *line)
{
    (void)context;
    snprintf(status_line, sizeof(status_line), "%s", line);
}

static enum daemon_exit open_manager(const char *fdt_path, struct reason *why)
{
    const struct manager_config config = {
        .fdt_path = fdt_path, .on_status = record_status,
    };

    return manager_new(loop, &config, &manager, why);
}

static void start(void)
{
    struct reason why;

    assert_int_equal(open_manager(BOARD_DTB, &why), EXIT_DONE);
    manager_start(manager);
}

static int setup(void **state)
{
    (void)state;
    fake_fault_reset();
    fake_store_reset();
    fake_table_init(&fake_table, NR_AGENTS);
    fake_hyp_open_rc = 0;
    fake_hyp_before_assign = NULL;
    manager = NULL;
    status_line[0] = log_text[0] = '\0';
    log_set_sink(record_log);
    loop = loop_new();
    return loop ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    manager_free(manager);
    loop_free(loop);
    log_set_sink(NULL);
    fake_store_reset();
    return 0;
}

static void stop(void *context)
{
    (void)context;
    loop_stop(loop);
}

/* Lets the manager handle all events there are. */
static void turn(void)
{
    struct loop_timer *timer = loop_timer_new(loop, stop, NULL);

    assert_non_null(timer);
    assert_int_equal(loop_timer_start(timer, 10), 0);
    assert_int_equal(loop_run(loop), 0);
    loop_timer_free(timer);
}

static void set(uint32_t domid, const char *node, const char *value)
{
    char path[128];

    snprintf(path, sizeof(path), "/libxl/%u/scmi/%s", domid, node);
    fake_store_set(path, value);
}

static const char *get(uint32_t domid, const char *node)
{
    char path[128];

    snprintf(path, sizeof(path), "/libxl/%u/scmi/%s", domid, node);
    return fake_store_get(path);
}

static void request(uint32_t domid, const char *device)
{
    char path[64], name[32];

    snprintf(path, sizeof(path), "/local/domain/%u/name", domid);
    snprintf(name, sizeof(name), "guest%u", domid);
    fake_store_set(path, name);
    set(domid, "version", "1");
    if (device)
        set(domid, "device/0/path", device);
    set(domid, "state", "requested");
}

static void assert_logged(const char *text)
{
    if (!strstr(log_text, text))
        fail_msg("\"%s\" is not in the log:\n%s", text, log_text);
}

/* ---- Life --------------------------------------------------------------- */

static void test_serves(void **state)
{
    (void)state;
    start();
    assert_string_equal(status_line, "0 domains, 14 of 14 agents free");

    request(5, RTC);
    turn();
    assert_string_equal(get(5, "state"), "granted");
    assert_string_equal(status_line, "1 domain, 13 of 14 agents free");
    assert_logged("domain 5 (guest5): granted agent 3: " RTC);

    /* The domain dies; Xen has taken the agent when xenstored tells. */
    fake_table_kill(&fake_table, 5);
    fake_store_remove("/libxl/5");
    fake_store_fire("@releaseDomain");
    turn();
    assert_string_equal(status_line, "0 domains, 14 of 14 agents free");
    assert_logged("domain 5 (guest5) has lost agent 3, which is reset");

    request(6, RTC);
    turn();
    fake_table.release_fails = true;
    fake_table_kill(&fake_table, 6);
    fake_store_fire("@releaseDomain");
    turn();
    assert_string_equal(status_line,
                        "0 domains, 13 of 14 agents free, 1 quarantined");
    assert_logged("domain 6 (guest6) has lost agent 3, which is quarantined");
}

static void test_many_at_once(void **state)
{
    uint32_t domid;

    (void)state;
    start();
    /* More events than one turn takes, most of them none of our business. */
    for (domid = 1; domid <= 200; domid++)
        fake_store_set("/libxl/1/device/vbd", "x");
    for (domid = 1; domid <= 14; domid++)
        request(domid, NULL);
    turn();
    for (domid = 1; domid <= 14; domid++)
        assert_string_equal(get(domid, "state"), "granted");
    assert_string_equal(status_line, "14 domains, 0 of 14 agents free");
}

static void test_restart(void **state)
{
    struct fake_agent *agent;

    (void)state;
    /* What a daemon that was killed left: one granted, one half done, ... */
    start();
    request(1, RTC);
    turn();
    manager_free(manager);
    manager = NULL;
    request(2, GPIO);
    fake_table.agents[5].flags = SCMI_MED_AGENT_BOUND;
    fake_table.agents[5].domid = 2;
    fake_table.agents[5].devices[0] = 11;
    fake_table.agents[5].nr_devices = 1;
    /* ... one whose plugin gave up, and one that nobody has looked at. */
    fake_table.agents[6].flags = SCMI_MED_AGENT_BOUND;
    fake_table.agents[6].domid = 3;
    request(4, NULL);

    start();
    assert_string_equal(get(1, "agent"), "3");
    assert_true(fake_table_has_device(fake_table_agent_of(&fake_table, 1),
                                      10));
    assert_string_equal(get(2, "state"), "granted");
    agent = fake_table_agent_of(&fake_table, 2);
    assert_non_null(agent);
    assert_int_equal(agent->nr_devices, 1);
    assert_int_equal(agent->devices[0], 11);
    assert_string_equal(get(4, "state"), "granted");
    assert_logged("released agent 6 of an earlier, unfinished grant");
    assert_logged("domain 3 (?) has agent 7 though its request was not");
    assert_string_equal(status_line, "4 domains, 10 of 14 agents free");
    turn();
    assert_null(strstr(log_text, "has lost"));
}

static void test_lost_xenstored(void **state)
{
    (void)state;
    start();
    turn();
    fake_fault_cut(0);
    request(1, NULL);
    assert_int_equal(loop_run(loop), 0);
    assert_int_equal(manager_exit(manager), EXIT_LOST);
    assert_logged("lost xenstored");
    fake_fault_reset();
}

static void test_reload(void **state)
{
    struct reason why;
    char copy[] = "/tmp/scmi-med-test-XXXXXX", command[256];

    (void)state;
    assert_true(mkstemp(copy) >= 0);
    snprintf(command, sizeof(command), "cp %s %s", BOARD_DTB, copy);
    assert_int_equal(system(command), 0);
    assert_int_equal(open_manager(copy, &why), EXIT_DONE);
    manager_start(manager);
    manager_reload(manager);
    assert_logged("again: 3 devices hang on SCMI");

    assert_int_equal(truncate(copy, 100), 0);
    manager_reload(manager);
    assert_logged("keeping what was read before");
    request(1, RTC);
    turn();
    assert_string_equal(get(1, "state"), "granted");
    unlink(copy);
}

static void assert_refused(enum daemon_exit expected, const char *fdt_path,
                           const char *text)
{
    struct reason why;

    assert_int_equal(open_manager(fdt_path, &why), expected);
    assert_null(manager);
    if (!strstr(why.text, text))
        fail_msg("\"%s\" does not say \"%s\"", why.text, text);
}

static void test_does_not_start(void **state)
{
    (void)state;
    fake_hyp_open_rc = -ENODEV;
    assert_refused(EXIT_NO_XEN, BOARD_DTB, "/dev/xen/privcmd");
    fake_hyp_open_rc = 0;
    fake_table.version = 0;
    assert_refused(EXIT_NO_MEDIATOR, BOARD_DTB, "scmi-med patch");
    fake_table.version = SCMI_MED_VERSION + 1;
    assert_refused(EXIT_ABI, BOARD_DTB, "same release");
    fake_table_init(&fake_table, 0);
    assert_refused(EXIT_NO_AGENTS, BOARD_DTB, "xen,sci");
    fake_table_init(&fake_table, NR_AGENTS);
    fake_fault_fail(0, -EPERM);
    assert_refused(EXIT_NO_XEN, BOARD_DTB, "as root");
    fake_fault_reset();
    assert_refused(EXIT_HOST_TREE, "/nonexistent/fdt", "/nonexistent/fdt");
    assert_refused(EXIT_HOST_TREE, "/dev/null", "no valid");
    fake_store_open_rc = -ECONNREFUSED;
    assert_refused(EXIT_XENSTORE, BOARD_DTB, "xen.service");
    fake_store_open_rc = 0;
    fake_fault_fail(1, -ENOTCONN);
    assert_refused(EXIT_XENSTORE, BOARD_DTB, "xen.service");
    fake_fault_reset();
}

/* ---- Methods ------------------------------------------------------------ */

/* Calls a method; the reply's "parameters", or "error" as a string. */
static json_t *call(const char *text)
{
    char *reply = methods_call(manager, text);
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
    assert_null(methods_call(manager, ""));
    assert_null(methods_call(manager, "garbage"));
    assert_null(methods_call(manager, "[]"));
    assert_null(methods_call(manager, "{}"));
    assert_null(methods_call(manager, "{\"method\": 7}"));
    assert_null(methods_call(manager, "{\"method\":\"a\",\"method\":\"b\"}"));
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
                                  "\"oneway\":true}");
    assert_string_equal(reply, "");
    free(reply);
    json = call("{\"method\":\"org.varlink.service.GetInterfaceDescription\","
                "\"parameters\":{\"interface\":\"org.scmimed\"}}");
    assert_non_null(strstr(json_string_value(json_object_get(json,
                                                             "description")),
                           "method ListAgents()"));
    json_decref(json);

    fake_fault_fail(0, -EIO);
    assert_error("{\"method\":\"org.scmimed.ListAgents\"}",
                 "org.scmimed.HypervisorFailed");
    fake_fault_reset();
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_serves, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_restart, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lost_xenstored, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reload, setup, teardown),
        cmocka_unit_test_setup_teardown(test_does_not_start, setup, teardown),
        cmocka_unit_test_setup_teardown(test_method_calls, setup, teardown),
        cmocka_unit_test_setup_teardown(test_method_lists, setup, teardown),
    };

    return cmocka_run_group_tests_name("daemon manager", tests, NULL, NULL);
}
