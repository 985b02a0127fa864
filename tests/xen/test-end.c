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
    harness_domains[1].devices_off = true;
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
    static const uint32_t messages[] = { BASE_MESSAGE(0x9), BASE_MESSAGE(0xb) };
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
            harness_domains[1].devices_off = true;
            scmi_med_domain_destroy(&harness_domains[1]);
            assert_true(firmware.trusted_calls - before <= 5);
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
    firmware.faulty_message = BASE_MESSAGE(0x9);
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
    assert_int_equal(world_permit(1, 10, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(world_permit(1, 11, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(world_agent(3).nr_devices, 2);
    assert_int_equal(world_permit(1, 11, 0, NULL), 0);
    assert_int_equal(world_agent(3).nr_devices, 1);
    assert_int_equal(firmware.devices[3], 0);
    assert_int_equal(world_release(1), 0);
    assert_int_equal(world_agent(3).nr_devices, 0);
}

/* A running domain that keeps the page goes on with it as long as it exists. */
static void test_release_fails(void **state)
{
    struct domain *d = &harness_domains[1];

    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    d->unmap_rc = -ENOMEM;
    assert_int_equal(world_release(1), -ENOMEM);
    assert_true(d->crashed);
    assert_int_equal(world_agent(3).flags, SCMI_MED_AGENT_BOUND | SCMI_MED_AGENT_ENDING);
    assert_int_equal(world_assign(2, 3), -EBUSY);
    assert_int_equal(world_message(1, SCMI_CLOCK, 6, 1), WORLD_NOBODY);
    d->is_dying = 1;
    d->devices_off = true;
    assert_int_equal(scmi_med_domain_destroy(d), 0);
    assert_int_equal(world_assign(2, 3), 0);
}

/* One that put something else there has nothing to unmap. */
static void test_release_replaced(void **state)
{
    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    harness_domains[1].mfn = 0x12345;
    assert_int_equal(world_release(1), 0);
    assert_int_equal(harness_domains[1].gfn, FRAME);
    assert_false(harness_domains[1].crashed);
    assert_int_equal(world_agent(3).flags, 0);
}

static void die(void)
{
    harness_domains[1].is_dying = 1;
}

static void dying_before_unmap(struct domain *d)
{
    if (d->domain_id == 1)
        die();
}

/* The domain begins to die while a command takes its agent away. */
static void test_release_races_with_kill(void **state)
{
    struct domain *d = &harness_domains[1];

    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    world_on_unmap = dying_before_unmap;
    assert_int_equal(world_release(1), -ESRCH);
    world_on_unmap = NULL;
    assert_false(d->crashed);
    assert_int_equal(world_agent(3).domid, 1);
    assert_int_equal(world_assign(2, 3), -EBUSY);
    d->devices_off = true;
    assert_int_equal(scmi_med_domain_destroy(d), 0);
    assert_int_equal(world_agent(3).flags, 0);
    assert_int_equal(world_assign(2, 3), 0);
}

/* Nothing new is given to whom it is being taken from. */
static void test_permit_half_released(void **state)
{
    struct scmi_med_op op = { .version = SCMI_MED_VERSION, .domid = 1 };

    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(world_permit(1, 10, SCMI_MED_ALLOW, NULL), 0);
    world_preempt = 1;
    assert_int_equal(do_scmi_med_op(SCMI_MED_OP_release, &op), HARNESS_CONTINUATION);
    assert_int_equal(world_permit(1, 12, SCMI_MED_ALLOW, NULL), -EBUSY);
    assert_int_equal(world_grant(1, SCMI_CLOCK, 0, SCMI_MED_ALLOW), -EBUSY);
    op.u.rate = 5;
    assert_int_equal(world_op(SCMI_MED_OP_set_rate, &op), -EBUSY);
    assert_int_equal(do_scmi_med_op(SCMI_MED_OP_release, &op), 0);
    assert_int_equal(firmware.devices[3], 0);
}

/* What the agent may change is reset first, and then nothing of it is on. */
static void test_order(void **state)
{
    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(world_permit(1, 10, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(world_permit(1, 11, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(world_grant(1, SCMI_CLOCK, 1, SCMI_MED_ALLOW), 0);
    assert_int_equal(world_grant(1, SCMI_RESET, 1, SCMI_MED_ALLOW), 0);
    assert_int_equal(world_message(1, SCMI_CLOCK, 7, 1, 1), 0);
    assert_int_equal(world_message(1, SCMI_RESET, 4, 1, 2, 0), 0);
    assert_int_equal(firmware.asserted, 1U << 1);
    memset(firmware.order, 0, sizeof(firmware.order));
    scmi_med_domain_destroy(&harness_domains[1]);
    assert_string_equal(firmware.order, "rddRi");
    assert_int_equal(firmware.clocks[3] | firmware.asserted, 0);
}

/* What another agent uses, too, is denied before anything is reset. */
static void test_shared_device(void **state)
{
    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(world_assign(2, 4), 0);
    assert_int_equal(world_permit(1, 10, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(world_permit(1, 11, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(world_permit(2, 10, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(world_grant(2, SCMI_RESET, 1, SCMI_MED_ALLOW), 0);
    assert_int_equal(world_message(2, SCMI_RESET, 4, 1, 2, 0), 0);
    memset(firmware.order, 0, sizeof(firmware.order));
    scmi_med_domain_destroy(&harness_domains[1]);
    assert_string_equal(firmware.order, "drdRi");
    assert_int_equal(firmware.asserted, 1U << 1);
    assert_int_equal(firmware.devices[4], 1);
}

/* Each status that is no identity is none. */
static void test_identity(void **state)
{
    enum firmware_fault fault;

    (void)state;
    for (fault = FIRMWARE_SMC_ERROR; fault <= FIRMWARE_NOT_FOUND; fault++) {
        assert_int_equal(world_assign(1, 5), 0);
        firmware.fault = fault;
        firmware.faulty_message = BASE_MESSAGE(0x7);
        assert_int_equal(world_release(1), -EIO);
        assert_int_equal(world_agent(5).flags, SCMI_MED_AGENT_QUARANTINED);
        firmware.fault = FIRMWARE_OK;
        world_page(5)[1] = 1;
        assert_int_equal(world_reset_agent(5), 0);
    }
}

/* A domain without an agent does not wait for anybody. */
static void test_destroy_without_agent(void **state)
{
    (void)state;
    spin_lock(&scmi_med.lock);
    assert_int_equal(scmi_med_domain_destroy(&harness_domains[2]), 0);
    spin_unlock(&scmi_med.lock);
}

/* Firmware that takes a message for its own, and lacks it. */
static void test_lacks_what_it_has(void **state)
{
    (void)state;
    world_reset();
    firmware.missing = 1U << 0xb;
    firmware.says_it_has = true;
    world_boot();
    world_domain(1);
    assert_int_equal(scmi_med.features & SCMI_MED_FEATURE_RESET, 0);
    assert_int_equal(world_agent(3).flags, 0);
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(world_permit(1, 10, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(world_release(1), 0);
    assert_int_equal(firmware.devices[3], 0);
    world_reset();
    firmware.missing = 1U << 0x9;
    firmware.says_it_has = true;
    world_boot();
    world_domain(1);
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(world_permit(1, 10, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(world_permit(1, 11, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(world_agent(3).nr_devices, 2);
    assert_int_equal(world_permit(1, 11, 0, NULL), 0);
    assert_int_equal(world_agent(3).nr_devices, 1);
    assert_int_equal(firmware.devices[3], 0);
    assert_int_equal(world_release(1), 0);
    assert_int_equal(world_agent(3).nr_devices, 0);
}

/* With a reset that permits everything, what is granted is still Xen's to say. */
static void test_reset_permits(void **state)
{
    (void)state;
    world_reset();
    firmware.reset_permits = true;
    world_boot();
    world_domain(1);
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(firmware.devices[3], 7);
    assert_int_equal(world_message(1, SCMI_CLOCK, 7, 1, 1), SCMI_DENIED);
    assert_int_equal(world_release(1), 0);
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
    firmware.faulty_message = BASE_MESSAGE(0x7);
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

/* Many messages, and other work to do: in steps. */
static void test_preempted(void **state)
{
    struct domain *d = &harness_domains[1];
    unsigned int steps = 0;

    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(world_permit(1, 10, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(world_permit(1, 11, SCMI_MED_ALLOW, NULL), 0);
    d->is_dying = 1;
    d->devices_off = true;
    world_preempt = 3;
    assert_int_equal(scmi_med_domain_destroy(d), -ERESTART);
    assert_int_equal(scmi_med_domain_destroy(d), -ERESTART);
    assert_int_equal(scmi_med_domain_destroy(d), -ERESTART);
    /* Half done: nobody gets the agent, nobody can call as it. */
    assert_int_equal(world_agent(3).flags, SCMI_MED_AGENT_BOUND | SCMI_MED_AGENT_ENDING);
    assert_int_equal(world_agent(3).nr_devices, 1);
    assert_int_equal(world_message(1, SCMI_CLOCK, 6, 1), WORLD_NOBODY);
    assert_int_equal(world_assign(2, 3), -EBUSY);
    assert_int_equal(world_reset_agent(3), -EBUSY);
    world_preempt = 1000;
    while (scmi_med_domain_destroy(d) == -ERESTART)
        steps++;
    assert_in_range(steps, 3, 4);
    world_preempt = 0;
    assert_int_equal(world_agent(3).flags, 0);
    assert_int_equal(firmware.devices[3], 0);
    assert_int_equal(world_assign(2, 3), 0);
    /* The hypercall goes on by itself. */
    assert_int_equal(world_permit(2, 10, SCMI_MED_ALLOW, NULL), 0);
    world_preempt = 4;
    assert_int_equal(world_release(2), 0);
    assert_int_equal(world_preempt, 0);
    assert_int_equal(world_agent(3).flags, 0);
    world_preempt = 2;
    assert_int_equal(world_reset_agent(3), 0);
    assert_int_equal(world_preempt, 0);
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
        cmocka_unit_test_setup(test_release_replaced, world_setup),
        cmocka_unit_test_setup(test_release_races_with_kill, world_setup),
        cmocka_unit_test_setup(test_permit_half_released, world_setup),
        cmocka_unit_test_setup(test_order, world_setup),
        cmocka_unit_test_setup(test_shared_device, world_setup),
        cmocka_unit_test_setup(test_identity, world_setup),
        cmocka_unit_test_setup(test_destroy_without_agent, world_setup),
        cmocka_unit_test_setup(test_lacks_what_it_has, world_setup),
        cmocka_unit_test_setup(test_reset_permits, world_setup),
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
