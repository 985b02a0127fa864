/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Quarantined agents: never given out, their devices not either, until the
 * firmware confirms their reset; and grants of which even the rollback fails.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/admission/create.h"
#include "daemon/log.h"
#include "daemon/xen/agents.h"
#include "tests/unit/daemon/request-fixture.h"

static struct backends backends;
static struct host_tree tree;

static int setup(void **state)
{
    struct reason why;

    (void)state;
    /* Agents: Dom0's, the trusted one, two for guests. */
    reset_models(4);
    log_set_sink(ignore_log);
    backends.tree = &tree;
    backends.sysfs = "/nonexistent";
    return host_tree_read(BOARD_DTB, &tree, &why) || hyp_open(&backends.hyp) ||
           store_open(&backends.store);
}

static int teardown(void **state)
{
    (void)state;
    hyp_close(backends.hyp);
    store_close(backends.store);
    host_tree_done(&tree);
    fake_store_reset();
    log_set_sink(NULL);
    return 0;
}

/* Requests a device, or none; returns the state of the reply. */
static const char *ask(uint32_t domid, const char *device)
{
    put_request(domid, NULL, device, NULL);
    assert_int_equal(create_serve(&backends, domid), 0);
    return get(domid, "state");
}

static void test_quarantined_device(void **state)
{
    (void)state;
    assert_string_equal(ask(1, RTC), "granted");
    fake_table.release_fails = true;
    fake_table_kill(&fake_table, 1);

    /* This device may still be permitted; the other one is free. */
    assert_string_equal(ask(2, RTC), "refused");
    assert_refusal(2, RTC);
    assert_refusal(2, "agent 3, which is quarantined");
    assert_string_equal(ask(3, GPIO), "granted");
    assert_string_equal(get(3, "agent"), "4");

    /* When the firmware confirms, the daemon lifts the quarantine. */
    fake_table.release_fails = false;
    assert_string_equal(ask(4, RTC), "granted");
    assert_string_equal(get(4, "agent"), "3");
    assert_int_equal(fake_table_agent_of(&fake_table, 4)->nr_devices, 1);
}

static void test_quarantined_agents(void **state)
{
    (void)state;
    assert_string_equal(ask(1, NULL), "granted");
    assert_string_equal(ask(2, NULL), "granted");
    fake_table.release_fails = true;
    fake_table_kill(&fake_table, 1);

    assert_string_equal(ask(3, NULL), "refused");
    assert_refusal(3, "all 2 SCMI agents");
    assert_refusal(3, "1 by domains, 1 quarantined");
    fake_table.release_fails = false;
    assert_string_equal(ask(4, NULL), "granted");
    assert_string_equal(get(4, "agent"), "3");
}

static void test_rollback_fails(void **state)
{
    (void)state;
    /* The firmware refuses the device, and does not confirm the reset. */
    fake_table.refused_device = 10;
    fake_table.release_fails = true;
    assert_string_equal(ask(1, RTC), "refused");
    assert_refusal(1, "NOT_FOUND");
    assert_refusal(1, "SCMI agent 3 is quarantined now");
    assert_null(fake_table_agent_of(&fake_table, 1));

    /* The next domain gets the next agent. */
    assert_string_equal(ask(2, GPIO), "granted");
    assert_string_equal(get(2, "agent"), "4");
}

static void steal_agent(void)
{
    struct fake_agent *agent = &fake_table.agents[2];

    agent->flags |= SCMI_MED_AGENT_QUARANTINED;
    fake_hyp_before_assign = NULL;
}

static void test_agent_lost_meanwhile(void **state)
{
    (void)state;
    fake_hyp_before_assign = steal_agent;
    assert_string_equal(ask(1, RTC), "granted");
    assert_string_equal(get(1, "agent"), "4");
}

static void ask_again(void)
{
    fake_hyp_before_assign = NULL;
    fake_store_set("/libxl/1/scmi/device/0/path", GPIO);
}

static void test_asked_again(void **state)
{
    const struct fake_agent *agent;

    (void)state;
    /* The plugin timed out, and requests another device meanwhile. */
    fake_hyp_before_assign = ask_again;
    assert_string_equal(ask(1, RTC), "granted");
    assert_string_equal(get(1, "device/0/clocks"), "0x14:2");
    agent = fake_table_agent_of(&fake_table, 1);
    assert_int_equal(agent->nr_devices, 1);
    assert_int_equal(agent->devices[0], 11);
}

static void change_something(void)
{
    fake_store_set("/libxl/2/type", "pvh");
}

static void test_faster_writer(void **state)
{
    (void)state;
    fake_store_before_commit = change_something;
    assert_string_equal(ask(1, RTC), "granted");
    assert_string_equal(get(1, "agent"), "3");
}

static void test_many_devices(void **state)
{
    struct fake_agent *agent = &fake_table.agents[2];
    struct agents agents;
    uint32_t i;

    (void)state;
    /* More than one window of the table. */
    agent->nr_devices = SCMI_MED_MAX_DEVICES;
    for (i = 0; i < agent->nr_devices; i++)
        agent->devices[i] = 1000 + i;
    assert_int_equal(agents_read(backends.hyp, &agents), 0);
    assert_int_equal(agents.agents[2].nr_device_ids, SCMI_MED_MAX_DEVICES);
    for (i = 0; i < agent->nr_devices; i++)
        assert_true(agent_has_device(&agents.agents[2], 1000 + i));
    agents_done(&agents);

    /* Implausible values from Xen are errors. */
    agent->nr_devices = SCMI_MED_MAX_DEVICES + 1;
    assert_int_equal(agents_read(backends.hyp, &agents), -EPROTO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_quarantined_device, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_quarantined_agents, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_rollback_fails, setup, teardown),
        cmocka_unit_test_setup_teardown(test_agent_lost_meanwhile, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_asked_again, setup, teardown),
        cmocka_unit_test_setup_teardown(test_faster_writer, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many_devices, setup, teardown),
    };

    return cmocka_run_group_tests_name("daemon grant", tests, NULL, NULL);
}
