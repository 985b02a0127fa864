/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dom0's devices, see dom0.h. */

#include "daemon/admission/dom0.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "daemon/admission/driver.h"
#include "daemon/log.h"
#include "lib/host/ids.h"

/* What restore_all() has done. */
struct changes {
    size_t nr_restored;
    const char *last_restored;  /* path in the host tree */
    size_t nr_failed;
    const char *last_failed;    /* path in the host tree */
    int rc;                     /* of last_failed */
    int32_t scmi_status;
};

/* NULL: Dom0 has no agent. */
static const struct agent *dom0_agent(const struct agents *agents)
{
    size_t i;

    for (i = 0; i < agents->nr_agents; i++)
        if ((agents->agents[i].entry.flags & SCMI_MED_AGENT_HWDOM) &&
            agent_is_bound(&agents->agents[i]))
            return &agents->agents[i];
    return NULL;
}

/*
 * -EBUSY: a driver in Dom0 uses a device that has an id of the plan. Ignores
 * what Dom0's agent has: an earlier change may have stopped half way.
 */
static int check_drivers(const struct host_tree *tree, const struct plan *plan,
                         const char *sysfs, struct reason *why)
{
    const struct host_id *ids;
    size_t i, k, nr;
    int rc = 0;

    for (i = 0; !rc && i < plan->nr_device_ids; i++) {
        ids = host_ids_find(tree, plan->device_ids[i], &nr);
        for (k = 0; !rc && k < nr; k++)
            if (!tree->devices[ids[k].device].passthrough)
                rc = driver_check_unbound(sysfs,
                                          tree->devices[ids[k].device].path,
                                          why);
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

    /* Two drivers must not share a device, even if Dom0 has no agent. */
    rc = check_drivers(tree, plan, sysfs, why);
    for (i = 0; own && !rc && i < plan->nr_device_ids; i++) {
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

static bool lacks(const struct agent *own, const struct host_device *device)
{
    size_t i;

    for (i = 0; i < device->nr_device_ids; i++)
        if (!agent_has_device(own, device->device_ids[i]))
            return true;
    return false;
}

static void restore(struct hyp *hyp, const struct agent *own,
                    const struct host_device *device, struct changes *changes)
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
        changes->last_failed = device->path;
        changes->rc = rc;
        changes->scmi_status = status;
        return;
    }
    if (changed) {
        changes->nr_restored++;
        changes->last_restored = device->path;
    }
}

static struct changes restore_all(struct hyp *hyp, const struct agents *agents,
                                  const struct host_tree *tree)
{
    const struct agent *own = dom0_agent(agents);
    struct changes changes = { 0 };
    size_t i;

    for (i = 0; own && i < tree->nr_dom0_devices; i++) {
        const struct host_device *device =
            &tree->devices[tree->dom0_devices[i]];

        if (lacks(own, device) && !is_held(agents, device))
            restore(hyp, own, device, &changes);
    }
    return changes;
}

void dom0_restore_missing(struct hyp *hyp, const struct agents *agents,
                          const struct host_tree *tree, size_t *nr_missing)
{
    struct log_context context = {
        .agent_id = -1, .message_id = LOG_ID_RESTORED,
    };
    struct changes changes = restore_all(hyp, agents, tree);

    if (changes.nr_restored)
        log_write(LOG_NOTICE, &context, "Dom0 has device \"%s\"%s back",
                  changes.last_restored,
                  changes.nr_restored > 1 ? " and others" : "");
    /* A retry that fails like the one before is not logged again. */
    if (changes.nr_failed && changes.nr_failed != *nr_missing)
        log_write(LOG_ERR, &context, "Dom0 lacks %zu of its devices, for "
                  "example \"%s\", which it could not get back: %s, SCMI "
                  "status %d; trying again", changes.nr_failed,
                  changes.last_failed, strerror(-changes.rc),
                  changes.scmi_status);
    *nr_missing = changes.nr_failed;
}

void dom0_restore_quietly(struct hyp *hyp, const struct agents *agents,
                          const struct host_tree *tree)
{
    (void)restore_all(hyp, agents, tree);
}
