/* SPDX-License-Identifier: LGPL-2.1-only */
/* The device tree of a guest, see guest-tree.h. */

#include "libxl-plugin/guest-tree.h"

#include <libfdt.h>
#include <stdlib.h>

#include "libxl-plugin/scmi-node.h"
#include "libxl-plugin/tree.h"

/* Room for additions: the first guess, and the limit (libxl has one, too). */
#define ROOM_MIN 4096
#define ROOM_MAX (1024 * 1024)

/* Adds the references of one kind to a device node that has none. */
static int add_refs(const struct scmi_plugin_tree *tree, int node,
                    const struct scmi_plugin_kind_properties *properties,
                    const struct scmi_plugin_refs *refs,
                    const uint32_t phandles[])
{
    fdt32_t *cells;
    size_t i;
    int rc;

    if (!refs->nr_refs ||
        fdt_getprop(tree->fdt, node, properties->refs, NULL))
        return 0;

    cells = calloc(refs->nr_refs, 2 * sizeof(*cells));
    if (!cells)
        return scmi_plugin_fail(tree->error, "SCMI: out of memory");
    for (i = 0; i < refs->nr_refs; i++) {
        cells[2 * i] = cpu_to_fdt32(phandles[refs->refs[i].protocol_id]);
        cells[2 * i + 1] = cpu_to_fdt32(refs->refs[i].resource_id);
    }
    rc = scmi_plugin_tree_set(tree, node, properties->refs, cells,
                              refs->nr_refs * 2 * sizeof(*cells));
    free(cells);
    if (!rc && refs->names &&
        !fdt_getprop(tree->fdt, node, properties->names, NULL))
        rc = scmi_plugin_tree_set(tree, node, properties->names, refs->names,
                                  refs->names_len);
    return rc;
}

static int complete_device(const struct scmi_plugin_tree *tree, int node,
                           const struct scmi_plugin_devices *devices,
                           const struct scmi_plugin_reply *reply,
                           const uint32_t phandles[])
{
    const char *path = scmi_plugin_host_path(tree->fdt, node);
    int n = path ? scmi_plugin_devices_find(devices, path) : -1;
    int kind, rc = 0;

    for (kind = 0; n >= 0 && !rc && kind < SCMI_PLUGIN_NR_KINDS; kind++)
        rc = add_refs(tree, node, &scmi_plugin_kinds[kind],
                      &reply->devices[n].refs[kind], phandles);
    return rc;
}

static int edit(const struct scmi_plugin_tree *tree,
                const struct scmi_plugin_devices *devices,
                const struct scmi_plugin_reply *reply)
{
    uint32_t phandles[SCMI_PLUGIN_PROTOCOL_MAX + 1] = { 0 };
    int node, depth = 0, rc;

    rc = scmi_plugin_scmi_node_put(tree, reply, phandles);
    node = fdt_path_offset(tree->fdt, "/passthrough");
    for (; !rc && node >= 0 && depth >= 0;
         node = fdt_next_node(tree->fdt, node, &depth))
        rc = complete_device(tree, node, devices, reply, phandles);
    return rc ? rc : scmi_plugin_tree_result(tree, 0, fdt_pack(tree->fdt));
}

int scmi_plugin_guest_tree_finish(const void *fdt,
                                  const struct scmi_plugin_devices *devices,
                                  const struct scmi_plugin_reply *reply,
                                  void **ret_fdt,
                                  const struct scmi_plugin_error *error)
{
    struct scmi_plugin_tree tree = { .error = error };
    int size, rc, room = ROOM_MIN;

    /* A failed edit leaves the tree half-edited: start over. */
    for (; room <= ROOM_MAX; room *= 2) {
        size = (int)fdt_totalsize(fdt) + room;
        tree.fdt = malloc((size_t)size);
        if (!tree.fdt)
            return scmi_plugin_fail(error, "SCMI: out of memory");
        rc = scmi_plugin_tree_result(&tree, 0,
                                     fdt_open_into(fdt, tree.fdt, size));
        if (!rc)
            rc = edit(&tree, devices, reply);
        if (!rc) {
            *ret_fdt = tree.fdt;
            return 0;
        }
        free(tree.fdt);
        if (rc != SCMI_PLUGIN_NO_SPACE)
            return rc;
    }
    return scmi_plugin_fail(error, "SCMI: the device tree of the domain "
                            "becomes too large");
}
