/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The partial tree and its lines of xl.cfg, see private.h. */

#include <errno.h>
#include <inttypes.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/guest-dtb/private.h"
#include "lib/dt/address.h"

#define PAGE_BYTES UINT64_C(4096)

/* For the nodes that are no copies: clocks and an SCMI node. */
#define ROOM (64 * 1024)

/* Adds the pages of a register range to "iomem". */
static void add_range(struct guest_tree *guest, int node, uint64_t address,
                      uint64_t size)
{
    uint64_t first = address / PAGE_BYTES;
    uint64_t last = (address + size - 1) / PAGE_BYTES;

    if (address % PAGE_BYTES || size % PAGE_BYTES)
        guest_warn(guest, node, "its registers at 0x%" PRIx64 " are not "
                   "whole pages: the guest gets everything on these pages",
                   address);
    if (guest->nr_ranges == GUEST_MAX_RANGES) {
        guest_check(guest, -FDT_ERR_NOSPACE);
        return;
    }
    guest->ranges[guest->nr_ranges].frame = first;
    guest->ranges[guest->nr_ranges++].count = last - first + 1;
}

/* Writes "reg" with the addresses that the CPU uses. */
static int put_registers(struct guest_tree *guest, int node,
                         struct reason *why)
{
    uint32_t cells[4 * 64], n;
    uint64_t address, size;
    int rc = 0;

    for (n = 0; n < 64; n++) {
        rc = dt_address(&guest->host->index, node, n, &address, &size);
        if (rc)
            break;
        if (!size || size - 1 > UINT64_MAX - address) {
            rc = -EBADMSG;
            break;
        }
        cells[4 * n] = (uint32_t)(address >> 32);
        cells[4 * n + 1] = (uint32_t)address;
        cells[4 * n + 2] = (uint32_t)(size >> 32);
        cells[4 * n + 3] = (uint32_t)size;
        add_range(guest, node, address, size);
    }
    if (rc && rc != -ENOENT)
        return reason_set(why, rc, "its \"reg\" is no address of memory: a bus "
                          "above it does not translate it, or it is "
                          "malformed");
    if (n)
        guest_put_cells(guest, "reg", cells, 4 * n);
    return 0;
}

/* Names the node by its CPU address: bus addresses may occur twice. */
static void begin_device(struct guest_tree *guest, int node)
{
    const struct dt_index *index = &guest->host->index;
    const char *name = index->nodes[node].name;
    int len = (int)strcspn(name, "@");
    uint64_t address, size;
    char unique[300];

    if (dt_address(index, node, 0, &address, &size))
        snprintf(unique, sizeof(unique), "%s", name);
    else
        snprintf(unique, sizeof(unique), "%.*s@%" PRIx64, len, name, address);
    guest_check(guest, fdt_begin_node(guest->fdt, unique));
}

static int put_device(struct guest_tree *guest, const char *path,
                      struct reason *why)
{
    const struct dt_index *index = &guest->host->index;
    int node = dt_index_path(index, path), rc;
    const struct dt_prop *ranges;
    char full[HOST_PATH_SIZE];

    if (node < 0 || dt_index_get_path(index, node, full, sizeof(full)))
        return reason_set(why, -ENODEV, "it is not in the host device tree");
    if (strcmp(full, path))
        return reason_set(why, -EINVAL, "its full path is \"%s\"", full);
    if (!node || !dt_index_prop(index, node, "compatible"))
        return reason_set(why, -EINVAL, "it is no device: it has no "
                          "\"compatible\"");
    ranges = dt_index_prop(index, node, "ranges");
    if (ranges && index->nodes[node].end > node + 1)
        return reason_set(why, -EINVAL, "it is a bus: name the devices on it");

    begin_device(guest, node);
    rc = put_registers(guest, node, why);
    if (rc)
        return rc;
    guest_check(guest, fdt_property_string(guest->fdt, "xen,path", path));
    if (dt_index_prop(index, node, "iommus"))
        guest->dtdevs[guest->nr_dtdevs++] = path;
    guest_put_node(guest, node, true);
    guest_check(guest, fdt_end_node(guest->fdt));
    return 0;
}

static int put_devices(struct guest_tree *guest, char *const paths[],
                       size_t nr_paths, struct reason *why)
{
    struct reason cause;
    size_t i, k;
    int rc;

    for (i = 0; i < nr_paths; i++) {
        size_t len = strlen(paths[i]);

        for (k = 0; k < nr_paths; k++)
            if (k != i && !strncmp(paths[i], paths[k], len) &&
                (!paths[k][len] || paths[k][len] == '/'))
                return reason_set(why, -EINVAL, "%.1000s: it has %.1000s in it "
                                  "already, name it once", paths[i],
                                  paths[k]);
        rc = put_device(guest, paths[i], &cause);
        if (rc)
            return reason_set(why, rc, "%.1000s: %.1400s", paths[i],
                              cause.text);
    }
    return 0;
}

int guest_tree_make(const struct host_tree *host, char *const paths[],
                    size_t nr_paths, FILE *warnings, struct guest_tree *guest,
                    struct reason *why)
{
    static const uint32_t two = 2;
    size_t room;
    int rc;

    *guest = (struct guest_tree){ .host = host, .warnings = warnings };
    if (nr_paths > GUEST_MAX_DEVICES)
        return reason_set(why, -E2BIG, "a domain has %d devices at most",
                          GUEST_MAX_DEVICES);
    room = ROOM + 2 * fdt_totalsize(host->fdt);
    guest->fdt = malloc(room);
    if (!guest->fdt)
        return reason_set(why, -ENOMEM, "out of memory");
    guest_check(guest, fdt_create(guest->fdt, (int)room));
    guest_check(guest, fdt_finish_reservemap(guest->fdt));
    guest_check(guest, fdt_begin_node(guest->fdt, ""));
    guest_put_cells(guest, "#address-cells", &two, 1);
    guest_put_cells(guest, "#size-cells", &two, 1);
    guest_check(guest, fdt_begin_node(guest->fdt, "passthrough"));
    guest_check(guest, fdt_property_string(guest->fdt, "compatible",
                                           "simple-bus"));
    guest_check(guest, fdt_property(guest->fdt, "ranges", NULL, 0));
    guest_put_cells(guest, "#address-cells", &two, 1);
    guest_put_cells(guest, "#size-cells", &two, 1);
    rc = put_devices(guest, paths, nr_paths, why);
    guest_put_clock_nodes(guest);
    guest_check(guest, fdt_end_node(guest->fdt));
    guest_check(guest, fdt_end_node(guest->fdt));
    guest_check(guest, fdt_finish(guest->fdt));
    if (!rc && guest->error)
        rc = reason_set(why, -E2BIG, "the devices make too large a tree (%s)",
                        fdt_strerror(guest->error));
    if (rc)
        guest_tree_done(guest);
    return rc;
}

void guest_tree_done(struct guest_tree *guest)
{
    free(guest->fdt);
    guest->fdt = NULL;
}

void guest_tree_print_config(const struct guest_tree *guest, const char *file,
                             FILE *out)
{
    size_t i;

    fprintf(out, "device_tree = \"%s\"\n", file);
    for (i = 0; i < guest->nr_dtdevs; i++)
        fprintf(out, "%s\"%s\"%s", i ? ", " : "dtdev = [", guest->dtdevs[i],
                i + 1 == guest->nr_dtdevs ? "]\n" : "");
    for (i = 0; i < guest->nr_ranges; i++)
        fprintf(out, "%s\"0x%" PRIx64 ",%" PRIx64 "\"%s",
                i ? ", " : "iomem = [", guest->ranges[i].frame,
                guest->ranges[i].count,
                i + 1 == guest->nr_ranges ? "]\n" : "");
    for (i = 0; i < guest->nr_irqs; i++)
        fprintf(out, "%s%" PRIu32 "%s", i ? ", " : "irqs = [",
                guest->irqs[i], i + 1 == guest->nr_irqs ? "]\n" : "");
}
