/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The host devices that a domain is to get: those of "dtdev=", and those that
 * nodes below /passthrough of its device tree name in "xen,path".
 */

#ifndef SCMI_MED_PLUGIN_DEVICES_H
#define SCMI_MED_PLUGIN_DEVICES_H

#include <stdbool.h>
#include <stddef.h>

#include "libxl-plugin/fail.h"

/* Longest host path that the daemon accepts, including the NUL. */
#define SCMI_PLUGIN_PATH_SIZE 1024

struct scmi_plugin_devices {
    char **paths;           /* on the host, without duplicates */
    size_t nr_paths;
    bool has_scmi_node;     /* the guest's tree has an SCMI node */
};

/*
 * Lists the devices. fdt must have passed fdt_check_full(). Fails if a path is
 * malformed, or if there are more devices than a request can have.
 */
int scmi_plugin_devices_list(const char *const *dtdevs, size_t nr_dtdevs,
                             const void *fdt,
                             struct scmi_plugin_devices *ret_devices,
                             const struct scmi_plugin_error *error);

/* Frees what the struct holds. A zeroed struct is valid. */
void scmi_plugin_devices_done(struct scmi_plugin_devices *devices);

/* Index of the device with this host path, or -1. */
int scmi_plugin_devices_find(const struct scmi_plugin_devices *devices,
                             const char *path);

/* Next SCMI node of a tree after this one (-1: the first), or negative. */
int scmi_plugin_next_scmi_node(const void *fdt, int node);

/* Value of a node's "xen,path", NULL if it is absent or not a string. */
const char *scmi_plugin_host_path(const void *fdt, int node);

#endif /* SCMI_MED_PLUGIN_DEVICES_H */
