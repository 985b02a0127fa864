/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared resources, see sharing.h. */

#include "daemon/admission/sharing.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <scmi-med/names.h>

#include "lib/host/sharing.h"

/* Limits the list of further directives in a message. */
#define MAX_REST 400

static bool is_of_plan(const struct plan *plan,
                       const struct host_device *device)
{
    size_t i, k;

    for (i = 0; i < plan->nr_devices; i++)
        if (plan->devices[i] == device)
            return true;
    /* Several nodes with one id are one device to the firmware. */
    for (i = 0; i < device->nr_device_ids; i++)
        for (k = 0; k < plan->nr_device_ids; k++)
            if (device->device_ids[i] == plan->device_ids[k])
                return true;
    return false;
}

/* Finds the other domain that has the device, if any. */
static bool find_holder(const struct agents *agents,
                        const struct host_device *device, uint32_t domid,
                        struct sharing *sharing)
{
    size_t i;

    for (i = 0; i < device->nr_device_ids; i++) {
        const struct agent *holder =
            agents_with_device(agents, device->device_ids[i]);

        /* No domain uses a quarantined agent, and Dom0 lacks its devices. */
        if (!holder || (!agent_is_bound(holder) &&
                        !(holder->entry.flags & SCMI_MED_AGENT_HWDOM)))
            continue;
        sharing->is_dom0 = holder->entry.flags & SCMI_MED_AGENT_HWDOM;
        sharing->domid = sharing->is_dom0 ? 0 : holder->entry.domid;
        return sharing->is_dom0 || sharing->domid != domid;
    }
    /*
     * Dom0 drives every device that is not reserved for guests, with or without
     * a device id.
     */
    sharing->is_dom0 = host_device_belongs_to_dom0(device);
    sharing->domid = 0;
    return sharing->is_dom0;
}

/* sharing_find() for one resource. */
static bool find_other(const struct host_tree *tree,
                       const struct policy *policy,
                       const struct agents *agents, const struct plan *plan,
                       uint32_t domid, struct sharing *sharing)
{
    const struct host_use *uses;
    size_t nr, i;

    uses = host_sharing_find(tree, sharing->resource, &nr);
    for (i = 0; i < nr; i++) {
        sharing->other = &tree->devices[uses[i].device];
        if (!is_of_plan(plan, sharing->other) &&
            find_holder(agents, sharing->other, domid, sharing))
            return !policy ||
                   !policy_find_allow(policy, tree, sharing->resource);
    }
    return false;
}

bool sharing_find(const struct host_tree *tree, const struct policy *policy,
                  const struct agents *agents, const struct plan *plan,
                  uint32_t domid, struct sharing *sharing)
{
    const struct host_resource *last = sharing->resource;
    size_t i, k;

    for (i = 0; i < plan->nr_devices; i++) {
        sharing->device = plan->devices[i];
        for (k = 0; sharing->device && k < sharing->device->nr_resources;
             k++) {
            sharing->resource = &sharing->device->resources[k];
            if (last) {
                if (last == sharing->resource)
                    last = NULL;
                continue;
            }
            if (find_other(tree, policy, agents, plan, domid, sharing))
                return true;
        }
    }
    return false;
}

int sharing_explain(const struct host_tree *tree,
                    const struct sharing *sharing, const char *name,
                    const char *rest, struct reason *why)
{
    const struct host_resource *resource = sharing->resource;
    char what[128], allow[HOST_PATH_SIZE], owner[128];

    host_resource_describe(resource, what, sizeof(what));
    if (sharing->is_dom0)
        snprintf(owner, sizeof(owner), "Dom0 keeps");
    else
        snprintf(owner, sizeof(owner), "domain %" PRIu32 "%s%s%s has",
                 sharing->domid, name ? " (" : "", name ? name : "",
                 name ? ")" : "");
    policy_format_allow(tree, resource, allow, sizeof(allow));
    return reason_set(why, -EBUSY, "device \"%.700s\" shares %s (protocol "
                      "0x%" PRIx32 "%s%.64s%s) with \"%.700s\", which %s: each "
                      "could change it under the other; if that is "
                      "acceptable, put \"%.256s\" into %s%s and run "
                      "\"systemctl reload scmi-medd\"", sharing->device->path,
                      what, resource->protocol_id,
                      resource->name ? ", \"" : "",
                      resource->name ? resource->name : "",
                      resource->name ? "\"" : "", sharing->other->path, owner,
                      allow, SCMI_MED_POLICY_PATH, rest);
}

/* Lists the directives for all shared resources but the first, each once. */
static void list_rest(const struct host_tree *tree,
                      const struct policy *policy, const struct agents *agents,
                      const struct plan *plan, uint32_t domid,
                      struct sharing sharing, char rest[MAX_REST + 64])
{
    char first[HOST_PATH_SIZE], allow[HOST_PATH_SIZE], quoted[MAX_REST + 8];
    bool more = false;
    size_t len = 0;

    rest[0] = '\0';
    policy_format_allow(tree, sharing.resource, first, sizeof(first));
    while (!more && sharing_find(tree, policy, agents, plan, domid, &sharing)) {
        policy_format_allow(tree, sharing.resource, allow, sizeof(allow));
        snprintf(quoted, sizeof(quoted), "\"%.*s\"", MAX_REST, allow);
        if (!strcmp(allow, first) || strstr(rest, quoted))
            continue;
        if (len + strlen(quoted) + 16 > MAX_REST)
            more = true;
        else
            len += (size_t)snprintf(rest + len, MAX_REST - len, "%s%s",
                                    len ? ", " : ", also ", quoted);
    }
    if (more)
        snprintf(rest + len, 64, "%s more,", len ? ", and" : ", also");
    else if (len)
        snprintf(rest + len, 64, ",");
}

int sharing_check(const struct host_tree *tree, const struct policy *policy,
                  const struct agents *agents, const struct plan *plan,
                  uint32_t domid,
                  const char *(*name_of)(void *context, uint32_t domid),
                  void *context, struct reason *why)
{
    struct sharing sharing = { 0 };
    char rest[MAX_REST + 64];

    if (!sharing_find(tree, policy, agents, plan, domid, &sharing))
        return 0;
    list_rest(tree, policy, agents, plan, domid, sharing, rest);
    return sharing_explain(tree, &sharing, sharing.is_dom0 ? NULL :
                           name_of(context, sharing.domid), rest, why);
}
