/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dom0's devices, see dom0.h. */

#include "daemon/dom0.h"

#include <errno.h>
#include <string.h>

#include "daemon/driver.h"

const struct agent *dom0_agent(const struct agents *agents)
{
    size_t i;

    for (i = 0; i < agents->nr_agents; i++)
        if ((agents->agents[i].entry.flags & SCMI_MED_AGENT_HWDOM) &&
            agent_is_bound(&agents->agents[i]))
            return &agents->agents[i];
    return NULL;
}

static bool plan_has(const struct plan *plan, uint32_t device_id)
{
    size_t i;

    for (i = 0; i < plan->nr_device_ids; i++)
        if (plan->device_ids[i] == device_id)
            return true;
    return false;
}

/*
 * Whether Dom0 may be using any device that the plan takes the ids of. By the
 * tree, not by what its agent has: that may be in the middle of a change.
 */
static int check_drivers(const struct host_tree *tree, const struct plan *plan,
                         const char *sysfs, struct reason *why)
{
    size_t i, k;
    int rc = 0;

    for (i = 0; !rc && i < tree->nr_devices; i++) {
        const struct host_device *device = &tree->devices[i];

        if (device->passthrough)
            continue;
        for (k = 0; k < device->nr_device_ids; k++)
            if (plan_has(plan, device->device_ids[k]))
                break;
        if (k < device->nr_device_ids)
            rc = driver_check_unbound(sysfs, device->path, why);
    }
    return rc;
}

int dom0_take(struct hyp *hyp, const struct agents *agents,
              const struct host_tree *tree, const struct plan *plan,
              const char *sysfs, struct reason *why)
{
    const struct agent *own = dom0_agent(agents);
    size_t i;
    int rc;

    if (!own)
        return 0;
    rc = check_drivers(tree, plan, sysfs, why);
    for (i = 0; !rc && i < plan->nr_device_ids; i++) {
        uint32_t device_id = plan->device_ids[i];
        int32_t status = 0;

        if (!agent_has_device(own, device_id))
            continue;
        rc = hyp_set_device_permission(hyp, own->entry.domid, device_id, false,
                                       &status);
        if (rc)
            reason_set(why, rc, "device \"%s\" (SCMI device id %u) could not "
                       "be taken from Dom0: %s, SCMI status %d",
                       plan_path_of(plan, device_id), device_id,
                       strerror(-rc), status);
    }
    return rc;
}

/* Whether an agent other than Dom0's has an id of the device. */
static bool is_held(const struct agents *agents,
                    const struct host_device *device)
{
    const struct agent *own = dom0_agent(agents);
    size_t i, k;

    for (i = 0; i < agents->nr_agents; i++)
        for (k = 0; k < device->nr_device_ids; k++)
            if (&agents->agents[i] != own &&
                agent_has_device(&agents->agents[i], device->device_ids[k]))
                return true;
    return false;
}

static void restore(struct hyp *hyp, const struct agent *own,
                    const struct host_device *device,
                    struct dom0_changes *changes)
{
    bool changed = false;
    int32_t status;
    size_t i;
    int rc;

    for (i = 0; i < device->nr_device_ids; i++) {
        if (agent_has_device(own, device->device_ids[i]))
            continue;
        status = 0;
        rc = hyp_set_device_permission(hyp, own->entry.domid,
                                       device->device_ids[i], true, &status);
        changed |= !rc;
        if (!rc)
            continue;
        changes->nr_failed++;
        changes->failed = device->path;
        changes->rc = rc;
        changes->scmi_status = status;
        return;
    }
    if (changed) {
        changes->nr_restored++;
        changes->last = device->path;
    }
}

void dom0_restore(struct hyp *hyp, const struct agents *agents,
                  const struct host_tree *tree,
                  struct dom0_changes *ret_changes)
{
    const struct agent *own = dom0_agent(agents);
    struct dom0_changes changes = { 0 };
    size_t i;

    for (i = 0; own && i < tree->nr_devices; i++)
        if (host_device_is_dom0s(&tree->devices[i]) &&
            !is_held(agents, &tree->devices[i]))
            restore(hyp, own, &tree->devices[i], &changes);
    *ret_changes = changes;
}
