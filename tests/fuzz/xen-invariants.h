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

static inline void check_agent(unsigned int n)
{
    const struct scmi_agent *agent = &scmi_med.agents[n], *other;

    must(agent->channel.map && agent->channel.page % PAGE_SIZE == 0);
    must(agent->nr_devices <= SCMI_MED_MAX_DEVICES);
    must(agent->rate);
    must(!n == !!(agent->role & SCMI_MED_AGENT_TRUSTED));
    must(!n || (agent->id && agent->id <= SCMI_MED_MAX_AGENTS));
    must(!agent->caller || agent->caller == agent->domain);
    must(!agent->domain || agent->domain->arch.scmi_agent == agent);
    /* Whoever may call sees the agent's page, and it is nobody else's. */
    if (agent->caller && !agent->role)
        must(agent->domain->mfn == agent->channel.page / PAGE_SIZE && agent->domain->gfn != ~0UL);
    for (other = scmi_med.agents; other < agent; other++) {
        must(other->id != agent->id);
        must(agent->channel.page - other->channel.page >= other->channel.size);
        must(other->channel.page - agent->channel.page >= agent->channel.size);
        must(!agent->domain || other->domain != agent->domain);
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
    while (scmi_med_domain_destroy(d) == -ERESTART)
        ;
    must(!d->arch.scmi_agent);
    check_invariants();
}

#endif
