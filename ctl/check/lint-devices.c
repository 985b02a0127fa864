/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings about single devices, see private.h. */

#include <inttypes.h>
#include <string.h>

#include "ctl/check/private.h"
#include "lib/dt/refs.h"

/* The first SCMI node in "access-controllers" that is not Xen's, or NULL. */
static const struct host_instance *wrong_controller(const struct lint *lint,
                                                    int node)
{
    const struct dt_index *index = &lint->tree->index;
    const struct dt_prop *prop;
    uint32_t at;
    size_t i;

    prop = dt_index_prop(index, node, "access-controllers");
    for (at = 0; prop && at < 64 && prop->len - at >= 4; at += 4) {
        int target = dt_index_find(index, dt_cell(prop->value + at));

        for (i = 0; target >= 0 && i < lint->tree->nr_instances; i++)
            if (lint->tree->instances[i].node == target &&
                !lint->tree->instances[i].in_container)
                return &lint->tree->instances[i];
    }
    return NULL;
}

static void no_device_id(struct lint *lint, const struct host_device *device)
{
    const struct host_instance *wrong = wrong_controller(lint, device->node);
    enum lint_severity severity = device->passthrough ? LINT_ERROR
                                                      : LINT_WARNING;

    if (wrong) {
        lint_add(lint, severity, "wrong-controller", device->path, "its "
                 "access-controllers refers to %s, which is not Xen's own SCMI "
                 "node, so it has no SCMI device id", wrong->path);
        lint_remedy(lint, "set access-controllers = <&{%s} N>",
                    lint->tree->trusted_path ? lint->tree->trusted_path :
                    "/chosen/.../scmi");
        return;
    }
    lint_add(lint, severity, "no-device-id", device->path, "it uses SCMI but "
             "has no SCMI device id, so the firmware cannot be told who may "
             "use it");
    lint_remedy(lint, "add access-controllers = <&{%s} N>, where N is the "
                "firmware's id of the device", lint->tree->trusted_path ?
                lint->tree->trusted_path : "/chosen/.../scmi");
}

/* Xen gives a device without "xen,passthrough" to Dom0 when the host boots. */
static void dom0_device(struct lint *lint, const struct host_device *device)
{
    lint_add(lint, LINT_NOTE, "dom0-device", device->path, "Dom0 has it when "
             "the host boots");
    lint_remedy(lint, "to give it to a guest, add xen,passthrough;");
    /* Linux takes access-controllers for a supplier since 6.10. */
    if (!dt_index_prop(&lint->tree->index, device->node,
                        "access-controllers"))
        return;
    lint_add(lint, LINT_NOTE, "dom0-waits", device->path, "Dom0's Linux "
             "cannot drive it: it waits for ever for a driver of the node in "
             "access-controllers, which only Xen uses");
    lint_remedy(lint, "write scmi_devid = <%u>; instead, or boot Dom0 with "
                "fw_devlink=permissive", device->device_ids[0]);
}

static bool uses_disabled(const struct lint *lint,
                          const struct host_device *device,
                          size_t *ret_instance)
{
    size_t i;

    for (i = 0; i < device->nr_resources; i++) {
        *ret_instance = device->resources[i].instance;
        if (lint->tree->instances[*ret_instance].disabled)
            return true;
    }
    return false;
}

/* Returns true if the device lacks only an id, and no device can have one. */
static bool one_device(struct lint *lint, const struct host_device *device)
{
    size_t instance;

    if (device->problem) {
        lint_add(lint, lint_is_off(device) ? LINT_WARNING : LINT_ERROR,
                 "bad-device", device->path, "%s", device->problem);
        lint_remedy(lint, "%s", device->remedy ? device->remedy :
                    "correct that property: one entry is <&PROVIDER CELLS>, "
                    "with as many cells as the provider's \"#...-cells\" says");
        return false;
    }
    if (lint_is_off(device) || device->is_cpu_or_zone)
        return false;
    if (uses_disabled(lint, device, &instance)) {
        lint_add(lint, LINT_WARNING, "disabled-scmi", device->path, "it uses "
                 "%s, which is disabled", lint->tree->instances[instance].path);
        lint_remedy(lint, "set status = \"okay\" there, or status = "
                    "\"disabled\" here");
        return false;
    }
    /* Without agents, there are no device ids. */
    if (!lint_has_agents(lint))
        return !device->nr_device_ids;
    if (!device->nr_device_ids)
        no_device_id(lint, device);
    else if (!device->passthrough)
        dom0_device(lint, device);
    return false;
}

void lint_devices(struct lint *lint)
{
    size_t i, nr_without = 0;

    for (i = 0; i < lint->tree->nr_devices; i++)
        nr_without += one_device(lint, &lint->tree->devices[i]);
    if (!nr_without)
        return;
    lint_add(lint, LINT_NOTE, "no-device-id", NULL, "%zu device%s SCMI and "
             "ha%s no SCMI device id, so the firmware cannot be told who "
             "may use them", nr_without, nr_without == 1 ? " uses" : "s use",
             nr_without == 1 ? "s" : "ve");
    lint_remedy(lint, "when there is a \"xen,sci\" node, add to each "
                "access-controllers = <&{/chosen/.../scmi} N>, where N is the "
                "firmware's id of the device");
}
