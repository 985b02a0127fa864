/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a control domain's tool and a guest do, in a line each. */

#include "world.h"

int world_setup(void **state)
{
    (void)state;
    world_reset();
    world_boot();
    world_domain(1);
    world_domain(2);
    return 0;
}

long world_assign(uint32_t domid, uint32_t agent_id)
{
    struct scmi_med_op op = { .domid = domid, .agent_id = agent_id, .u.guest_frame = FRAME };

    return world_op(SCMI_MED_OP_assign, &op);
}

long world_release(uint32_t domid)
{
    struct scmi_med_op op = { .domid = domid };

    return world_op(SCMI_MED_OP_release, &op);
}

long world_reset_agent(uint32_t agent_id)
{
    struct scmi_med_op op = { .agent_id = agent_id };

    return world_op(SCMI_MED_OP_reset, &op);
}

long world_permit(uint32_t domid, uint32_t device_id, uint32_t flags, int32_t *status)
{
    struct scmi_med_op op = {
        .domid = domid,
        .u.device = { .device_id = device_id, .flags = flags },
    };
    long rc = world_op(SCMI_MED_OP_set_device_permission, &op);

    if (status)
        *status = op.scmi_status;
    return rc;
}

struct scmi_med_agent world_agent(uint32_t agent_id)
{
    struct scmi_med_op op = { .u.agent.index = scmi_med_find_agent(agent_id) - scmi_med.agents };

    assert_int_equal(world_op(SCMI_MED_OP_get_agent, &op), 0);
    return op.u.agent;
}

void world_guest_call(uint16_t domid, bool expect_forwarded)
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
