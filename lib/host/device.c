/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads one device of the host tree, see host-reader.h. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/host/reader.h"

int host_device_problem(struct host_device *device, const char *format, ...)
{
    va_list args;
    int r;

    if (device->problem)
        return 0;
    va_start(args, format);
    r = vasprintf(&device->problem, format, args);
    va_end(args);
    if (r < 0) {
        device->problem = NULL;
        return -ENOMEM;
    }
    return 0;
}

void host_device_done(struct host_device *device)
{
    size_t i;

    for (i = 0; i < device->nr_resources; i++)
        host_resource_done(&device->resources[i]);
    free(device->resources);
    free(device->device_ids);
    free(device->problem);
    free(device->path);
}

static int add_device_id(struct host_device *device, uint32_t device_id)
{
    uint32_t *grown;
    size_t i;

    for (i = 0; i < device->nr_device_ids; i++)
        if (device->device_ids[i] == device_id)
            return 0;
    if (device->nr_device_ids == HOST_MAX_DEVICE_IDS)
        return host_device_problem(device, "it has more than %d SCMI device "
                                   "ids", HOST_MAX_DEVICE_IDS);
    grown = realloc(device->device_ids,
                    (device->nr_device_ids + 1) * sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    device->device_ids = grown;
    grown[device->nr_device_ids++] = device_id;
    return 0;
}

/* "scmi_devid", a list of ids. */
static int read_plain_ids(const struct host_reader *reader, int node,
                          struct host_device *device)
{
    const struct dt_prop *prop;
    uint32_t at;
    int rc = 0;

    prop = dt_index_prop(reader->index, node, "scmi_devid");
    if (!prop)
        return 0;
    if (!prop->len || prop->len % 4)
        return host_device_problem(device, "its \"scmi_devid\" is malformed");
    for (at = 0; !rc && !device->problem && at < prop->len; at += 4)
        rc = add_device_id(device, dt_cell(prop->value + at));
    return rc;
}

const char *host_device_id_property(const struct host_tree *tree,
                                    const struct host_device *device,
                                    uint32_t device_id)
{
    const struct dt_prop *prop;
    uint32_t at;
    size_t i;

    for (i = 0; i < device->nr_device_ids; i++)
        if (device->device_ids[i] == device_id)
            break;
    if (i == device->nr_device_ids)
        return NULL;
    prop = dt_index_prop(&tree->index, device->node, "scmi_devid");
    for (at = 0; prop && prop->len % 4 == 0 && at < prop->len; at += 4)
        if (dt_cell(prop->value + at) == device_id)
            return "scmi_devid";
    return "access-controllers";
}

static int read_device_ids(const struct host_reader *reader, int node,
                           struct host_device *device)
{
    struct dt_refs refs;
    struct dt_ref ref;
    int r, rc;

    rc = read_plain_ids(reader, node, device);
    if (rc)
        return rc;
    dt_refs_start(dt_index_prop(reader->index, node, "access-controllers"),
                   &refs);
    while ((r = dt_refs_next(reader->index, &refs,
                              DT_CELLS_ACCESS_CONTROLLER, &ref)) > 0) {
        if (ref.node < 0 || reader->notes[ref.node].role != HOST_ROLE_TRUSTED)
            continue;
        if (!ref.nr_args)
            return host_device_problem(device, "\"#access-controller-cells\" "
                                       "of %s is 0, it must be 1",
                                       reader->tree->trusted_path);
        rc = add_device_id(device, dt_cell(ref.args));
        if (rc || device->problem)
            return rc;
    }
    if (r < 0 && host_left_over_concerns(reader, &refs, true))
        return host_device_problem(device, "its \"access-controllers\" is "
                                   "malformed, or a node it names lacks "
                                   "\"#access-controller-cells\"");
    return 0;
}

/* A guest has one SCMI node: ids of two would be mixed up there. */
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
        return host_device_problem(device, "its \"%s\" refers to %s and its "
                                   "\"%s\" to %s, but a guest has one SCMI "
                                   "agent", first->property,
                                   instances[first->instance].path,
                                   resource->property,
                                   instances[resource->instance].path);
    }
    return 0;
}

/* CPUs and thermal zones: parts of the machine, not devices of it. */
static bool is_part(const struct dt_index *index, int node)
{
    const struct dt_prop *type = dt_index_prop(index, node, "device_type");
    int parent = index->nodes[node].parent;

    return (type && type->len == 4 && !memcmp(type->value, "cpu", 4)) ||
           (parent >= 0 && !index->nodes[parent].parent &&
            !strcmp(index->nodes[parent].name, "thermal-zones"));
}

void host_device_describe(const struct host_reader *reader, int node,
                          struct host_device *device)
{
    device->node = node;
    device->disabled = reader->index->nodes[node].disabled;
    device->passthrough = dt_index_prop(reader->index, node,
                                         "xen,passthrough");
    device->is_part = is_part(reader->index, node);
}

int host_device_read(const struct host_reader *reader, int node,
                     struct host_device *device)
{
    int rc;

    rc = read_device_ids(reader, node, device);
    if (!rc)
        rc = host_resources_read(reader, node, device);
    if (!rc)
        rc = check_instances(reader, device);
    host_device_describe(reader, node, device);
    return rc;
}

/* "ports/port@0": the way from a node to one below it. */
static char *path_below(const struct host_reader *reader, int top, int node)
{
    char above[HOST_PATH_SIZE], path[HOST_PATH_SIZE];

    if (dt_index_get_path(reader->index, top, above, sizeof(above)) ||
        dt_index_get_path(reader->index, node, path, sizeof(path)))
        return NULL;
    return strdup(path + strlen(above) + 1);
}

int host_device_fold(const struct host_reader *reader, int node,
                     struct host_device *from, struct host_device *to)
{
    char *child = path_below(reader, to->node, node);
    struct host_resource *grown;
    size_t i;
    int rc = -ENOMEM;

    /* With a longer path than is dealt with: not there. */
    if (!child)
        return 0;
    if (from->problem)
        rc = host_device_problem(to, "%s (in %s)", from->problem, child);
    else if (from->nr_resources + to->nr_resources > HOST_MAX_RESOURCES)
        rc = host_device_problem(to, "it has more than %d SCMI resources",
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
