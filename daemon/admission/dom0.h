/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The devices of Dom0's own agent: those of the host tree for which
 * host_device_belongs_to_dom0() is true and that no other agent has. Xen's
 * table says which of them Dom0 has, so nothing is remembered here.
 */

#ifndef SCMI_MED_DAEMON_ADMISSION_DOM0_H
#define SCMI_MED_DAEMON_ADMISSION_DOM0_H

#include <stddef.h>

#include "daemon/admission/resolver.h"
#include "daemon/xen/agents.h"
#include "daemon/xen/hyp.h"
#include "lib/host/tree.h"
#include "lib/reason.h"

/*
 * Takes the devices of the plan from Dom0's agent, if it has one. -EBUSY: a
 * driver in Dom0 uses a device, and nothing was taken. After any other error
 * some devices may have been taken. Does not log.
 */
int dom0_take(struct hyp *hyp, const struct agents *agents,
              const struct host_tree *tree, const struct plan *plan,
              const char *sysfs, struct reason *why);

/*
 * Permits to Dom0's agent the devices that it is missing, and logs the result.
 * A device is skipped while another agent has any of its ids.
 *
 * nr_missing: how many devices could not be restored. The caller keeps it
 * between calls, starts with 0, and calls again later while it is not 0.
 */
void dom0_restore_missing(struct hyp *hyp, const struct agents *agents,
                          const struct host_tree *tree, size_t *nr_missing);

/* The same without a log: the next dom0_restore_missing() reports failures. */
void dom0_restore_quietly(struct hyp *hyp, const struct agents *agents,
                          const struct host_tree *tree);

#endif
