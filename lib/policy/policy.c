/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks up what a policy says, see policy.h. */

#include "lib/policy/policy.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/host/ids.h"
#include "lib/host/sharing.h"

void policy_done(struct policy *policy)
{
    size_t i;

    for (i = 0; i < policy->nr_allows; i++) {
        free(policy->allows[i].target);
        free(policy->allows[i].instance);
    }
    for (i = 0; i < policy->nr_forbids; i++)
        free(policy->forbids[i].path);
    free(policy->allows);
    free(policy->pins);
    free(policy->forbids);
    free(policy->file);
    *policy = (struct policy){ 0 };
}

/* ---- Against the host --------------------------------------------------- */

static int check_forbid(const struct policy *policy,
                        const struct policy_forbid *forbid,
                        const struct host_tree *tree, struct reason *why)
{
    char full[HOST_PATH_SIZE];

    /* A misspelled path would forbid nothing. */
    if (host_tree_full_path(tree, forbid->path, full))
        return reason_set(why, -EINVAL, "%s:%u: device \"%.1024s\" is not in "
                          "the host device tree: correct the path, or remove "
                          "the line", policy->file, forbid->line,
                          forbid->path);
    if (strcmp(full, forbid->path))
        return reason_set(why, -EINVAL, "%s:%u: device \"%.512s\" must be "
                          "named by its full path, \"%s\"", policy->file,
                          forbid->line, forbid->path, full);
    return 0;
}

static int check_instance(const struct policy *policy,
                          const struct policy_allow *allow,
                          const struct host_tree *tree, struct reason *why)
{
    size_t i;

    for (i = 0; i < tree->nr_instances; i++)
        if (!tree->instances[i].in_container &&
            !strcmp(tree->instances[i].path, allow->instance))
            return 0;
    return reason_set(why, -EINVAL, "%s:%u: \"%.1024s\" is no SCMI node of "
                      "the host device tree: \"scmi-medctl check\" lists them",
                      policy->file, allow->line, allow->instance);
}

int policy_check_tree(const struct policy *policy,
                      const struct host_tree *tree, struct reason *why)
{
    size_t i;
    int rc = 0;

    for (i = 0; !rc && i < policy->nr_allows; i++)
        if (policy->allows[i].instance)
            rc = check_instance(policy, &policy->allows[i], tree, why);
    for (i = 0; !rc && i < policy->nr_forbids; i++)
        rc = check_forbid(policy, &policy->forbids[i], tree, why);
    return rc;
}

/* ---- Questions ---------------------------------------------------------- */

const struct policy_allow *policy_find_allow(const struct policy *policy,
                                        const struct host_tree *tree,
                                        const struct host_resource *resource)
{
    size_t i;

    for (i = 0; i < policy->nr_allows; i++) {
        const struct policy_allow *allow = &policy->allows[i];

        if (allow->protocol_id == resource->protocol_id &&
            allow->has_id == resource->has_id &&
            (allow->has_id ? allow->resource_id == resource->resource_id
                           : !strcmp(allow->target, resource->target)) &&
            (!allow->instance || !strcmp(allow->instance,
                tree->instances[resource->instance].path)))
            return allow;
    }
    return NULL;
}

void policy_format_allow(const struct host_tree *tree,
                         const struct host_resource *resource, char *text,
                         size_t size)
{
    const char *name = host_protocol_name(resource->protocol_id);
    const char *instance = tree->instances[resource->instance].path;
    size_t i, nr = 0;
    char what[HOST_PATH_SIZE];

    for (i = 0; i < tree->nr_instances; i++)
        nr += !tree->instances[i].in_container;
    if (!resource->has_id)
        snprintf(what, sizeof(what), "pins %s", resource->target);
    else if (name)
        snprintf(what, sizeof(what), "%s %" PRIu32, name,
                 resource->resource_id);
    else
        snprintf(what, sizeof(what), "protocol 0x%" PRIx32 " %" PRIu32,
                 resource->protocol_id, resource->resource_id);
    /* "power domain" is "power-domain" in the file. */
    if (resource->has_id && name && strchr(name, ' '))
        what[strcspn(what, " ")] = '-';
    snprintf(text, size, "allow %s%s%s", what, nr > 1 ? " " : "",
             nr > 1 ? instance : "");
}

static bool is_below(const char *path, const char *above)
{
    size_t len = strlen(above);

    return !strncmp(path, above, len) &&
           (!path[len] || path[len] == '/' || len == 1);
}

/* The firmware's permission is for all devices that have the same id. */
static bool has_id_below(const struct host_tree *tree,
                         const struct host_device *device, const char *above)
{
    const struct host_id *ids;
    size_t i, k, nr;

    for (i = 0; i < device->nr_device_ids; i++) {
        ids = host_ids_find(tree, device->device_ids[i], &nr);
        for (k = 0; k < nr; k++)
            if (is_below(tree->devices[ids[k].device].path, above))
                return true;
    }
    return false;
}

const struct policy_forbid *policy_find_forbid(const struct policy *policy,
                                               const struct host_tree *tree,
                                               const char *path)
{
    const struct host_device *device = host_tree_find(tree, path);
    size_t i;

    for (i = 0; i < policy->nr_forbids; i++)
        if (is_below(path, policy->forbids[i].path) ||
            (device && has_id_below(tree, device, policy->forbids[i].path)))
            return &policy->forbids[i];
    return NULL;
}

const struct policy_pin *policy_pin_of_name(const struct policy *policy,
                                            const char *name)
{
    size_t i;

    for (i = 0; name && i < policy->nr_pins; i++)
        if (!strcmp(policy->pins[i].name, name))
            return &policy->pins[i];
    return NULL;
}

const struct policy_pin *policy_pin_of_agent(const struct policy *policy,
                                             uint32_t agent_id)
{
    size_t i;

    for (i = 0; i < policy->nr_pins; i++)
        if (policy->pins[i].agent_id == agent_id)
            return &policy->pins[i];
    return NULL;
}
