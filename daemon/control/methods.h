/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The methods of the control socket, as in doc/org.scmimed.varlink. */

#ifndef SCMI_MED_DAEMON_CONTROL_METHODS_H
#define SCMI_MED_DAEMON_CONTROL_METHODS_H

#include "daemon/control/server.h"

/* A server_handler for varlink calls. Without a peer, Monitor is refused. */
char *methods_call(void *manager, const char *text, struct server_peer *peer);

#endif
