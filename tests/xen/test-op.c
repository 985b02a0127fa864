/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hypercall, calls of domains, and the end of domains. */

#include "world.h"

#define FRAME 0x22001

static int setup(void **state)
{
    (void)state;
    world_reset();
    world_boot();
    world_domain(1);
    world_domain(2);
    return 0;
}

static long assign(uint32_t domid, uint32_t agent_id)
{
    struct scmi_med_op op = {
        .u.assign = { .domid = domid, .agent_id = agent_id, .guest_frame = FRAME },
    };

    return world_op(SCMI_MED_OP_assign, &op);
}

static long release(uint32_t domid)
{
    struct scmi_med_op op = { .u.release.domid = domid };

    return world_op(SCMI_MED_OP_release, &op);
}

static long reset(uint32_t agent_id)
{
    struct scmi_med_op op = { .u.reset.agent_id = agent_id };

    return world_op(SCMI_MED_OP_reset, &op);
}

static long permit(uint32_t domid, uint32_t device_id, uint32_t flags, int32_t *status)
{
    struct scmi_med_op op = {
        .u.device_permission = { .domid = domid, .device_id = device_id, .flags = flags },
    };
    long rc = world_op(SCMI_MED_OP_set_device_permission, &op);

    if (status)
        *status = op.u.device_permission.scmi_status;
    return rc;
}

static struct scmi_med_agent agent(uint32_t agent_id)
{
    struct scmi_med_op op = { .u.agent.index = scmi_med_find_agent(agent_id) - scmi_med.agents };

    assert_int_equal(world_op(SCMI_MED_OP_get_agent, &op), 0);
    return op.u.agent;
}

static void call(uint16_t domid, bool expect_forwarded)
{
    register_t regs[8] = { GUEST_FUNCTION_ID, 1, 2, 3, 4, 5, 6, 7 };
    unsigned int calls = firmware.calls;

    assert_true(world_call(&harness_domains[domid], regs));
    assert_int_equal(firmware.calls - calls, expect_forwarded);
    if (!expect_forwarded)
        assert_int_equal((uint32_t)regs[0], 0xffffffffU);
    assert_int_equal(regs[1] | regs[2] | regs[3], 0);
    assert_int_equal(regs[4], 4);
}

static void test_life(void **state)
{
    uint32_t *page = world_page(3);

    (void)state;
    call(1, false);
    page[50] = 0xbad;
    assert_int_equal(assign(1, 3), 0);
    assert_int_equal(harness_domains[1].gfn, FRAME);
    assert_int_equal(harness_domains[1].mfn, PAGES / PAGE_SIZE + 2);
    assert_int_equal(page[50], 0);
    assert_int_equal(page[1], 1);
    assert_int_equal(permit(1, 10, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(permit(1, 10, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(firmware.devices[3], 1);
    call(1, true);
    assert_int_equal(agent(3).flags, SCMI_MED_AGENT_BOUND);
    assert_int_equal(agent(3).domid, 1);
    assert_int_equal(agent(3).nr_devices, 1);
    assert_int_equal(agent(3).devices[0], 10);
    assert_int_equal(agent(3).calls, 1);
    assert_int_equal(agent(3).guest_frame, FRAME);
    page[50] = 0xbad;
    assert_int_equal(release(1), 0);
    assert_int_equal(firmware.devices[3], 0);
    assert_int_equal(firmware.resets[3], 2);
    assert_int_equal(harness_domains[1].gfn, ~0UL);
    assert_int_equal(page[50], 0);
    assert_int_equal(agent(3).flags, 0);
    assert_int_equal(agent(3).domid, SCMI_MED_DOMID_NONE);
    call(1, false);
    assert_int_equal(release(1), -ENOENT);
}

static void test_stamping(void **state)
{
    unsigned int i;

    (void)state;
    assert_int_equal(assign(1, 7), 0);
    call(1, true);
    assert_int_equal(firmware.last[0], FUNCTION_ID(7));
    assert_int_equal(firmware.last[7], 7);
    for (i = 1; i < 7; i++)
        assert_int_equal(firmware.last[i], 0);
}

static void test_not_ours(void **state)
{
    register_t regs[8] = { FUNCTION_ID(3) };

    (void)state;
    assert_int_equal(assign(1, 3), 0);
    /* The agent's real function ID means nothing for a guest. */
    assert_false(world_call(&harness_domains[1], regs));
    assert_int_equal(regs[0], FUNCTION_ID(3));
    scmi_med.enabled = false;
    regs[0] = GUEST_FUNCTION_ID;
    assert_false(world_call(&harness_domains[1], regs));
}

static void call_again(void)
{
    firmware.during_call = NULL;
    call(1, false);
}

static void take_away(void)
{
    harness_domains[1].arch.scmi_agent = NULL;
    scmi_med_find_agent(3)->domain = NULL;
}

static void test_concurrent_call(void **state)
{
    (void)state;
    assert_int_equal(assign(1, 3), 0);
    firmware.during_call = call_again;
    {
        register_t regs[8] = { GUEST_FUNCTION_ID };

        assert_true(world_call(&harness_domains[1], regs));
        assert_int_equal(regs[0], 0x5a5a0003);
    }
    assert_int_equal(agent(3).calls, 1);
    assert_int_equal(agent(3).refused, 1);
    /* Looked up before, taken away since. */
    scmi_med_find_agent(3)->domain = &harness_domains[2];
    call(1, false);
    take_away();
    call(1, false);
}

static void test_assign_refused(void **state)
{
    (void)state;
    assert_int_equal(assign(9, 3), -ESRCH);
    assert_int_equal(assign(0x7ff1, 3), -ESRCH);
    assert_int_equal(assign(1, 99), -ENOENT);
    assert_int_equal(assign(1, 1), -EACCES);
    assert_int_equal(assign(1, TRUSTED), -EACCES);
    assert_int_equal(assign(0, 3), -EEXIST);
    harness_domains[1].is_dying = 1;
    assert_int_equal(assign(1, 3), -ESRCH);
    harness_domains[1].is_dying = 0;
    harness_domains[1].gfn = FRAME;
    assert_int_equal(assign(1, 3), -EADDRINUSE);
    harness_domains[1].gfn = ~0UL;
    harness_domains[1].map_rc = -ENOMEM;
    assert_int_equal(assign(1, 3), -ENOMEM);
    assert_int_equal(agent(3).flags, 0);
    harness_domains[1].map_rc = 0;
    assert_int_equal(assign(1, 3), 0);
    assert_int_equal(assign(1, 4), -EEXIST);
    assert_int_equal(assign(2, 3), -EBUSY);
}

static void test_bad_frame(void **state)
{
    struct scmi_med_op op = {
        .u.assign = { .domid = 1, .agent_id = 3, .guest_frame = ~UINT64_C(0) },
    };

    (void)state;
    assert_int_equal(world_op(SCMI_MED_OP_assign, &op), -EINVAL);
}

static void test_permit_refused(void **state)
{
    int32_t status;

    (void)state;
    assert_int_equal(permit(1, 10, SCMI_MED_ALLOW, NULL), -ENOENT);
    assert_int_equal(permit(9, 10, SCMI_MED_ALLOW, NULL), -ESRCH);
    assert_int_equal(assign(1, 3), 0);
    assert_int_equal(permit(1, 10, 2, NULL), -EINVAL);
    assert_int_equal(permit(1, 99, SCMI_MED_ALLOW, &status), -EIO);
    assert_int_equal(status, -4);
    assert_int_equal(agent(3).nr_devices, 0);
    /* An answer that is lost may have been a yes. */
    firmware.fault = FIRMWARE_WRONG_HEADER;
    assert_int_equal(permit(1, 10, SCMI_MED_ALLOW, &status), -EIO);
    assert_int_equal(status, 0);
    assert_int_equal(agent(3).nr_devices, 1);
    firmware.fault = FIRMWARE_OK;
    assert_int_equal(permit(1, 10, 0, NULL), 0);
    assert_int_equal(permit(1, 10, 0, NULL), 0);
    assert_int_equal(agent(3).nr_devices, 0);
    harness_domains[1].is_dying = 1;
    assert_int_equal(permit(1, 10, SCMI_MED_ALLOW, NULL), -ESRCH);
}

static void test_many_devices(void **state)
{
    struct scmi_agent *a = scmi_med_find_agent(3);
    struct scmi_med_op op = { .u.agent = { .first_device = 250 } };

    (void)state;
    assert_int_equal(assign(1, 3), 0);
    for (a->nr_devices = 0; a->nr_devices < SCMI_MED_MAX_DEVICES; a->nr_devices++)
        a->devices[a->nr_devices] = 1000 + a->nr_devices;
    assert_int_equal(permit(1, 10, SCMI_MED_ALLOW, NULL), -ENOSPC);
    op.u.agent.index = a - scmi_med.agents;
    assert_int_equal(world_op(SCMI_MED_OP_get_agent, &op), 0);
    assert_int_equal(op.u.agent.devices[5], 1255);
    assert_int_equal(op.u.agent.devices[6], 0);
    op.u.agent.first_device = 0xffffffffU;
    assert_int_equal(world_op(SCMI_MED_OP_get_agent, &op), 0);
    assert_int_equal(op.u.agent.devices[0], 0);
    a->nr_devices = 0;
}

static void test_release_hwdom(void **state)
{
    (void)state;
    assert_int_equal(release(0), -EACCES);
    assert_int_equal(agent(1).flags, SCMI_MED_AGENT_HWDOM | SCMI_MED_AGENT_BOUND);
}

static void test_destroy(void **state)
{
    (void)state;
    assert_int_equal(assign(1, 3), 0);
    assert_int_equal(permit(1, 10, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(permit(1, 11, SCMI_MED_ALLOW, NULL), 0);
    harness_domains[1].is_dying = 1;
    harness_domains[1].unmap_rc = -EINVAL;
    scmi_med_domain_destroy(&harness_domains[1]);
    assert_non_null(strstr(world_log, "could not unmap"));
    assert_false(harness_domains[1].crashed);
    assert_int_equal(firmware.devices[3], 0);
    assert_null(harness_domains[1].arch.scmi_agent);
    scmi_med_domain_destroy(&harness_domains[1]);
    assert_int_equal(assign(2, 3), 0);
}

/* Each fault of each message of a teardown: quarantined, and cleared later. */
static void test_quarantine(void **state)
{
    static const uint32_t messages[] = { 0x9, 0xb };
    enum firmware_fault fault;
    unsigned int i, before;

    for (i = 0; i < ARRAY_SIZE(messages); i++)
        for (fault = FIRMWARE_SMC_ERROR; fault <= FIRMWARE_DENIES; fault++) {
            setup(state);
            assert_int_equal(assign(1, 3), 0);
            assert_int_equal(permit(1, 10, SCMI_MED_ALLOW, NULL), 0);
            assert_int_equal(permit(1, 11, SCMI_MED_ALLOW, NULL), 0);
            firmware.fault = fault;
            firmware.faulty_message = messages[i];
            before = firmware.trusted_calls;
            scmi_med_domain_destroy(&harness_domains[1]);
            assert_true(firmware.trusted_calls - before <= 4);
            assert_null(harness_domains[1].arch.scmi_agent);
            assert_int_equal(agent(3).flags, SCMI_MED_AGENT_QUARANTINED);
            assert_int_equal(assign(2, 3), -ENOTEMPTY);
            assert_int_equal(reset(3), -EIO);
            firmware.fault = FIRMWARE_OK;
            world_page(TRUSTED)[1] = 1;     /* a silent one comes back */
            assert_int_equal(reset(3), 0);
            assert_int_equal(agent(3).flags, 0);
            assert_int_equal(agent(3).nr_devices, 0);
            assert_int_equal(assign(2, 3), 0);
        }
}

static void test_without_reset(void **state)
{
    (void)state;
    world_reset();
    firmware.missing = 1U << 0xb;
    world_boot();
    world_domain(1);
    assert_int_equal(assign(1, 3), 0);
    assert_int_equal(permit(1, 10, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(release(1), 0);
    assert_int_equal(agent(3).flags, 0);
    assert_int_equal(firmware.devices[3], 0);
}

static void test_without_permissions(void **state)
{
    (void)state;
    world_reset();
    firmware.missing = 1U << 0x9;
    world_boot();
    world_domain(1);
    assert_int_equal(assign(1, 3), 0);
    assert_int_equal(permit(1, 10, SCMI_MED_ALLOW, NULL), -ENODEV);
    assert_int_equal(agent(3).nr_devices, 0);
    assert_int_equal(release(1), 0);
}

/* A running domain that keeps the page must not go on with it. */
static void test_release_fails(void **state)
{
    (void)state;
    assert_int_equal(assign(1, 3), 0);
    harness_domains[1].unmap_rc = -ENOMEM;
    assert_int_equal(release(1), 0);
    assert_true(harness_domains[1].crashed);
}

static void test_reset_refused(void **state)
{
    (void)state;
    assert_int_equal(reset(99), -ENOENT);
    assert_int_equal(reset(1), -EACCES);
    assert_int_equal(assign(1, 3), 0);
    assert_int_equal(reset(3), -EBUSY);
    assert_int_equal(reset(4), 0);
}

static void test_bad_calls(void **state)
{
    struct scmi_med_op op = { .version = SCMI_MED_VERSION, .u.agent.index = 16 };
    struct vcpu guest = { &harness_domains[1] }, *dom0 = current;

    (void)state;
    assert_int_equal(world_op(SCMI_MED_OP_get_agent, &op), -ENOENT);
    assert_int_equal(world_op(99, &op), -EOPNOTSUPP);
    op.version = 2;
    assert_int_equal(do_scmi_med_op(SCMI_MED_OP_info, &op), -EOPNOTSUPP);
    op.pad = 1;
    assert_int_equal(world_op(SCMI_MED_OP_info, &op), -EINVAL);
    op.pad = 0;
    harness_copy_faults = 1;
    assert_int_equal(world_op(SCMI_MED_OP_info, &op), -EFAULT);
    harness_copy_faults = 2;
    assert_int_equal(world_op(SCMI_MED_OP_info, &op), -EFAULT);
    harness_copy_faults = 0;
    current = &guest;
    assert_int_equal(world_op(SCMI_MED_OP_info, &op), -EPERM);
    current = dom0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_life, setup),
        cmocka_unit_test_setup(test_stamping, setup),
        cmocka_unit_test_setup(test_not_ours, setup),
        cmocka_unit_test_setup(test_concurrent_call, setup),
        cmocka_unit_test_setup(test_assign_refused, setup),
        cmocka_unit_test_setup(test_bad_frame, setup),
        cmocka_unit_test_setup(test_permit_refused, setup),
        cmocka_unit_test_setup(test_many_devices, setup),
        cmocka_unit_test_setup(test_release_hwdom, setup),
        cmocka_unit_test_setup(test_destroy, setup),
        cmocka_unit_test_setup(test_quarantine, setup),
        cmocka_unit_test_setup(test_without_reset, setup),
        cmocka_unit_test_setup(test_without_permissions, setup),
        cmocka_unit_test_setup(test_release_fails, setup),
        cmocka_unit_test_setup(test_reset_refused, setup),
        cmocka_unit_test_setup(test_bad_calls, setup),
    };
    int failed = cmocka_run_group_tests_name("xen-op", tests, NULL, NULL);

    world_reset();
    tree_free();
    return failed;
}
