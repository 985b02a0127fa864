/* SPDX-License-Identifier: LGPL-2.1-only */
/* The devices of a domain, see devices.h. */

#include "libxl-plugin/devices.h"

#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <scmi-med/names.h>

static const char out_of_memory[] = "SCMI: out of memory";

int scmi_plugin_next_scmi_node(const void *fdt, int node)
{
    for (node = fdt_next_node(fdt, node, NULL); node >= 0;
         node = fdt_next_node(fdt, node, NULL))
        if (!fdt_node_check_compatible(fdt, node, "arm,scmi-smc") ||
            !fdt_node_check_compatible(fdt, node, "arm,scmi-smc-param"))
            return node;
    return node;
}

const char *scmi_plugin_host_path(const void *fdt, int node)
{
    int len;
    const char *path = fdt_getprop(fdt, node, "xen,path", &len);

    return path && len > 0 && strnlen(path, (size_t)len) == (size_t)len - 1
           ? path : NULL;
}

int scmi_plugin_devices_find(const struct scmi_plugin_devices *devices,
                             const char *path)
{
    size_t i;

    for (i = 0; i < devices->nr_paths; i++)
        if (!strcmp(devices->paths[i], path))
            return (int)i;
    return -1;
}

/* from: where the path comes from, for the error. */
static int add_path(struct scmi_plugin_devices *devices, const char *path,
                    const char *from, const struct scmi_plugin_error *error)
{
    char **grown;

    if (path[0] != '/')
        return scmi_plugin_fail(error, "SCMI: %s must be an absolute path in "
                                "the host device tree", from);
    if (strlen(path) >= SCMI_PLUGIN_PATH_SIZE)
        return scmi_plugin_fail(error, "SCMI: %s is too long, a path may have "
                                "%d characters", from,
                                SCMI_PLUGIN_PATH_SIZE - 1);
    if (scmi_plugin_devices_find(devices, path) >= 0)
        return 0;
    if (devices->nr_paths == SCMI_MED_REQUEST_MAX_DEVICES)
        return scmi_plugin_fail(error, "SCMI: the domain has more than %d "
                                "passthrough devices",
                                SCMI_MED_REQUEST_MAX_DEVICES);

    grown = realloc(devices->paths, (devices->nr_paths + 1) * sizeof(*grown));
    if (!grown)
        return scmi_plugin_fail(error, "%s", out_of_memory);
    devices->paths = grown;
    grown[devices->nr_paths] = strdup(path);
    if (!grown[devices->nr_paths])
        return scmi_plugin_fail(error, "%s", out_of_memory);
    devices->nr_paths++;
    return 0;
}

/* Adds the device that a node of the guest's tree names, if any. */
static int add_node(struct scmi_plugin_devices *devices, const void *fdt,
                    int node, const struct scmi_plugin_error *error)
{
    char from[512], guest_path[256];
    const char *path;

    if (!fdt_getprop(fdt, node, "xen,path", NULL))
        return 0;
    if (fdt_get_path(fdt, node, guest_path, sizeof(guest_path)))
        snprintf(guest_path, sizeof(guest_path), "%s",
                 fdt_get_name(fdt, node, NULL));
    scmi_plugin_make_printable(guest_path);
    path = scmi_plugin_host_path(fdt, node);
    if (!path)
        return scmi_plugin_fail(error, "SCMI: \"xen,path\" of %s in the "
                                "device tree of the domain is no string",
                                guest_path);
    snprintf(from, sizeof(from), "\"xen,path\" of %s in the device tree of "
             "the domain", guest_path);
    return add_path(devices, path, from, error);
}

static int add_nodes(struct scmi_plugin_devices *devices, const void *fdt,
                     const struct scmi_plugin_error *error)
{
    int node = fdt_path_offset(fdt, "/passthrough"), depth = 0, rc = 0;

    for (; !rc && node >= 0 && depth >= 0;
         node = fdt_next_node(fdt, node, &depth))
        rc = add_node(devices, fdt, node, error);
    return rc;
}

int scmi_plugin_devices_list(const char *const *dtdevs, size_t nr_dtdevs,
                             const void *fdt,
                             struct scmi_plugin_devices *ret_devices,
                             const struct scmi_plugin_error *error)
{
    struct scmi_plugin_devices devices = {
        .has_scmi_node = scmi_plugin_next_scmi_node(fdt, -1) >= 0,
    };
    size_t i;
    int rc = 0;

    for (i = 0; !rc && i < nr_dtdevs; i++)
        rc = add_path(&devices, dtdevs[i], "each device of \"dtdev\"", error);
    if (!rc)
        rc = add_nodes(&devices, fdt, error);

    if (rc)
        scmi_plugin_devices_done(&devices);
    else
        *ret_devices = devices;
    return rc;
}

void scmi_plugin_devices_done(struct scmi_plugin_devices *devices)
{
    size_t i;

    for (i = 0; i < devices->nr_paths; i++)
        free(devices->paths[i]);
    free(devices->paths);
    *devices = (struct scmi_plugin_devices){ 0 };
}
