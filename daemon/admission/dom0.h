/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Dom0's own agent has: every device of the host tree that is Dom0's, by
 * host_device_is_dom0s(), and that no other agent has. That is all there is to
 * know, so nothing is kept: whatever happened before, dom0_restore() mends it.
 * Acts through the hypervisor port; does not log.
 */

#ifndef SCMI_MED_DAEMON_ADMISSION_DOM0_H
#define SCMI_MED_DAEMON_ADMISSION_DOM0_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/admission/resolver.h"
#include "daemon/xen/agents.h"
#include "daemon/xen/hyp.h"
#include "lib/host/tree.h"
#include "lib/reason.h"

/* What dom0_restore() did. */
struct dom0_changes {
    size_t nr_restored;
    const char *last;           /* path of one of them, in the tree */
    size_t nr_failed;
    const char *failed;         /* path of one of them, in the tree */
    int rc;                     /* why it failed */
    int32_t scmi_status;
};

/* Dom0's agent; NULL: it has none. */
const struct agent *dom0_agent(const struct agents *agents);

/*
 * Takes from Dom0's agent what the plan is about. -EBUSY: a driver in Dom0
 * still uses a device, and nothing was taken; other errors: some may have been
 * taken. why names the device and what to do.
 */
int dom0_take(struct hyp *hyp, const struct agents *agents,
              const struct host_tree *tree, const struct plan *plan,
              const char *sysfs, struct reason *why);

/*
 * Gives Dom0's agent what it should have, by this table. A device is given
 * only if no other agent has any of its ids, so that none is ever held twice.
 */
void dom0_restore(struct hyp *hyp, const struct agents *agents,
                  const struct host_tree *tree,
                  struct dom0_changes *ret_changes);

#endif
