/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which driver of Dom0's kernel is bound to a device of the host tree, by what
 * sysfs says. Reads only.
 */

#ifndef SCMI_MED_DAEMON_ADMISSION_DRIVER_H
#define SCMI_MED_DAEMON_ADMISSION_DRIVER_H

#include "lib/reason.h"

/*
 * Returns 0 if no driver is bound to the device with this path in the host
 * tree, below the sysfs mounted at sysfs. Else -EBUSY, and why names the
 * driver and the command that unbinds it. Other negative errnos: sysfs cannot
 * be read.
 */
int driver_check_unbound(const char *sysfs, const char *path,
                         struct reason *why);

#endif
