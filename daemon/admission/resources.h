/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Xen lets a domain change: the clocks, power domains and resets that its
 * devices use in the host tree, and, of protocols whose messages Xen does not
 * know, the whole if firmware checks them. Acts through the hypervisor backend;
 * does not log.
 */

#ifndef SCMI_MED_DAEMON_ADMISSION_RESOURCES_H
#define SCMI_MED_DAEMON_ADMISSION_RESOURCES_H

#include <stdint.h>

#include "daemon/admission/resolver.h"
#include "daemon/xen/agents.h"
#include "daemon/xen/hyp.h"
#include "lib/policy/policy.h"
#include "lib/reason.h"

/* What decides about the resources of a domain. */
struct resources_context {
    struct hyp *hyp;
    const struct host_tree *tree;
    const struct policy *policy;    /* or NULL */
    const struct agents *agents;    /* as they were before the change */
    uint32_t domid;
};

/* Grants what the plan's devices use. */
int resources_grant(const struct resources_context *context,
                    const struct plan *plan, struct reason *why);

/*
 * Denies what the plan's devices use, but for what the domain's other devices
 * use, too. A domain that is gone has nothing.
 */
int resources_deny(const struct resources_context *context,
                   const struct plan *plan, struct reason *why);

/*
 * Permits again the domain's other devices that use a resource of the plan's:
 * firmware may have denied the resource with a device of the plan.
 */
int resources_permit_rest(const struct resources_context *context,
                          const struct plan *plan, struct reason *why);

#endif
