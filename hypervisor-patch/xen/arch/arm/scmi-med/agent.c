/* SPDX-License-Identifier: GPL-2.0-only */
/* SCMI mediation: which domain is which agent, and with what permissions. */

#include <xen/event.h>

#include <asm/p2m.h>

#include "private.h"

struct scmi_agent *scmi_med_find_agent(uint32_t agent_id)
{
    unsigned int n;

    for ( n = 0; n < scmi_med.nr_agents; n++ )
        if ( scmi_med.agents[n].id == agent_id )
            return &scmi_med.agents[n];

    return NULL;
}

/* Afterwards no call of anybody else is forwarded, or under way. */
static void set_caller(struct scmi_agent *agent, const struct domain *d)
{
    spin_lock(&agent->lock);
    agent->caller = d;
    spin_unlock(&agent->lock);
}

int scmi_med_assign(struct domain *d, struct scmi_agent *agent, gfn_t gfn)
{
    mfn_t mfn = maddr_to_mfn(agent->channel.page);
    int rc;

    if ( agent->role )
        return -EACCES;
    if ( scmi_agent_of(d) )
        return -EEXIST;
    if ( agent->domain )
        return -EBUSY;
    if ( !(scmi_med.features & SCMI_MED_FEATURE_TRUSTED) )
        return -ENODEV;
    if ( agent->quarantined )
        return -ENOTEMPTY;
    if ( !mfn_eq(p2m_lookup(d, gfn, NULL), INVALID_MFN) )
        return -EADDRINUSE;

    scmi_med_scrub(&agent->channel);
    /* Device memory whatever the guest makes of it: no cached alias. */
    rc = map_regions_p2mt(d, gfn, 1, mfn, p2m_mmio_direct_dev);
    if ( rc )
        return rc;

    agent->gfn = gfn;
    agent->domain = d;
    scmi_agent_of(d) = agent;
    set_caller(agent, d);

    return 0;
}

/* Where the device is, or could be, in the agent's list. */
static uint32_t *find_device(struct scmi_agent *agent, uint32_t device_id)
{
    uint32_t *device = agent->devices;

    while ( device < agent->devices + agent->nr_devices &&
            *device != device_id )
        device++;

    return device;
}

int scmi_med_permit(struct scmi_agent *agent, uint32_t device_id,
                    bool allow, int32_t *status)
{
    uint32_t *device = find_device(agent, device_id);
    bool had = device < agent->devices + agent->nr_devices;
    int rc;

    if ( allow && !had )
    {
        if ( agent->nr_devices == SCMI_MED_MAX_DEVICES )
            return -ENOSPC;
        *device = device_id;
        agent->nr_devices++;
    }

    rc = scmi_med_set_device(agent->id, device_id, allow, status);

    /*
     * A device is forgotten only if it is certain that it is not permitted: a
     * message whose answer is lost may have been obeyed.
     */
    if ( allow ? !had && (rc == -ENODEV || *status) : had && !rc )
        *device = agent->devices[--agent->nr_devices];

    return rc;
}

static int revoke(struct scmi_agent *agent, int32_t *status)
{
    int32_t ignored;
    int rc = 0;

    /* Until everything below is done. */
    agent->quarantined = true;

    /*
     * One by one, and each confirmed: what a reset does to permissions is the
     * firmware's choice. One that does not answer is not asked again and again.
     */
    while ( !rc && agent->nr_devices )
    {
        rc = scmi_med_permit(agent, agent->devices[agent->nr_devices - 1],
                             false, status);
        if ( hypercall_preempt_check() && !rc )
            return -ERESTART;
    }

    if ( !rc )
        rc = scmi_med_reset_agent(agent->id, status);
    else if ( *status )
        /* It said no to one device. The others go with this. */
        scmi_med_reset_agent(agent->id, &ignored);

    scmi_med_scrub(&agent->channel);
    /*
     * Without the reset, that every device is denied must do. But the last
     * owner may have left the channel in a state that nothing cures.
     */
    if ( !rc || rc == -ENODEV )
        rc = scmi_med_identify(agent);
    scmi_med_scrub(&agent->channel);

    agent->quarantined = rc;

    return rc ? -EIO : 0;
}

int scmi_med_reset(struct scmi_agent *agent, int32_t *status)
{
    if ( agent->role )
        return -EACCES;
    if ( agent->domain )
        return -EBUSY;

    return revoke(agent, status);
}

int scmi_med_release(struct domain *d, int32_t *status)
{
    struct scmi_agent *agent = scmi_agent_of(d);
    int rc;

    if ( !agent )
        return -ENOENT;
    if ( agent->role )
        return -EACCES;

    /*
     * The next owner of the page must not share it with one that still runs.
     * One that is dying does not, and keeps its memory map to the end.
     */
    if ( agent->caller )
    {
        set_caller(agent, NULL);
        if ( unmap_regions_p2mt(d, agent->gfn, 1,
                                maddr_to_mfn(agent->channel.page)) &&
             !d->is_dying )
            domain_crash(d);
    }

    rc = revoke(agent, status);
    if ( rc == -ERESTART )
        return rc;
    if ( rc )
        printk(XENLOG_ERR "SCMI: agent %u, last of %pd, could not be revoked (SCMI status %d): it is quarantined\n",
               agent->id, d, *status);

    scmi_agent_of(d) = NULL;
    agent->domain = NULL;

    return rc;
}

int scmi_med_domain_destroy(struct domain *d)
{
    int32_t status = 0;
    int rc;

    if ( !scmi_med.function_id )
        return 0;

    /* Not before it has the lock can it know whether there is an agent. */
    spin_lock(&scmi_med.lock);
    rc = scmi_med_release(d, &status);
    spin_unlock(&scmi_med.lock);

    return rc == -ERESTART ? rc : 0;
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
