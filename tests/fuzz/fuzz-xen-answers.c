/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Input: how the firmware answers each message in the life of a domain. Does
 * what it is told or not, answers or not, or writes anything into the page;
 * but it does not say that it did what it did not, nor the other way round.
 */

#include "xen-invariants.h"

#define WORDS 12            /* of the page, from its start */
#define MESSAGES 4000       /* that the in-Xen code sends in one life, at most */

static struct bytes answers;
static unsigned int messages;

/* In place of the honest answer, which is in the page. */
static unsigned long forge(uint32_t *page, uint8_t how)
{
    uint32_t header = page[6], status = page[7];
    unsigned int n;

    must(++messages < MESSAGES);
    switch (how % 8) {
    case 0 ... 2:
        return 0;
    case 3:
        return take_word(&answers);
    case 4:
        page[1] = 0;
        return 0;
    case 5:
        page[7] = (uint32_t)-(1 + (int32_t)take_byte(&answers));
        page[5] = 8;
        return 0;
    case 6:
        page[take_byte(&answers) % WORDS] = take_word(&answers);
        break;
    default:
        for (n = 0; n < WORDS; n++)
            page[n] = take_word(&answers);
    }
    /* No lies: an answer with a yes means that it was obeyed, a no that not. */
    if (page[6] == header && !page[7] != !status)
        page[6] ^= 1U << 20;
    return 0;
}

static unsigned long on_message(uint32_t *page, unsigned int agent)
{
    uint8_t how = take_byte(&answers);

    /* The last of the input goes with honest answers. */
    if (!answers.left)
        how = 0;

    if ((!(how & 0x80) && how % 8 != 5) || how % 8 < 3) {
        firmware_obey(page, agent);
        return forge(page, how);
    }
    /* Not obeyed, so what is in the page must not look as if it were. */
    page[7] = (uint32_t)-1;
    page[5] = 8;
    page[1] |= 1;
    return forge(page, how);
}

static long op(unsigned int cmd, uint32_t domid, uint32_t agent_id, uint32_t device_id)
{
    struct scmi_med_op o = { .domid = domid, .agent_id = agent_id };

    if (cmd == SCMI_MED_OP_assign)
        o.u.guest_frame = FRAME;
    else if (cmd == SCMI_MED_OP_set_device_permission)
        o.u.device = (struct scmi_med_device){ device_id, SCMI_MED_ALLOW };
    messages = 0;
    return world_op(cmd, &o);
}

/* Whatever the firmware answers, a domain gets something that is an answer. */
static void calls(struct domain *d)
{
    unsigned int n, i;

    (void)world_grant(1, 0x13, 0, SCMI_MED_ALLOW | SCMI_MED_WHOLE);
    for (n = 3; n < 8; n++) {
        must(world_message(1, SCMI_CLOCK, n, 1) <= 0 || world_answer[0] == 1);
        must(world_message(1, 0x13, n, 1, 2) <= 0 || world_answer[0] == 1);
        must(world_answer[0] >= 1 && world_answer[0] <= SCMI_WORDS_OUT);
    }
    /* Nothing of the firmware's page but the answer. */
    for (i = 7 + SCMI_WORDS_OUT; i < 1024; i++)
        must(!world_face(d->domain_id)[i]);
}

/* A free agent that anybody can get must have no permission. */
static void check_free_agents(void)
{
    unsigned int n;

    check_invariants();
    for (n = 1; n < scmi_med.nr_agents; n++) {
        const struct scmi_agent *agent = &scmi_med.agents[n];

        if (!agent->role && agent->life == SCMI_FREE)
            must(!firmware.devices[agent->id]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct domain *d;
    uint32_t n;

    world_reset();
    /* A boot takes its part of the input, or is honest. */
    answers = (struct bytes){ bytes, size };
    firmware.on_message = take_byte(&answers) & 1 ? on_message : NULL;
    messages = 0;
    world_boot();
    firmware.on_message = on_message;
    if (!scmi_med.function_id)
        return 0;
    while (answers.left) {
        d = world_domain(1);
        messages = 0;
        op(SCMI_MED_OP_assign, 1, 3 + take_byte(&answers) % 3, 0);
        for (n = 10; n < 13; n++)
            op(SCMI_MED_OP_set_device_permission, 1, 0, n);
        if (d->arch.scmi_agent)
            calls(d);
        messages = 0;
        if (take_byte(&answers) & 1)
            op(SCMI_MED_OP_release, 1, 0, 0);
        check_destroyed(d);
        check_free_agents();
        op(SCMI_MED_OP_reset, 0, 3 + take_byte(&answers) % 3, 0);
        check_free_agents();
    }
    return 0;
}
