/* SPDX-License-Identifier: LGPL-2.1-only */
/* Edits a guest's device tree, see guest-tree.h. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>
#include <libxl.h>

#include "libxl-plugin/guest-tree.h"

/* As large as libxl lets a tree become. */
#define MAX_TREE_SIZE 0x200000

#define FRAME_SHIFT 12
#define FRAME_SIZE (1U << FRAME_SHIFT)

/* An edit under way. The first libfdt error stays in r. */
struct edit {
    void *fdt;
    const struct scmi_plugin_request *request;
    uint32_t phandles[256];     /* of the protocol nodes, by protocol id */
    char *error;
    size_t error_size;
};

static const struct {
    uint32_t protocol_id;
    const char *cells;
} protocol_cells[] = {
    { 0x11, "#power-domain-cells" },
    { 0x13, "#power-domain-cells" },
    { 0x14, "#clock-cells" },
    { 0x15, "#thermal-sensor-cells" },
    { 0x16, "#reset-cells" },
};

static int next_passthrough(const void *fdt, int node, int *depth)
{
    do {
        node = fdt_next_node(fdt, node, depth);
    } while (node >= 0 && *depth > 0 &&
             !fdt_getprop(fdt, node, "xen,path", NULL));
    return *depth > 0 ? node : -FDT_ERR_NOTFOUND;
}

int scmi_plugin_tree_devices(const void *fdt,
                             struct scmi_plugin_request *request,
                             char *error, size_t error_size)
{
    int node = fdt_path_offset(fdt, "/passthrough"), depth = 0, len, rc;
    const char *path;

    if (node < 0)
        return 0;
    while ((node = next_passthrough(fdt, node, &depth)) >= 0) {
        path = fdt_getprop(fdt, node, "xen,path", &len);
        if (!path || len < 2 || path[len - 1] || path[0] != '/' ||
            strlen(path) != (size_t)len - 1) {
            snprintf(error, error_size, "SCMI: \"xen,path\" of node \"%s\" in"
                     " the domain's device_tree is no path",
                     fdt_get_name(fdt, node, NULL));
            return ERROR_INVAL;
        }
        rc = scmi_plugin_request_add(request, path, error, error_size);
        if (rc)
            return rc;
    }
    return 0;
}

static int find_scmi(const void *fdt)
{
    int node = fdt_node_offset_by_compatible(fdt, -1, "arm,scmi-smc");

    return node >= 0 ? node :
           fdt_node_offset_by_compatible(fdt, -1, "arm,scmi-smc-param");
}

bool scmi_plugin_tree_has_scmi(const void *fdt)
{
    return find_scmi(fdt) >= 0;
}

static int refuse(struct edit *edit, int node, const char *what)
{
    char path[256];

    if (fdt_get_path(edit->fdt, node, path, sizeof(path)))
        strcpy(path, "?");
    snprintf(edit->error, edit->error_size, "SCMI: node %s of the domain's"
             " device tree: %s", path, what);
    return ERROR_INVAL;
}

/* Appends a number of 1 or 2 cells to a value. */
static int put_cells(fdt32_t *value, int at, int cells, uint64_t number)
{
    if (cells == 2)
        value[at++] = cpu_to_fdt32(number >> 32);
    value[at++] = cpu_to_fdt32(number);
    return at;
}

static int set_page(struct edit *edit, int shm, int parent)
{
    int addr_cells = fdt_address_cells(edit->fdt, parent);
    int size_cells = fdt_size_cells(edit->fdt, parent), n = 0;
    uint64_t addr = edit->request->frame << FRAME_SHIFT;
    fdt32_t reg[4];

    if (addr_cells < 1 || addr_cells > 2 || size_cells < 1 || size_cells > 2 ||
        (addr_cells == 1 && addr > UINT32_MAX))
        return -FDT_ERR_BADNCELLS;
    n = put_cells(reg, n, addr_cells, addr);
    n = put_cells(reg, n, size_cells, FRAME_SIZE);
    return fdt_setprop(edit->fdt, shm, "reg", reg, n * sizeof(reg[0]));
}

/* Whether addresses below the node are the guest's physical ones. */
static bool is_identity(const void *fdt, int node)
{
    int len;

    while (node > 0) {
        if (!fdt_getprop(fdt, node, "ranges", &len) || len)
            return false;
        node = fdt_parent_offset(fdt, node);
    }
    return node == 0;
}

static int ensure_phandle(struct edit *edit, int node, uint32_t *phandle)
{
    *phandle = fdt_get_phandle(edit->fdt, node);
    if (*phandle)
        return 0;
    *phandle = fdt_get_max_phandle(edit->fdt);
    if (*phandle >= 0xfffffffeU)
        return -FDT_ERR_NOPHANDLES;
    ++*phandle;
    return fdt_setprop_u32(edit->fdt, node, "phandle", *phandle);
}

/* The tree's own SCMI node: what it points to must be where the page is. */
static int adopt_shmem(struct edit *edit, int scmi, int *rc)
{
    const fdt32_t *value;
    int len, shm, parent;

    value = fdt_getprop(edit->fdt, scmi, "shmem", &len);
    shm = value && len >= (int)sizeof(*value)
          ? fdt_node_offset_by_phandle(edit->fdt, fdt32_to_cpu(*value)) : -1;
    if (shm < 0) {
        *rc = refuse(edit, scmi, "\"shmem\" refers to no node");
        return 0;
    }
    parent = fdt_parent_offset(edit->fdt, shm);
    if (parent < 0)
        return parent;
    if (!is_identity(edit->fdt, parent)) {
        *rc = refuse(edit, shm, "the nodes above must have empty \"ranges\"");
        return 0;
    }
    return set_page(edit, shm, parent);
}

static int add_shmem(struct edit *edit, uint32_t *phandle)
{
    char name[64];
    int node, r;

    snprintf(name, sizeof(name), "scmi-shmem@%llx", (unsigned long long)
             edit->request->frame << FRAME_SHIFT);
    node = fdt_add_subnode(edit->fdt, 0, name);
    if (node < 0)
        return node;
    r = fdt_setprop_string(edit->fdt, node, "compatible", "arm,scmi-shmem");
    if (!r)
        r = set_page(edit, node, 0);
    return r ? r : ensure_phandle(edit, node, phandle);
}

static int add_scmi(struct edit *edit)
{
    uint32_t shm;
    int firmware, node, r = add_shmem(edit, &shm);

    if (r)
        return r;
    firmware = fdt_path_offset(edit->fdt, "/firmware");
    if (firmware == -FDT_ERR_NOTFOUND)
        firmware = fdt_add_subnode(edit->fdt, 0, "firmware");
    if (firmware < 0)
        return firmware;
    node = fdt_add_subnode(edit->fdt, firmware, "scmi");
    if (node < 0)
        return node;
    r = fdt_setprop_string(edit->fdt, node, "compatible", "arm,scmi-smc");
    if (!r)
        r = fdt_setprop_u32(edit->fdt, node, "shmem", shm);
    if (!r)
        r = fdt_setprop_u32(edit->fdt, node, "#address-cells", 1);
    if (!r)
        r = fdt_setprop_u32(edit->fdt, node, "#size-cells", 0);
    return r;
}

static int find_protocol(const void *fdt, int scmi, uint32_t protocol_id)
{
    const fdt32_t *reg;
    int node, len;

    fdt_for_each_subnode(node, fdt, scmi) {
        reg = fdt_getprop(fdt, node, "reg", &len);
        if (reg && len == sizeof(*reg) && fdt32_to_cpu(*reg) == protocol_id)
            return node;
    }
    return node;
}

static int need_protocol(struct edit *edit, uint32_t protocol_id)
{
    int node, scmi = find_scmi(edit->fdt), r = 0;
    char name[32];
    size_t i;

    if (scmi < 0)
        return scmi;
    node = find_protocol(edit->fdt, scmi, protocol_id);
    if (node == -FDT_ERR_NOTFOUND) {
        snprintf(name, sizeof(name), "protocol@%x", protocol_id);
        node = fdt_add_subnode(edit->fdt, scmi, name);
        if (node >= 0)
            r = fdt_setprop_u32(edit->fdt, node, "reg", protocol_id);
    }
    if (node < 0 || r)
        return node < 0 ? node : r;
    for (i = 0; i < sizeof(protocol_cells) / sizeof(protocol_cells[0]); i++)
        if (protocol_cells[i].protocol_id == protocol_id)
            r = fdt_setprop_u32(edit->fdt, node, protocol_cells[i].cells, 1);
    return r ? r : ensure_phandle(edit, node, &edit->phandles[protocol_id]);
}

/* Gives a passthrough node one property, unless it has one already. */
static int set_property(struct edit *edit, int node, size_t kind,
                        const struct scmi_plugin_property *property)
{
    const struct scmi_plugin_property_names *names =
        &scmi_plugin_property_names[kind];
    const struct scmi_plugin_ref *ref;
    size_t i;
    int r = 0;

    if (!property->nr_refs || fdt_getprop(edit->fdt, node, names->refs, NULL))
        return 0;
    for (i = 0; !r && i < property->nr_refs; i++) {
        ref = &property->refs[i];
        r = fdt_appendprop_u32(edit->fdt, node, names->refs,
                               edit->phandles[ref->protocol_id]);
        if (!r)
            r = fdt_appendprop_u32(edit->fdt, node, names->refs,
                                   ref->resource_id);
    }
    if (!r && property->names)
        r = fdt_setprop(edit->fdt, node, names->names, property->names,
                        property->names_len);
    return r;
}

static int set_device(struct edit *edit, const struct scmi_plugin_device *device)
{
    int node = fdt_path_offset(edit->fdt, "/passthrough"), depth = 0, r = 0;
    size_t kind;

    if (node < 0)
        return 0;
    /* Properties move what is behind a node, not the node itself. */
    while (!r && (node = next_passthrough(edit->fdt, node, &depth)) >= 0) {
        const char *path = fdt_getprop(edit->fdt, node, "xen,path", NULL);

        if (!path || strcmp(path, device->path))
            continue;
        for (kind = 0; !r && kind < SCMI_PLUGIN_NR_PROPERTIES; kind++)
            r = set_property(edit, node, kind, &device->properties[kind]);
    }
    return r;
}

static void need_protocols(const struct scmi_plugin_request *request,
                           bool needed[256])
{
    size_t i, k, n;

    memcpy(needed, request->protocols, sizeof(request->protocols));
    for (i = 0; i < request->nr_devices; i++)
        for (k = 0; k < SCMI_PLUGIN_NR_PROPERTIES; k++) {
            const struct scmi_plugin_property *property =
                &request->devices[i].properties[k];

            for (n = 0; n < property->nr_refs; n++)
                needed[property->refs[n].protocol_id & 0xff] = true;
        }
}

/* One attempt. Returns a libfdt error, or sets *rc if it refuses the tree. */
static int edit_tree(struct edit *edit, int *rc)
{
    int scmi = find_scmi(edit->fdt), r;
    bool needed[256];
    size_t i;

    r = scmi >= 0 ? adopt_shmem(edit, scmi, rc) : add_scmi(edit);
    if (r || *rc)
        return r;
    scmi = find_scmi(edit->fdt);
    if (scmi < 0)
        return scmi;
    r = fdt_setprop_u32(edit->fdt, scmi, "arm,smc-id",
                        edit->request->function_id);
    need_protocols(edit->request, needed);
    for (i = 0; !r && i < 256; i++)
        if (needed[i])
            r = need_protocol(edit, i);
    for (i = 0; !r && i < edit->request->nr_devices; i++)
        r = set_device(edit, &edit->request->devices[i]);
    return r ? r : fdt_pack(edit->fdt);
}

int scmi_plugin_tree_edit(const void *fdt,
                          const struct scmi_plugin_request *request,
                          void **fdt_out, char *error, size_t error_size)
{
    struct edit edit = {
        .request = request, .error = error, .error_size = error_size,
    };
    size_t size = fdt_totalsize(fdt);
    int r, rc = 0;

    do {
        size += 4096 + size / 2;
        free(edit.fdt);
        edit.fdt = malloc(size);
        if (!edit.fdt) {
            snprintf(error, error_size, "SCMI: out of memory");
            return ERROR_NOMEM;
        }
        r = fdt_open_into(fdt, edit.fdt, size);
        if (!r)
            r = edit_tree(&edit, &rc);
    } while (r == -FDT_ERR_NOSPACE && size < MAX_TREE_SIZE);

    if (!r && !rc) {
        *fdt_out = edit.fdt;
        return 0;
    }
    free(edit.fdt);
    if (!rc) {
        snprintf(error, error_size, "SCMI: could not complete the domain's"
                 " device tree: %s", fdt_strerror(r));
        rc = ERROR_FAIL;
    }
    return rc;
}
