/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jobs, see job.h. */

#include "daemon/admission/admission.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/admission/dom0.h"
#include "daemon/admission/rules.h"
#include "daemon/admission/sharing.h"
#include "lib/text.h"

struct log_context job_context(const struct job *job, const char *message_id)
{
    return (struct log_context){
        .domid = (int)job->domid,
        .domain = job->name,
        .agent_id = job->grant.has_agent ? (int)job->grant.agent_id : -1,
        .devices = job->request.paths,
        .nr_devices = job->request.nr_paths,
        .message_id = message_id,
    };
}

/* Returns 0 also if it has none: an empty one then. */
static int read_name(struct store *store, uint32_t domid,
                     char ret_name[DOMAIN_NAME_SIZE])
{
    char path[64], *name;
    int rc;

    ret_name[0] = '\0';
    snprintf(path, sizeof(path), "/local/domain/%u/name", domid);
    rc = store_read(store, STORE_NOW, path, &name);
    if (rc)
        return rc == -ENOENT || rc == -EBADMSG ? 0 : rc;
    snprintf(ret_name, DOMAIN_NAME_SIZE, "%s", name);
    text_make_printable(ret_name);
    free(name);
    return 0;
}

const char *job_domain_name(struct store *store, uint32_t domid,
                            char ret_name[DOMAIN_NAME_SIZE])
{
    return !read_name(store, domid, ret_name) && *ret_name ? ret_name : NULL;
}

struct job *job_new(const struct ports *ports, uint32_t domid)
{
    struct job *job = calloc(1, sizeof(*job));

    if (!job)
        return NULL;
    job->ports = ports;
    job->domid = domid;
    job->name_rc = read_name(ports->store, domid, job->name_buffer);
    job->name = *job->name_buffer ? job->name_buffer : NULL;
    return job;
}

void job_free(struct job *job)
{
    if (!job)
        return;
    request_done(&job->request);
    plan_done(&job->plan);
    agents_done(&job->agents);
    free(job);
}

int job_read_agents(struct job *job)
{
    int rc;

    agents_done(&job->agents);
    rc = agents_read(job->ports->hyp, &job->agents);
    if (rc)
        return reason_set(&job->why, rc, "Xen did not return the table of "
                          "SCMI agents: %s", strerror(-rc));
    rules_reserve(job->ports->policy, job->name, &job->agents);
    return 0;
}

int job_plan(struct job *job)
{
    const struct ports *ports = job->ports;
    int rc;

    rc = resolver_resolve(ports->tree, &job->request, &job->plan, &job->why);
    if (!rc)
        rc = rules_check_devices(ports->policy, ports->tree, &job->request,
                                 &job->why);
    return rc;
}

static bool has_agent(const struct job *job)
{
    return agents_of_domain(&job->agents, job->domid);
}

/* Whether a quarantine stands in the way of the plan. */
static bool needs_quarantined(const struct job *job)
{
    struct agents_count count = agents_count(&job->agents);
    struct conflict conflict;

    if (!count.quarantined)
        return false;
    return (!count.free && !has_agent(job)) ||
           (grant_find_conflict(&job->agents, &job->plan, job->domid,
                                &conflict) &&
            agent_is_quarantined(conflict.holder));
}

static const char *name_of(void *context, uint32_t domid)
{
    struct job *job = context;

    return job_domain_name(job->ports->store, domid, job->other_name);
}

/* Who has the devices, what is shared with others, and what the policy says. */
static int check_others(struct job *job)
{
    const struct ports *ports = job->ports;
    struct conflict conflict;
    int rc;

    if (grant_find_conflict(&job->agents, &job->plan, job->domid, &conflict))
        return grant_explain_conflict(&conflict, name_of(job,
                                      conflict.holder->entry.domid),
                                      &job->why);
    rc = sharing_check(ports->tree, ports->policy, &job->agents, &job->plan,
                       job->domid, name_of, job, &job->why);
    if (!rc && !has_agent(job))
        rc = rules_check_agent(ports->policy, job->name, &job->agents,
                               &job->why);
    return rc;
}

int job_clear_way(struct job *job)
{
    const struct ports *ports = job->ports;
    int rc = 0;

    if (needs_quarantined(job) &&
        grant_lift_quarantine(ports->hyp, &job->agents))
        rc = job_read_agents(job);
    if (!rc)
        rc = check_others(job);
    if (!rc)
        rc = dom0_take(ports->hyp, &job->agents, ports->tree, &job->plan,
                       ports->sysfs, &job->why);
    return rc;
}

void job_give_back(struct job *job)
{
    struct dom0_changes changes;
    struct agents agents;

    if (agents_read(job->ports->hyp, &agents))
        return;
    dom0_restore(job->ports->hyp, &agents, job->ports->tree, &changes);
    agents_done(&agents);
}
