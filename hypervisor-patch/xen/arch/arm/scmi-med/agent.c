/* SPDX-License-Identifier: GPL-2.0-only */
/* SCMI mediation: which domain is which agent, and what it was granted. */

#include <xen/event.h>

#include <asm/p2m.h>

#include "private.h"

/* Calls per second. */
#define DEFAULT_RATE            10000
#define NO_RATE                 (~0U)

struct scmi_agent *scmi_med_find_agent(uint32_t agent_id)
{
    unsigned int n;

    for ( n = 0; n < scmi_med.nr_agents; n++ )
        if ( scmi_med.agents[n].id == agent_id )
            return &scmi_med.agents[n];

    return NULL;
}

/* Afterwards no message of the last life is served, or under way. */
static void set_life(struct scmi_agent *agent, enum scmi_life life)
{
    spin_lock(&agent->back->lock);
    agent->life = life;
    if ( life == SCMI_FREE || life == SCMI_QUARANTINED )
        agent->domain = NULL;
    spin_unlock(&agent->back->lock);
}

/* The hardware domain has all that no guest has for itself. */
static void update_hwdom(void)
{
    struct scmi_agent *host = scmi_med.hwdom;
    unsigned int kind, i, n;

    if ( !host || host->life != SCMI_BOUND )
        return;

    spin_lock(&host->back->lock);
    for ( kind = 0; kind < SCMI_KINDS; kind++ )
        for ( i = 0; i < SCMI_MED_IDS / 32; i++ )
        {
            uint32_t taken = 0;

            for ( n = 1; n < scmi_med.nr_agents; n++ )
                if ( &scmi_med.agents[n] != host )
                    taken |= scmi_med.agents[n].grants.ids[kind][i] &
                             ~scmi_med.agents[n].shared.ids[kind][i];
            host->grants.ids[kind][i] = ~taken;
        }
    spin_unlock(&host->back->lock);
}

void scmi_med_bind(struct scmi_agent *agent, struct domain *d, gfn_t gfn)
{
    spin_lock(&agent->back->lock);
    agent->life = SCMI_BOUND;
    agent->domain = d;
    agent->gfn = gfn;
    agent->grants.host = agent->role;
    agent->rate = agent->role ? NO_RATE : DEFAULT_RATE;
    agent->due = 0;
    agent->waits = false;
    spin_unlock(&agent->back->lock);
    update_hwdom();
}

static int map_face(struct domain *d, struct scmi_agent *agent, gfn_t gfn)
{
    if ( !mfn_eq(p2m_lookup(d, gfn, NULL), INVALID_MFN) )
        return -EADDRINUSE;

    scmi_med_scrub(agent->face);
    /* Device memory whatever the guest makes of it: no cached alias. */
    return map_regions_p2mt(d, gfn, 1, agent->face_mfn, p2m_mmio_direct_dev);
}

int scmi_med_assign(struct domain *d, struct scmi_agent *agent, gfn_t gfn)
{
    int rc;

    if ( agent->role )
        return -EACCES;
    if ( scmi_agent_of(d) )
        return -EEXIST;
    if ( agent->domain )
        return -EBUSY;
    if ( !(scmi_med.features & SCMI_MED_FEATURE_TRUSTED) )
        return -ENODEV;
    if ( agent->life == SCMI_QUARANTINED )
        return -ENOTEMPTY;

    /*
     * Either this sees that the domain is dying, or its teardown, which looks
     * later, sees the agent and takes the lock.
     */
    scmi_agent_of(d) = agent;
    smp_mb();
    rc = d->is_dying ? -ESRCH : map_face(d, agent, gfn);
    if ( rc )
        scmi_agent_of(d) = NULL;
    else
        scmi_med_bind(agent, d, gfn);

    return rc;
}

/* Where the device is, or could be, in the agent's list. */
static unsigned int find_device(const struct scmi_agent *agent,
                                uint32_t device_id)
{
    unsigned int n = 0;

    while ( n < agent->nr_devices && agent->devices[n] != device_id )
        n++;

    return n;
}

static bool is_shared(const struct scmi_agent *agent, uint32_t device_id)
{
    const struct scmi_agent *other = scmi_med.agents;

    for ( ; other < scmi_med.agents + scmi_med.nr_agents; other++ )
        if ( other != agent &&
             find_device(other, device_id) < other->nr_devices )
            return true;

    return false;
}

/* Firmware that knows no devices does not have to be told. */
static int tell(const struct scmi_agent *agent, uint32_t device_id, bool allow,
                int32_t *status)
{
    int rc = scmi_med_set_device(agent->id, device_id, allow, status);

    return rc == -ENODEV ? 0 : rc;
}

/* Denies the n-th device of an agent, which is forgotten if that is certain. */
static int deny(struct scmi_agent *agent, unsigned int n, int32_t *status)
{
    int rc = tell(agent, agent->devices[n], false, status);

    if ( !rc )
        agent->devices[n] = agent->devices[--agent->nr_devices];

    return rc;
}

int scmi_med_permit(struct scmi_agent *agent, uint32_t device_id,
                    bool allow, int32_t *status)
{
    unsigned int n = find_device(agent, device_id);
    bool had = n < agent->nr_devices;
    int rc;

    if ( agent->life != SCMI_BOUND )
        return -EBUSY;
    if ( !allow )
        return had ? deny(agent, n, status) : 0;
    if ( !had && n == agent->max_devices )
        return -ENOSPC;

    /* Before it is: a message whose answer is lost may have been obeyed. */
    if ( !had )
        agent->devices[agent->nr_devices++] = device_id;
    rc = tell(agent, device_id, true, status);
    if ( !had && *status )
        agent->nr_devices--;

    return rc;
}

static bool has_grant(struct scmi_grants *grants, unsigned int kind,
                      uint32_t id)
{
    return scmi_bit(scmi_grant_bits(grants, kind), id);
}

static void set_grant(struct scmi_grants *grants, unsigned int kind,
                      uint32_t id, bool value)
{
    uint32_t *word = &scmi_grant_bits(grants, kind)[id / 32];

    if ( value )
        *word |= 1U << (id % 32);
    else
        *word &= ~(1U << (id % 32));
}

int scmi_med_grant(struct scmi_agent *agent, unsigned int kind, uint32_t id,
                   uint32_t flags)
{
    bool allow = flags & SCMI_MED_ALLOW, share = flags & SCMI_MED_SHARE;
    unsigned int n;

    if ( agent->life != SCMI_BOUND )
        return -EBUSY;
    if ( agent->role )
        return -EACCES;

    for ( n = 1; allow && n < scmi_med.nr_agents; n++ )
    {
        struct scmi_agent *other = &scmi_med.agents[n];

        if ( other != agent && !other->role &&
             has_grant(&other->grants, kind, id) &&
             !(share && has_grant(&other->shared, kind, id)) )
            return -EADDRINUSE;
    }

    spin_lock(&agent->back->lock);
    set_grant(&agent->grants, kind, id, allow);
    spin_unlock(&agent->back->lock);
    set_grant(&agent->shared, kind, id, allow && share);
    update_hwdom();

    return 0;
}

/* What the domain was granted is to be had by others. */
static void forget_grants(struct scmi_agent *agent)
{
    spin_lock(&agent->back->lock);
    memset(&agent->grants, 0, sizeof(agent->grants));
    spin_unlock(&agent->back->lock);
    memset(&agent->shared, 0, sizeof(agent->shared));
    update_hwdom();
}

/*
 * Resetting an agent's configuration resets what it may change, so that comes
 * before the denials; but not for what another agent uses, too. Each denial is
 * confirmed, since what a reset does to permissions is the firmware's choice.
 */
static int do_step(struct scmi_agent *agent, int32_t *status)
{
    unsigned int n = 0;
    int rc = 0;

    switch ( agent->step )
    {
    case SCMI_STEP_SHARED:
        while ( n < agent->nr_devices && !is_shared(agent, agent->devices[n]) )
            n++;
        if ( n < agent->nr_devices )
            return deny(agent, n, status);
        break;

    case SCMI_STEP_DENY:
        if ( agent->nr_devices )
            return deny(agent, agent->nr_devices - 1, status);
        break;

    case SCMI_STEP_CONFIG:
    case SCMI_STEP_PERMISSIONS:
        rc = scmi_med_reset_agent(agent->id,
                                  agent->step == SCMI_STEP_PERMISSIONS, status);
        /* Without that, it must do that every device is denied. */
        if ( rc == -ENODEV )
            rc = 0;
        break;

    default: /* SCMI_STEP_CHANNEL */
        /* The last owner's message may have been lost there. */
        scmi_med_scrub(agent->own.map);
        rc = scmi_med_identify(agent);
        if ( !rc )
            scmi_med_scrub(agent->own.map);
        break;
    }

    if ( !rc )
        agent->step++;

    return rc;
}

/* At boot there is nothing else to do, and nobody who would call again. */
static bool is_to_stop(void)
{
    return system_state >= SYS_STATE_active && hypercall_preempt_check();
}

/*
 * Takes back what an agent may have that serves nobody. It is nobody's then,
 * in quarantine if the firmware did not confirm all of it.
 */
static int take_back(struct scmi_agent *agent, int32_t *status)
{
    int32_t ignored;
    int rc;

    do {
        rc = do_step(agent, status);
        if ( !rc && agent->step < SCMI_STEPS && is_to_stop() )
            return -ERESTART;
    } while ( !rc && agent->step < SCMI_STEPS );

    /* It said no to one thing. The others go with this. */
    if ( rc && *status )
        scmi_med_reset_agent(agent->id, true, &ignored);

    agent->step = SCMI_STEP_SHARED;
    forget_grants(agent);
    scmi_med_scrub(agent->face);
    set_life(agent, rc ? SCMI_QUARANTINED : SCMI_FREE);

    return rc ? -EIO : 0;
}

int scmi_med_reset(struct scmi_agent *agent, int32_t *status)
{
    if ( agent->role )
        return -EACCES;
    if ( agent->domain )
        return -EBUSY;

    set_life(agent, SCMI_QUARANTINED);

    return take_back(agent, status);
}

/* The end of a domain's time as an agent, when it cannot reach the face. */
static int end(struct domain *d, struct scmi_agent *agent, int32_t *status)
{
    int rc = take_back(agent, status);

    if ( rc == -ERESTART )
        return rc;
    if ( rc )
        printk(XENLOG_ERR "SCMI: agent %u, last of %pd, could not be revoked (SCMI status %d): it is quarantined\n",
               agent->id, d, *status);

    scmi_agent_of(d) = NULL;

    return rc;
}

int scmi_med_release(struct domain *d, int32_t *status)
{
    struct scmi_agent *agent = scmi_agent_of(d);
    int rc = 0;

    if ( !agent )
        return -ENOENT;
    if ( agent->role )
        return -EACCES;

    set_life(agent, SCMI_ENDING);

    /*
     * The next owner of the face must not share it with one that still runs,
     * or whose devices do. A domain that is dying keeps its memory map to the
     * end, so this is left to its teardown; as it is if the map cannot be
     * changed. The domain may also have put something else there.
     */
    if ( mfn_eq(p2m_lookup(d, agent->gfn, NULL), agent->face_mfn) )
        rc = unmap_regions_p2mt(d, agent->gfn, 1, agent->face_mfn);
    if ( rc )
    {
        if ( d->is_dying )
            return -ESRCH;
        domain_crash(d);
        return rc;
    }

    return end(d, agent, status);
}

int scmi_med_domain_destroy(struct domain *d)
{
    struct scmi_agent *agent;
    int32_t status = 0;
    int rc = 0;

    /* See scmi_med_assign(): if there is none, there will be none. */
    smp_mb();
    if ( !ACCESS_ONCE(scmi_agent_of(d)) )
        return 0;

    spin_lock(&scmi_med.lock);
    agent = scmi_agent_of(d);
    if ( agent && !agent->role )
    {
        set_life(agent, SCMI_ENDING);
        rc = end(d, agent, &status);
    }
    spin_unlock(&scmi_med.lock);

    return rc == -ERESTART ? rc : 0;
}

int scmi_med_set_rate(struct scmi_agent *agent, uint32_t rate)
{
    if ( !rate )
        return -EINVAL;
    if ( agent->life != SCMI_BOUND )
        return -EBUSY;

    spin_lock(&agent->back->lock);
    agent->rate = rate;
    agent->due = 0;
    spin_unlock(&agent->back->lock);

    return 0;
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
