/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The manager: what it finds when it starts, what it does when something
 * happens, what it says, and why it does not start.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/daemon/manager-fixture.h"


static void assert_logged(const char *text)
{
    if (!strstr(log_text, text))
        fail_msg("\"%s\" is not in the log:\n%s", text, log_text);
}

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

    /* Xen takes the agent before xenstored fires the watch. */
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
    /* More events than one turn handles; most do not concern the daemon. */
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
    /* A daemon was killed: one domain is granted, one half done, ... */
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
    /* ... one whose plugin timed out, and one whose request is new. */
    fake_table.agents[6].flags = SCMI_MED_AGENT_BOUND;
    fake_table.agents[6].domid = 3;
    request(4, NULL);
    /* One is being destroyed, and one is gone, but its request is not. */
    fake_table.agents[7].flags = SCMI_MED_AGENT_BOUND;
    fake_table.agents[7].domid = 6;
    fake_table.dying[6] = 1;
    request(7, DISK);
    fake_table_kill(&fake_table, 7);

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
    assert_logged("domain 6 (?) is being destroyed; it still has agent 8");
    assert_string_equal(get(7, "state"), "refused");
    assert_string_equal(get(7, "error"), "the domain is gone");
    assert_true(fake_table_has_device(&fake_table.agents[0], 12));
    assert_string_equal(status_line, "5 domains, 9 of 14 agents free");
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
    assert_int_equal(manager_exit(manager), EXIT_XENSTORE_GONE);
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
    assert_int_equal(manager_reload(manager, &why), 0);
    assert_logged("again: 3 devices use SCMI");

    assert_int_equal(truncate(copy, 100), 0);
    assert_int_not_equal(manager_reload(manager, &why), 0);
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
    fake_fault_fail(1, -EACCES);
    assert_refused(EXIT_ABI, BOARD_DTB, "libxenctrl");
    fake_fault_reset();
    assert_refused(EXIT_HOST_TREE, "/nonexistent/fdt", "/nonexistent/fdt");
    assert_refused(EXIT_HOST_TREE, "/dev/null", "no valid");
    fake_store_open_rc = -ECONNREFUSED;
    assert_refused(EXIT_XENSTORE, BOARD_DTB, "xen.service");
    fake_store_open_rc = 0;
    fake_fault_fail(2, -ENOTCONN);
    assert_refused(EXIT_XENSTORE, BOARD_DTB, "xen.service");
    fake_fault_reset();
}

/* Shortages pass: systemd restarts the service. */
static void test_lacks_something(void **state)
{
    struct rlimit before, none;

    (void)state;
    fake_hyp_open_rc = -ENOMEM;
    assert_refused(EXIT_FAILURE_OTHER, BOARD_DTB, strerror(ENOMEM));
    fake_hyp_open_rc = 0;
    fake_fault_fail(1, -ENOMEM);
    assert_refused(EXIT_FAILURE_OTHER, BOARD_DTB, strerror(ENOMEM));
    fake_fault_reset();
    fake_fault_fail(0, -ENOMEM);
    assert_refused(EXIT_FAILURE_OTHER, BOARD_DTB, strerror(ENOMEM));
    fake_fault_reset();
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = (struct rlimit){ .rlim_max = before.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    assert_refused(EXIT_FAILURE_OTHER, BOARD_DTB, strerror(EMFILE));
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
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
        cmocka_unit_test_setup_teardown(test_lacks_something, setup, teardown),
    };

    return cmocka_run_group_tests_name("daemon manager", tests, NULL, NULL);
}
