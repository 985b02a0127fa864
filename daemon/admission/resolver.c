/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resolves requests against the host tree, see resolver.h. */

#include "daemon/admission/resolver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "scmi-med.h"

static int check_path(const struct host_tree *tree, const char *path,
                      struct reason *why)
{
    char full[HOST_PATH_SIZE];

    if (host_tree_full_path(tree, path, full))
        return reason_set(why, -ENODEV, "device \"%s\" is not in the host "
                          "device tree", path);
    if (strcmp(full, path))
        return reason_set(why, -EINVAL, "device \"%s\" must be named by its "
                          "full path, \"%s\"", path, full);
    return 0;
}

static int check_device(const struct host_tree *tree,
                        const struct host_device *device, struct reason *why)
{
    if (device->problem)
        return reason_set(why, -ENXIO, "device \"%s\" cannot be used: in the "
                          "host device tree, %s", device->path,
                          device->problem);
    if (device->nr_device_ids)
        return 0;
    if (!tree->trusted_path)
        return reason_set(why, -ENXIO, "device \"%s\" has no SCMI device id, "
                          "and the host device tree has no \"arm,scmi-smc\" "
                          "node in a \"xen,sci\" node to refer to",
                          device->path);
    return reason_set(why, -ENXIO, "device \"%s\" uses SCMI but has no SCMI "
                      "device id: its node in the host device tree needs "
                      "access-controllers = <&{%s} N>", device->path,
                      tree->trusted_path);
}

static int add_device_id(struct plan *plan, uint32_t device_id)
{
    uint32_t *grown;
    size_t i;

    for (i = 0; i < plan->nr_device_ids; i++)
        if (plan->device_ids[i] == device_id)
            return 0;
    if (plan->nr_device_ids == SCMI_MED_MAX_DEVICES)
        return -E2BIG;
    grown = realloc(plan->device_ids,
                    (plan->nr_device_ids + 1) * sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    plan->device_ids = grown;
    grown[plan->nr_device_ids++] = device_id;
    return 0;
}

static int add_path(const struct host_tree *tree, const char *path,
                    struct plan *plan, struct reason *why)
{
    const struct host_device *device = host_tree_find(tree, path);
    size_t i;
    int rc;

    rc = device ? check_device(tree, device, why) : check_path(tree, path, why);
    if (rc)
        return rc;

    plan->devices[plan->nr_devices++] = device;
    if (!device)
        return 0;
    plan->needs_agent = true;
    for (i = 0; !rc && i < device->nr_device_ids; i++)
        rc = add_device_id(plan, device->device_ids[i]);
    if (rc == -E2BIG)
        reason_set(why, rc, "the devices have more than %d SCMI device ids",
                   SCMI_MED_MAX_DEVICES);
    else if (rc)
        reason_set(why, rc, "%s", strerror(-rc));
    return rc;
}

int resolver_resolve(const struct host_tree *tree,
                     const struct request *request, struct plan *ret_plan,
                     struct reason *why)
{
    /* A request without devices is for the agent itself. */
    struct plan plan = { .needs_agent = !request->nr_paths };
    size_t i;
    int rc = 0;

    plan.devices = calloc(request->nr_paths + 1, sizeof(*plan.devices));
    if (!plan.devices)
        return reason_set(why, -ENOMEM, "%s", strerror(ENOMEM));
    for (i = 0; !rc && i < request->nr_paths; i++)
        rc = add_path(tree, request->paths[i], &plan, why);

    if (rc)
        plan_done(&plan);
    else
        *ret_plan = plan;
    return rc;
}

const char *plan_path_of(const struct plan *plan, uint32_t device_id)
{
    size_t i, k;

    for (i = 0; i < plan->nr_devices; i++) {
        const struct host_device *device = plan->devices[i];

        for (k = 0; device && k < device->nr_device_ids; k++)
            if (device->device_ids[k] == device_id)
                return device->path;
    }
    return "?";
}

void plan_done(struct plan *plan)
{
    free(plan->devices);
    free(plan->device_ids);
    *plan = (struct plan){ 0 };
}
