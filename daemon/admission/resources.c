/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Xen lets a domain change, see resources.h. */

#include "daemon/admission/resources.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "daemon/admission/grant.h"
#include "lib/host/ids.h"
#include "lib/host/sharing.h"

/* Xen knows their messages, and decides about each id of theirs. */
static bool has_ids(const struct host_resource *resource)
{
    return resource->protocol_id == 0x11 || resource->protocol_id == 0x14 ||
           resource->protocol_id == 0x16;
}

static bool is_of_plan(const struct plan *plan, uint32_t device_id)
{
    size_t i;

    for (i = 0; i < plan->nr_device_ids; i++)
        if (plan->device_ids[i] == device_id)
            return true;
    return false;
}

/* Whether one grant is for both. */
static bool is_same(const struct host_resource *x,
                    const struct host_resource *y)
{
    return has_ids(x) ? !host_resource_compare(x, y)
                      : x->protocol_id == y->protocol_id;
}

/* Whether a device with this id uses the resource. */
static bool uses(const struct host_tree *tree, uint32_t device_id,
                 const struct host_resource *resource)
{
    size_t nr, i, k;
    const struct host_id *ids = host_ids_find(tree, device_id, &nr);

    for (i = 0; i < nr; i++) {
        const struct host_device *device = &tree->devices[ids[i].device];

        for (k = 0; k < device->nr_resources; k++)
            if (is_same(&device->resources[k], resource))
                return true;
    }
    return false;
}

/* Whether a device that the domain has beside the plan's uses it. */
static bool is_needed(const struct resources_context *context,
                      const struct plan *plan,
                      const struct host_resource *resource)
{
    const struct agent *own = agents_of_domain(context->agents,
                                               context->domid);
    size_t i;

    for (i = 0; own && i < own->nr_device_ids; i++)
        if (!is_of_plan(plan, own->device_ids[i]) &&
            uses(context->tree, own->device_ids[i], resource))
            return true;
    return false;
}

static int set(const struct resources_context *context, uint32_t domid,
               const struct host_resource *resource, uint32_t flags)
{
    return has_ids(resource)
           ? hyp_set_resource(context->hyp, domid, resource->protocol_id,
                              resource->resource_id, flags)
           : hyp_set_resource(context->hyp, domid, resource->protocol_id, 0,
                              flags | SCMI_MED_WHOLE);
}

/* Those who had it for themselves share it, now that the policy allows that. */
static void share(const struct resources_context *context,
                  const struct host_resource *resource)
{
    size_t i, k;

    for (i = 0; i < context->agents->nr_agents; i++) {
        const struct agent *agent = &context->agents->agents[i];

        if (!agent_is_bound(agent) || !agent_is_for_guests(agent) ||
            agent->entry.domid == context->domid)
            continue;
        for (k = 0; k < agent->nr_device_ids; k++)
            if (uses(context->tree, agent->device_ids[k], resource))
                (void)set(context, agent->entry.domid, resource,
                          SCMI_MED_ALLOW | SCMI_MED_SHARE);
    }
}

static int explain(int rc, const char *verb, const char *path,
                   const struct host_resource *resource, struct reason *why)
{
    char what[128];

    if (rc == -ESRCH)
        return reason_set(why, rc, "the domain is gone");
    host_resource_describe(resource, what, sizeof(what));
    return reason_set(why, rc, "Xen could not %s %s (protocol 0x%" PRIx32
                      "), which device \"%s\" uses: %s", verb, what,
                      resource->protocol_id, path, strerror(-rc));
}

static int grant(const struct resources_context *context, const char *path,
                 const struct host_resource *resource, struct reason *why)
{
    bool shared = !has_ids(resource) ||
                  (context->policy && policy_find_allow(context->policy,
                                                        context->tree,
                                                        resource));
    uint32_t flags = SCMI_MED_ALLOW | (shared ? SCMI_MED_SHARE : 0);
    int rc;

    /* Nobody would check what such a message is about. */
    if (!has_ids(resource) && !(context->agents->info.features &
                                SCMI_MED_FEATURE_KEEPS_APART))
        return 0;
    rc = set(context, context->domid, resource, flags);
    if (rc == -EADDRINUSE && shared) {
        share(context, resource);
        rc = set(context, context->domid, resource, flags);
    }
    return rc ? explain(rc, "grant", path, resource, why) : 0;
}

static int deny(const struct resources_context *context, const char *path,
                const struct host_resource *resource, struct reason *why)
{
    int rc = set(context, context->domid, resource, 0);

    if (!rc || rc == -ESRCH || rc == -ENOENT)
        return 0;
    return explain(rc, "deny", path, resource, why);
}

/* All resources of all devices with an id of the plan. */
static int change(const struct resources_context *context,
                  const struct plan *plan, bool allow, struct reason *why)
{
    const struct host_tree *tree = context->tree;
    size_t i, n, k, nr;
    int rc = 0;

    for (i = 0; i < plan->nr_device_ids; i++) {
        const struct host_id *ids = host_ids_find(tree, plan->device_ids[i],
                                                  &nr);

        for (n = 0; n < nr; n++) {
            const struct host_device *device = &tree->devices[ids[n].device];

            for (k = 0; !rc && k < device->nr_resources; k++) {
                const struct host_resource *resource = &device->resources[k];

                if (tree->instances[resource->instance].transport !=
                    HOST_TRANSPORT_SMC)
                    continue;
                if (allow)
                    rc = grant(context, device->path, resource, why);
                else if (!is_needed(context, plan, resource))
                    rc = deny(context, device->path, resource, why);
            }
        }
    }
    return rc;
}

int resources_grant(const struct resources_context *context,
                    const struct plan *plan, struct reason *why)
{
    return change(context, plan, true, why);
}

int resources_deny(const struct resources_context *context,
                   const struct plan *plan, struct reason *why)
{
    return change(context, plan, false, why);
}

/* Whether a device with this id uses what one of the plan does. */
static bool overlaps(const struct host_tree *tree, const struct plan *plan,
                     uint32_t device_id)
{
    size_t nr, i, k;
    const struct host_id *ids = host_ids_find(tree, device_id, &nr);

    for (i = 0; i < nr; i++) {
        const struct host_device *device = &tree->devices[ids[i].device];

        for (k = 0; k < device->nr_resources * plan->nr_device_ids; k++)
            if (uses(tree, plan->device_ids[k % plan->nr_device_ids],
                     &device->resources[k / plan->nr_device_ids]))
                return true;
    }
    return false;
}

int resources_permit_rest(const struct resources_context *context,
                          const struct plan *plan, struct reason *why)
{
    const struct agent *own = agents_of_domain(context->agents,
                                               context->domid);
    size_t i;
    int rc = 0;

    for (i = 0; own && !rc && i < own->nr_device_ids; i++)
        if (!is_of_plan(plan, own->device_ids[i]) &&
            overlaps(context->tree, plan, own->device_ids[i]))
            rc = grant_permit(context->hyp, context->domid,
                              own->device_ids[i], plan, why);
    return rc == -ESRCH ? 0 : rc;
}
