/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the policy says about a request beside what may be shared: devices that
 * no guest gets, and agents that are kept for domains. Pure; it does not log.
 * The policy may be NULL everywhere.
 */

#ifndef SCMI_MED_DAEMON_ADMISSION_RULES_H
#define SCMI_MED_DAEMON_ADMISSION_RULES_H

#include <stdint.h>

#include "daemon/admission/request.h"
#include "daemon/xen/agents.h"
#include "lib/host/tree.h"
#include "lib/policy/policy.h"
#include "lib/reason.h"

/* Whether the agents that the policy names are guests': -EINVAL if not. */
int rules_check_agents(const struct policy *policy,
                       const struct agents *agents, struct reason *why);

/* -EPERM if a device of the request is forbidden. */
int rules_check_devices(const struct policy *policy,
                        const struct host_tree *tree,
                        const struct request *request, struct reason *why);

/*
 * Sets aside, in this snapshot of the table, what the domain must not get; no
 * function that looks for a free agent will find those.
 */
void rules_reserve(const struct policy *policy, const char *name,
                   struct agents *agents);

/* -EBUSY if after that no agent is left for the domain, because of it. */
int rules_check_agent(const struct policy *policy, const char *name,
                      const struct agents *agents, struct reason *why);

#endif
