/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Asks the daemon for the devices of a domain, through xenstore: see
 * <scmi-med/names.h>.
 */

#ifndef SCMI_MED_PLUGIN_REQUEST_H
#define SCMI_MED_PLUGIN_REQUEST_H

#include <stdint.h>

#include "libxl-plugin/answer.h"
#include "libxl-plugin/devices.h"
#include "libxl-plugin/fail.h"

/*
 * Whether the daemon runs: its socket then accepts connections. Waits so long
 * at most for one that is being started again, and not for one that is not.
 */
int scmi_plugin_daemon_check(const char *socket_path, int restart_ms,
                             const struct scmi_plugin_error *error);

/*
 * Sends the request and waits for the answer, so long at most. A request that
 * fails here is withdrawn: a daemon that comes too late finds nothing to
 * grant. Success: granted, and the answer is to be freed.
 */
int scmi_plugin_request(uint32_t domid,
                        const struct scmi_plugin_devices *devices,
                        int timeout_ms, struct scmi_plugin_answer *ret_answer,
                        const struct scmi_plugin_error *error);

#endif /* SCMI_MED_PLUGIN_REQUEST_H */
