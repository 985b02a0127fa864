/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What libxl calls for every domain that it creates: asks the daemon for the
 * domain's passthrough devices, and completes its device tree. A domain that
 * has no such device, and no SCMI node, is left alone.
 *
 * Keeps nothing from one call to the next: it may run in many threads, and is
 * unloaded after each call.
 */

#include <libfdt.h>
#include <stdlib.h>

#include <scmi-med/names.h>

#include "libxl-plugin/guest-tree.h"
#include "libxl-plugin/plugin.h"
#include "libxl-plugin/request.h"

#define TIMEOUT_MS      10000
#define TIMEOUT_MAX_MS  600000
/* A guest that reboots while the daemon is restarted is not to be lost. */
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

/* Asks for the devices, and makes the tree if the answer calls for it. */
static int serve(uint32_t domid, const struct scmi_plugin_devices *devices,
                 const void *fdt, void **ret_fdt,
                 const struct scmi_plugin_error *error)
{
    struct scmi_plugin_answer answer;
    int rc, timeout = timeout_ms();

    rc = scmi_plugin_daemon_check(socket_path(), timeout < RESTART_MS ?
                                  timeout : RESTART_MS, error);
    if (!rc)
        rc = scmi_plugin_request(domid, devices, timeout, &answer, error);
    if (rc)
        return rc;
    if (answer.has_agent)
        rc = scmi_plugin_guest_tree_finish(fdt, devices, &answer, ret_fdt,
                                           error);
    scmi_plugin_answer_done(&answer);
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

    /* /passthrough is the user's: libxl copied it as it was. */
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
