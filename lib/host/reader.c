/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the devices of the host tree that use SCMI, see reader.h. */

#include "lib/host/reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int add_device_id(struct host_device *device, uint32_t device_id)
{
    uint32_t *grown;
    size_t i;

    for (i = 0; i < device->nr_device_ids; i++)
        if (device->device_ids[i] == device_id)
            return 0;
    if (device->nr_device_ids == HOST_MAX_DEVICE_IDS)
        return host_set_problem(device, "it has more than %d SCMI device "
                                "ids", HOST_MAX_DEVICE_IDS);
    grown = realloc(device->device_ids,
                    (device->nr_device_ids + 1) * sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    device->device_ids = grown;
    grown[device->nr_device_ids++] = device_id;
    return 0;
}

static int read_scmi_devid(const struct host_reader *reader, int node,
                           struct host_device *device)
{
    const struct dt_prop *prop;
    uint32_t at;
    int rc = 0;

    prop = dt_index_prop(reader->index, node, "scmi_devid");
    if (!prop)
        return 0;
    if (!prop->len || prop->len % 4)
        return host_set_problem(device, "its \"scmi_devid\" is malformed");
    for (at = 0; !rc && !device->problem && at < prop->len; at += 4)
        rc = add_device_id(device, dt_cell(prop->value + at));
    return rc;
}

static int read_device_ids(const struct host_reader *reader, int node,
                           struct host_device *device)
{
    struct dt_refs refs;
    struct dt_ref ref;
    int r, rc;

    rc = read_scmi_devid(reader, node, device);
    if (rc)
        return rc;
    dt_refs_start(dt_index_prop(reader->index, node, "access-controllers"),
                  &refs);
    while ((r = dt_refs_next(reader->index, &refs, DT_CELLS_ACCESS_CONTROLLER,
                             &ref)) > 0) {
        if (ref.node < 0 || reader->notes[ref.node].role != HOST_ROLE_TRUSTED)
            continue;
        if (!ref.nr_args)
            return host_set_problem(device, "\"#access-controller-cells\" "
                                    "of %s is 0, it must be 1",
                                    reader->tree->trusted_path);
        rc = add_device_id(device, dt_cell(ref.args));
        if (rc || device->problem)
            return rc;
    }
    if (r < 0 && host_refs_rest_mentions_scmi(reader, &refs, true))
        return host_set_problem(device, "its \"access-controllers\" is "
                                "malformed, or a node it names lacks "
                                "\"#access-controller-cells\"");
    return 0;
}

/*
 * A guest has one SCMI node, so resources of two instances would be confused
 * there.
 */
static int check_instances(const struct host_reader *reader,
                           struct host_device *device)
{
    const struct host_instance *instances = reader->tree->instances;
    const struct host_resource *first = NULL;
    size_t i;

    if (device->problem)
        return 0;

    for (i = 0; i < device->nr_resources; i++) {
        const struct host_resource *resource = &device->resources[i];

        if (!resource->for_guest)
            continue;
        if (!first)
            first = resource;
        if (resource->instance == first->instance)
            continue;
        device->remedy = "leave the device to the host, or have one SCMI node "
                         "for all of its resources";
        return host_set_problem(device, "its \"%s\" refers to %s and its "
                                "\"%s\" to %s, but a guest has one SCMI "
                                "agent", first->property,
                                instances[first->instance].path,
                                resource->property,
                                instances[resource->instance].path);
    }
    return 0;
}

static bool is_cpu_or_zone(const struct dt_index *index, int node)
{
    const struct dt_prop *type = dt_index_prop(index, node, "device_type");
    int parent = index->nodes[node].parent;

    return (type && type->len == 4 && !memcmp(type->value, "cpu", 4)) ||
           (parent >= 0 && !index->nodes[parent].parent &&
            !strcmp(index->nodes[parent].name, "thermal-zones"));
}

/* What does not depend on SCMI. */
static void read_flags(const struct host_reader *reader, int node,
                       struct host_device *device)
{
    device->node = node;
    device->disabled = reader->index->nodes[node].disabled;
    device->passthrough = dt_index_prop(reader->index, node,
                                        "xen,passthrough");
    device->is_cpu_or_zone = is_cpu_or_zone(reader->index, node);
}

/*
 * Reads a node. If it does not use SCMI, the device has neither ids nor
 * resources nor a problem. The caller frees the device, also on failure.
 */
static int read_device(const struct host_reader *reader, int node,
                       struct host_device *device)
{
    int rc;

    rc = read_device_ids(reader, node, device);
    if (!rc)
        rc = host_resources_read(reader, node, device);
    if (!rc)
        rc = check_instances(reader, device);
    read_flags(reader, node, device);
    return rc;
}

/* A node's path relative to one above it: "ports/port@0". */
static char *relative_path(const struct host_reader *reader, int top, int node)
{
    char above[HOST_PATH_SIZE], path[HOST_PATH_SIZE];

    if (dt_index_get_path(reader->index, top, above, sizeof(above)) ||
        dt_index_get_path(reader->index, node, path, sizeof(path)))
        return NULL;
    return strdup(path + strlen(above) + 1);
}

/*
 * Moves the resources of a node to the device above it whose driver uses
 * them.
 */
static int merge_child(const struct host_reader *reader, int node,
                       struct host_device *from, struct host_device *to)
{
    char *child = relative_path(reader, to->node, node);
    struct host_resource *grown;
    size_t i;
    int rc = -ENOMEM;

    /* Nodes whose path is too long are ignored. */
    if (!child)
        return 0;
    if (from->problem)
        rc = host_set_problem(to, "%s (in %s)", from->problem, child);
    else if (from->nr_resources + to->nr_resources > HOST_MAX_RESOURCES)
        rc = host_set_problem(to, "it has more than %d SCMI resources",
                              HOST_MAX_RESOURCES);
    else if ((grown = realloc(to->resources, (to->nr_resources +
                              from->nr_resources) * sizeof(*grown)))) {
        to->resources = grown;
        rc = 0;
        for (i = 0; !rc && i < from->nr_resources; i++) {
            grown[to->nr_resources] = from->resources[i];
            from->resources[i] = (struct host_resource){ 0 };
            grown[to->nr_resources].child = strdup(child);
            grown[to->nr_resources].for_guest = false;
            if (!grown[to->nr_resources++].child)
                rc = -ENOMEM;
        }
    }
    free(child);
    return rc;
}

/* The device of a node, added if it is not there yet. NULL: no memory. */
static struct host_device *get_device(struct host_reader *reader, int node)
{
    struct host_tree *tree = reader->tree;
    struct host_device *grown;
    char path[HOST_PATH_SIZE];

    if (reader->device_of[node])
        return &tree->devices[reader->device_of[node] - 1];
    if (dt_index_get_path(reader->index, node, path, sizeof(path)))
        return NULL;
    grown = realloc(tree->devices, (tree->nr_devices + 1) * sizeof(*grown));
    if (!grown)
        return NULL;
    tree->devices = grown;
    grown += tree->nr_devices;
    *grown = (struct host_device){ .path = strdup(path) };
    if (!grown->path)
        return NULL;
    read_flags(reader, node, grown);
    reader->device_of[node] = ++tree->nr_devices;
    return grown;
}

/*
 * If the node uses SCMI, adds it to the tree's devices, or its resources to the
 * device whose driver uses them.
 */
static int add_node(struct host_reader *reader, int node)
{
    int owner = reader->notes[node].owner, rc;
    struct host_device device = { 0 }, *at;
    char path[HOST_PATH_SIZE];
    bool is_own = owner < 0 || owner == node;

    rc = read_device(reader, node, &device);
    if (rc || (!device.nr_device_ids && !device.nr_resources &&
               !device.problem))
        goto out;
    /* Drivers ignore disabled children. */
    if (!is_own && (reader->notes[owner].role != HOST_ROLE_NONE ||
                    device.disabled > reader->index->nodes[owner].disabled))
        goto out;
    /* A request cannot name a longer path. */
    if (dt_index_get_path(reader->index, node, path, sizeof(path)))
        goto out;

    rc = -ENOMEM;
    at = get_device(reader, is_own ? node : owner);
    if (!at)
        goto out;
    if (is_own) {
        device.path = at->path;
        *at = device;
        return 0;
    }
    rc = merge_child(reader, node, &device, at);
out:
    host_device_done(&device);
    return rc;
}

int host_read_devices(struct host_tree *tree)
{
    struct host_reader reader = { .tree = tree, .index = &tree->index };
    size_t nr_nodes = (size_t)tree->index.nr_nodes;
    int node, rc = -ENOMEM;

    reader.notes = calloc(nr_nodes, sizeof(*reader.notes));
    reader.device_of = calloc(nr_nodes, sizeof(*reader.device_of));
    if (reader.notes && reader.device_of)
        rc = host_roles_assign(&reader);
    for (node = 0; !rc && node < tree->index.nr_nodes; node++)
        if (reader.notes[node].role == HOST_ROLE_NONE)
            rc = add_node(&reader, node);

    free(reader.device_of);
    free(reader.notes);
    return rc;
}
