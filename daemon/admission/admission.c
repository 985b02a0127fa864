/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Admissions, see admission.h. */

#include "daemon/admission/admission.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/admission/dom0.h"
#include "daemon/admission/rules.h"
#include "daemon/admission/sharing.h"

struct log_context admission_log_context(const struct admission *adm,
                                         const char *message_id)
{
    return (struct log_context){
        .domid = (int)adm->domid,
        .domain = adm->name,
        .agent_id = adm->grant.has_agent ? (int)adm->grant.agent_id : -1,
        .devices = adm->request.paths,
        .nr_devices = adm->request.nr_paths,
        .message_id = message_id,
    };
}

struct admission *admission_new(const struct backends *backends, uint32_t domid)
{
    struct admission *adm = calloc(1, sizeof(*adm));

    if (!adm)
        return NULL;
    adm->backends = backends;
    adm->domid = domid;
    adm->name_rc = domain_read_name(backends->store, domid, adm->name_buffer);
    adm->name = *adm->name_buffer ? adm->name_buffer : NULL;
    return adm;
}

void admission_free(struct admission *adm)
{
    if (!adm)
        return;
    request_done(&adm->request);
    plan_done(&adm->plan);
    agents_done(&adm->agents);
    free(adm);
}

int admission_read_agents(struct admission *adm)
{
    int rc;

    agents_done(&adm->agents);
    rc = agents_read(adm->backends->hyp, &adm->agents);
    if (rc)
        return reason_set(&adm->why, rc, "Xen did not return the table of "
                          "SCMI agents: %s", strerror(-rc));
    rules_reserve(adm->backends->policy, adm->name, &adm->agents);
    return 0;
}

int admission_plan(struct admission *adm)
{
    const struct backends *backends = adm->backends;
    int rc;

    rc = resolver_resolve(backends->tree, &adm->request, &adm->plan, &adm->why);
    if (!rc)
        rc = rules_check_devices(backends->policy, backends->tree,
                                 &adm->request, &adm->why);
    return rc;
}

static bool has_agent(const struct admission *adm)
{
    return agents_of_domain(&adm->agents, adm->domid);
}

/* Whether the plan depends on an agent that is quarantined. */
static bool needs_quarantined(const struct admission *adm)
{
    struct agents_count count = agents_count(&adm->agents);
    struct conflict conflict;

    if (!count.quarantined)
        return false;
    return (!count.free && !has_agent(adm)) ||
           (grant_find_conflict(&adm->agents, &adm->plan, adm->domid,
                                &conflict) &&
            agent_is_quarantined(conflict.holder));
}

static const char *name_of(void *context, uint32_t domid)
{
    struct admission *adm = context;

    return domain_name(adm->backends->store, domid, adm->other_name);
}

/* Checks the plan against other domains and the policy. */
static int check_others(struct admission *adm)
{
    const struct backends *backends = adm->backends;
    struct conflict conflict;
    int rc;

    if (grant_find_conflict(&adm->agents, &adm->plan, adm->domid, &conflict))
        return grant_explain_conflict(&conflict, name_of(adm,
                                      conflict.holder->entry.domid),
                                      &adm->why);
    rc = sharing_check(backends->tree, backends->policy, &adm->agents,
                       &adm->plan, adm->domid, name_of, adm, &adm->why);
    if (!rc && !has_agent(adm))
        rc = rules_check_agent(backends->policy, adm->name, &adm->agents,
                               &adm->why);
    return rc;
}

int admission_check_and_take(struct admission *adm)
{
    const struct backends *backends = adm->backends;
    int rc = 0;

    if (needs_quarantined(adm) &&
        grant_lift_quarantine(backends->hyp, &adm->agents))
        rc = admission_read_agents(adm);
    if (!rc)
        rc = check_others(adm);
    if (!rc)
        rc = dom0_take(backends->hyp, &adm->agents, backends->tree, &adm->plan,
                       backends->sysfs, &adm->why);
    return rc;
}

struct resources_context admission_resources(const struct admission *adm)
{
    return (struct resources_context){
        .hyp = adm->backends->hyp,
        .tree = adm->backends->tree,
        .policy = adm->backends->policy,
        .agents = &adm->agents,
        .domid = adm->domid,
    };
}

void admission_return_to_dom0(struct admission *adm)
{
    struct agents agents;

    if (agents_read(adm->backends->hyp, &agents))
        return;
    dom0_restore_quietly(adm->backends->hyp, &agents, adm->backends->tree);
    agents_done(&agents);
}
