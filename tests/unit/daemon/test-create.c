/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests from xenstore to answers, with Xen and xenstore as models in
 * memory: what is granted and refused, what fails half way, and a daemon that
 * is killed before each of its steps.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/admission/create.h"
#include "tests/unit/daemon/request-fixture.h"

#define NR_AGENTS 16

static struct backends backends;
static struct host_tree tree;

static void open_backends(void)
{
    assert_int_equal(hyp_open(&backends.hyp), 0);
    assert_int_equal(store_open(&backends.store), 0);
}

static void close_backends(void)
{
    hyp_close(backends.hyp);
    store_close(backends.store);
}

static int setup(void **state)
{
    struct reason why;

    (void)state;
    reset_models(NR_AGENTS);
    assert_int_equal(host_tree_read(BOARD_DTB, &tree, &why), 0);
    backends.tree = &tree;
    backends.sysfs = "/nonexistent";
    open_backends();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    assert_int_equal(fake_store_open_transactions(), 0);
    close_backends();
    host_tree_done(&tree);
    return 0;
}

static void request(uint32_t domid, const char *first, const char *second)
{
    char name[16];

    snprintf(name, sizeof(name), "dom-%u", domid);
    put_request(domid, name, first, second);
}

static bool has(unsigned int domid, uint32_t device_id)
{
    const struct fake_agent *agent = fake_table_agent_of(&fake_table, domid);

    return agent && fake_table_has_device(agent, device_id);
}

static void expect_refused(unsigned int domid, const char *word)
{
    assert_string_equal(get(domid, "state"), "refused");
    assert_refusal(domid, word);
    assert_null(fake_table_agent_of(&fake_table, domid));
}

static void test_granted(void **state)
{
    (void)state;
    request(1, RTC, GPIO);
    assert_int_equal(create_serve(&backends, 1), 0);
    assert_string_equal(get(1, "state"), "granted");
    assert_string_equal(get(1, "agent"), "3");
    assert_string_equal(get(1, "frame"), "0x22001");
    assert_string_equal(get(1, "protocols"), "0x11 0x14 0x16");
    assert_string_equal(get(1, "device/0/clocks"), "0x14:1");
    assert_string_equal(get(1, "device/0/clock-names"), "apb_pclk ");
    assert_string_equal(get(1, "device/1/resets"), "0x16:2");
    assert_null(get(1, "device/1/reset-names"));
    assert_true(has(1, 10) && has(1, 11));
    /* A request that has its reply is not served again. */
    assert_int_equal(create_serve(&backends, 1), 0);
    assert_string_equal(get(1, "agent"), "3");
}

static void test_no_devices(void **state)
{
    (void)state;
    request(1, NULL, NULL);
    assert_int_equal(create_serve(&backends, 1), 0);
    assert_string_equal(get(1, "agent"), "3");
    assert_int_equal(fake_table_agent_of(&fake_table, 1)->nr_devices, 0);
    /* A domain whose device does not use SCMI gets no agent. */
    request(2, "/firmware", NULL);
    assert_int_equal(create_serve(&backends, 2), 0);
    assert_string_equal(get(2, "state"), "granted");
    assert_null(get(2, "agent"));
    assert_null(fake_table_agent_of(&fake_table, 2));
}

static void test_conflicts(void **state)
{
    (void)state;
    request(1, RTC, NULL);
    create_serve(&backends, 1);
    request(2, GPIO, RTC);
    create_serve(&backends, 2);
    expect_refused(2, RTC);
    expect_refused(2, "dom-1");
    assert_true(has(1, 10));
    /* Dom0 hands over a device without a driver. */
    request(3, DISK, NULL);
    create_serve(&backends, 3);
    assert_string_equal(get(3, "state"), "granted");
    assert_true(has(3, 12) && !has(0, 12));
    request(4, "/nothing@0", NULL);
    create_serve(&backends, 4);
    expect_refused(4, "/nothing@0");
}

static void test_all_agents(void **state)
{
    unsigned int domid;

    (void)state;
    for (domid = 1; domid <= NR_AGENTS - 2; domid++) {
        request(domid, NULL, NULL);
        create_serve(&backends, domid);
        assert_string_equal(get(domid, "state"), "granted");
    }
    request(domid, NULL, NULL);
    create_serve(&backends, domid);
    expect_refused(domid, "all 14 SCMI agents");
    fake_table_kill(&fake_table, 5);
    request(domid, NULL, NULL);
    create_serve(&backends, domid);
    assert_string_equal(get(domid, "state"), "granted");
}

static void test_firmware(void **state)
{
    (void)state;
    fake_table.refused_device = 11;
    request(1, RTC, GPIO);
    create_serve(&backends, 1);
    expect_refused(1, GPIO);
    expect_refused(1, "NOT_FOUND");
    fake_table.refused_device = 0;
    fake_table.features &= ~SCMI_MED_FEATURE_DEVICE_PERM;
    request(1, RTC, NULL);
    create_serve(&backends, 1);
    /* Xen itself keeps domains apart. */
    assert_string_equal(get(1, "state"), "granted");
    fake_table_kill(&fake_table, 1);
    fake_table.alive[1] = 1;
    fake_table.features = 0;
    request(1, RTC, NULL);
    create_serve(&backends, 1);
    expect_refused(1, "xl dmesg");
}

static void test_malformed(void **state)
{
    static const struct {
        const char *node, *value;
    } bad[] = {
        { "version", "2" },
        { "version", "" },
        { "device/0/path", "pl031" },
        { "device/0/path", "/a//b" },
        { "device/0/path", "/a/../b" },
        { "device/0/path", "/a\033[31m" },
        { "device/0/path", "" },
        { "device/2/path", RTC },
        { "device/x/path", RTC },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        fake_store_remove("/libxl/1/scmi");
        request(1, RTC, NULL);
        put(1, bad[i].node, bad[i].value);
        put(1, "state", "requested");
        create_serve(&backends, 1);
        expect_refused(1, "");
        assert_true(strlen(get(1, "error")) > 10);
    }
    fake_store_remove("/libxl/1/scmi");
    request(1, RTC, NULL);
    fake_store_set_bytes("/libxl/1/scmi/device/0/path", "/pl\0x", 5);
    put(1, "state", "requested");
    create_serve(&backends, 1);
    expect_refused(1, "");
}

static void withdraw(void)
{
    fake_store_remove("/libxl/1/scmi");
}

static void test_withdrawn(void **state)
{
    (void)state;
    request(1, RTC, NULL);
    fake_hyp_before_assign = withdraw;
    assert_int_equal(create_serve(&backends, 1), 0);
    fake_hyp_before_assign = NULL;
    assert_null(fake_table_agent_of(&fake_table, 1));
    assert_null(fake_store_get("/libxl/1/scmi/state"));
    /* The same between the last read and the commit. */
    request(1, RTC, NULL);
    fake_store_before_commit = withdraw;
    assert_int_equal(create_serve(&backends, 1), 0);
    assert_null(fake_table_agent_of(&fake_table, 1));
}

static void test_domain_dies(void **state)
{
    (void)state;
    request(1, RTC, NULL);
    fake_table.alive[1] = 0;
    create_serve(&backends, 1);
    expect_refused(1, "gone");
}

/* Whichever call fails: refused or granted, nothing in between. */
static void test_failures(void **state)
{
    int step, steps;

    request(1, RTC, GPIO);
    fake_fault_reset();
    create_serve(&backends, 1);
    steps = fake_fault_count();
    assert_true(steps > 10);
    for (step = 0; step < steps; step++) {
        teardown(state);
        setup(state);
        request(1, RTC, GPIO);
        fake_fault_reset();
        fake_fault_fail(step, -ENOMEM);
        create_serve(&backends, 1);
        fake_fault_reset();
        if (!strcmp(get(1, "state"), "granted"))
            assert_true(has(1, 10) && has(1, 11));
        else if (!strcmp(get(1, "state"), "refused"))
            assert_null(fake_table_agent_of(&fake_table, 1));
        /* If it is pending, xl times out and destroys it, and Xen revokes. */
    }
}

/* Killed before each call: the next daemon completes the request. */
static void test_killed(void **state)
{
    int step, steps;

    request(1, RTC, GPIO);
    fake_fault_reset();
    create_serve(&backends, 1);
    steps = fake_fault_count();
    for (step = 0; step < steps; step++) {
        teardown(state);
        setup(state);
        request(1, RTC, GPIO);
        fake_fault_reset();
        fake_fault_cut(step);
        create_serve(&backends, 1);
        close_backends();
        fake_fault_reset();
        open_backends();
        assert_int_equal(create_serve(&backends, 1), 0);
        assert_string_equal(get(1, "state"), "granted");
        assert_true(has(1, 10) && has(1, 11));
        request(2, NULL, NULL);
        create_serve(&backends, 2);
        assert_int_equal(fake_table_agent_of(&fake_table, 2)->nr_devices, 0);
    }
}

/* xenstored commits the reply, and dies before it says so. */
static void commit_unheard(void)
{
    put(1, "state", "granted");
    fake_fault_fail(0, -ENOTCONN);
}

/* The reply was written, but the daemon did not learn so: keep the grant. */
static void test_commit_unheard(void **state)
{
    (void)state;
    request(1, RTC, NULL);
    fake_store_before_commit = commit_unheard;
    assert_int_equal(create_serve(&backends, 1), -ENOTCONN);
    assert_true(has(1, 10));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_granted, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_devices, setup, teardown),
        cmocka_unit_test_setup_teardown(test_conflicts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_all_agents, setup, teardown),
        cmocka_unit_test_setup_teardown(test_firmware, setup, teardown),
        cmocka_unit_test_setup_teardown(test_malformed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_withdrawn, setup, teardown),
        cmocka_unit_test_setup_teardown(test_domain_dies, setup, teardown),
        cmocka_unit_test_setup_teardown(test_failures, setup, teardown),
        cmocka_unit_test_setup_teardown(test_killed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_commit_unheard, setup, teardown),
    };

    return cmocka_run_group_tests_name("daemon create", tests, NULL, NULL);
}
