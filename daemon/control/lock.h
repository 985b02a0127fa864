/* SPDX-License-Identifier: GPL-2.0-or-later */
/* That only one scmi-medd runs: a lock beside the control socket. */

#ifndef SCMI_MED_DAEMON_CONTROL_LOCK_H
#define SCMI_MED_DAEMON_CONTROL_LOCK_H

#include "lib/reason.h"

/*
 * Takes the lock that goes with the socket, makes its folder if need be.
 * Returns a descriptor, which holds the lock until it is closed, or a negative
 * errno: -EBUSY if another process has it.
 */
int lock_take(const char *socket_path, struct reason *why);

#endif
