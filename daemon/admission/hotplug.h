/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One device more, or less, for a domain that runs. It must have an agent
 * already: only its creation can give it one. What it gets here goes with the
 * rest when it dies.
 */

#ifndef SCMI_MED_DAEMON_ADMISSION_HOTPLUG_H
#define SCMI_MED_DAEMON_ADMISSION_HOTPLUG_H

#include "daemon/admission/admission.h"
#include "lib/reason.h"

/* Who was changed. */
struct hotplug_change {
    uint32_t domid;
    uint32_t agent_id;
};

/*
 * Permits the device to the domain, which is given by its id or name. All or
 * nothing, where why does not say otherwise; Dom0 lacks the device only if the
 * domain has it. Logs what came of it.
 */
int hotplug_attach(const struct backends *backends, const char *domain,
                const char *path, struct hotplug_change *ret_change,
                struct reason *why);

/*
 * Takes the device from the domain. What else in the tree has the same device
 * id goes with it. The caller sees that Dom0 gets its due.
 */
int hotplug_detach(const struct backends *backends, const char *domain,
                const char *path, struct hotplug_change *ret_change,
                struct reason *why);

#endif
