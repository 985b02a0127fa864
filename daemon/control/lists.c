/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The methods that return the daemon's status and lists, see private.h. */

#include "daemon/control/private.h"

#include <stdio.h>
#include <unistd.h>

/* jansson has signed integers only. */
static json_int_t number(uint64_t value)
{
    return value > INT64_MAX ? INT64_MAX : (json_int_t)value;
}

static json_t *numbers(const uint32_t *values, size_t nr)
{
    json_t *array = json_array();
    size_t i;

    for (i = 0; i < nr; i++)
        array = method_append(array, json_integer(values[i]));
    return array;
}

/* Adds domid and domain: of the domain bound to the agent, else null. */
static int add_domain(struct manager *manager, const struct agent *agent,
                      json_t *object)
{
    char buffer[DOMAIN_NAME_SIZE];
    const char *name = NULL;
    int r;

    if (!agent || !agent_is_bound(agent))
        return json_object_set_new(object, "domid", json_null()) |
               json_object_set_new(object, "domain", json_null());
    name = manager_domain_name(manager, agent->entry.domid, buffer);
    r = json_object_set_new(object, "domid", json_integer(agent->entry.domid));
    return r | json_object_set_new(object, "domain",
                                   name ? json_string(name) : json_null());
}

/* Replies {name: list}, of the list that make() returns. */
static json_t *list_reply(struct manager *manager, const char *name,
                          json_t *(*make)(struct manager *manager,
                                          const struct agents *agents))
{
    struct agents agents;
    json_t *list;
    int rc;

    rc = manager_read_agents(manager, &agents);
    if (rc)
        return method_error_hypervisor(rc);
    list = make(manager, &agents);
    agents_done(&agents);
    return method_reply(list ? json_pack("{s:o}", name, list) : NULL);
}

/* ---- GetStatus ---------------------------------------------------------- */

static json_t *firmware(const struct scmi_med_info *info)
{
    static const struct {
        uint32_t flag;
        const char *name;
    } features[] = {
        { SCMI_MED_FEATURE_TRUSTED,         "trusted" },
        { SCMI_MED_FEATURE_DEVICE_PERM,     "device-permissions" },
        { SCMI_MED_FEATURE_RESET,           "reset" },
        { SCMI_MED_FEATURE_KEEPS_APART,     "keeps-apart" },
    };
    json_t *list = json_array();
    size_t i;

    for (i = 0; i < sizeof(features) / sizeof(features[0]); i++)
        if (info->features & features[i].flag)
            list = method_append(list, json_string(features[i].name));
    return json_pack("{s:I, s:o}", "base_version", number(info->base_version),
                     "features", list);
}

json_t *method_get_status(struct manager *manager, json_t *parameters)
{
    struct agents_count count;
    struct agents agents;
    json_t *reply;
    int rc;

    (void)parameters;
    rc = manager_read_agents(manager, &agents);
    if (rc)
        return method_error_hypervisor(rc);
    count = agents_count(&agents);
    reply = json_pack("{s:s, s:i, s:i, s:I, s:i, s:i, s:i, s:i, s:I, s:o}",
                      "version", SCMI_MED_VERSION_STRING,
                      "pid", (int)getpid(),
                      "abi", SCMI_MED_VERSION,
                      "function_id", number(agents.info.function_id),
                      "agents_total", (int)count.total,
                      "agents_free", (int)count.free,
                      "agents_quarantined", (int)count.quarantined,
                      "domains", (int)count.bound,
                      "devices", number(manager_tree(manager)->nr_devices),
                      "firmware", firmware(&agents.info));
    agents_done(&agents);
    return method_reply(reply);
}

/* ---- ListAgents --------------------------------------------------------- */

static const char *role_name(const struct agent *agent)
{
    if (agent->entry.flags & SCMI_MED_AGENT_TRUSTED)
        return "trusted";
    if (agent->entry.flags & SCMI_MED_AGENT_HWDOM)
        return "hardware_domain";
    return "guest";
}

static const char *state_name(const struct agent *agent)
{
    if (agent_is_quarantined(agent))
        return "quarantined";
    return agent_is_bound(agent) ? "bound" : "free";
}

/* Adds the counters of an agent's calls. */
static int add_counters(const struct scmi_med_agent *entry, json_t *object)
{
    json_t *age = json_null(), *counters;
    int rc;

    if (entry->last_call && entry->last_call <= entry->now)
        age = json_integer(number((entry->now - entry->last_call) / 1000000));
    counters = json_pack("{s:I, s:I, s:I, s:I, s:i, s:o}",
                         "calls", number(entry->calls),
                         "refused", number(entry->refused),
                         "throttled", number(entry->throttled),
                         "limit", number(entry->rate),
                         "last_error", entry->last_error,
                         "last_call_ms", age);
    rc = json_object_update(object, counters);
    json_decref(counters);
    return rc;
}

json_t *method_agent(struct manager *manager, const struct agent *agent)
{
    const struct scmi_med_agent *entry = &agent->entry;
    json_t *object, *frame;

    frame = entry->guest_frame == UINT64_MAX
            ? json_null() : json_integer(number(entry->guest_frame));
    object = json_pack("{s:I, s:s, s:s, s:I, s:I, s:I, s:o, s:o}",
                       "agent", number(entry->agent_id),
                       "role", role_name(agent),
                       "state", state_name(agent),
                       "function_id", number(entry->function_id),
                       "client_id", number(entry->client_id),
                       "page", number(entry->page),
                       "frame", frame,
                       "devices", numbers(agent->device_ids,
                                          agent->nr_device_ids));
    if (object && (add_counters(entry, object) ||
                   add_domain(manager, agent, object))) {
        json_decref(object);
        object = NULL;
    }
    return object;
}

static json_t *list_agents(struct manager *manager,
                           const struct agents *agents)
{
    json_t *list = json_array();
    size_t i;

    for (i = 0; i < agents->nr_agents; i++)
        list = method_append(list, method_agent(manager, &agents->agents[i]));
    return list;
}

json_t *method_list_agents(struct manager *manager, json_t *parameters)
{
    (void)parameters;
    return list_reply(manager, "agents", list_agents);
}

/* ---- ListDomains -------------------------------------------------------- */

/* Host paths of an agent's devices, each once. */
static json_t *device_paths(const struct host_tree *tree,
                            const struct agent *agent)
{
    json_t *seen = json_object(), *list = json_array();
    char unknown[32];
    size_t i;

    for (i = 0; i < agent->nr_device_ids; i++) {
        const char *path = host_tree_path_of_id(tree, agent->device_ids[i]);

        if (!path) {
            snprintf(unknown, sizeof(unknown), "id %u", agent->device_ids[i]);
            path = unknown;
        }
        if (json_object_get(seen, path))
            continue;
        if (json_object_set_new(seen, path, json_true()))
            path = NULL;
        list = method_append(list, json_string(path));
    }
    json_decref(seen);
    return list;
}

static json_t *domain_object(struct manager *manager,
                             const struct agent *agent)
{
    json_t *object = json_pack("{s:I, s:o}",
                               "agent", number(agent->entry.agent_id),
                               "devices", device_paths(manager_tree(manager),
                                                       agent));

    if (object && add_domain(manager, agent, object)) {
        json_decref(object);
        object = NULL;
    }
    return object;
}

static json_t *list_domains(struct manager *manager,
                            const struct agents *agents)
{
    json_t *list = json_array();
    size_t i;

    for (i = 0; i < agents->nr_agents; i++)
        if (agent_is_bound(&agents->agents[i]))
            list = method_append(list, domain_object(manager,
                                                     &agents->agents[i]));
    return list;
}

json_t *method_list_domains(struct manager *manager, json_t *parameters)
{
    (void)parameters;
    return list_reply(manager, "domains", list_domains);
}

/* ---- ListDevices -------------------------------------------------------- */

json_t *method_resources(const struct host_device *device)
{
    json_t *list = json_array();
    size_t i;

    for (i = 0; i < device->nr_resources; i++) {
        const struct host_resource *resource = &device->resources[i];
        json_t *object;

        object = json_pack("{s:I, s:o, s:s, s:s?}",
                           "protocol", number(resource->protocol_id),
                           "id", resource->has_id ?
                           json_integer(number(resource->resource_id)) :
                           json_null(),
                           "property", resource->property,
                           "name", resource->name);
        list = method_append(list, object);
    }
    return list;
}

static json_t *device_object(struct manager *manager,
                             const struct agents *agents,
                             const struct host_device *device)
{
    const struct agent *holder = NULL;
    json_t *object;
    size_t i;

    for (i = 0; !holder && i < device->nr_device_ids; i++)
        holder = agents_with_device(agents, device->device_ids[i]);
    object = json_pack("{s:s, s:o, s:o, s:o}", "path", device->path,
                       "ids", numbers(device->device_ids,
                                      device->nr_device_ids),
                       "resources", method_resources(device),
                       "agent", holder ?
                       json_integer(number(holder->entry.agent_id)) :
                       json_null());
    if (object && add_domain(manager, holder, object)) {
        json_decref(object);
        object = NULL;
    }
    return object;
}

static json_t *list_devices(struct manager *manager,
                            const struct agents *agents)
{
    const struct host_tree *tree = manager_tree(manager);
    json_t *list = json_array();
    size_t i;

    for (i = 0; i < tree->nr_devices; i++)
        list = method_append(list, device_object(manager, agents,
                                                 &tree->devices[i]));
    return list;
}

json_t *method_list_devices(struct manager *manager, json_t *parameters)
{
    (void)parameters;
    return list_reply(manager, "devices", list_devices);
}
