/* SPDX-License-Identifier: LGPL-2.1-only */
/* Editing a device tree, see tree.h. */

#include "libxl-plugin/tree.h"

#include <libfdt.h>
#include <stdio.h>
#include <string.h>

/*
 * First phandle to allocate: above those of a device tree compiler, and above
 * libxl's own (65000 and a few).
 */
#define FIRST_PHANDLE 0x10000

void scmi_plugin_node_path(const void *fdt, int node,
                           char ret_path[SCMI_PLUGIN_NODE_PATH_SIZE])
{
    const char *name;

    if (!fdt_get_path(fdt, node, ret_path, SCMI_PLUGIN_NODE_PATH_SIZE))
        return;
    name = fdt_get_name(fdt, node, NULL);
    snprintf(ret_path, SCMI_PLUGIN_NODE_PATH_SIZE, "%s", name ? name : "?");
}

int scmi_plugin_tree_fail(const struct scmi_plugin_tree *tree, int node,
                          const char *what)
{
    char path[SCMI_PLUGIN_NODE_PATH_SIZE];

    scmi_plugin_node_path(tree->fdt, node, path);
    scmi_plugin_make_printable(path);
    return scmi_plugin_fail(tree->error, "SCMI: %s in the device tree of the "
                            "domain %s", path, what);
}

int scmi_plugin_tree_result(const struct scmi_plugin_tree *tree, int node,
                            int r)
{
    char what[128];

    if (r >= 0)
        return 0;
    if (r == -FDT_ERR_NOSPACE)
        return SCMI_PLUGIN_NO_SPACE;
    snprintf(what, sizeof(what), "cannot be edited: %s", fdt_strerror(r));
    return scmi_plugin_tree_fail(tree, node, what);
}

int scmi_plugin_tree_add(const struct scmi_plugin_tree *tree, int parent,
                         const char *name, int *ret_node)
{
    char what[128];
    int node = fdt_add_subnode(tree->fdt, parent, name);

    if (node == -FDT_ERR_EXISTS) {
        snprintf(what, sizeof(what), "has another node \"%s\" already", name);
        return scmi_plugin_tree_fail(tree, parent, what);
    }
    if (node < 0)
        return scmi_plugin_tree_result(tree, parent, node);
    *ret_node = node;
    return 0;
}

int scmi_plugin_tree_set(const struct scmi_plugin_tree *tree, int node,
                         const char *property, const void *value, size_t len)
{
    return scmi_plugin_tree_result(tree, node,
                                   fdt_setprop(tree->fdt, node, property,
                                               value, (int)len));
}

int scmi_plugin_tree_set_string(const struct scmi_plugin_tree *tree, int node,
                                const char *property, const char *value)
{
    return scmi_plugin_tree_set(tree, node, property, value,
                                strlen(value) + 1);
}

int scmi_plugin_tree_set_cell(const struct scmi_plugin_tree *tree, int node,
                              const char *property, uint32_t value)
{
    fdt32_t cell = cpu_to_fdt32(value);

    return scmi_plugin_tree_set(tree, node, property, &cell, sizeof(cell));
}

int scmi_plugin_tree_need_cell(const struct scmi_plugin_tree *tree, int node,
                               const char *property, uint32_t value)
{
    const fdt32_t *cell;
    char what[128];
    int len;

    cell = fdt_getprop(tree->fdt, node, property, &len);
    if (!cell)
        return scmi_plugin_tree_set_cell(tree, node, property, value);
    if (len == sizeof(*cell) && fdt32_ld(cell) == value)
        return 0;
    snprintf(what, sizeof(what), "has a \"%s\" that is not <%u>", property,
             value);
    return scmi_plugin_tree_fail(tree, node, what);
}

/* The lowest unused phandle from FIRST_PHANDLE on. */
static uint32_t free_phandle(const void *fdt)
{
    uint32_t phandle = FIRST_PHANDLE;

    while (fdt_node_offset_by_phandle(fdt, phandle) >= 0)
        phandle++;
    return phandle;
}

int scmi_plugin_tree_phandle(const struct scmi_plugin_tree *tree, int node,
                             uint32_t *ret_phandle)
{
    uint32_t phandle = fdt_get_phandle(tree->fdt, node);
    char what[64];
    int rc;

    if (!phandle || phandle == UINT32_MAX) {
        phandle = free_phandle(tree->fdt);
        rc = scmi_plugin_tree_set_cell(tree, node, "phandle", phandle);
        if (rc)
            return rc;
    } else if (fdt_node_offset_by_phandle(tree->fdt, phandle) != node) {
        snprintf(what, sizeof(what), "has the same phandle as another node, "
                 "%u", phandle);
        return scmi_plugin_tree_fail(tree, node, what);
    }
    *ret_phandle = phandle;
    return 0;
}
