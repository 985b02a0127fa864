/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Input: changes of the board's device tree, then a boot with it and the life
 * of a domain. A change is a byte for what, one for the node, one for the
 * property, one for the length, and the value.
 */

#include "xen-invariants.h"

#include <libfdt.h>

static const char *const paths[] = {
    CONTAINER, CONTAINER "/scmi", CONTAINER "/sram@bff02000", CONTAINER "/sram@bff01000",
    "/scmi-shmem@bff00000", "/firmware/scmi", "/virtio_mmio@a000000", "/pl031@9010000",
    "/chosen/xen", "/chosen", "/",
};

static const char *const properties[] = {
    "compatible", "scmi-secondary-agents", "#scmi-secondary-agents-cells", "xen,dom0-sci-agent-id",
    "arm,smc-id", "shmem", "reg", "#address-cells", "#size-cells", "ranges", "phandle",
    "access-controllers", "#access-controller-cells", "scmi_devid", "xen,passthrough", "device_type",
};

#define pick(list, byte) (list)[(byte) % (sizeof(list) / sizeof((list)[0]))]

static void change(struct bytes *in)
{
    uint8_t what = take_byte(in), value[256], len, n;
    int node = fdt_path_offset(tree_blob, pick(paths, take_byte(in)));
    const char *property = pick(properties, take_byte(in));
    const void *old;
    int old_len;

    if (node < 0 || (!node && what % 64 == 1))
        return;
    if (what % 8 == 0) {
        (void)fdt_delprop(tree_blob, node, property);
        return;
    }
    if (what % 64 == 1) {
        (void)fdt_del_node(tree_blob, node);
        return;
    }
    len = take_byte(in);
    memset(value, 0, sizeof(value));
    /* Most of what was there stays, so that it gets far. */
    old = fdt_getprop(tree_blob, node, property, &old_len);
    if (old && old_len < 256 && what % 8 < 4) {
        memcpy(value, old, (size_t)old_len);
        for (n = 0; n < 4 && len < 252; n++)
            value[len + n] = take_byte(in);
        len = (uint8_t)old_len;
    } else {
        for (n = 0; n < len && in->left; n++)
            value[n] = take_byte(in);
    }
    (void)fdt_setprop(tree_blob, node, property, value, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct bytes in = { bytes, size };
    struct domain *d;
    uint32_t n;

    world_reset();
    world_lenient = true;
    while (in.left)
        change(&in);
    tree_changed();
    world_boot();
    check_invariants();
    d = world_domain(1);
    for (n = 0; n < scmi_med.nr_agents; n++)
        if (!world_assign(1, scmi_med.agents[n].id)) {
            must(!scmi_med.agents[n].role);
            (void)world_permit(1, 10, SCMI_MED_ALLOW, NULL);
            (void)world_call(d, (register_t[8]){ scmi_med.function_id });
            check_destroyed(d);
            d = world_domain(1);
        }
    check_destroyed(d);
    world_lenient = false;
    return 0;
}
