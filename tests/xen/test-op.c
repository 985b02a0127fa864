/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hypercall: assigning, permitting, asking. */

#include "world.h"

static void test_life(void **state)
{
    uint32_t *page = world_page(3);

    (void)state;
    world_guest_call(1, false);
    page[50] = 0xbad;
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(harness_domains[1].gfn, FRAME);
    assert_int_equal(harness_domains[1].mfn, PAGES / PAGE_SIZE + 2);
    assert_int_equal(page[50], 0);
    assert_int_equal(page[1], 1);
    assert_int_equal(world_permit(1, 10, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(world_permit(1, 10, SCMI_MED_ALLOW, NULL), 0);
    assert_int_equal(firmware.devices[3], 1);
    world_guest_call(1, true);
    assert_int_equal(world_agent(3).flags, SCMI_MED_AGENT_BOUND);
    assert_int_equal(world_agent(3).domid, 1);
    assert_int_equal(world_agent(3).nr_devices, 1);
    assert_int_equal(world_agent(3).devices[0], 10);
    assert_int_equal(world_agent(3).calls, 1);
    assert_int_equal(world_agent(3).guest_frame, FRAME);
    page[50] = 0xbad;
    assert_int_equal(world_release(1), 0);
    assert_int_equal(firmware.devices[3], 0);
    assert_int_equal(firmware.resets[3], 2);
    assert_int_equal(harness_domains[1].gfn, ~0UL);
    assert_int_equal(page[50], 0);
    assert_int_equal(world_agent(3).flags, 0);
    assert_int_equal(world_agent(3).domid, SCMI_MED_DOMID_NONE);
    world_guest_call(1, false);
    assert_int_equal(world_release(1), -ENOENT);
}

static void test_assign_refused(void **state)
{
    (void)state;
    assert_int_equal(world_assign(9, 3), -ESRCH);
    assert_int_equal(world_assign(0x7ff1, 3), -ESRCH);
    assert_int_equal(world_assign(1, 99), -ENOENT);
    assert_int_equal(world_assign(1, 1), -EACCES);
    assert_int_equal(world_assign(1, TRUSTED), -EACCES);
    assert_int_equal(world_assign(0, 3), -EEXIST);
    harness_domains[1].is_dying = 1;
    assert_int_equal(world_assign(1, 3), -ESRCH);
    harness_domains[1].is_dying = 0;
    harness_domains[1].gfn = FRAME;
    assert_int_equal(world_assign(1, 3), -EADDRINUSE);
    harness_domains[1].gfn = ~0UL;
    harness_domains[1].map_rc = -ENOMEM;
    assert_int_equal(world_assign(1, 3), -ENOMEM);
    assert_int_equal(world_agent(3).flags, 0);
    harness_domains[1].map_rc = 0;
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(world_assign(1, 4), -EEXIST);
    assert_int_equal(world_assign(2, 3), -EBUSY);
}

static void test_bad_frame(void **state)
{
    struct scmi_med_op op = {
        .domid = 1, .agent_id = 3, .u.guest_frame = ~UINT64_C(0),
    };

    (void)state;
    assert_int_equal(world_op(SCMI_MED_OP_assign, &op), -EINVAL);
}

static void test_permit_refused(void **state)
{
    int32_t status;

    (void)state;
    assert_int_equal(world_permit(1, 10, SCMI_MED_ALLOW, NULL), -ENOENT);
    assert_int_equal(world_permit(9, 10, SCMI_MED_ALLOW, NULL), -ESRCH);
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(world_permit(1, 10, 2, NULL), -EINVAL);
    assert_int_equal(world_permit(1, 99, SCMI_MED_ALLOW, &status), -EIO);
    assert_int_equal(status, -4);
    assert_int_equal(world_agent(3).nr_devices, 0);
    /* An answer that is lost may have been a yes. */
    firmware.fault = FIRMWARE_WRONG_HEADER;
    assert_int_equal(world_permit(1, 10, SCMI_MED_ALLOW, &status), -EIO);
    assert_int_equal(status, 0);
    assert_int_equal(world_agent(3).nr_devices, 1);
    firmware.fault = FIRMWARE_OK;
    assert_int_equal(world_permit(1, 10, 0, NULL), 0);
    assert_int_equal(world_permit(1, 10, 0, NULL), 0);
    assert_int_equal(world_agent(3).nr_devices, 0);
    harness_domains[1].is_dying = 1;
    assert_int_equal(world_permit(1, 10, SCMI_MED_ALLOW, NULL), -ESRCH);
}

static void test_many_devices(void **state)
{
    struct scmi_agent *a = scmi_med_find_agent(3);
    struct scmi_med_op op = { .u.agent = { .first_device = 250 } };

    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    for (a->nr_devices = 0; a->nr_devices < SCMI_MED_MAX_DEVICES; a->nr_devices++)
        a->devices[a->nr_devices] = 1000 + a->nr_devices;
    assert_int_equal(world_permit(1, 10, SCMI_MED_ALLOW, NULL), -ENOSPC);
    op.u.agent.index = a - scmi_med.agents;
    assert_int_equal(world_op(SCMI_MED_OP_get_agent, &op), 0);
    assert_int_equal(op.u.agent.devices[5], 1255);
    assert_int_equal(op.u.agent.devices[6], 0);
    op.u.agent.first_device = 0xffffffffU;
    assert_int_equal(world_op(SCMI_MED_OP_get_agent, &op), 0);
    assert_int_equal(op.u.agent.devices[0], 0);
    a->nr_devices = 0;
}

static void test_bad_calls(void **state)
{
    struct scmi_med_op op = { .version = SCMI_MED_VERSION, .u.agent.index = 16 };
    struct vcpu guest = { &harness_domains[1] }, *dom0 = current;

    (void)state;
    assert_int_equal(world_op(SCMI_MED_OP_get_agent, &op), -ENOENT);
    assert_int_equal(world_op(99, &op), -EOPNOTSUPP);
    op.version = SCMI_MED_VERSION - 1;
    assert_int_equal(do_scmi_med_op(SCMI_MED_OP_info, &op), -EOPNOTSUPP);
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
        cmocka_unit_test_setup(test_life, world_setup),
        cmocka_unit_test_setup(test_assign_refused, world_setup),
        cmocka_unit_test_setup(test_bad_frame, world_setup),
        cmocka_unit_test_setup(test_permit_refused, world_setup),
        cmocka_unit_test_setup(test_many_devices, world_setup),
        cmocka_unit_test_setup(test_bad_calls, world_setup),
    };
    int failed = cmocka_run_group_tests_name("xen-op", tests, NULL, NULL);

    world_reset();
    tree_free();
    return failed;
}
