/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Edits a flattened device tree that may be malformed, in a buffer of fixed
 * size. Functions return 0; -1 with the sentence set, which names the node; or
 * SCMI_PLUGIN_NO_SPACE: the caller then starts over in a larger buffer.
 *
 * An edit changes the offsets of the nodes behind the edited one, but not of
 * that one or those before it.
 */

#ifndef SCMI_MED_PLUGIN_TREE_H
#define SCMI_MED_PLUGIN_TREE_H

#include <stdint.h>

#include "libxl-plugin/fail.h"

#define SCMI_PLUGIN_NO_SPACE 1

/* Longest node path that is shown in full, including the NUL. */
#define SCMI_PLUGIN_NODE_PATH_SIZE 512

struct scmi_plugin_tree {
    void *fdt;
    const struct scmi_plugin_error *error;
};

/* Writes the path of a node, or its name if that is too long. */
void scmi_plugin_node_path(const void *fdt, int node,
                           char ret_path[SCMI_PLUGIN_NODE_PATH_SIZE]);

/* Fails with "SCMI: <path> in the device tree of the domain <what>". */
int scmi_plugin_tree_fail(const struct scmi_plugin_tree *tree, int node,
                          const char *what);

/* Converts the result of a libfdt function that edited the node. */
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

/* Sets a cell. Fails if the node already has another value there. */
int scmi_plugin_tree_need_cell(const struct scmi_plugin_tree *tree, int node,
                               const char *property, uint32_t value);

/* Sets *ret_phandle to the phandle of a node, adding one if needed. */
int scmi_plugin_tree_phandle(const struct scmi_plugin_tree *tree, int node,
                             uint32_t *ret_phandle);

#endif /* SCMI_MED_PLUGIN_TREE_H */
