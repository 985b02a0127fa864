/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The result as JSON, as described in scmi-medctl(8). */

#include "ctl/check/private.h"

static json_t *number_or_null(bool known, uint64_t number)
{
    /* jansson's integers are signed. */
    return known && number <= INT64_MAX ? json_integer((json_int_t)number)
                                     : json_null();
}

static const char *transport_name(enum host_transport transport)
{
    switch (transport) {
    case HOST_TRANSPORT_SMC:
        return "smc";
    case HOST_TRANSPORT_QCOM_SMC:
        return "qcom-smc";
    case HOST_TRANSPORT_MAILBOX:
        return "mailbox";
    case HOST_TRANSPORT_OPTEE:
        return "optee";
    case HOST_TRANSPORT_VIRTIO:
        return "virtio";
    case HOST_TRANSPORT_OTHER:
        return "other";
    }
    return "?";
}

static json_t *page_object(const struct host_page *page)
{
    return json_pack("{s:s?, s:o, s:o}", "node", page->path,
                     "address", number_or_null(!page->rc, page->address),
                     "size", number_or_null(!page->rc, page->size));
}

static json_t *instance_list(const struct host_tree *tree)
{
    json_t *list = json_array();
    size_t i;

    for (i = 0; i < tree->nr_instances; i++) {
        const struct host_instance *scmi = &tree->instances[i];
        json_t *protocols = json_array();
        uint32_t id;
        int node;

        for (node = scmi->node + 1;
             node < tree->index.nodes[scmi->node].end;
             node = tree->index.nodes[node].end)
            if (dt_index_u32(&tree->index, node, "reg", &id) && id <= 0xff)
                json_array_append_new(protocols, json_integer(id));
        json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:b, s:o}",
                              "path", scmi->path, "transport",
                              transport_name(scmi->transport), "disabled",
                              scmi->disabled, "container", scmi->in_container,
                              "protocols", protocols));
    }
    return list;
}

static json_t *channel_list(const struct lint *lint)
{
    json_t *list = json_array();
    size_t i, k;

    for (i = 0; i < lint->scmi->nr_channels; i++) {
        const struct host_channel *channel = &lint->scmi->channels[i];
        json_t *pages = json_array();

        for (k = 0; k < channel->nr_pages; k++)
            json_array_append_new(pages, page_object(&channel->pages[k]));
        json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:I, s:o, s:o}",
                              "scmi",
                              lint->tree->instances[channel->instance].path,
                              "protocol",
                              number_or_null(channel->protocol_id >= 0,
                                             (uint64_t)channel->protocol_id),
                              "function_id",
                              number_or_null(channel->has_function_id,
                                             channel->function_id),
                              "mailboxes", (json_int_t)channel->nr_mailboxes,
                              "optee_channel",
                              number_or_null(channel->has_optee_channel,
                                             channel->optee_channel),
                              "pages", pages));
    }
    return list;
}

static json_t *agent_list(const struct host_scmi *scmi)
{
    json_t *list = json_array();
    size_t i;

    for (i = 0; i < scmi->nr_agents; i++) {
        const struct host_agent *agent = &scmi->agents[i];
        bool is_dom0 = scmi->has_dom0_id && agent->has_agent_id &&
                       agent->agent_id == scmi->dom0_id;

        json_array_append_new(list, json_pack("{s:o, s:s, s:I, s:o}",
                              "agent", number_or_null(agent->has_agent_id,
                                                      agent->agent_id),
                              "role", is_dom0 ? "hardware_domain" : "guest",
                              "function_id", (json_int_t)agent->function_id,
                              "page", page_object(&agent->page)));
    }
    return list;
}

static json_t *resource_list(const struct host_tree *tree,
                             const struct host_device *device)
{
    json_t *list = json_array();
    size_t i;

    for (i = 0; i < device->nr_resources; i++) {
        const struct host_resource *resource = &device->resources[i];

        json_array_append_new(list, json_pack("{s:I, s:o, s:s, s:s?, s:s, "
                              "s:s?, s:s?}",
                              "protocol", (json_int_t)resource->protocol_id,
                              "id", number_or_null(resource->has_id,
                                                   resource->resource_id),
                              "property", resource->property,
                              "name", resource->name,
                              "scmi", tree->instances[resource->instance].path,
                              "target", resource->target,
                              "child", resource->child));
    }
    return list;
}

static json_t *device_list(const struct host_tree *tree)
{
    json_t *list = json_array();
    size_t i, k;

    for (i = 0; i < tree->nr_devices; i++) {
        const struct host_device *device = &tree->devices[i];
        json_t *ids = json_array();

        for (k = 0; k < device->nr_device_ids; k++)
            json_array_append_new(ids, json_integer(device->device_ids[k]));
        json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:s?, s:b, s:b, "
                              "s:b}", "path", device->path, "ids", ids,
                              "resources", resource_list(tree, device),
                              "problem", device->problem,
                              "disabled", device->disabled,
                              "passthrough", device->passthrough,
                              "part", device->is_cpu_or_zone));
    }
    return list;
}

static json_t *alias_object(const struct dt_index *index)
{
    int node = dt_index_path(index, "/aliases"), i;
    json_t *object = json_object();

    for (i = 0; node >= 0 && i < index->nodes[node].nr_props; i++) {
        const struct dt_prop *prop =
            &index->props[index->nodes[node].first_prop + i];

        /* Ignores properties that are not a path, such as phandle. */
        if (prop->len > 1 && prop->value[0] == '/' &&
            !prop->value[prop->len - 1])
            json_object_set_new(object, prop->name,
                                json_string((const char *)prop->value));
    }
    return object;
}

static json_t *finding_list(const struct lint *lint)
{
    json_t *list = json_array();
    size_t i;

    for (i = 0; i < lint->nr_findings; i++) {
        const struct lint_finding *finding = &lint->findings[i];

        json_array_append_new(list, json_pack("{s:s, s:s, s:s?, s:s, s:s?}",
                              "severity",
                              lint_severity_name(finding->severity),
                              "code", finding->code, "node", finding->node,
                              "text", finding->text,
                              "remedy", finding->remedy));
    }
    return list;
}

json_t *check_to_json(const struct lint *lint)
{
    return json_pack("{s:o, s:o, s:s?, s:o, s:o, s:o, s:o, s:I, s:s}",
                     "instances", instance_list(lint->tree),
                     "channels", channel_list(lint),
                     "container", lint->scmi->container_path,
                     "agents", agent_list(lint->scmi),
                     "devices", device_list(lint->tree),
                     "aliases", alias_object(&lint->tree->index),
                     "findings", finding_list(lint),
                     "more_findings", (json_int_t)lint->nr_more,
                     "worst", lint->nr_findings ?
                     lint_severity_name(lint->worst) : "none");
}
