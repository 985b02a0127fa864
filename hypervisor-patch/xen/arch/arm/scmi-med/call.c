/* SPDX-License-Identifier: GPL-2.0-only */
/* SCMI mediation: forwards the calls of domains. */

#include <asm/regs.h>
#include <asm/smccc.h>

#include "private.h"

/* How far ahead of its rate an agent may be: a tenth of it at once. */
#define BURST                   MILLISECS(100)

/* The one place that calls the firmware: no register is the guest's. */
unsigned long scmi_med_smc(const struct scmi_channel *channel)
{
    struct arm_smccc_res res;

    arm_smccc_smc(channel->function_id, channel->page_param, 0, 0, 0, 0, 0,
                  channel->client_id, &res);

    return res.a0;
}

static unsigned long forward(struct scmi_agent *agent)
{
    s_time_t now = NOW();
    unsigned long result;

    if ( agent->due < now )
        agent->due = now;
    if ( agent->due - now > BURST )
    {
        agent->throttled++;
        return ARM_SMCCC_NOT_SUPPORTED;
    }
    agent->due += 1000000000U / ACCESS_ONCE(agent->rate);
    agent->last_call = now;
    agent->calls++;

    result = scmi_med_smc(&agent->channel);
    if ( result )
        agent->last_error = result;

    return result;
}

bool scmi_med_handle_call(struct cpu_user_regs *regs)
{
    const struct domain *d = current->domain;
    unsigned long result = ARM_SMCCC_NOT_SUPPORTED;
    struct scmi_agent *agent;
    unsigned int i;

    /* 0, of mediation that is off, is no function ID that gets here. */
    if ( (uint32_t)get_user_reg(regs, 0) != scmi_med.function_id )
        return false;

    agent = ACCESS_ONCE(scmi_agent_of(d));

    /*
     * A channel carries one message at a time, and a driver that works keeps
     * to that. So a call that finds another one under way is refused instead
     * of having its CPU spin here.
     */
    if ( agent && spin_trylock(&agent->lock) )
    {
        /* The agent may have been taken away since it was looked up. */
        if ( agent->caller == d )
            result = forward(agent);
        spin_unlock(&agent->lock);
    }
    else if ( agent )
        atomic_inc(&agent->refused);

    for ( i = 0; i <= 3; i++ )
        set_user_reg(regs, i, i ? 0 : result);

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
