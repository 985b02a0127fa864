/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Brings the policy in, see policy-load.h. */

#include "daemon/admission/policy-load.h"

#include <errno.h>
#include <string.h>

#include "daemon/admission/rules.h"
#include "daemon/log.h"
#include "daemon/xen/agents.h"

static int check(const struct policy *policy, struct hyp *hyp,
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
    rc = rules_check_agents(policy, &agents, why);
    agents_done(&agents);
    return rc;
}

int policy_load(const char *path, struct hyp *hyp,
                const struct host_tree *tree, struct policy *ret_policy,
                struct reason *why)
{
    struct policy policy = { 0 };
    int rc = path ? policy_read(path, &policy, why) : -ENOENT;

    if (rc && rc != -ENOENT)
        return rc;
    rc = rc ? 0 : check(&policy, hyp, tree, why);
    if (rc)
        policy_done(&policy);
    else
        *ret_policy = policy;
    return rc;
}

int policy_reload(const char *path, struct hyp *hyp,
                  const struct host_tree *tree, struct policy *policy,
                  struct reason *why)
{
    struct log_context context = {
        .agent_id = -1, .message_id = LOG_ID_POLICY_READ,
    };
    struct reason cause;
    struct policy fresh;
    int rc = policy_load(path, hyp, tree, &fresh, &cause);

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
