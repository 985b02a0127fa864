/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The methods of the control socket: a varlink call in, a reply out, as
 * doc/org.scmimed.varlink says. All of them only read.
 */

#ifndef SCMI_MED_DAEMON_CONTROL_METHODS_H
#define SCMI_MED_DAEMON_CONTROL_METHODS_H

#include "daemon/control/server.h"

/*
 * A control_handler whose context is the manager. peer may be NULL: nobody can
 * follow.
 */
char *methods_call(void *manager, const char *text, struct control_peer *peer);

#endif
