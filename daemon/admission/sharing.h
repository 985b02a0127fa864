/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Refuses devices that share an SCMI resource with a device of another domain,
 * unless the policy allows the resource. Does not log.
 *
 * The firmware permits devices, not resources: an agent with permission for a
 * device may set all resources of that device, not just read them. So no
 * permission can make sharing harmless. The harm is real: a stock Linux that has
 * booted switches off every clock and power domain that it does not use.
 * The same applies to sensors, by SENSOR_CONFIG_SET.
 *
 * Devices that Dom0 keeps count, too: boards share clocks mainly with the buses
 * and DMA controllers that Dom0 needs. In the arm64 trees of Debian's Linux
 * 6.12, of the 223 devices that use SCMI (without CPUs and thermal zones), 125
 * share something, on 6 of 82 boards. So the refusal affects few boards, and
 * protects Dom0 there.
 */

#ifndef SCMI_MED_DAEMON_ADMISSION_SHARING_H
#define SCMI_MED_DAEMON_ADMISSION_SHARING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/admission/resolver.h"
#include "daemon/xen/agents.h"
#include "lib/host/tree.h"
#include "lib/policy/policy.h"
#include "lib/reason.h"

/* A resource that a device of a plan shares with another domain's device. */
struct sharing {
    const struct host_device *device;
    const struct host_resource *resource;
    const struct host_device *other;
    bool is_dom0;               /* Dom0, or Xen, drives the other device */
    uint32_t domid;             /* or else this domain has it */
};

/*
 * Finds the next resource after *sharing that is shared and not allowed; start
 * with a struct of zeroes. domid is the domain that the plan is for. The policy
 * may be NULL.
 */
bool sharing_find(const struct host_tree *tree, const struct policy *policy,
                  const struct agents *agents, const struct plan *plan,
                  uint32_t domid, struct sharing *sharing);

/*
 * Returns -EBUSY. name is the other domain's, and may be NULL; rest lists the
 * further directives that the policy would need, and may be "".
 */
int sharing_explain(const struct host_tree *tree,
                    const struct sharing *sharing, const char *name,
                    const char *rest, struct reason *why);

/*
 * Returns -EBUSY, with the reason, if there is any such resource. name_of()
 * returns the name of a domain, or NULL.
 */
int sharing_check(const struct host_tree *tree, const struct policy *policy,
                  const struct agents *agents, const struct plan *plan,
                  uint32_t domid,
                  const char *(*name_of)(void *context, uint32_t domid),
                  void *context, struct reason *why);

#endif
