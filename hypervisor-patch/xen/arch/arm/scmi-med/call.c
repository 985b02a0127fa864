/* SPDX-License-Identifier: GPL-2.0-only */
/* SCMI mediation: the messages of domains. */

#include <xen/event.h>
#include <xen/softirq.h>

#include <asm/regs.h>
#include <asm/smccc.h>
#include <asm/system.h>

#include "private.h"

/*
 * How far ahead of its rate an agent may be: 4000 messages at the rate that
 * guests have by default, which no driver of a stock kernel needs when it
 * starts, with as many clocks as there are on any board.
 */
#define BURST                   MILLISECS(400)

/* Each word is read once; then it is only what was read that counts. */
static bool copy_in(void __iomem *face, uint32_t status,
                    struct scmi_message *msg)
{
    uint32_t length = readl_relaxed(face + SHM_LENGTH);
    unsigned int i;

    msg->header = readl_relaxed(face + SHM_HEADER);
    msg->nr = length / sizeof(uint32_t) - 1;
    if ( (status & SHM_STATUS_ERROR) || length % sizeof(uint32_t) ||
         msg->nr > SCMI_WORDS_IN || (msg->header & SCMI_HEADER_ZERO) )
        return false;
    for ( i = 0; i < msg->nr; i++ )
        msg->words[i] = readl_relaxed(face + SHM_PAYLOAD + 4 * i);

    return true;
}

static void copy_out(void __iomem *face, uint32_t header,
                     const struct scmi_message *msg)
{
    unsigned int i;

    for ( i = 0; i < msg->nr; i++ )
        writel_relaxed(msg->words[i], face + SHM_PAYLOAD + 4 * i);
    writel_relaxed((1 + msg->nr) * sizeof(uint32_t), face + SHM_LENGTH);
    writel_relaxed(header, face + SHM_HEADER);
    /* Another CPU of the domain's may be waiting for it. */
    smp_wmb();
    writel_relaxed(SHM_STATUS_FREE, face + SHM_STATUS);
}

/* When the agent's next message may be sent, or 0: now. */
static s_time_t take_turn(struct scmi_agent *agent, s_time_t now)
{
    if ( agent->rate >= 1000000000U )
        return 0;
    if ( agent->due < now )
        agent->due = now;
    if ( agent->due - now > BURST )
    {
        /* All tries of one message count once. */
        agent->throttled += !agent->waits;
        agent->waits = true;
        return agent->due - BURST;
    }
    agent->waits = false;
    agent->due += 1000000000U / agent->rate;

    return 0;
}

/*
 * Serves the message in an agent's face. Returns when to try again, or 0; then
 * the outcome is in the face.
 */
static s_time_t serve(struct scmi_agent *agent)
{
    uint32_t status = readl_relaxed(agent->face + SHM_STATUS);
    struct scmi_expected expected;
    struct scmi_message msg;
    s_time_t now = NOW();

    /* No message; what there is may be the answer to another CPU's. */
    if ( unlikely(status & SHM_STATUS_FREE) )
        return 0;

    if ( unlikely(!copy_in(agent->face, status, &msg)) )
    {
        scmi_set_status(&msg, SCMI_PROTOCOL_ERROR);
        agent->refused++;
    }
    else if ( scmi_med_guard(&agent->grants, &agent->back->facts, &msg,
                             &expected) )
    {
        s_time_t later = take_turn(agent, now);

        if ( unlikely(later) )
            return later;
        if ( unlikely(scmi_med_exchange(agent->back, &msg)) )
            scmi_set_status(&msg, SCMI_COMMS_ERROR);
        else
            scmi_med_guard_answer(&expected, &msg);
    }
    else if ( msg.words[0] != SCMI_SUCCESS )
        agent->refused++;

    agent->calls++;
    agent->last_call = now;
    copy_out(agent->face, msg.header, &msg);

    return 0;
}

/* Until then, or until there is an interrupt to be taken; as do_poll() does. */
static void sleep_until(s_time_t due)
{
    struct vcpu *v = current;

    /* Blocked first: the timer may be on another CPU, and fire at once. */
    set_bit(_VPF_blocked, &v->pause_flags);
    v->poll_evtchn = -1;
    set_bit(v->vcpu_id, v->domain->poll_mask);
    smp_mb();
    if ( local_events_need_delivery_nomask() )
    {
        vcpu_unblock(v);
        return;
    }
    set_timer(&v->poll_timer, due);
    raise_softirq(SCHEDULE_SOFTIRQ);
}

bool scmi_med_handle_call(struct cpu_user_regs *regs)
{
    const struct domain *d = current->domain;
    unsigned long result = ARM_SMCCC_NOT_SUPPORTED;
    struct scmi_agent *agent;
    s_time_t later = 0;

    /* 0, of mediation that is off, is no function ID that gets here. */
    if ( (uint32_t)regs->x0 != scmi_med.function_id )
        return false;

    agent = ACCESS_ONCE(scmi_agent_of(d));
    if ( agent )
    {
        spin_lock(&agent->back->lock);
        /* The agent may have been taken away since it was looked up. */
        if ( agent->life == SCMI_BOUND && agent->domain == d )
        {
            later = serve(agent);
            result = 0;
        }
        spin_unlock(&agent->back->lock);
    }

    if ( unlikely(later) )
    {
        /* The same instruction again, then: 4 bytes in all instruction sets. */
        regs->pc -= 4;
        sleep_until(later);
        return true;
    }

    /* Not banked, so that these are a 32-bit domain's, too. */
    regs->x0 = result;
    regs->x1 = regs->x2 = regs->x3 = 0;

    return true;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * tab-width: 4
 * indent-tabs-mode: nil
 * End:
 */
