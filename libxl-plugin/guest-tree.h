/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The device tree of a guest: which host devices its passthrough nodes are
 * ("xen,path"), and the SCMI part that it gets. All return 0, or a libxl error
 * and a sentence in error that names the node.
 */

#ifndef SCMI_MED_PLUGIN_GUEST_TREE_H
#define SCMI_MED_PLUGIN_GUEST_TREE_H

#include "libxl-plugin/request.h"

/* Adds the devices of all nodes below /passthrough to the request. */
int scmi_plugin_tree_devices(const void *fdt,
                             struct scmi_plugin_request *request,
                             char *error, size_t error_size);

/* Whether the tree brings an SCMI node of its own. */
bool scmi_plugin_tree_has_scmi(const void *fdt);

/*
 * Makes a tree with SCMI node, shared memory and protocols as in the answer,
 * and with the resources of each passthrough node. What the tree has already
 * is kept, but for the function ID and the place of the shared memory.
 * *fdt_out is to be freed with free().
 */
int scmi_plugin_tree_edit(const void *fdt,
                          const struct scmi_plugin_request *request,
                          void **fdt_out, char *error, size_t error_size);

#endif /* SCMI_MED_PLUGIN_GUEST_TREE_H */
