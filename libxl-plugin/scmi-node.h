/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The SCMI node of a guest: where the guest finds its function ID, its shared
 * page and the protocols. Returns are as in tree.h.
 */

#ifndef SCMI_MED_PLUGIN_SCMI_NODE_H
#define SCMI_MED_PLUGIN_SCMI_NODE_H

#include <stdint.h>

#include "libxl-plugin/answer.h"
#include "libxl-plugin/tree.h"

/*
 * Adds the node, or completes the one that the tree has. Sets the phandle of
 * the node of each protocol in the answer.
 */
int scmi_plugin_scmi_node_put(const struct scmi_plugin_tree *tree,
                              const struct scmi_plugin_answer *answer,
                              uint32_t ret_phandles[]);

#endif /* SCMI_MED_PLUGIN_SCMI_NODE_H */
