/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Serves each domain that libxl creates: asks the daemon for its passthrough
 * devices, and completes its device tree. Leaves a domain alone if it has
 * neither such a device nor an SCMI node.
 *
 * Keeps no state between calls: it may run in several threads, and libxl
 * unloads it after each call.
 */

#include <libfdt.h>
#include <stdlib.h>

#include <scmi-med/names.h>

#include "libxl-plugin/daemon.h"
#include "libxl-plugin/guest-tree.h"
#include "libxl-plugin/plugin.h"

#define TIMEOUT_MS      10000
#define TIMEOUT_MAX_MS  600000
/* A guest that reboots while the daemon restarts must not be lost. */
#define RESTART_MS      5000

static int timeout_ms(void)
{
    const char *text = secure_getenv("SCMI_MED_TIMEOUT_MS");
    long value = text ? strtol(text, NULL, 10) : 0;

    return value > 0 && value <= TIMEOUT_MAX_MS ? (int)value : TIMEOUT_MS;
}

static const char *socket_path(void)
{
    const char *path = secure_getenv("SCMI_MED_SOCKET");

    return path ? path : SCMI_MED_SOCKET_PATH;
}

/* Asks for the devices, and completes the tree if there is an agent. */
static int serve(uint32_t domid, const struct scmi_plugin_devices *devices,
                 const void *fdt, void **ret_fdt,
                 const struct scmi_plugin_error *error)
{
    struct scmi_plugin_reply reply;
    int rc, timeout = timeout_ms();

    rc = scmi_plugin_daemon_check(socket_path(), timeout < RESTART_MS ?
                                  timeout : RESTART_MS, error);
    if (!rc)
        rc = scmi_plugin_daemon_ask(domid, devices, timeout, &reply, error);
    if (rc)
        return rc;
    if (reply.has_agent)
        rc = scmi_plugin_guest_tree_finish(fdt, devices, &reply, ret_fdt,
                                           error);
    scmi_plugin_reply_done(&reply);
    return rc;
}

int scmi_plugin_domain_create(uint32_t domid, const char *const *dtdevs,
                              size_t nr_dtdevs, const void *fdt,
                              void **ret_fdt,
                              const struct scmi_plugin_error *error)
{
    struct scmi_plugin_devices devices;
    int r, rc;

    if (!nr_dtdevs && fdt_path_offset(fdt, "/passthrough") < 0 &&
        scmi_plugin_next_scmi_node(fdt, -1) < 0)
        return 0;

    /* libxl copied /passthrough from the user's tree unchecked. */
    r = fdt_check_full(fdt, fdt_totalsize(fdt));
    if (r)
        return scmi_plugin_fail(error, "SCMI: the device tree of the domain "
                                "is malformed: %s", fdt_strerror(r));
    rc = scmi_plugin_devices_list(dtdevs, nr_dtdevs, fdt, &devices, error);
    if (rc)
        return rc;
    if (devices.nr_paths || devices.has_scmi_node)
        rc = serve(domid, &devices, fdt, ret_fdt, error);
    scmi_plugin_devices_done(&devices);
    return rc;
}
