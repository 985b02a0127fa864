/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Editing a flattened device tree that may be malformed, in a buffer of fixed
 * size. Functions return 0, -1 with the sentence set (it names the node), or
 * SCMI_PLUGIN_NO_SPACE: the caller then starts over in a larger buffer.
 *
 * Offsets of nodes: an edit moves the nodes behind the edited one, but neither
 * that one nor those before it.
 */

#ifndef SCMI_MED_PLUGIN_TREE_H
#define SCMI_MED_PLUGIN_TREE_H

#include <stdint.h>

#include "libxl-plugin/fail.h"

#define SCMI_PLUGIN_NO_SPACE 1

/* Longest path of a node that is shown in full. */
#define SCMI_PLUGIN_NODE_PATH_SIZE 512

struct scmi_plugin_tree {
    void *fdt;
    const struct scmi_plugin_error *error;
};

/* Writes the path of a node, or its name if that is too long. */
void scmi_plugin_node_path(const void *fdt, int node,
                           char ret_path[SCMI_PLUGIN_NODE_PATH_SIZE]);

/* Fails because of a node: what follows "SCMI: <path> in the device tree". */
int scmi_plugin_tree_fail(const struct scmi_plugin_tree *tree, int node,
                          const char *what);

/* The result of a libfdt function that changed something about the node. */
int scmi_plugin_tree_result(const struct scmi_plugin_tree *tree, int node,
                            int r);

int scmi_plugin_tree_add(const struct scmi_plugin_tree *tree, int parent,
                         const char *name, int *ret_node);
int scmi_plugin_tree_set(const struct scmi_plugin_tree *tree, int node,
                         const char *property, const void *value,
                         size_t len);
int scmi_plugin_tree_set_string(const struct scmi_plugin_tree *tree, int node,
                                const char *property, const char *value);
int scmi_plugin_tree_set_cell(const struct scmi_plugin_tree *tree, int node,
                              const char *property, uint32_t value);

/* Sets a cell that the node may have already, but then to that value. */
int scmi_plugin_tree_need_cell(const struct scmi_plugin_tree *tree, int node,
                               const char *property, uint32_t value);

/* The phandle of a node, which gets one if it has none. */
int scmi_plugin_tree_phandle(const struct scmi_plugin_tree *tree, int node,
                             uint32_t *ret_phandle);

#endif /* SCMI_MED_PLUGIN_TREE_H */
