/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ShowDomain: one domain, and why it has each of its permissions. */

#include "daemon/control/private.h"

#include <errno.h>

#include "lib/reason.h"

static json_t *permission(uint32_t device_id, const char *path,
                          const char *property, json_t *resources)
{
    return json_pack("{s:I, s:s?, s:s?, s:o}", "id", (json_int_t)device_id,
                     "path", path, "property", property,
                     "resources", resources);
}

/* One permission for each device of the host tree that has the id. */
static json_t *add_permissions(const struct host_tree *tree,
                               uint32_t device_id, json_t *list)
{
    bool found = false;
    size_t i;

    for (i = 0; i < tree->nr_devices; i++) {
        const struct host_device *device = &tree->devices[i];
        const char *property;

        property = host_device_id_property(tree, device, device_id);
        if (!property)
            continue;
        found = true;
        list = method_append(list, permission(device_id, device->path,
                                              property,
                                              method_resources(device)));
    }
    return found ? list : method_append(list, permission(device_id, NULL, NULL,
                                                         json_array()));
}

static json_t *domain_reply(struct manager *manager, const struct agent *agent)
{
    json_t *list = json_array();
    size_t i;

    for (i = 0; i < agent->nr_device_ids; i++)
        list = add_permissions(manager_tree(manager), agent->device_ids[i],
                               list);
    return method_reply(json_pack("{s:o, s:o}", "agent",
                                  method_agent(manager, agent),
                                  "permissions", list));
}

static json_t *no_agent(const struct domain *domain)
{
    struct reason why;

    if (domain->is_dying)
        reason_set(&why, -ESRCH, "domain %u is being destroyed: Xen takes its "
                   "agent and devices away", domain->domid);
    else
        reason_set(&why, -ENOENT, "domain %u has no SCMI agent; see: "
                   "scmi-medctl domains", domain->domid);
    return method_error_refused(why.text);
}

json_t *method_show_domain(struct manager *manager, json_t *parameters)
{
    const struct agent *agent;
    struct domain found;
    struct agents agents;
    const char *domain;
    struct reason why;
    json_t *reply;
    int rc;

    domain = json_string_value(json_object_get(parameters, "domain"));
    if (!domain)
        return method_error_invalid("domain");
    rc = manager_read_agents(manager, &agents);
    if (rc)
        return method_error_hypervisor(rc);
    if (manager_find_domain(manager, domain, &found, &why)) {
        reply = method_error_refused(why.text);
    } else {
        agent = agents_of_domain(&agents, found.domid);
        reply = agent ? domain_reply(manager, agent) : no_agent(&found);
    }
    agents_done(&agents);
    return reply;
}
