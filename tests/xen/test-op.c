/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hypercall: assigning, permitting, asking. */

#include "world.h"

static void test_life(void **state)
{
    uint32_t *face;

    (void)state;
    world_guest_call(1, false);
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(harness_domains[1].gfn, FRAME);
    face = world_face(1);
    assert_int_equal(face[50], 0);
    assert_int_equal(face[1], 1);
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
    assert_int_equal(world_agent(3).page, PAGES + 2 * PAGE_SIZE);
    face[50] = 0xbad;
    assert_int_equal(world_release(1), 0);
    assert_int_equal(firmware.devices[3], 0);
    assert_int_equal(firmware.resets[3], 2);
    assert_int_equal(harness_domains[1].gfn, ~0UL);
    assert_int_equal(face[50], 0);
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
    assert_null(harness_domains[1].arch.scmi_agent);
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
    memset(firmware.order, 0, sizeof(firmware.order));
    assert_int_equal(world_permit(1, 10, 0, NULL), 0);
    assert_int_equal(world_permit(1, 10, 0, NULL), 0);
    assert_string_equal(firmware.order, "d");
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

static struct scmi_med_resources resources(uint32_t agent_id, uint32_t protocol)
{
    struct scmi_med_op op = { .u.resources = { .protocol = protocol } };

    op.u.resources.index = scmi_med_find_agent(agent_id) - scmi_med.agents;
    memset(op.u.resources.ids, 0xa5, sizeof(op.u.resources.ids));
    memset(op.u.resources.shared, 0xa5, sizeof(op.u.resources.shared));
    assert_int_equal(world_op(SCMI_MED_OP_get_resources, &op), 0);
    return op.u.resources;
}

static void test_resources(void **state)
{
    struct scmi_med_op op = { .u.resources = { .index = 16 } };
    unsigned int id;

    (void)state;
    assert_int_equal(world_grant(1, SCMI_CLOCK, 1, SCMI_MED_ALLOW), -ENOENT);
    assert_int_equal(world_assign(1, 3), 0);
    for (id = 96; id < 128; id++)
        assert_int_equal(world_grant(1, SCMI_CLOCK, id, SCMI_MED_ALLOW), 0);
    assert_int_equal(world_grant(1, SCMI_CLOCK, 1023, SCMI_MED_ALLOW | SCMI_MED_SHARE), 0);
    assert_int_equal(world_grant(1, 0x80, 0, SCMI_MED_ALLOW | SCMI_MED_WHOLE), 0);
    for (id = 0; id < 32; id++) {
        assert_int_equal(resources(3, SCMI_CLOCK).ids[id], id == 3 ? ~0U : id == 31 ? 1U << 31 : 0);
        assert_int_equal(resources(3, SCMI_CLOCK).shared[id], id == 31 ? 1U << 31 : 0);
        assert_int_equal(resources(3, SCMI_POWER).ids[id], 0);
        assert_int_equal(resources(3, 0).ids[id], id == 4);
    }
    assert_int_equal(world_op(SCMI_MED_OP_get_resources, &op), -ENOENT);
    op.u.resources.index = 1;
    op.u.resources.protocol = 0x13;
    assert_int_equal(world_op(SCMI_MED_OP_get_resources, &op), -EINVAL);
    assert_int_equal(world_grant(1, SCMI_CLOCK, 100, 0), 0);
    assert_int_equal(resources(3, SCMI_CLOCK).ids[3], ~(1U << 4));
    /* They end with the domain's time as the agent. */
    assert_int_equal(world_release(1), 0);
    assert_int_equal(resources(3, SCMI_CLOCK).ids[3], 0);
    assert_int_equal(resources(3, SCMI_CLOCK).shared[31], 0);
    assert_int_equal(resources(3, 0).ids[4], 0);
}

static void test_resources_refused(void **state)
{
    (void)state;
    assert_int_equal(world_assign(1, 3), 0);
    assert_int_equal(world_assign(2, 4), 0);
    assert_int_equal(world_grant(9, SCMI_CLOCK, 1, SCMI_MED_ALLOW), -ESRCH);
    assert_int_equal(world_grant(0, SCMI_CLOCK, 1, SCMI_MED_ALLOW), -EACCES);
    assert_int_equal(world_grant(1, SCMI_CLOCK, 1024, SCMI_MED_ALLOW), -EINVAL);
    assert_int_equal(world_grant(1, SCMI_CLOCK, 1, 8), -EINVAL);
    assert_int_equal(world_grant(1, 0x13, 1, SCMI_MED_ALLOW), -EINVAL);
    assert_int_equal(world_grant(1, 0x13, 1, SCMI_MED_ALLOW | SCMI_MED_WHOLE), -EINVAL);
    assert_int_equal(world_grant(1, SCMI_BASE, 0, SCMI_MED_ALLOW | SCMI_MED_WHOLE), -EINVAL);
    assert_int_equal(world_grant(1, SCMI_RESET, 0, SCMI_MED_ALLOW | SCMI_MED_WHOLE), -EINVAL);
    assert_int_equal(world_grant(1, 0x110, 0, SCMI_MED_ALLOW | SCMI_MED_WHOLE), -EINVAL);
    /* What another guest has is to be had only if both share it. */
    assert_int_equal(world_grant(1, SCMI_RESET, 2, SCMI_MED_ALLOW), 0);
    assert_int_equal(world_grant(2, SCMI_RESET, 2, SCMI_MED_ALLOW), -EADDRINUSE);
    assert_int_equal(world_grant(2, SCMI_RESET, 2, SCMI_MED_ALLOW | SCMI_MED_SHARE), -EADDRINUSE);
    assert_int_equal(world_grant(1, SCMI_RESET, 2, SCMI_MED_ALLOW | SCMI_MED_SHARE), 0);
    assert_int_equal(world_grant(2, SCMI_RESET, 2, SCMI_MED_ALLOW), -EADDRINUSE);
    assert_int_equal(world_grant(2, SCMI_RESET, 2, SCMI_MED_ALLOW | SCMI_MED_SHARE), 0);
    assert_int_equal(world_grant(1, SCMI_RESET, 2, SCMI_MED_ALLOW), -EADDRINUSE);
    assert_int_equal(world_grant(1, 0x13, 0, SCMI_MED_ALLOW | SCMI_MED_WHOLE), 0);
    assert_int_equal(world_grant(2, 0x13, 0, SCMI_MED_ALLOW | SCMI_MED_WHOLE), -EADDRINUSE);
    /* The same id of another kind is another resource. */
    assert_int_equal(world_grant(2, SCMI_CLOCK, 2, SCMI_MED_ALLOW), 0);
    assert_int_equal(world_release(1), 0);
    assert_int_equal(world_grant(2, 0x13, 0, SCMI_MED_ALLOW | SCMI_MED_WHOLE), 0);
}

static void test_bad_calls(void **state)
{
    struct scmi_med_op op = { .version = SCMI_MED_VERSION, .u.agent.index = 16 };
    struct vcpu guest = { .domain = &harness_domains[1] }, *dom0 = current;

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
        cmocka_unit_test_setup(test_resources, world_setup),
        cmocka_unit_test_setup(test_resources_refused, world_setup),
        cmocka_unit_test_setup(test_bad_calls, world_setup),
    };
    int failed = cmocka_run_group_tests_name("xen-op", tests, NULL, NULL);

    world_reset();
    tree_free();
    return failed;
}
