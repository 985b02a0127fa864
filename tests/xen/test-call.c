/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls of domains: who they are made as, how many, and what is counted. */

#include "world.h"

/* The limit at boot. */
#define RATE 10000

static void test_stamping(void **state)
{
    unsigned int i;

    (void)state;
    assert_int_equal(world_assign(1, 7), 0);
    world_guest_call(1, true);
    assert_int_equal(firmware.last[0], FUNCTION_ID(7));
    assert_int_equal(firmware.last[7], 7);
    for (i = 1; i < 7; i++)
        assert_int_equal(firmware.last[i], 0);
}

static void test_param(void **state)
{
    (void)state;
    world_reset();
    tree_set_string(CONTAINER "/scmi", "compatible", "arm,scmi-smc-param");
    world_boot();
    world_domain(1);
    assert_int_equal(world_assign(1, 7), 0);
    world_guest_call(1, true);
    assert_int_equal(firmware.last[1], (PAGES >> 12) + 6);
    assert_int_equal(firmware.last[2], 0);
}

static void test_not_ours(void **state)
{
    register_t regs[8] = { FUNCTION_ID(3) };

    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    /* The agent's real function ID means nothing for a guest. */
    assert_false(world_call(&harness_domains[1], regs));
    assert_int_equal(regs[0], FUNCTION_ID(3));
    /* Only w0 counts. */
    regs[0] = GUEST_FUNCTION_ID | (register_t)0xabcd << 32;
    assert_true(world_call(&harness_domains[1], regs));
    scmi_med.function_id = 0;
    regs[0] = GUEST_FUNCTION_ID;
    assert_false(world_call(&harness_domains[1], regs));
}

static void call_again(void)
{
    firmware.during_call = NULL;
    world_guest_call(1, false);
}

static void test_concurrent_call(void **state)
{
    register_t regs[8] = { GUEST_FUNCTION_ID };

    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    firmware.during_call = call_again;
    assert_true(world_call(&harness_domains[1], regs));
    assert_int_equal(regs[0], 0x5a5a0003);
    assert_int_equal(world_agent(3).calls, 1);
    assert_int_equal(world_agent(3).refused, 1);
    /* Looked up before, taken away since. */
    scmi_med_find_agent(3)->caller = &harness_domains[2];
    world_guest_call(1, false);
    scmi_med_find_agent(3)->caller = NULL;
    world_guest_call(1, false);
}

static void test_counters(void **state)
{
    struct scmi_med_agent before, after;

    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    before = world_agent(3);
    assert_int_equal(before.calls | before.throttled | before.refused | before.last_call, 0);
    assert_int_equal(before.last_error, 0);
    assert_int_equal(before.rate, RATE);
    firmware.result = (uint32_t)-3;
    world_guest_call(1, true);
    firmware.result = 0;
    world_guest_call(1, true);
    after = world_agent(3);
    assert_int_equal(after.calls, 2);
    /* The last result that is no success, and the firmware model has none. */
    assert_int_equal(after.last_error, 0x5a5a0003);
    assert_true(after.last_call > before.now && after.last_call < after.now);
}

static unsigned int calls_until_throttled(void)
{
    unsigned int throttled = world_agent(3).throttled, n;

    for (n = 0; n < 100 * RATE; n++) {
        register_t regs[8] = { GUEST_FUNCTION_ID };

        assert_true(world_call(&harness_domains[1], regs));
        if (world_agent(3).throttled > throttled) {
            assert_int_equal((uint32_t)regs[0], 0xffffffffU);
            return n;
        }
    }
    return n;
}

static long set_rate(uint32_t agent_id, uint32_t rate)
{
    struct scmi_med_op op = { .agent_id = agent_id, .u.rate = rate };

    return world_op(SCMI_MED_OP_set_rate, &op);
}

static void test_rate(void **state)
{
    unsigned int n;

    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    /* A tenth of a second's calls at once, and those that time permits since. */
    n = calls_until_throttled();
    assert_in_range(n, RATE / 10, RATE / 10 + RATE / 10);
    assert_int_equal(world_agent(3).throttled, 1);
    world_guest_call(1, false);
    world_now += 1000000000 / RATE;
    world_guest_call(1, true);
    /* After a long time without calls no more than that. */
    world_now += 1000 * INT64_C(1000000000);
    assert_in_range(calls_until_throttled(), RATE / 10, RATE / 10 + RATE / 10);
}

static void test_set_rate(void **state)
{
    (void)state;
    assert_int_equal(set_rate(99, 1), -ENOENT);
    assert_int_equal(set_rate(3, 0), -EINVAL);
    assert_int_equal(set_rate(3, 1), 0);
    assert_int_equal(world_agent(3).rate, 1);
    assert_int_equal(world_assign(1, 3), 0);
    world_guest_call(1, true);
    world_guest_call(1, false);
    world_now += 1000000000;
    world_guest_call(1, true);
    /* It stays with the agent, and other agents have their own. */
    assert_int_equal(world_release(1), 0);
    assert_int_equal(world_agent(3).rate, 1);
    assert_int_equal(world_agent(4).rate, RATE);
    assert_int_equal(world_assign(1, 4), 0);
    world_guest_call(1, true);
    world_guest_call(1, true);
    /* No limit. */
    assert_int_equal(world_release(1), 0);
    assert_int_equal(set_rate(3, ~0U), 0);
    assert_int_equal(world_assign(1, 3), 0);
    world_now += 1000000000;
    assert_int_equal(calls_until_throttled(), 100 * RATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_stamping, world_setup),
        cmocka_unit_test_setup(test_param, world_setup),
        cmocka_unit_test_setup(test_not_ours, world_setup),
        cmocka_unit_test_setup(test_concurrent_call, world_setup),
        cmocka_unit_test_setup(test_counters, world_setup),
        cmocka_unit_test_setup(test_rate, world_setup),
        cmocka_unit_test_setup(test_set_rate, world_setup),
    };
    int failed = cmocka_run_group_tests_name("xen-call", tests, NULL, NULL);

    world_reset();
    tree_free();
    return failed;
}
