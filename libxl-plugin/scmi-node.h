/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The SCMI node of a guest: where the guest finds its function ID, its shared
 * page and the protocols. Return values are those of tree.h.
 */

#ifndef SCMI_MED_PLUGIN_SCMI_NODE_H
#define SCMI_MED_PLUGIN_SCMI_NODE_H

#include <stdint.h>

#include "libxl-plugin/reply.h"
#include "libxl-plugin/tree.h"

/*
 * Adds the node, or completes the existing one. Sets the phandle of each
 * protocol that the reply names.
 */
int scmi_plugin_scmi_node_put(const struct scmi_plugin_tree *tree,
                              const struct scmi_plugin_reply *reply,
                              uint32_t ret_phandles[]);

#endif /* SCMI_MED_PLUGIN_SCMI_NODE_H */
