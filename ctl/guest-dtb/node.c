/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies a node of the host's tree into a guest's, see private.h. */

#include "ctl/guest-dtb/private.h"

#include <libfdt.h>
#include <string.h>

/* What happens to a property. */
enum fate {
    COPY,
    REBUILD,                /* irq.c, clock.c or the plugin make another */
    DROP,
    DROP_AND_WARN,          /* the driver may need it */
};

static const struct {
    const char *name;
    enum fate fate;
} known[] = {
    { "phandle", DROP }, { "linux,phandle", DROP }, { "status", DROP },
    { "interrupt-parent", DROP }, { "access-controllers", DROP },
    { "access-controller-names", DROP }, { "scmi_devid", DROP },
    { "iommus", DROP }, { "pinctrl-names", DROP },
    { "assigned-clock-rates", DROP }, { "dma-names", DROP },
    { "phy-names", DROP }, { "mbox-names", DROP },
    { "interconnect-names", DROP }, { "nvmem-cell-names", DROP },
    { "io-channel-names", DROP }, { "memory-region-names", DROP },
    { "interrupts", REBUILD }, { "interrupts-extended", REBUILD },
    { "interrupt-names", REBUILD }, { "clocks", REBUILD },
    { "clock-names", REBUILD }, { "power-domains", REBUILD },
    { "power-domain-names", REBUILD }, { "resets", REBUILD },
    { "reset-names", REBUILD }, { "assigned-clocks", DROP_AND_WARN },
    { "assigned-clock-parents", DROP_AND_WARN },
    { "performance-domains", DROP_AND_WARN },
    { "thermal-sensors", DROP_AND_WARN }, { "io-channels", DROP_AND_WARN },
    { "dmas", DROP_AND_WARN }, { "phys", DROP_AND_WARN },
    { "mboxes", DROP_AND_WARN }, { "interconnects", DROP_AND_WARN },
    { "nvmem-cells", DROP_AND_WARN }, { "memory-region", DROP_AND_WARN },
    { "msi-parent", DROP_AND_WARN }, { "iommu-map", DROP_AND_WARN },
    { "msi-map", DROP_AND_WARN }, { "operating-points-v2", DROP_AND_WARN },
    { "cooling-device", DROP_AND_WARN }, { "phy-handle", DROP_AND_WARN },
    { "phy", DROP_AND_WARN }, { "remote-endpoint", DROP_AND_WARN },
    { "gpios", DROP_AND_WARN }, { "gpio-ranges", DROP_AND_WARN },
    { "interrupt-map", DROP_AND_WARN }, { "dma-coherent", COPY },
};

static bool ends_in(const char *name, const char *end)
{
    size_t len = strlen(name), end_len = strlen(end);

    return len > end_len && !strcmp(name + len - end_len, end);
}

static enum fate fate_of(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (!strcmp(name, known[i].name))
            return known[i].fate;
    if (!strncmp(name, "xen,", 4))
        return DROP;
    if (ends_in(name, "-supply") || ends_in(name, "-gpios") ||
        ends_in(name, "-gpio") || ends_in(name, "-handle") ||
        (!strncmp(name, "pinctrl-", 8) && name[8] >= '0' && name[8] <= '9'))
        return DROP_AND_WARN;
    return COPY;
}

/*
 * Warns of power domains or resets that the guest loses. The plugin adds those
 * of SCMI to devices, but not to nodes below them.
 */
static void warn_of_list(struct guest_tree *guest, int node,
                         const char *property, bool is_device)
{
    const struct dt_index *index = &guest->host->index;
    const struct dt_prop *prop = dt_index_prop(index, node, property);
    const struct host_device *device;
    char path[HOST_PATH_SIZE];
    size_t i, nr = 0;

    if (!prop)
        return;
    if (is_device && !dt_index_get_path(index, node, path, sizeof(path)) &&
        (device = host_tree_find(guest->host, path)))
        for (i = 0; i < device->nr_resources; i++)
            nr += device->resources[i].for_guest &&
                  !strcmp(device->resources[i].property, property);
    /* An SCMI entry has two cells: the list has others if it is longer. */
    if (!nr || prop->len > 8 * nr)
        guest_warn(guest, node, "those of its \"%s\" that are not SCMI's "
                   "are left out: make sure that Dom0 leaves them on",
                   property);
}

static void put_props(struct guest_tree *guest, int node, bool is_device)
{
    const struct dt_node *n = &guest->host->index.nodes[node];
    const struct dt_prop *prop = guest->host->index.props + n->first_prop;
    const struct dt_prop *end = prop + n->nr_props;

    for (; prop < end; prop++) {
        if (is_device && (!strcmp(prop->name, "reg") ||
                          !strcmp(prop->name, "ranges")))
            continue;
        switch (fate_of(prop->name)) {
        case COPY:
            guest_check(guest, fdt_property(guest->fdt, prop->name,
                                            prop->value, (int)prop->len));
            break;
        case DROP_AND_WARN:
            guest_warn(guest, node, "its \"%s\" is left out: it refers to "
                       "nodes that the guest does not have", prop->name);
            break;
        case REBUILD:
        case DROP:
            break;
        }
    }
}

void guest_put_node(struct guest_tree *guest, int node, bool is_device)
{
    const struct dt_index *index = &guest->host->index;
    int child;

    put_props(guest, node, is_device);
    guest_put_irqs(guest, node);
    guest_put_clocks(guest, node, is_device);
    warn_of_list(guest, node, "power-domains", is_device);
    warn_of_list(guest, node, "resets", is_device);
    for (child = node + 1; child < index->nodes[node].end;
         child = index->nodes[child].end) {
        /* Not dt_node.disabled, which the device passes on to its children. */
        const struct dt_prop *status = dt_index_prop(index, child, "status");

        if (status && (status->len < 3 || memcmp(status->value, "ok", 2)))
            continue;
        guest_check(guest, fdt_begin_node(guest->fdt,
                                          index->nodes[child].name));
        guest_put_node(guest, child, false);
        guest_check(guest, fdt_end_node(guest->fdt));
    }
}
