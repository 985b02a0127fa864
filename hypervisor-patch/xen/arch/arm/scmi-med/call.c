/* SPDX-License-Identifier: GPL-2.0-only */
/* SCMI mediation: forwards the calls of domains. */

#include <xen/compiler.h>

#include <asm/regs.h>
#include <asm/smccc.h>

#include "private.h"

/* The one place that calls the firmware: no register is the guest's. */
unsigned long scmi_med_smc(const struct scmi_channel *channel)
{
    unsigned long page = 0, offset = 0;
    struct arm_smccc_res res;

    if ( channel->page_in_regs )
    {
        page = channel->page >> 12;
        offset = channel->page & 0xfff;
    }

    arm_smccc_smc(channel->function_id, page, offset, 0, 0, 0, 0,
                  channel->client_id, &res);

    return res.a0;
}

bool scmi_med_handle_call(struct cpu_user_regs *regs)
{
    const struct domain *d = current->domain;
    unsigned long result = ARM_SMCCC_NOT_SUPPORTED;
    struct scmi_agent *agent;

    if ( !scmi_med.enabled ||
         (uint32_t)get_user_reg(regs, 0) != scmi_med.function_id )
        return false;

    agent = ACCESS_ONCE(d->arch.scmi_agent);

    /*
     * A channel carries one message at a time, and a driver that works keeps
     * to that. So a call that finds another one under way is refused instead
     * of having its CPU spin here.
     */
    if ( agent && spin_trylock(&agent->lock) )
    {
        /* The agent may have been taken away since it was looked up. */
        if ( agent->domain == d )
        {
            agent->calls++;
            result = scmi_med_smc(&agent->channel);
        }
        spin_unlock(&agent->lock);
    }
    else if ( agent )
        atomic_inc(&agent->refused);

    set_user_reg(regs, 0, result);
    set_user_reg(regs, 1, 0);
    set_user_reg(regs, 2, 0);
    set_user_reg(regs, 3, 0);

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
