/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is true of the in-Xen code at any time, whatever it was fed. */

#ifndef SCMI_MED_TESTS_FUZZ_XEN_INVARIANTS_H
#define SCMI_MED_TESTS_FUZZ_XEN_INVARIANTS_H

#include "tests/xen/world.h"

#include <asm/scmi-med.h>

#include "target.h"

/* In place of cmocka's, which ends a test: an assertion of the world's failed. */
void _fail(const char *const file, const int line)
{
    fprintf(stderr, "%s:%d: the world's assertion\n", file, line);
    abort();
}

/* Whether two agents have something, and one of them for itself. */
static inline bool is_clash(const struct scmi_agent *a, const struct scmi_agent *b)
{
    unsigned int n, i;

    for (n = 0; n < SCMI_KINDS; n++)
        for (i = 0; i < SCMI_MED_IDS / 32; i++)
            if (a->grants.ids[n][i] & b->grants.ids[n][i] & ~(a->shared.ids[n][i] & b->shared.ids[n][i]))
                return true;
    for (n = 0; n < 8; n++)
        if (a->grants.protocols[n] & b->grants.protocols[n] & ~(a->shared.protocols[n] & b->shared.protocols[n]))
            return true;
    return false;
}

/* Dom0 and a guest both have only what the guest shares. */
static inline bool is_taken(const struct scmi_agent *host, const struct scmi_agent *guest)
{
    unsigned int n, i;

    for (n = 0; n < SCMI_KINDS; n++)
        for (i = 0; i < SCMI_MED_IDS / 32; i++)
            if (host->grants.ids[n][i] & guest->grants.ids[n][i] & ~guest->shared.ids[n][i])
                return true;
    return false;
}

static inline void check_agent(unsigned int n)
{
    static const struct scmi_grants nothing;
    const struct scmi_agent *agent = &scmi_med.agents[n], *other;

    must(agent->back == &agent->own && agent->own.map && agent->own.page % PAGE_SIZE == 0);
    must(agent->nr_devices <= agent->max_devices);
    must(!n == !!(agent->role & SCMI_MED_AGENT_TRUSTED));
    must(!n || agent->id < SCMI_MED_MAX_AGENTS);
    must(!agent->domain == !(agent->life == SCMI_BOUND || agent->life == SCMI_ENDING));
    must(!agent->domain || agent->domain->arch.scmi_agent == agent);
    must(agent->life != SCMI_BOUND || (agent->rate && agent->own.facts.known));
    must(agent->domain || !memcmp(&agent->grants, &nothing, sizeof(nothing)));
    must(agent->grants.host == (agent->life == SCMI_BOUND && agent->role));
    /* Whoever may call sees the agent's face, and it is nobody else's. */
    if (agent->life == SCMI_BOUND && !agent->role)
        must(agent->domain->mfn == agent->face_mfn.v && agent->domain->gfn != ~0UL);
    for (other = scmi_med.agents; other < agent; other++) {
        must(other->id != agent->id);
        must(agent->own.page - other->own.page >= other->own.size);
        must(other->own.page - agent->own.page >= agent->own.size);
        must(!agent->domain || other->domain != agent->domain);
        if (!agent->role && !other->role)
            must(!is_clash(agent, other));
        else if (agent->role & SCMI_MED_AGENT_HWDOM)
            must(!is_taken(agent, other));
        else if (other->role & SCMI_MED_AGENT_HWDOM)
            must(!is_taken(other, agent));
    }
}

static inline void check_invariants(void)
{
    unsigned int n;

    must(!harness_locks);
    must(!scmi_med.function_id || scmi_med.nr_agents > 1);
    for (n = 0; n < scmi_med.nr_agents; n++)
        check_agent(n);
    for (n = 0; n < HARNESS_DOMAINS; n++)
        must(!harness_domains[n].rcu);
}

/* What a domain's end leaves. */
static inline void check_destroyed(struct domain *d)
{
    d->is_dying = 1;
    d->devices_off = true;
    while (scmi_med_domain_destroy(d) == -ERESTART)
        ;
    must(!d->arch.scmi_agent);
    check_invariants();
}

#endif
