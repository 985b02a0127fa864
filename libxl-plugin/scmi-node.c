/* SPDX-License-Identifier: LGPL-2.1-only */
/* The SCMI node, see scmi-node.h. */

#include "libxl-plugin/scmi-node.h"

#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>
#include <string.h>

#include "libxl-plugin/devices.h"

/* The shared page: Xen maps one frame of 4 KiB. */
#define PAGE_SHIFT  12
#define PAGE_BYTES  (UINT64_C(1) << PAGE_SHIFT)

static bool are_valid_cells(int address_cells, int size_cells)
{
    return address_cells >= 1 && address_cells <= 2 && size_cells >= 1 &&
           size_cells <= 2;
}

static uint64_t read_cells(const fdt32_t *cells, int count)
{
    uint64_t value = 0;

    while (count-- > 0)
        value = value << 32 | fdt32_ld(cells++);
    return value;
}

static fdt32_t *write_cells(fdt32_t *cells, int count, uint64_t value)
{
    if (count == 2)
        *cells++ = cpu_to_fdt32((uint32_t)(value >> 32));
    *cells++ = cpu_to_fdt32((uint32_t)value);
    return cells;
}

/* Whether addresses below the node are those of the root. */
static bool is_identity_mapped(const void *fdt, int node)
{
    int len;

    for (; node > 0; node = fdt_parent_offset(fdt, node))
        if (!fdt_getprop(fdt, node, "ranges", &len) || len)
            return false;
    return !node;
}

/* Whether an SCMI node's "shmem" is the page at that address. */
static bool has_page(const void *fdt, int scmi, uint64_t address)
{
    int len, shmem, parent, address_cells, size_cells;
    const fdt32_t *value;
    uint64_t size;

    value = fdt_getprop(fdt, scmi, "shmem", &len);
    if (!value || len != sizeof(*value))
        return false;
    shmem = fdt_node_offset_by_phandle(fdt, fdt32_ld(value));
    if (shmem < 0 || fdt_node_check_compatible(fdt, shmem, "arm,scmi-shmem"))
        return false;

    parent = fdt_parent_offset(fdt, shmem);
    if (parent < 0 || !is_identity_mapped(fdt, parent))
        return false;
    address_cells = fdt_address_cells(fdt, parent);
    size_cells = fdt_size_cells(fdt, parent);
    value = fdt_getprop(fdt, shmem, "reg", &len);
    if (!value || !are_valid_cells(address_cells, size_cells) ||
        len != (address_cells + size_cells) * (int)sizeof(*value))
        return false;
    size = read_cells(value + address_cells, size_cells);
    return read_cells(value, address_cells) == address && size &&
           size <= PAGE_BYTES;
}

/* Adds a node for the shared page to the root. */
static int add_page(const struct scmi_plugin_tree *tree, uint64_t address,
                    uint32_t *ret_phandle)
{
    int address_cells = fdt_address_cells(tree->fdt, 0);
    int size_cells = fdt_size_cells(tree->fdt, 0), node, rc;
    fdt32_t reg[4], *end;
    char name[48];

    if (!are_valid_cells(address_cells, size_cells))
        return scmi_plugin_tree_fail(tree, 0, "has an \"#address-cells\" or "
                                     "\"#size-cells\" that is not 1 or 2");
    if (address_cells == 1 && address > UINT32_MAX)
        return scmi_plugin_tree_fail(tree, 0, "has an \"#address-cells\" too "
                                     "small for the SCMI shared page");
    end = write_cells(reg, address_cells, address);
    end = write_cells(end, size_cells, PAGE_BYTES);

    snprintf(name, sizeof(name), "scmi-shmem@%" PRIx64, address);
    rc = scmi_plugin_tree_add(tree, 0, name, &node);
    if (!rc)
        rc = scmi_plugin_tree_set_string(tree, node, "compatible",
                                         "arm,scmi-shmem");
    if (!rc)
        rc = scmi_plugin_tree_set(tree, node, "reg", reg,
                                  (size_t)(end - reg) * sizeof(reg[0]));
    if (!rc)
        rc = scmi_plugin_tree_phandle(tree, node, ret_phandle);
    return rc;
}

/*
 * Adds an empty SCMI node to /firmware, where Linux looks. libxl may have made
 * /firmware for other nodes already.
 */
static int add_scmi(const struct scmi_plugin_tree *tree, int *ret_scmi)
{
    int firmware = fdt_subnode_offset(tree->fdt, 0, "firmware"), rc = 0;

    if (firmware == -FDT_ERR_NOTFOUND)
        rc = scmi_plugin_tree_add(tree, 0, "firmware", &firmware);
    else if (firmware < 0)
        rc = scmi_plugin_tree_result(tree, 0, firmware);
    if (!rc)
        rc = scmi_plugin_tree_add(tree, firmware, "scmi", ret_scmi);
    if (!rc)
        rc = scmi_plugin_tree_set_string(tree, *ret_scmi, "compatible",
                                         "arm,scmi-smc");
    return rc;
}

/* Sets *ret_scmi to the SCMI node, or to -FDT_ERR_NOTFOUND. */
static int find_scmi(const struct scmi_plugin_tree *tree, int *ret_scmi)
{
    int scmi = scmi_plugin_next_scmi_node(tree->fdt, -1);

    if (scmi >= 0 && scmi_plugin_next_scmi_node(tree->fdt, scmi) >= 0)
        return scmi_plugin_tree_fail(tree, scmi, "is not the only SCMI node, "
                                     "but a domain has one SCMI agent");
    *ret_scmi = scmi;
    return 0;
}

/* Adds or completes the SCMI node, without its protocols. */
static int put_scmi(const struct scmi_plugin_tree *tree,
                    const struct scmi_plugin_reply *reply, int *ret_scmi)
{
    uint64_t address = reply->frame << PAGE_SHIFT;
    uint32_t phandle = 0;
    int scmi = -1, rc;

    rc = find_scmi(tree, &scmi);
    if (rc)
        return rc;
    if (scmi < 0 || !has_page(tree->fdt, scmi, address)) {
        rc = add_page(tree, address, &phandle);
        /* The new node moved the SCMI node. */
        if (!rc)
            rc = find_scmi(tree, &scmi);
        if (!rc && scmi < 0)
            rc = add_scmi(tree, &scmi);
        if (!rc)
            rc = scmi_plugin_tree_set_cell(tree, scmi, "shmem", phandle);
    }
    if (!rc)
        rc = scmi_plugin_tree_set_cell(tree, scmi, "arm,smc-id",
                                       reply->function_id);
    if (!rc)
        rc = scmi_plugin_tree_need_cell(tree, scmi, "#address-cells", 1);
    if (!rc)
        rc = scmi_plugin_tree_need_cell(tree, scmi, "#size-cells", 0);
    *ret_scmi = scmi;
    return rc;
}

static int find_protocol(const void *fdt, int scmi, uint32_t protocol_id)
{
    const fdt32_t *reg;
    int node, len;

    fdt_for_each_subnode(node, fdt, scmi) {
        reg = fdt_getprop(fdt, node, "reg", &len);
        if (reg && len == sizeof(*reg) && fdt32_ld(reg) == protocol_id)
            return node;
    }
    return node;
}

/* Whether the protocol's node needs the cells property of that kind. */
static bool has_kind(const struct scmi_plugin_reply *reply,
                     uint32_t protocol_id, int kind)
{
    size_t n, i;

    if (scmi_plugin_kinds[kind].protocol_id == protocol_id)
        return true;
    for (n = 0; n < reply->nr_devices; n++) {
        const struct scmi_plugin_refs *refs = &reply->devices[n].refs[kind];

        for (i = 0; i < refs->nr_refs; i++)
            if (refs->refs[i].protocol_id == protocol_id)
                return true;
    }
    return false;
}

static int put_protocol(const struct scmi_plugin_tree *tree,
                        const struct scmi_plugin_reply *reply, int scmi,
                        uint32_t protocol_id, uint32_t *ret_phandle)
{
    int node = find_protocol(tree->fdt, scmi, protocol_id), kind, rc = 0;
    char name[32];

    if (node == -FDT_ERR_NOTFOUND) {
        snprintf(name, sizeof(name), "protocol@%" PRIx32, protocol_id);
        rc = scmi_plugin_tree_add(tree, scmi, name, &node);
        if (!rc)
            rc = scmi_plugin_tree_set_cell(tree, node, "reg", protocol_id);
    } else if (node < 0) {
        rc = scmi_plugin_tree_result(tree, scmi, node);
    }

    /* A protocol may have several: performance domains are also clocks. */
    for (kind = 0; !rc && kind < SCMI_PLUGIN_NR_KINDS; kind++)
        if (has_kind(reply, protocol_id, kind))
            rc = scmi_plugin_tree_need_cell(tree, node,
                                            scmi_plugin_kinds[kind].cells, 1);
    return rc ? rc : scmi_plugin_tree_phandle(tree, node, ret_phandle);
}

int scmi_plugin_scmi_node_put(const struct scmi_plugin_tree *tree,
                              const struct scmi_plugin_reply *reply,
                              uint32_t ret_phandles[])
{
    uint32_t protocol_id;
    int scmi, rc;

    rc = put_scmi(tree, reply, &scmi);
    /* libfdt adds nodes in front of others: go down to get them in order. */
    for (protocol_id = SCMI_PLUGIN_PROTOCOL_MAX;
         !rc && protocol_id >= SCMI_PLUGIN_PROTOCOL_MIN; protocol_id--)
        if (reply->protocols[protocol_id])
            rc = put_protocol(tree, reply, scmi, protocol_id,
                              &ret_phandles[protocol_id]);
    return rc;
}
