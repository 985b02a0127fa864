/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The policy: reads it, checks it against this host, and applies its "forbid"
 * and "pin" directives to requests. sharing.h applies "allow". A policy may be
 * NULL wherever it is const: no policy.
 */

#ifndef SCMI_MED_DAEMON_ADMISSION_RULES_H
#define SCMI_MED_DAEMON_ADMISSION_RULES_H

#include <stdint.h>

#include "daemon/admission/request.h"
#include "daemon/xen/agents.h"
#include "daemon/xen/hyp.h"
#include "lib/host/tree.h"
#include "lib/policy/policy.h"
#include "lib/reason.h"

/*
 * Reads the policy for this tree. Without a file (path may be NULL) the policy
 * is empty; that is not an error. Does not log.
 */
int rules_load(const char *path, struct hyp *hyp, const struct host_tree *tree,
               struct policy *ret_policy, struct reason *why);

/* Replaces the policy, unless the new one is invalid. Logs either outcome. */
int rules_reload(const char *path, struct hyp *hyp,
                 const struct host_tree *tree, struct policy *policy,
                 struct reason *why);

/* -EINVAL: a domain is pinned to an agent that guests cannot have. */
int rules_check_pins(const struct policy *policy, const struct agents *agents,
                     struct reason *why);

/* -EPERM: the policy forbids a device of the request. */
int rules_check_devices(const struct policy *policy,
                        const struct host_tree *tree,
                        const struct request *request, struct reason *why);

/*
 * Marks the agents in this snapshot that the domain must not get, so that
 * agent_is_free() is false for them.
 */
void rules_reserve(const struct policy *policy, const char *name,
                   struct agents *agents);

/* -EBUSY: rules_reserve() has left no free agent for the domain. */
int rules_check_agent(const struct policy *policy, const char *name,
                      const struct agents *agents, struct reason *why);

#endif
