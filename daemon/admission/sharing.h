/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices of two domains that use one SCMI resource. Pure; it does not log.
 *
 * The firmware permits devices, not resources: who may use a device may use all
 * that belongs to it, and may set it, not just read it. So there is no sharing
 * that permissions could make harmless. It is no theoretical harm, either: at
 * the end of its boot a stock Linux switches off every clock and power domain
 * that it may and does not use. Sensors are no exception, since
 * SENSOR_CONFIG_SET switches them off, too; the boards of Debian's kernels
 * share none.
 *
 * What Dom0 keeps counts like what a guest has: the buses and DMA controllers
 * that Dom0 cannot live without are where boards share clocks. In the arm64
 * trees of Debian's Linux 6.12, of the 223 devices that use SCMI (CPUs and
 * thermal zones aside), 125 share something, on 6 of 82 boards: to refuse it
 * hurts few boards, and there it saves Dom0. All of it is refused unless the
 * policy allows the resource; which that is, the refusal says.
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

/* A resource of a device of a plan, that another domain's device uses. */
struct sharing {
    const struct host_device *device;
    const struct host_resource *resource;
    const struct host_device *other;
    bool is_dom0;               /* the other is Dom0's, or Xen's */
    uint32_t domid;             /* whose it is otherwise */
};

/*
 * Looks from behind the one in *sharing on, or from the start if it is filled
 * with zeroes. False: there is none that the policy, which may be NULL, does
 * not allow. domid is the plan's domain, whose own devices are none of others.
 */
bool sharing_find(const struct host_tree *tree, const struct policy *policy,
                  const struct agents *agents, const struct plan *plan,
                  uint32_t domid, struct sharing *sharing);

/*
 * Returns -EBUSY. The name is that of the other domain, or NULL; rest: what
 * else would have to be allowed, or "".
 */
int sharing_explain(const struct host_tree *tree,
                    const struct sharing *sharing, const char *name,
                    const char *rest, struct reason *why);

/*
 * Finds out and explains: -EBUSY if there is any. name_of() names domains.
 */
int sharing_check(const struct host_tree *tree, const struct policy *policy,
                  const struct agents *agents, const struct plan *plan,
                  uint32_t domid,
                  const char *(*name_of)(void *context, uint32_t domid),
                  void *context, struct reason *why);

#endif
