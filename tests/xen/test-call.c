/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages of domains: as whom they are sent, how many, what becomes of them. */

#include "world.h"

/* The limit of a guest, and what it may send at once. */
#define RATE 10000
#define BURST (RATE * 2 / 5)

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

/* What the page says is the firmware's, and the page that the domain has is not. */
static void test_face(void **state)
{
    uint32_t *page = world_page(3), *face;

    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    face = world_face(1);
    assert_ptr_not_equal(face, page);
    page[50] = 0x5ec4e7;
    face[60] = 0x60;
    assert_int_equal(world_message(1, SCMI_CLOCK, 3, 1), 0);
    assert_int_equal(world_answer[0], 7);
    assert_string_equal((char *)&world_answer[3], "name");
    assert_int_equal(face[50], 0);
    assert_int_equal(page[60], 0);
    /* Nothing of the domain's but the message's own words. */
    assert_int_equal(firmware.words[0] & ~SCMI_HEADER_TOKEN, SCMI_HEADER(SCMI_CLOCK, 3));
    assert_int_equal(firmware.words[1], 1);
}

static void try_page(const uint32_t words[7], int32_t expected)
{
    register_t regs[8] = { GUEST_FUNCTION_ID };
    uint32_t *face = world_face(1);
    unsigned int calls = firmware.calls;

    memcpy(face, words, 7 * 4);
    face[7] = 0x77777777;
    assert_true(world_call(&harness_domains[1], regs));
    assert_int_equal(regs[0], 0);
    assert_int_equal(firmware.calls, calls);
    assert_int_equal(face[1] & 1, 1);
    assert_int_equal((int32_t)face[7], expected);
}

/* No message that is none gets anywhere, and the channel is free after each. */
static void test_malformed(void **state)
{
    const uint32_t header = SCMI_HEADER(SCMI_CLOCK, 3);

    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
#define bad(...) try_page((const uint32_t[7]){ __VA_ARGS__ }, SCMI_PROTOCOL_ERROR)
    bad(0, 2, 0, 0, 0, 8, header);
    bad(0, 0, 0, 0, 0, 0, header);
    bad(0, 0, 0, 0, 0, 3, header);
    bad(0, 0, 0, 0, 0, 9, header);
    bad(0, 0, 0, 0, 0, 100, header);
    bad(0, 0, 0, 0, 0, 0xfffffffc, header);
    bad(0, 0, 0, 0, 0, 8, header | 0x100);
    bad(0, 0, 0, 0, 0, 8, header | 0x80000000);
    assert_int_equal(world_agent(3).refused, 8);
    /* There is no message: what is there stays. */
    try_page((const uint32_t[7]){ 0, 1, 0, 0, 0, 8, header }, 0x77777777);
    assert_int_equal(world_agent(3).refused, 8);
    assert_int_equal(world_message(1, SCMI_CLOCK, 6, 1), 0);
}

/* What the firmware makes of a message, and how the domain learns of it. */
static void test_faults(void **state)
{
    enum firmware_fault fault;

    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    for (fault = FIRMWARE_SMC_ERROR; fault <= FIRMWARE_DENIES; fault++) {
        firmware.fault = fault;
        assert_int_equal(world_message(1, SCMI_CLOCK, 6, 1),
                         fault == FIRMWARE_DENIES ? SCMI_DENIED : SCMI_COMMS_ERROR);
        assert_int_equal(world_answer[0], 1);
        firmware.fault = FIRMWARE_OK;
        /* One that was never answered has the channel, until it is given back. */
        if (fault == FIRMWARE_SILENT)
            assert_int_equal(world_message(1, SCMI_CLOCK, 6, 1), SCMI_COMMS_ERROR);
        world_page(3)[1] = 1;
        assert_int_equal(world_message(1, SCMI_CLOCK, 6, 1), 0);
    }
    assert_int_equal(world_agent(3).last_error, -1);
}

static void test_resources(void **state)
{
    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(world_permit(1, 10, SCMI_MED_ALLOW, NULL), 0);
    /* The firmware would let it. */
    assert_int_equal(world_message(1, SCMI_CLOCK, 7, 1, 1), SCMI_DENIED);
    assert_int_equal(firmware.calls, 0);
    assert_int_equal(world_grant(1, SCMI_CLOCK, 1, SCMI_MED_ALLOW), 0);
    assert_int_equal(world_message(1, SCMI_CLOCK, 7, 1, 1), 0);
    assert_int_equal(firmware.clocks[3], 1U << 1);
    assert_int_equal(world_message(1, SCMI_CLOCK, 3, 1), 0);
    assert_int_equal(world_answer[2], 0x20000001);
    assert_int_equal(world_grant(1, SCMI_CLOCK, 1, 0), 0);
    assert_int_equal(world_message(1, SCMI_CLOCK, 7, 1, 0), SCMI_DENIED);
    assert_int_equal(world_message(1, SCMI_CLOCK, 3, 1), 0);
    assert_int_equal(world_answer[2], 0x20000000);
    assert_int_equal(firmware.clocks[3], 1U << 1);
    /* A whole protocol. */
    assert_int_equal(world_message(1, 0x13, 5, 1, 2, 3), SCMI_NOT_SUPPORTED);
    assert_int_equal(world_grant(1, 0x13, 0, SCMI_MED_ALLOW | SCMI_MED_WHOLE), 0);
    assert_int_equal(world_message(1, 0x13, 5, 1, 2, 3), 0);
    assert_int_equal(world_answer[4], 3);
    /* Nobody but Xen sets permissions. */
    assert_int_equal(world_message(1, SCMI_BASE, 9, 3, 11, 1), SCMI_NOT_SUPPORTED);
    assert_int_equal(world_message(0, SCMI_BASE, 0xb, 3, 1), SCMI_NOT_SUPPORTED);
}

/* Dom0 has what no guest has for itself. */
static void test_dom0(void **state)
{
    (void)state;
    assert_int_equal(world_message(0, SCMI_CLOCK, 7, 0, 1), 0);
    assert_int_equal(world_message(0, SCMI_CLOCK, 7, 1, 1), SCMI_DENIED);
    assert_int_equal(firmware.calls, 2);
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(world_grant(1, SCMI_CLOCK, 0, SCMI_MED_ALLOW | SCMI_MED_SHARE), 0);
    assert_int_equal(world_message(0, SCMI_CLOCK, 7, 0, 0), 0);
    assert_int_equal(world_grant(1, SCMI_CLOCK, 0, SCMI_MED_ALLOW), 0);
    assert_int_equal(world_message(0, SCMI_CLOCK, 7, 0, 0), SCMI_DENIED);
    assert_int_equal(firmware.calls, 3);
    assert_int_equal(world_message(0, SCMI_CLOCK, 6, 0), 0);
    assert_int_equal(world_message(0, 0x13, 1), 0);
    assert_int_equal(world_release(1), 0);
    assert_int_equal(world_message(0, SCMI_CLOCK, 7, 0, 0), 0);
}

static void test_version_3(void **state)
{
    (void)state;
    world_reset();
    firmware.clock_version = 0x30000;
    world_boot();
    world_domain(1);
    assert_int_equal(world_message(0, SCMI_CLOCK, 0), 0);
    assert_int_equal(world_answer[2], 0x30000);
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(world_message(1, SCMI_CLOCK, 0), 0);
    assert_int_equal(world_answer[2], 0x20000);
    assert_int_equal(world_permit(1, 10, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(world_grant(1, SCMI_CLOCK, 1, SCMI_MED_ALLOW), 0);
    /* The firmware takes no other length. */
    assert_int_equal(world_message(1, SCMI_CLOCK, 7, 1, 1), 0);
    assert_int_equal(world_message(1, SCMI_CLOCK, 7, 1, 1, 0), 0);
}

/* What Xen says from what it read at boot. */
static void test_facts(void **state)
{
    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(world_message(1, SCMI_BASE, 0), 0);
    assert_int_equal(world_answer[2], 0x20000);
    assert_int_equal(world_message(1, SCMI_BASE, 3), 0);
    assert_string_equal((char *)&world_answer[2], "vendor");
    assert_int_equal(world_message(1, SCMI_BASE, 4), 0);
    assert_string_equal((char *)&world_answer[2], "sub");
    assert_int_equal(world_message(1, SCMI_BASE, 5), 0);
    assert_int_equal(world_answer[2], 0x1234);
    assert_int_equal(world_message(1, SCMI_BASE, 6, 0), 0);
    assert_int_equal(world_answer[2], 3);
    assert_int_equal(world_answer[3], 0x161411);
    assert_int_equal(world_message(0, SCMI_BASE, 6, 0), 0);
    assert_int_equal(world_answer[3], 0x16141311);
    assert_int_equal(world_message(1, SCMI_POWER, 1), 0);
    assert_int_equal(world_answer[2], 3);
    assert_int_equal(firmware.calls, 0);
}

static void change_words(void)
{
    unsigned int n;

    for (n = 0; n < 32; n++)
        world_face(1)[n] = 0xffffffff;
}

/* Another CPU of the domain's changes the message while it is under way. */
static void test_changed_meanwhile(void **state)
{
    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    firmware.during_call = change_words;
    assert_int_equal(world_message(1, SCMI_CLOCK, 6, 1), 0);
    assert_int_equal(world_answer[0], 3);
    assert_int_equal(firmware.words[1], 1);
}

static void test_taken_away(void **state)
{
    struct scmi_agent *agent = scmi_med_find_agent(3);

    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    agent->domain = &harness_domains[2];
    assert_int_equal(world_message(1, SCMI_CLOCK, 6, 1), WORLD_NOBODY);
    agent->domain = &harness_domains[1];
    agent->life = SCMI_ENDING;
    assert_int_equal(world_message(1, SCMI_CLOCK, 6, 1), WORLD_NOBODY);
    agent->life = SCMI_BOUND;
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
    world_guest_call(1, true);
    assert_int_equal(world_message(1, SCMI_CLOCK, 7, 1, 1), SCMI_DENIED);
    assert_int_equal(world_message(1, SCMI_CLOCK, 0), 0);
    after = world_agent(3);
    assert_int_equal(after.calls, 3);
    assert_int_equal(after.refused, 1);
    assert_true(after.last_call > before.now && after.last_call < after.now);
}

static unsigned int calls_until_throttled(uint16_t domid, uint32_t agent, unsigned int most)
{
    uint64_t throttled = world_agent(agent).throttled;
    unsigned int n;

    for (n = 0; n < most && world_agent(agent).throttled == throttled; n++)
        assert_int_equal(world_message(domid, SCMI_CLOCK, 6, 1), 0);
    return n;
}

static long set_rate(uint32_t domid, uint32_t rate)
{
    struct scmi_med_op op = { .domid = domid, .u.rate = rate };

    return world_op(SCMI_MED_OP_set_rate, &op);
}

static void test_rate(void **state)
{
    s_time_t before;
    unsigned int n;

    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    n = calls_until_throttled(1, 3, 100 * RATE);
    assert_in_range(n, BURST, 2 * BURST);
    /* From then on each waits for its turn, and is answered. */
    assert_int_equal(world_agent(3).throttled, 1);
    before = world_now;
    world_waits = 0;
    for (n = 0; n < 100; n++)
        world_guest_call(1, true);
    assert_in_range(world_now - before, 99 * (1000000000 / RATE), 101 * (1000000000 / RATE));
    assert_in_range(world_waits, 90, 110);
    assert_in_range(world_agent(3).throttled, 90, 110);
    /* What Xen answers itself does not wait. */
    before = world_now;
    for (n = 0; n < 100; n++)
        assert_int_equal(world_message(1, SCMI_CLOCK, 0), 0);
    assert_true(world_now - before < 10 * (1000000000 / RATE));
    /* After a long time without calls no more than that at once. */
    world_now += 1000 * INT64_C(1000000000);
    assert_in_range(calls_until_throttled(1, 3, 100 * RATE), BURST, 2 * BURST);
}

/* One with an interrupt to take does not sleep, and comes back for nothing. */
static void test_interrupted(void **state)
{
    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(set_rate(1, 1), 0);
    world_guest_call(1, true);
    world_waits = 0;
    world_events = 5;
    world_guest_call(1, true);
    assert_int_equal(world_waits, 6);
    assert_int_equal(world_agent(3).throttled, 1);
}

static void test_set_rate(void **state)
{
    (void)state;
    assert_int_equal(set_rate(9, 1), -ESRCH);
    assert_int_equal(set_rate(1, 1), -ENOENT);
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(set_rate(1, 0), -EINVAL);
    assert_int_equal(set_rate(1, 1), 0);
    assert_int_equal(world_agent(3).rate, 1);
    assert_int_equal(calls_until_throttled(1, 3, 10), 2);
    /* It is the domain's: who gets the agent next starts afresh. */
    assert_int_equal(world_release(1), 0);
    assert_int_equal(world_assign(2, 3), 0);
    assert_int_equal(world_agent(3).rate, RATE);
    assert_int_equal(calls_until_throttled(2, 3, 1000), 1000);
    /* So does a limit that is set. */
    assert_int_equal(set_rate(2, 1), 0);
    assert_int_equal(calls_until_throttled(2, 3, 10), 2);
    assert_int_equal(set_rate(2, 1000), 0);
    world_waits = 0;
    world_guest_call(2, true);
    assert_int_equal(world_waits, 0);
    /* No limit. */
    assert_int_equal(set_rate(2, ~0U), 0);
    assert_int_equal(calls_until_throttled(2, 3, 10 * RATE), 10 * RATE);
    /* Dom0 has none, unless somebody wants it. */
    assert_int_equal(calls_until_throttled(0, 1, 10 * RATE), 10 * RATE);
    assert_int_equal(set_rate(0, 1), 0);
    assert_int_equal(calls_until_throttled(0, 1, 10), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_stamping, world_setup),
        cmocka_unit_test_setup(test_param, world_setup),
        cmocka_unit_test_setup(test_not_ours, world_setup),
        cmocka_unit_test_setup(test_face, world_setup),
        cmocka_unit_test_setup(test_malformed, world_setup),
        cmocka_unit_test_setup(test_faults, world_setup),
        cmocka_unit_test_setup(test_resources, world_setup),
        cmocka_unit_test_setup(test_dom0, world_setup),
        cmocka_unit_test_setup(test_version_3, world_setup),
        cmocka_unit_test_setup(test_facts, world_setup),
        cmocka_unit_test_setup(test_changed_meanwhile, world_setup),
        cmocka_unit_test_setup(test_taken_away, world_setup),
        cmocka_unit_test_setup(test_counters, world_setup),
        cmocka_unit_test_setup(test_rate, world_setup),
        cmocka_unit_test_setup(test_interrupted, world_setup),
        cmocka_unit_test_setup(test_set_rate, world_setup),
    };
    int failed = cmocka_run_group_tests_name("xen-call", tests, NULL, NULL);

    world_reset();
    tree_free();
    return failed;
}
