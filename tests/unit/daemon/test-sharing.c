/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests for devices that share something with devices of others, and what
 * the policy says about requests.
 */

#include "daemon/admission/create.h"
#include "daemon/admission/rules.h"
#include "daemon/log.h"
#include "tests/unit/daemon/request-fixture.h"
#include "tests/unit/tree-fixture.h"

#define CLOCKS "/firmware/scmi/protocol@14"

static struct backends backends;
static struct policy policy;

static int setup(void **state)
{
    static char file[ROOM];
    FILE *f = fopen(BOARD_DTB, "rb");

    (void)state;
    if (!f || !fread(file, 1, sizeof(file), f) ||
        fdt_open_into(file, fdt, ROOM))
        return -1;
    fclose(f);
    /* Agents: Dom0's with device 12, the trusted one, three for guests. */
    reset_models(5);
    log_set_sink(ignore_log);
    backends.tree = &tree;
    backends.policy = NULL;
    return parse() || hyp_open(&backends.hyp) || store_open(&backends.store);
}

static int teardown(void **state)
{
    (void)state;
    hyp_close(backends.hyp);
    store_close(backends.store);
    policy_done(&policy);
    host_tree_done(&tree);
    fake_store_reset();
    log_set_sink(NULL);
    return 0;
}

static void use_policy(const char *text)
{
    policy_done(&policy);
    assert_int_equal(policy_parse("p.conf", text, strlen(text), &policy, &why),
                     0);
    backends.policy = &policy;
}

/* Requests devices, or none (NULL); returns the state of the reply. */
static const char *ask(uint32_t domid, const char *name, const char *device,
                       const char *second)
{
    put_request(domid, name, device, second);
    assert_int_equal(create_serve(&backends, domid), 0);
    return get(domid, "state");
}

/* The device uses only this clock. */
static void use_clock(const char *path, uint32_t clock)
{
    set_cells(path, "clocks", 2, phandle_of(CLOCKS), clock);
    assert_int_equal(parse(), 0);
}

static void test_apart(void **state)
{
    (void)state;
    assert_string_equal(ask(1, "one", RTC, NULL), "granted");
    assert_string_equal(ask(2, "two", GPIO, NULL), "granted");
}

static void test_shared(void **state)
{
    (void)state;
    use_clock(GPIO, 1);
    assert_string_equal(ask(1, "one", RTC, NULL), "granted");
    assert_string_equal(ask(2, "two", GPIO, NULL), "refused");
    assert_string_equal(get(2, "error"), "device \"" GPIO "\" shares clock 1 "
        "(protocol 0x14, \"apb_pclk\") with \"" RTC "\", which domain 1 (one) "
        "has: each could change it under the other; if that is acceptable, "
        "put \"allow clock 1\" into /etc/scmi-med/policy.conf and run "
        "\"systemctl reload scmi-medd\"");
    assert_null(fake_table_agent_of(&fake_table, 2));

    use_policy("allow clock 2\nallow reset 1\nallow power-domain 1\n");
    assert_string_equal(ask(2, "two", GPIO, NULL), "refused");
    use_policy("allow clock 1\n");
    assert_string_equal(ask(2, "two", GPIO, NULL), "granted");
}

static void test_end_of_sharing(void **state)
{
    (void)state;
    use_clock(GPIO, 1);
    /* One domain may have both. */
    assert_string_equal(ask(1, "one", RTC, GPIO), "granted");
    fake_table_kill(&fake_table, 1);
    assert_string_equal(ask(2, "two", RTC, NULL), "granted");
    /* Its agent is quarantined: no domain uses it. */
    fake_table.release_fails = true;
    fake_table_kill(&fake_table, 2);
    assert_string_equal(ask(3, "three", GPIO, NULL), "granted");
}

static void test_all_at_once(void **state)
{
    (void)state;
    use_clock(GPIO, 1);
    set_cells(GPIO, "resets", 2, phandle_of("/firmware/scmi/protocol@16"), 1);
    set_cells(GPIO, "power-domains", 2,
              phandle_of("/firmware/scmi/protocol@11"), 1);
    assert_int_equal(parse(), 0);
    assert_string_equal(ask(1, "one", RTC, NULL), "granted");
    use_policy("allow clock 7");
    assert_string_equal(ask(2, "two", GPIO, NULL), "refused");
    assert_refusal(2, "\"allow clock 1\"");
    assert_refusal(2, "\"allow power-domain 1\"");
    assert_refusal(2, "\"allow reset 1\"");
    assert_refusal(2, "policy.conf, also \"");
    assert_refusal(2, "\", and run");
    use_policy("allow clock 1\nallow reset 1");
    assert_string_equal(ask(2, "two", GPIO, NULL), "refused");
    assert_refusal(2, "shares power domain 1 (protocol 0x11) with");
    assert_null(strstr(get(2, "error"), "also"));
    use_policy("allow clock 1\nallow reset 1\nallow power-domain 1");
    assert_string_equal(ask(2, "two", GPIO, NULL), "granted");
}

static void test_long_list(void **state)
{
    fdt32_t cells[200];
    uint32_t phandle = phandle_of(CLOCKS);
    unsigned int i;

    (void)state;
    for (i = 0; i < 100; i++) {
        cells[2 * i] = cpu_to_fdt32(phandle);
        cells[2 * i + 1] = cpu_to_fdt32(1000 + i);
    }
    set(RTC, "clocks", cells, sizeof(cells));
    set(GPIO, "clocks", cells, sizeof(cells));
    assert_int_equal(parse(), 0);
    assert_string_equal(ask(1, "one", RTC, NULL), "granted");
    assert_string_equal(ask(2, "two", GPIO, NULL), "refused");
    assert_refusal(2, "\"allow clock 1000\" into");
    assert_refusal(2, "also \"allow clock 1001\", \"allow clock 1002\"");
    assert_refusal(2, ", and more, and run");
}

static void test_dom0(void **state)
{
    (void)state;
    /* Its agent has it, ... */
    use_clock(DISK, 1);
    assert_string_equal(ask(1, "one", RTC, NULL), "refused");
    assert_refusal(1, "clock 1 (protocol 0x14, \"apb_pclk\") with \"" DISK
                 "\", which Dom0 keeps");
    use_policy("allow clock 1");
    assert_string_equal(ask(1, "one", RTC, NULL), "granted");
    fake_table_kill(&fake_table, 1);
    backends.policy = NULL;
    /* ... or nobody, but Dom0 drives it. */
    unset(DISK, "access-controllers");
    assert_int_equal(parse(), 0);
    assert_string_equal(ask(2, "two", RTC, NULL), "refused");
    assert_refusal(2, "Dom0 keeps");
    set_string(DISK, "status", "disabled");
    assert_int_equal(parse(), 0);
    assert_string_equal(ask(2, "two", RTC, NULL), "granted");
    fake_table_kill(&fake_table, 2);
    unset(DISK, "status");
    set(DISK, "xen,passthrough", "", 0);
    assert_int_equal(parse(), 0);
    assert_string_equal(ask(3, "three", RTC, NULL), "granted");
}

/* Several nodes with one id are one device to the firmware. */
static void test_one_device(void **state)
{
    (void)state;
    use_clock(GPIO, 1);
    set_cells(GPIO, "access-controllers", 2, phandle_of(
              "/chosen/xen/xen_scmi_config/scmi"), 10);
    assert_int_equal(parse(), 0);
    assert_string_equal(ask(1, "one", RTC, NULL), "granted");
    assert_string_equal(ask(2, "two", GPIO, NULL), "refused");
    assert_refusal(2, "is held by domain 1 (one)");
    fake_table_kill(&fake_table, 1);
    unset(GPIO, "xen,passthrough");
    assert_int_equal(parse(), 0);
    assert_string_equal(ask(3, "three", RTC, NULL), "granted");
}

static void test_forbidden(void **state)
{
    (void)state;
    use_policy("\nforbid " RTC "\n");
    assert_string_equal(ask(1, "one", GPIO, RTC), "refused");
    assert_refusal(1, "device \"" RTC "\" is forbidden to guests: p.conf:2 says "
                 "\"forbid " RTC "\"");
    assert_null(fake_table_agent_of(&fake_table, 1));
    assert_string_equal(ask(2, "two", GPIO, NULL), "granted");
    /* Also a device that does not use SCMI. */
    use_policy("forbid /chosen");
    assert_string_equal(ask(3, "three", "/chosen/xen", NULL), "refused");
    assert_refusal(3, "is forbidden");
}

static void test_pinned(void **state)
{
    (void)state;
    use_policy("pin web 4\npin db 5\n");
    assert_string_equal(ask(1, "web", RTC, NULL), "granted");
    assert_string_equal(get(1, "agent"), "4");
    /* A second domain of this name gets no other agent. */
    assert_string_equal(ask(2, "web", NULL, NULL), "refused");
    assert_refusal(2, "p.conf:1 pins domain \"web\" to SCMI agent 4, which is in "
                 "use by another domain");
    /* A domain without a pin gets no pinned agent. */
    assert_string_equal(ask(3, "other", NULL, NULL), "granted");
    assert_string_equal(get(3, "agent"), "3");
    assert_string_equal(ask(4, "more", NULL, NULL), "refused");
    assert_refusal(4, "no SCMI agent is free but 1 that p.conf pins");
    assert_string_equal(ask(5, "db", GPIO, NULL), "granted");
    assert_string_equal(get(5, "agent"), "5");
    assert_string_equal(ask(6, "more", NULL, NULL), "refused");
    assert_refusal(6, "all 3 SCMI agents for guests are in use");
}

/* A name that cannot be read is an error, not a domain without a pin. */
static void test_pinned_unread(void **state)
{
    (void)state;
    use_policy("pin web 4\n");
    fake_store_set("/local/domain/1/name", "web");
    put(1, "version", "1");
    put(1, "state", "requested");
    /* The call after the one that reads the state. */
    fake_fault_fail(1, -ENOMEM);
    assert_int_equal(create_serve(&backends, 1), -ENOMEM);
    assert_string_equal(get(1, "state"), "requested");
    fake_fault_reset();
    assert_int_equal(create_serve(&backends, 1), 0);
    assert_string_equal(get(1, "agent"), "4");
}

static void test_pinned_quarantined(void **state)
{
    (void)state;
    use_policy("pin web 4\n");
    assert_string_equal(ask(1, "web", RTC, NULL), "granted");
    fake_table.release_fails = true;
    fake_table_kill(&fake_table, 1);
    assert_string_equal(ask(2, "web", NULL, NULL), "refused");
    assert_refusal(2, "to SCMI agent 4, which is quarantined");
    fake_table.release_fails = false;
    assert_string_equal(ask(3, "web", NULL, NULL), "granted");
    assert_string_equal(get(3, "agent"), "4");
}

static void test_agents(void **state)
{
    struct agents agents;

    (void)state;
    assert_int_equal(agents_read(backends.hyp, &agents), 0);
    use_policy("pin web 5");
    assert_int_equal(rules_check_pins(&policy, &agents, &why), 0);
    use_policy("pin web 3\npin db 6");
    assert_int_equal(rules_check_pins(&policy, &agents, &why), -EINVAL);
    assert_non_null(strstr(why.text, "p.conf:2: there is no agent 6: choose"));
    use_policy("pin web 2");
    assert_int_equal(rules_check_pins(&policy, &agents, &why), -EINVAL);
    assert_non_null(strstr(why.text, "p.conf:1: guests cannot have agent 2"));
    use_policy("pin web 1");
    assert_int_equal(rules_check_pins(&policy, &agents, &why), -EINVAL);
    agents_done(&agents);
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(test_apart), test(test_shared), test(test_end_of_sharing),
        test(test_all_at_once), test(test_long_list), test(test_dom0),
        test(test_one_device), test(test_forbidden), test(test_pinned),
        test(test_pinned_unread), test(test_pinned_quarantined),
        test(test_agents),
    };

    return cmocka_run_group_tests_name("daemon sharing", tests, NULL, NULL);
}
