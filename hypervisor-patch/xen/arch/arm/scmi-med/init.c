/* SPDX-License-Identifier: GPL-2.0-only */
/* SCMI mediation: what happens at boot. */

#include <xen/acpi.h>
#include <xen/iocap.h>
#include <xen/vmap.h>
#include <xen/xmalloc.h>

#include <asm/p2m.h>

#include "private.h"

/* A tenth of it at once: more than a boot of Linux needs, by far. */
#define DEFAULT_RATE            10000

struct scmi_med __read_mostly scmi_med = { .lock = SPIN_LOCK_UNLOCKED };

/* Makes an agent usable whose channel was read from the device tree. */
static const char *__init open_agent(struct scmi_agent *agent)
{
    struct scmi_channel *channel = &agent->channel;

    spin_lock_init(&agent->lock);
    agent->rate = DEFAULT_RATE;
    channel->map = ioremap_nocache(channel->page, PAGE_SIZE);
    if ( !channel->map )
        return "out of memory";
    scmi_med_scrub(channel);

    return NULL;
}

static const char *__init add_agent(unsigned int n, struct scmi_agent *agent)
{
    const char *wrong = scmi_med_dt_agent(n, agent) ?: open_agent(agent);
    const struct scmi_agent *other;
    int32_t status = 0;

    if ( wrong )
        return wrong;
    scmi_med_identify(agent);
    if ( !agent->id || agent->id > SCMI_MED_MAX_AGENTS )
        return "neither the device tree nor the firmware tells its id, in 1 .. 255";
    for ( other = scmi_med.agents; other < agent; other++ )
        if ( agent->channel.page - other->channel.page < other->channel.size ||
             other->channel.page - agent->channel.page < agent->channel.size ||
             other->id == agent->id )
            return "another agent has the same page or id";

    if ( agent->id == scmi_med.hwdom_agent_id )
        agent->role = SCMI_MED_AGENT_HWDOM;
    else if ( scmi_med_reset(agent, &status) )
        printk(XENLOG_WARNING "SCMI: agent %u does not work, or could not be reset (SCMI status %d): it is quarantined\n",
               agent->id, status);

    /*
     * Everybody calls the function ID that is in the hardware domain's device
     * tree, whichever agent it is, so that one guest tree fits them all.
     */
    if ( agent->role || !scmi_med.function_id )
        scmi_med.function_id = agent->channel.function_id;

    return NULL;
}

static const char *__init add_agents(void)
{
    const char *wrong;
    unsigned int n, nr;

    wrong = scmi_med_dt_open(&nr);
    if ( wrong )
        return wrong;
    scmi_med.agents = xzalloc_array(struct scmi_agent, nr + 1);
    if ( !scmi_med.agents )
        return "out of memory";
    wrong = scmi_med_dt_trusted(scmi_med.agents) ?: open_agent(scmi_med.agents);
    if ( wrong )
        return wrong;

    scmi_med_probe();
    scmi_med_identify(scmi_med.agents);
    scmi_med.nr_agents = 1;

    for ( n = 0; n < nr; n++ )
    {
        struct scmi_agent *agent = &scmi_med.agents[scmi_med.nr_agents];

        wrong = add_agent(n, agent);
        if ( !wrong )
        {
            scmi_med.nr_agents++;
            continue;
        }
        printk(XENLOG_ERR "SCMI: agent %u of scmi-secondary-agents is left out: %s\n",
               n, wrong);
        if ( agent->channel.map )
            iounmap(agent->channel.map);
        memset(agent, 0, sizeof(*agent));
    }

    return scmi_med.features ? NULL
           : "the firmware gives no valid answer on the trusted channel: no guest will get an agent";
}

static int __init scmi_med_init(void)
{
    const char *wrong;

    if ( !acpi_disabled || !dt_find_compatible_node(NULL, NULL, "xen,sci") )
        return 0;

    spin_lock(&scmi_med.lock);
    wrong = add_agents();
    spin_unlock(&scmi_med.lock);

    if ( wrong )
        printk(XENLOG_ERR "SCMI: %s\n", wrong);
    printk(XENLOG_INFO "SCMI: mediation of function ID %#x for %u agents, features %#x\n",
           scmi_med.function_id, scmi_med.nr_agents, scmi_med.features);

    return 0;
}
__initcall(scmi_med_init);

void __init scmi_med_hwdom_init(struct domain *d)
{
    unsigned int n;

    for ( n = 0; n < scmi_med.nr_agents; n++ )
    {
        struct scmi_agent *agent = &scmi_med.agents[n];
        unsigned long pfn = paddr_to_pfn(agent->channel.page);
        unsigned long nr = paddr_to_pfn(agent->channel.size);

        /*
         * The description of the agents stays in the hardware domain's device
         * tree, where its daemon reads it; so their pages got mapped like any
         * device's.
         */
        if ( !(agent->role & SCMI_MED_AGENT_HWDOM) )
        {
            if ( iomem_deny_access(d, pfn, pfn + nr - 1) ||
                 unmap_regions_p2mt(d, _gfn(pfn), nr, _mfn(pfn)) )
                panic("SCMI: could not hide page %#lx from the hardware domain\n",
                      pfn);
            continue;
        }

        spin_lock(&scmi_med.lock);
        agent->gfn = _gfn(pfn);
        agent->domain = agent->caller = d;
        scmi_agent_of(d) = agent;
        /* That it cannot be done was said once, and need not be per device. */
        if ( scmi_med.features & SCMI_MED_FEATURE_DEVICE_PERM )
            scmi_med_dt_grant_hwdom(agent);
        spin_unlock(&scmi_med.lock);
    }
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
