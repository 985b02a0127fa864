/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ShowDomain: one domain, and why it has each of its permissions. */

#include "daemon/control/private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/admission/request.h"
#include "lib/reason.h"

/* The agent of the domain with this id or name; NULL with a reason. */
static const struct agent *find_agent(struct manager *manager,
                                      const struct agents *agents,
                                      const char *domain, struct reason *why)
{
    const bool by_id = request_is_domid(domain);
    const struct agent *found = NULL;
    char buffer[DOMAIN_NAME_SIZE];
    size_t i;

    for (i = 0; i < agents->nr_agents; i++) {
        const struct agent *agent = &agents->agents[i];
        const char *name;

        if (!agent_is_bound(agent))
            continue;
        if (by_id) {
            snprintf(buffer, sizeof(buffer), "%u",
                     (unsigned int)agent->entry.domid);
            if (!strcmp(buffer, domain))
                return agent;
            continue;
        }
        name = manager_domain_name(manager, agent->entry.domid, buffer);
        if (!name || strcmp(name, domain))
            continue;
        if (found) {
            reason_set(why, -EEXIST, "domains %u and %u both have this name: "
                       "use the id", (unsigned int)found->entry.domid,
                       (unsigned int)agent->entry.domid);
            return NULL;
        }
        found = agent;
    }
    if (!found)
        reason_set(why, -ENOENT, "no domain with this %s has an agent; see: "
                   "scmi-medctl domains", by_id ? "id" : "name");
    return found;
}

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

json_t *method_show_domain(struct manager *manager, json_t *parameters)
{
    const struct agent *agent;
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
    agent = find_agent(manager, &agents, domain, &why);
    reply = agent ? domain_reply(manager, agent)
                  : method_error_refused(why.text);
    agents_done(&agents);
    return reply;
}
