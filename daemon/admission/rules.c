/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The policy, see rules.h. */

#include "daemon/admission/rules.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "daemon/log.h"

int rules_check_pins(const struct policy *policy, const struct agents *agents,
                     struct reason *why)
{
    size_t i;

    for (i = 0; policy && i < policy->nr_pins; i++) {
        const struct policy_pin *pin = &policy->pins[i];
        const struct agent *agent = agents_find(agents, pin->agent_id);

        if (agent && agent_is_for_guests(agent))
            continue;
        return reason_set(why, -EINVAL, "%s:%u: %s %" PRIu32 ": choose one "
                          "that \"scmi-medctl agents\" lists as a guest's",
                          policy->file, pin->line, !agent ? "there is no agent"
                          : "guests cannot have agent", pin->agent_id);
    }
    return 0;
}

static int check_policy(const struct policy *policy, struct hyp *hyp,
                        const struct host_tree *tree, struct reason *why)
{
    struct agents agents;
    int rc = policy_check_tree(policy, tree, why);

    if (rc || !policy->nr_pins)
        return rc;
    rc = agents_read(hyp, &agents);
    if (rc)
        return reason_set(why, rc, "Xen did not return the table of SCMI "
                          "agents: %s", strerror(-rc));
    rc = rules_check_pins(policy, &agents, why);
    agents_done(&agents);
    return rc;
}

int rules_load(const char *path, struct hyp *hyp, const struct host_tree *tree,
               struct policy *ret_policy, struct reason *why)
{
    struct policy policy = { 0 };
    int rc = path ? policy_read(path, &policy, why) : -ENOENT;

    if (rc && rc != -ENOENT)
        return rc;
    rc = rc ? 0 : check_policy(&policy, hyp, tree, why);
    if (rc)
        policy_done(&policy);
    else
        *ret_policy = policy;
    return rc;
}

int rules_reload(const char *path, struct hyp *hyp,
                 const struct host_tree *tree, struct policy *policy,
                 struct reason *why)
{
    struct log_context context = {
        .agent_id = -1, .message_id = LOG_ID_POLICY_READ,
    };
    struct reason cause;
    struct policy fresh;
    int rc = rules_load(path, hyp, tree, &fresh, &cause);

    if (rc) {
        reason_set(why, rc, "keeping the policy that was read before: %s",
                   cause.text);
        log_write(LOG_ERR, &context, "%s", why->text);
        return rc;
    }
    if (fresh.file)
        log_write(LOG_INFO, &context, "read %s again: %zu allowed, %zu "
                  "pinned, %zu forbidden", fresh.file, fresh.nr_allows,
                  fresh.nr_pins, fresh.nr_forbids);
    else if (policy->file)
        log_write(LOG_NOTICE, &context, "%s is gone: no policy any more",
                  policy->file);
    policy_done(policy);
    *policy = fresh;
    return 0;
}

int rules_check_devices(const struct policy *policy,
                        const struct host_tree *tree,
                        const struct request *request, struct reason *why)
{
    size_t i;

    for (i = 0; policy && i < request->nr_paths; i++) {
        const struct policy_forbid *forbid =
            policy_find_forbid(policy, tree, request->paths[i]);

        if (forbid)
            return reason_set(why, -EPERM, "device \"%.700s\" is forbidden to "
                              "guests: %s:%u says \"forbid %.700s\"",
                              request->paths[i], policy->file, forbid->line,
                              forbid->path);
    }
    return 0;
}

void rules_reserve(const struct policy *policy, const char *name,
                   struct agents *agents)
{
    const struct policy_pin *own;
    size_t i;

    if (!policy)
        return;
    own = policy_pin_of_name(policy, name);
    for (i = 0; i < agents->nr_agents; i++) {
        struct agent *agent = &agents->agents[i];

        if (own)
            agent->is_reserved = agent->entry.agent_id != own->agent_id;
        else
            agent->is_reserved = policy_pin_of_agent(policy,
                                                     agent->entry.agent_id);
    }
}

int rules_check_agent(const struct policy *policy, const char *name,
                      const struct agents *agents, struct reason *why)
{
    const struct policy_pin *own;
    unsigned int nr_reserved = 0;
    const struct agent *agent;
    size_t i;

    if (!policy || agents_count(agents).free)
        return 0;
    own = policy_pin_of_name(policy, name);
    agent = own ? agents_find(agents, own->agent_id) : NULL;
    if (own)
        return reason_set(why, -EBUSY, "%s:%u pins domain \"%s\" to SCMI agent "
                          "%" PRIu32 ", which is %s", policy->file, own->line,
                          own->name, own->agent_id, !agent ? "not there" :
                          agent_is_bound(agent) ? "in use by another domain"
                          : "quarantined");
    for (i = 0; i < agents->nr_agents; i++)
        nr_reserved += agents->agents[i].is_reserved &&
                       !agent_is_bound(&agents->agents[i]);
    if (!nr_reserved)
        return 0;
    return reason_set(why, -EBUSY, "no SCMI agent is free but %u that %s pins "
                      "to other domains", nr_reserved, policy->file);
}
