/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Which devices of the host a domain gets: those of "dtdev=", and those that a
 * node under /passthrough of its device tree names in "xen,path".
 */

#ifndef SCMI_MED_PLUGIN_DEVICES_H
#define SCMI_MED_PLUGIN_DEVICES_H

#include <stdbool.h>
#include <stddef.h>

#include "libxl-plugin/fail.h"

/* Longest host path, the NUL included: the daemon takes no longer one. */
#define SCMI_PLUGIN_PATH_SIZE 1024

struct scmi_plugin_devices {
    char **paths;           /* on the host, each once */
    size_t nr_paths;
    bool has_scmi_node;     /* the guest's tree brings an SCMI node */
};

/*
 * Lists them; fdt must have passed fdt_check_full(). Fails if one is named
 * wrongly, or if there are more than a request can have.
 */
int scmi_plugin_devices_list(const char *const *dtdevs, size_t nr_dtdevs,
                             const void *fdt,
                             struct scmi_plugin_devices *ret_devices,
                             const struct scmi_plugin_error *error);

/* Frees what the struct holds; one filled with zeroes will do. */
void scmi_plugin_devices_done(struct scmi_plugin_devices *devices);

/* Number of the device with this host path, -1 if it is none of them. */
int scmi_plugin_devices_find(const struct scmi_plugin_devices *devices,
                             const char *path);

/* The next SCMI node of a tree after this one (-1: the first), or negative. */
int scmi_plugin_next_scmi_node(const void *fdt, int node);

/* Value of "xen,path" of a node, NULL if it has none that is a string. */
const char *scmi_plugin_host_path(const void *fdt, int node);

#endif /* SCMI_MED_PLUGIN_DEVICES_H */
