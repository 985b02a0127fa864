/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A device of the host tree, see tree.h. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/host/reader.h"

int host_set_problem(struct host_device *device, const char *format, ...)
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

static void resource_done(struct host_resource *resource)
{
    free(resource->name);
    free(resource->child);
}

void host_device_done(struct host_device *device)
{
    size_t i;

    for (i = 0; i < device->nr_resources; i++)
        resource_done(&device->resources[i]);
    free(device->resources);
    free(device->device_ids);
    free(device->problem);
    free(device->path);
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

bool host_device_belongs_to_dom0(const struct host_device *device)
{
    return device->is_cpu_or_zone ||
           (!device->passthrough && !device->disabled);
}
