/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Drivers in Dom0: looks up in sysfs which one is bound to a device. */

#ifndef SCMI_MED_DAEMON_ADMISSION_DRIVER_H
#define SCMI_MED_DAEMON_ADMISSION_DRIVER_H

#include "lib/reason.h"

/*
 * Returns 0 if no driver is bound to the device with this path in the host
 * tree. sysfs is the mount point.
 *  -EBUSY: why names the driver and the command that unbinds it
 *  any other negative errno: sysfs cannot be read
 */
int driver_check_unbound(const char *sysfs, const char *path,
                         struct reason *why);

#endif
