/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Input: commands of a control domain's tool with any arguments, calls of
 * guests, deaths of domains; a byte for what, then its bytes.
 */

#include "xen-invariants.h"

#define DOMAINS 5           /* 1 .. */

static void command(struct bytes *in, unsigned int cmd)
{
    struct scmi_med_op op = { .version = SCMI_MED_VERSION };
    uint8_t *raw = (uint8_t *)&op;
    size_t n;
    long rc;

    /* Ids that exist are worth more tries than others. */
    op.domid = take_byte(in);
    op.agent_id = take_byte(in);
    for (n = offsetof(struct scmi_med_op, u); n < sizeof(op) && in->left && n < 32; n++)
        raw[n] = take_byte(in);
    if (op.agent_id == 0xff)
        op.version = take_word(in);
    if (op.domid == 0xff)
        op.domid = take_word(in);
    do
        rc = do_scmi_med_op(cmd, &op);
    while (rc == HARNESS_CONTINUATION);
    must(rc <= 0 && rc > -200);
    if (rc == -EFAULT)
        return;
    if (cmd == SCMI_MED_OP_get_agent && !rc)
        must(op.u.agent.nr_devices <= SCMI_MED_MAX_DEVICES);
}

/* Any words, in any length, in a face. */
static void message(struct bytes *in, struct domain *d)
{
    register_t regs[8] = { GUEST_FUNCTION_ID, 1, 2, 3, 4, 5, 6, 7 };
    uint32_t *face = d->gfn == ~0UL ? NULL : memory_face(d->mfn);
    uint8_t what = take_byte(in);
    unsigned int n;

    for (n = 1; face && n < 12; n++)
        face[n] = what & 1 ? take_word(in) : take_byte(in);
    if (face && what & 2) {
        face[1] = 0;
        face[5] = 4 + what / 16 % 4 * 4;
        face[6] = SCMI_HEADER(0x10 + what / 4 % 4 * 2, face[6] % 16);
    }
    must(world_call(d, regs));
    must(!regs[0] || (uint32_t)regs[0] == 0xffffffffU);
    if (face && !regs[0])
        must(face[1] & 1);
}

static void step(struct bytes *in)
{
    uint8_t what = take_byte(in);
    struct domain *d = &harness_domains[1 + what / 16 % DOMAINS];
    register_t regs[8] = { GUEST_FUNCTION_ID, 1, 2, 3, 4, 5, 6, 7 };

    switch (what % 16) {
    case 0 ... 9:
        command(in, what % 16 == 9 ? take_word(in) : what % 16);
        break;
    case 10:
        message(in, d);
        break;
    case 11:
        regs[0] = take_word(in);
        world_call(d, regs);
        break;
    case 12:
        check_destroyed(d);
        world_domain(d->domain_id);
        break;
    case 13:
        d->map_rc = what & 0x80 ? -ENOMEM : 0;
        break;
    case 14:
        world_preempt = take_byte(in);
        break;
    default:
        harness_copy_faults = take_byte(in) & 3;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct bytes in = { bytes, size };
    uint16_t n;

    world_reset();
    world_boot();
    for (n = 1; n <= DOMAINS; n++)
        world_domain(n);
    while (in.left) {
        step(&in);
        check_invariants();
    }
    for (n = 1; n <= DOMAINS; n++)
        check_destroyed(&harness_domains[n]);
    for (n = 3; n <= NR_PAGES; n++)
        must(!firmware.devices[n]);
    return 0;
}
