/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attaches devices to running domains, and detaches them. The domain must have
 * an agent already: it can get one only when it is created.
 */

#ifndef SCMI_MED_DAEMON_ADMISSION_HOTPLUG_H
#define SCMI_MED_DAEMON_ADMISSION_HOTPLUG_H

#include "daemon/admission/admission.h"
#include "lib/reason.h"

/* The domain that was changed. */
struct hotplug_change {
    uint32_t domid;
    uint32_t agent_id;
};

/*
 * Permits the device to the domain with this id or name, and logs the result.
 * On failure it undoes what it did, for Dom0 too; where it cannot, why says so.
 */
int hotplug_attach(const struct backends *backends, const char *domain,
                const char *path, struct hotplug_change *ret_change,
                struct reason *why);

/*
 * Denies the device to the domain, with any other device of the same id, and
 * logs the result. The caller restores Dom0's devices.
 */
int hotplug_detach(const struct backends *backends, const char *domain,
                const char *path, struct hotplug_change *ret_change,
                struct reason *why);

#endif
