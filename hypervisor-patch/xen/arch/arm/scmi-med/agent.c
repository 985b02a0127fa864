/* SPDX-License-Identifier: GPL-2.0-only */
/* SCMI mediation: which domain is which agent, and with what permissions. */

#include <xen/errno.h>
#include <xen/lib.h>

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

/*
 * Binds the agent to the domain, or to none. With the agent's lock, so that
 * afterwards no call of the domain before is under way.
 */
static void bind(struct scmi_agent *agent, const struct domain *d)
{
    spin_lock(&agent->lock);
    agent->domain = d;
    spin_unlock(&agent->lock);
}

int scmi_med_assign(struct domain *d, struct scmi_agent *agent, gfn_t gfn)
{
    mfn_t mfn = maddr_to_mfn(agent->channel.page);
    int rc;

    /* Teardown takes the control lock after this was set. */
    if ( d->is_dying )
        return -ESRCH;
    if ( agent->role )
        return -EACCES;
    if ( d->arch.scmi_agent )
        return -EEXIST;
    if ( agent->domain )
        return -EBUSY;
    if ( agent->quarantined )
        return -ENOTEMPTY;
    if ( !(scmi_med.info.features & SCMI_MED_FEATURE_TRUSTED) )
        return -ENODEV;
    if ( !mfn_eq(p2m_lookup(d, gfn, NULL), INVALID_MFN) )
        return -EADDRINUSE;

    scmi_med_scrub(&agent->channel);
    /* Device memory whatever the guest makes of it: no cached alias. */
    rc = map_regions_p2mt(d, gfn, 1, mfn, p2m_mmio_direct_dev);
    if ( rc )
        return rc;

    agent->gfn = gfn;
    bind(agent, d);
    d->arch.scmi_agent = agent;

    return 0;
}

static bool has_device(const struct scmi_agent *agent, uint32_t device_id)
{
    unsigned int i;

    for ( i = 0; i < agent->nr_devices; i++ )
        if ( agent->devices[i] == device_id )
            return true;

    return false;
}

static void forget_device(struct scmi_agent *agent, uint32_t device_id)
{
    unsigned int i;

    for ( i = 0; i < agent->nr_devices; i++ )
        if ( agent->devices[i] == device_id )
        {
            agent->devices[i] = agent->devices[--agent->nr_devices];
            return;
        }
}

int scmi_med_permit(struct scmi_agent *agent, uint32_t device_id,
                    bool allow, int32_t *status)
{
    bool had = has_device(agent, device_id);
    int rc;

    if ( allow && !had )
    {
        if ( agent->nr_devices == SCMI_MED_MAX_DEVICES )
            return -ENOSPC;
        agent->devices[agent->nr_devices++] = device_id;
    }

    rc = scmi_med_set_device(agent->id, device_id, allow, status);

    /*
     * A device is forgotten only if it is certain that it is not permitted: a
     * message whose answer is lost may have been obeyed.
     */
    if ( allow ? !had && (rc == -ENODEV || *status) : !rc )
        forget_device(agent, device_id);

    return rc;
}

int scmi_med_revoke(struct scmi_agent *agent, int32_t *status)
{
    int rc = 0;

    *status = 0;
    /*
     * One by one, for firmware whose reset restores a default that allows. A
     * firmware that does not answer is not asked again and again.
     */
    while ( !rc && agent->nr_devices )
        rc = scmi_med_permit(agent, agent->devices[agent->nr_devices - 1],
                             false, status);

    if ( !rc )
    {
        rc = scmi_med_reset_agent(agent->id, status);
        /* Without the message, that every device is denied must do. */
        if ( rc == -ENODEV )
            rc = 0;
    }
    else if ( *status )
    {
        int32_t unused;

        scmi_med_reset_agent(agent->id, &unused);
    }

    agent->quarantined = rc;

    return rc ? -EIO : 0;
}

int scmi_med_release(struct domain *d, int32_t *status)
{
    struct scmi_agent *agent = d->arch.scmi_agent;
    int rc;

    *status = 0;
    if ( !agent )
        return -ENOENT;
    if ( agent->role )
        return -EACCES;

    d->arch.scmi_agent = NULL;
    bind(agent, NULL);

    /* The next owner of the page must not share it with one that still runs. */
    if ( unmap_regions_p2mt(d, agent->gfn, 1,
                            maddr_to_mfn(agent->channel.page)) )
    {
        printk(XENLOG_ERR "SCMI: %pd: could not unmap the page of agent %u\n",
               d, agent->id);
        if ( !d->is_dying )
            domain_crash(d);
    }
    agent->gfn = INVALID_GFN;

    rc = scmi_med_revoke(agent, status);
    if ( rc )
        printk(XENLOG_ERR "SCMI: agent %u, last of %pd, could not be revoked (SCMI status %d): it is quarantined\n",
               agent->id, d, *status);
    scmi_med_scrub(&agent->channel);

    return rc;
}

void scmi_med_domain_destroy(struct domain *d)
{
    int32_t status;

    if ( !d->arch.scmi_agent )
        return;

    spin_lock(&scmi_med.lock);
    scmi_med_release(d, &status);
    spin_unlock(&scmi_med.lock);
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
