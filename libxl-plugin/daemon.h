/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Asks the daemon for the devices of a domain, through xenstore. See
 * <scmi-med/names.h> for the nodes.
 */

#ifndef SCMI_MED_PLUGIN_DAEMON_H
#define SCMI_MED_PLUGIN_DAEMON_H

#include <stdint.h>

#include "libxl-plugin/devices.h"
#include "libxl-plugin/fail.h"
#include "libxl-plugin/reply.h"

/*
 * Fails if the daemon does not run, that is, if its socket accepts no
 * connection. Waits up to restart_ms for a daemon that is being restarted.
 */
int scmi_plugin_daemon_check(const char *socket_path, int restart_ms,
                             const struct scmi_plugin_error *error);

/*
 * Sends the request and waits up to timeout_ms for the reply. A request
 * without a reply is withdrawn, so that a late daemon finds nothing to grant.
 * Returns 0 if granted; *ret_reply is then to be freed.
 */
int scmi_plugin_daemon_ask(uint32_t domid,
                           const struct scmi_plugin_devices *devices,
                           int timeout_ms, struct scmi_plugin_reply *ret_reply,
                           const struct scmi_plugin_error *error);

#endif /* SCMI_MED_PLUGIN_DAEMON_H */
