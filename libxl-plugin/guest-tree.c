/* SPDX-License-Identifier: LGPL-2.1-only */
/* The device tree of a guest, see guest-tree.h. */

#include "libxl-plugin/guest-tree.h"

#include <libfdt.h>
#include <stdlib.h>

#include "libxl-plugin/scmi-node.h"
#include "libxl-plugin/tree.h"

/* First guess of what is added; and the most, as libxl has a limit. */
#define ROOM_MIN 4096
#define ROOM_MAX (1024 * 1024)

/* Gives a device node its references of one kind, if it has none. */
static int put_refs(const struct scmi_plugin_tree *tree, int node,
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

static int put_device(const struct scmi_plugin_tree *tree, int node,
                      const struct scmi_plugin_devices *devices,
                      const struct scmi_plugin_answer *answer,
                      const uint32_t phandles[])
{
    const char *path = scmi_plugin_host_path(tree->fdt, node);
    int n = path ? scmi_plugin_devices_find(devices, path) : -1;
    int kind, rc = 0;

    for (kind = 0; n >= 0 && !rc && kind < SCMI_PLUGIN_NR_KINDS; kind++)
        rc = put_refs(tree, node, &scmi_plugin_kinds[kind],
                      &answer->devices[n].refs[kind], phandles);
    return rc;
}

static int edit(const struct scmi_plugin_tree *tree,
                const struct scmi_plugin_devices *devices,
                const struct scmi_plugin_answer *answer)
{
    uint32_t phandles[SCMI_PLUGIN_PROTOCOL_MAX + 1] = { 0 };
    int node, depth = 0, rc;

    rc = scmi_plugin_scmi_node_put(tree, answer, phandles);
    node = fdt_path_offset(tree->fdt, "/passthrough");
    for (; !rc && node >= 0 && depth >= 0;
         node = fdt_next_node(tree->fdt, node, &depth))
        rc = put_device(tree, node, devices, answer, phandles);
    return rc ? rc : scmi_plugin_tree_result(tree, 0, fdt_pack(tree->fdt));
}

int scmi_plugin_guest_tree_finish(const void *fdt,
                                  const struct scmi_plugin_devices *devices,
                                  const struct scmi_plugin_answer *answer,
                                  void **ret_fdt,
                                  const struct scmi_plugin_error *error)
{
    struct scmi_plugin_tree tree = { .error = error };
    int size, rc, room = ROOM_MIN;

    /* An edit that failed half-way may have left anything: start over. */
    for (; room <= ROOM_MAX; room *= 2) {
        size = (int)fdt_totalsize(fdt) + room;
        tree.fdt = malloc((size_t)size);
        if (!tree.fdt)
            return scmi_plugin_fail(error, "SCMI: out of memory");
        rc = scmi_plugin_tree_result(&tree, 0,
                                     fdt_open_into(fdt, tree.fdt, size));
        if (!rc)
            rc = edit(&tree, devices, answer);
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
