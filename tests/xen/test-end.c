/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of a domain's time as an agent: nothing outlives it. */

#include "world.h"

static void test_destroy(void **state)
{
    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(world_permit(1, 10, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(world_permit(1, 11, SCMI_MED_ALLOW, NULL), 0);
    harness_domains[1].is_dying = 1;
    /* Its devices may still write into the page: this is for its teardown. */
    assert_int_equal(world_release(1), -ESRCH);
    assert_int_equal(world_agent(3).flags, SCMI_MED_AGENT_BOUND);
    scmi_med_domain_destroy(&harness_domains[1]);
    assert_false(harness_domains[1].crashed);
    assert_int_equal(firmware.devices[3], 0);
    assert_null(harness_domains[1].arch.scmi_agent);
    scmi_med_domain_destroy(&harness_domains[1]);
    assert_int_equal(world_assign(2, 3), 0);
}

/* Each fault of each message of a teardown: quarantined, and cleared later. */
static void test_quarantine(void **state)
{
    static const uint32_t messages[] = { 0x9, 0xb };
    enum firmware_fault fault;
    unsigned int i, before;

    for (i = 0; i < ARRAY_SIZE(messages); i++)
        for (fault = FIRMWARE_SMC_ERROR; fault <= FIRMWARE_DENIES; fault++) {
            world_setup(state);
            assert_int_equal(world_assign(1, 3), 0);
            assert_int_equal(world_permit(1, 10, SCMI_MED_ALLOW, NULL), 0);
            assert_int_equal(world_permit(1, 11, SCMI_MED_ALLOW, NULL), 0);
            firmware.fault = fault;
            firmware.faulty_message = messages[i];
            before = firmware.trusted_calls;
            scmi_med_domain_destroy(&harness_domains[1]);
            assert_true(firmware.trusted_calls - before <= 4);
            assert_null(harness_domains[1].arch.scmi_agent);
            assert_int_equal(world_agent(3).flags, SCMI_MED_AGENT_QUARANTINED);
            assert_int_equal(world_assign(2, 3), -ENOTEMPTY);
            assert_int_equal(world_reset_agent(3), -EIO);
            firmware.fault = FIRMWARE_OK;
            world_page(TRUSTED)[1] = 1;     /* a silent one comes back */
            assert_int_equal(world_reset_agent(3), 0);
            assert_int_equal(world_agent(3).flags, 0);
            assert_int_equal(world_agent(3).nr_devices, 0);
            assert_int_equal(world_assign(2, 3), 0);
        }
}

/* Firmware that says no to one device still takes back all it can. */
static void test_one_refused(void **state)
{
    struct scmi_med_op op = { .domid = 1 };
    uint32_t device;

    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    for (device = 10; device < 13; device++)
        assert_int_equal(world_permit(1, device, SCMI_MED_ALLOW, NULL), 0);
    firmware.fault = FIRMWARE_DENIES;
    firmware.faulty_message = 0x9;
    firmware.skip = 1;
    assert_int_equal(world_op(SCMI_MED_OP_release, &op), -EIO);
    assert_int_equal(op.scmi_status, -3);
    assert_int_equal(firmware.devices[3], 0);
    assert_int_equal(world_agent(3).flags, SCMI_MED_AGENT_QUARANTINED);
    assert_int_equal(world_agent(3).nr_devices, 2);
    firmware.fault = FIRMWARE_OK;
    assert_int_equal(world_reset_agent(3), 0);
    assert_int_equal(world_agent(3).nr_devices, 0);
}

static void test_without_reset(void **state)
{
    (void)state;
    world_reset();
    firmware.missing = 1U << 0xb;
    world_boot();
    world_domain(1);
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(world_permit(1, 10, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(world_release(1), 0);
    assert_int_equal(world_agent(3).flags, 0);
    assert_int_equal(firmware.devices[3], 0);
}

static void test_without_permissions(void **state)
{
    (void)state;
    world_reset();
    firmware.missing = 1U << 0x9;
    world_boot();
    world_domain(1);
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(world_permit(1, 10, SCMI_MED_ALLOW, NULL), -ENODEV);
    assert_int_equal(world_agent(3).nr_devices, 0);
    assert_int_equal(world_release(1), 0);
}

/* A running domain that keeps the page must not go on with it. */
static void test_release_fails(void **state)
{
    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    harness_domains[1].unmap_rc = -ENOMEM;
    assert_int_equal(world_release(1), 0);
    assert_true(harness_domains[1].crashed);
}

static void test_reset_refused(void **state)
{
    (void)state;
    assert_int_equal(world_reset_agent(99), -ENOENT);
    assert_int_equal(world_reset_agent(1), -EACCES);
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(world_reset_agent(3), -EBUSY);
    assert_int_equal(world_reset_agent(4), 0);
}

static void test_release_hwdom(void **state)
{
    (void)state;
    assert_int_equal(world_release(0), -EACCES);
    assert_int_equal(world_agent(1).flags, SCMI_MED_AGENT_HWDOM | SCMI_MED_AGENT_BOUND);
}

/* The last owner broke the channel for good, or it is somebody else's now. */
static void test_dead_channel(void **state)
{
    (void)state;
    assert_int_equal(world_assign(1, 5), 0);
    firmware.fault = FIRMWARE_SILENT;
    firmware.faulty_message = 0x7;
    assert_int_equal(world_release(1), -EIO);
    assert_int_equal(world_agent(5).flags, SCMI_MED_AGENT_QUARANTINED);
    /* Who is busy for ever does not work, nor say who it is. */
    firmware.fault = FIRMWARE_BUSY;
    assert_int_equal(world_reset_agent(5), -EIO);
    firmware.fault = FIRMWARE_OK;
    firmware.odd_id = 7;
    assert_int_equal(world_reset_agent(5), -EIO);
    firmware.odd_id = 0;
    assert_int_equal(world_reset_agent(5), 0);
    assert_int_equal(world_agent(5).flags, 0);
}

/* Many devices to deny, and other work to do: in steps. */
static void test_preempted(void **state)
{
    struct domain *d = &harness_domains[1];
    unsigned int steps = 0;

    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(world_permit(1, 10, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(world_permit(1, 11, SCMI_MED_ALLOW, NULL), 0);
    d->is_dying = 1;
    world_preempt = 1;
    assert_int_equal(scmi_med_domain_destroy(d), -ERESTART);
    /* Half done: nobody gets the agent, nobody can call as it. */
    assert_int_equal(world_agent(3).flags, SCMI_MED_AGENT_BOUND | SCMI_MED_AGENT_QUARANTINED);
    assert_int_equal(world_agent(3).nr_devices, 1);
    world_guest_call(1, false);
    assert_int_equal(world_assign(2, 3), -EBUSY);
    assert_int_equal(world_reset_agent(3), -EBUSY);
    world_preempt = 1000;
    while (scmi_med_domain_destroy(d) == -ERESTART)
        steps++;
    assert_int_equal(steps, 1);
    world_preempt = 0;
    assert_int_equal(world_agent(3).flags, 0);
    assert_int_equal(firmware.devices[3], 0);
    assert_int_equal(world_assign(2, 3), 0);
    /* The hypercall goes on by itself. */
    assert_int_equal(world_permit(2, 10, SCMI_MED_ALLOW, NULL), 0);
    world_preempt = 1;
    assert_int_equal(world_release(2), 0);
    assert_int_equal(world_preempt, 0);
    assert_int_equal(world_agent(3).flags, 0);
}

static void test_destroy_without_mediation(void **state)
{
    (void)state;
    scmi_med.function_id = 0;
    assert_int_equal(scmi_med_domain_destroy(&harness_domains[1]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_destroy, world_setup),
        cmocka_unit_test_setup(test_quarantine, world_setup),
        cmocka_unit_test_setup(test_one_refused, world_setup),
        cmocka_unit_test_setup(test_without_reset, world_setup),
        cmocka_unit_test_setup(test_without_permissions, world_setup),
        cmocka_unit_test_setup(test_release_fails, world_setup),
        cmocka_unit_test_setup(test_reset_refused, world_setup),
        cmocka_unit_test_setup(test_release_hwdom, world_setup),
        cmocka_unit_test_setup(test_dead_channel, world_setup),
        cmocka_unit_test_setup(test_preempted, world_setup),
        cmocka_unit_test_setup(test_destroy_without_mediation, world_setup),
    };
    int failed = cmocka_run_group_tests_name("xen-end", tests, NULL, NULL);

    world_reset();
    tree_free();
    return failed;
}
