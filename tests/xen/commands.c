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

long world_grant(uint32_t domid, uint32_t protocol, uint32_t id, uint32_t flags)
{
    struct scmi_med_op op = {
        .domid = domid,
        .u.resource = { .protocol = protocol, .id = id, .flags = flags },
    };

    return world_op(SCMI_MED_OP_set_resource, &op);
}

uint32_t world_answer[26];

int32_t world_send(uint16_t domid, uint32_t header, size_t nr, const uint32_t *words)
{
    register_t regs[8] = { scmi_med.function_id, 1, 2, 3, 4, 5, 6, 7 };
    static uint32_t token;
    uint32_t *face;

    if (domid && harness_domains[domid].gfn == ~0UL) {
        assert_true(world_call(&harness_domains[domid], regs));
        assert_int_equal((uint32_t)regs[0], 0xffffffffU);
        return WORLD_NOBODY;
    }
    face = world_face(domid);
    header |= token++ % 1024 << 18;
    face[1] = 0;
    face[5] = (uint32_t)(4 + 4 * nr);
    face[6] = header;
    memcpy(face + 7, words, nr * 4);
    assert_true(world_call(&harness_domains[domid], regs));
    assert_int_equal(regs[1] | regs[2] | regs[3], 0);
    assert_int_equal(regs[4], 4);
    if (regs[0]) {
        assert_int_equal((uint32_t)regs[0], 0xffffffffU);
        return WORLD_NOBODY;
    }
    /* It is answered, whatever becomes of it. */
    assert_int_equal(face[1], 1);
    assert_int_equal(face[6], header);
    assert_in_range(face[5], 8, 4 + 4 * 25);
    world_answer[0] = face[5] / 4 - 1;
    memcpy(world_answer + 1, face + 7, 100);
    return (int32_t)face[7];
}

void world_guest_call(uint16_t domid, bool expect_forwarded)
{
    unsigned int calls = firmware.calls;

    assert_int_equal(world_message(domid, SCMI_CLOCK, 6, 1), expect_forwarded ? 0 : WORLD_NOBODY);
    assert_int_equal(firmware.calls - calls, expect_forwarded);
}
