/* SPDX-License-Identifier: GPL-2.0-only */
/* SCMI mediation: what happens at boot. */

#include <xen/acpi.h>
#include <xen/errno.h>
#include <xen/init.h>
#include <xen/iocap.h>
#include <xen/lib.h>
#include <xen/vmap.h>
#include <xen/xmalloc.h>

#include <asm/p2m.h>

#include "private.h"

struct scmi_med __read_mostly scmi_med = {
    .lock = SPIN_LOCK_UNLOCKED,
};

/* Leaves an agent out for good. */
static void __init drop_agent(unsigned int n, const char *why)
{
    struct scmi_agent *agent = &scmi_med.agents[n];

    printk(XENLOG_ERR "SCMI: the agent of function ID %#x is left out: %s\n",
           agent->channel.function_id, why);
    if ( agent->channel.map )
        iounmap(agent->channel.map);
    xfree(agent->devices);
    scmi_med.nr_agents--;
    memmove(agent, agent + 1, (scmi_med.nr_agents - n) * sizeof(*agent));
}

static const char *__init prepare_agent(struct scmi_agent *agent)
{
    struct scmi_channel *channel = &agent->channel;

    spin_lock_init(&agent->lock);
    agent->gfn = INVALID_GFN;
    agent->devices = xzalloc_array(uint32_t, SCMI_MED_MAX_DEVICES);
    channel->map = ioremap_nocache(channel->page, PAGE_SIZE);
    if ( !agent->devices || !channel->map )
        return "out of memory";
    scmi_med_scrub(channel);

    return NULL;
}

/* Asks the firmware who an agent is, and takes away what it has left. */
static const char *__init introduce_agent(struct scmi_agent *agent)
{
    bool known = agent->id != SCMI_AGENT_SELF;
    const struct scmi_channel *channel;
    int32_t status;
    uint32_t id;

    /* An agent that the tree does not name must say itself who it is. */
    channel = known ? &scmi_med.trusted->channel : &agent->channel;
    if ( !known )
        agent->channel.client_id = agent - scmi_med.agents;
    if ( !scmi_med_discover_agent(channel, agent->id, &id, agent->name) )
    {
        if ( known && id != agent->id )
            return "the firmware does not know its agent id";
        agent->id = id;
    }
    else if ( !known )
        return "it has no agent id, and the firmware does not tell it";

    agent->channel.client_id = agent->id;
    if ( !agent->role && scmi_med_reset_agent(agent->id, &status) == -EIO )
    {
        printk(XENLOG_WARNING "SCMI: agent %u could not be reset, SCMI status %d: it is quarantined\n",
               agent->id, status);
        agent->quarantined = true;
    }

    return NULL;
}

static void __init introduce_agents(void)
{
    struct scmi_agent *trusted = scmi_med.trusted;
    const char *wrong;
    unsigned int n;

    for ( n = 1; n < scmi_med.nr_agents; )
    {
        wrong = introduce_agent(&scmi_med.agents[n]);
        if ( wrong )
            drop_agent(n, wrong);
        else
            n++;
    }

    if ( scmi_med_discover_agent(&trusted->channel, SCMI_AGENT_SELF,
                                 &trusted->id, trusted->name) )
        trusted->id = SCMI_AGENT_SELF;
}

static int __init scmi_med_init(void)
{
    const char *wrong;
    unsigned int n;
    int rc;

    if ( !acpi_disabled || scmi_med_dt_read() )
        return 0;

    for ( n = 0; n < scmi_med.nr_agents; n++ )
    {
        wrong = prepare_agent(&scmi_med.agents[n]);
        if ( wrong )
        {
            printk(XENLOG_ERR "SCMI: mediation is off: %s\n", wrong);
            return 0;
        }
        if ( scmi_med.agents[n].id <= 0xff )
            scmi_med.agents[n].channel.client_id = scmi_med.agents[n].id;
    }

    spin_lock(&scmi_med.lock);
    rc = scmi_med_probe();
    if ( !rc )
        introduce_agents();
    spin_unlock(&scmi_med.lock);

    if ( rc )
        printk(XENLOG_ERR "SCMI: %s: the firmware gives no valid answer on the trusted channel (function ID %#x): no guest will get an agent\n",
               scmi_med.trusted_node->full_name,
               scmi_med.trusted->channel.function_id);
    else if ( !(scmi_med.info.features & SCMI_MED_FEATURE_DEVICE_PERM) )
        printk(XENLOG_WARNING "SCMI: the firmware lacks BASE_SET_DEVICE_PERMISSIONS: guests' devices cannot be permitted\n");

    scmi_med.enabled = true;
    printk(XENLOG_INFO "SCMI: mediation of function ID %#x for %u agents, features %#x\n",
           scmi_med.function_id, scmi_med.nr_agents - 1,
           scmi_med.info.features);

    return 0;
}
__initcall(scmi_med_init);

/*
 * The description of the agents stays in the hardware domain's device tree,
 * where its daemon reads it; so their pages got mapped like any device's.
 */
static void __init hide_page(struct domain *d,
                             const struct scmi_agent *agent)
{
    unsigned long pfn = paddr_to_pfn(agent->channel.page);

    if ( iomem_deny_access(d, pfn, pfn) ||
         unmap_regions_p2mt(d, _gfn(pfn), 1, _mfn(pfn)) )
        panic("SCMI: could not hide page %#"PRIpaddr" from the hardware domain\n",
              agent->channel.page);
}

void __init scmi_med_hwdom_init(struct domain *d)
{
    unsigned int n;

    if ( !scmi_med.enabled )
        return;

    for ( n = 0; n < scmi_med.nr_agents; n++ )
    {
        struct scmi_agent *agent = &scmi_med.agents[n];

        if ( !(agent->role & SCMI_MED_AGENT_HWDOM) )
        {
            hide_page(d, agent);
            continue;
        }
        spin_lock(&scmi_med.lock);
        agent->domain = d;
        agent->gfn = _gfn(paddr_to_pfn(agent->channel.page));
        d->arch.scmi_agent = agent;
        /* That it cannot be done was said once, and need not be per device. */
        if ( scmi_med.info.features & SCMI_MED_FEATURE_DEVICE_PERM )
            scmi_med_dt_grant_hwdom(agent);
        spin_unlock(&scmi_med.lock);
    }

    if ( !d->arch.scmi_agent )
        printk(XENLOG_INFO "SCMI: no agent is the hardware domain's\n");
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
