/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads one device of the host tree, see host-reader.h. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/host-reader.h"

static const struct {
    const char *property, *cells_property, *names_property;
} references[] = {
    { "clocks", "#clock-cells", "clock-names" },
    { "power-domains", "#power-domain-cells", "power-domain-names" },
    { "resets", "#reset-cells", "reset-names" },
};

#define NR_REFERENCES (sizeof(references) / sizeof(references[0]))

/* Notes the first problem of a device. Returns 0 or -ENOMEM. */
__attribute__((format(printf, 2, 3)))
static int set_problem(struct host_device *device, const char *format, ...)
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
        free(device->resources[i].name);
    free(device->resources);
    free(device->device_ids);
    free(device->problem);
    free(device->path);
}

/*
 * Whether what is left of a property that cannot be walked any further refers
 * to a node of this role. If not, its defect is none of our business.
 */
static bool left_over_concerns(const struct host_reader *reader,
                               const struct fdt_refs *refs, enum host_role role)
{
    int i, node;

    for (i = 0; i < refs->nr_cells; i++) {
        node = fdt_index_find(&reader->index, fdt32_ld(refs->cells + i));
        if (node >= 0 && reader->roles[node] == role)
            return true;
    }
    return false;
}

static int add_device_id(struct host_device *device, uint32_t device_id)
{
    uint32_t *grown;
    size_t i;

    for (i = 0; i < device->nr_device_ids; i++)
        if (device->device_ids[i] == device_id)
            return 0;
    grown = realloc(device->device_ids,
                    (device->nr_device_ids + 1) * sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    device->device_ids = grown;
    grown[device->nr_device_ids++] = device_id;
    return 0;
}

static int read_device_ids(const struct host_reader *reader, int node,
                           struct host_device *device)
{
    int offset = reader->index.nodes[node].offset, r, len, rc;
    const fdt32_t *value;
    struct fdt_refs refs;
    struct fdt_ref ref;

    value = fdt_getprop(reader->index.fdt, offset, "scmi_devid", &len);
    if (value && (len == 0 || len % (int)sizeof(*value)))
        return set_problem(device, "its \"scmi_devid\" is malformed");
    for (; value && len > 0; value++, len -= (int)sizeof(*value)) {
        rc = add_device_id(device, fdt32_ld(value));
        if (rc)
            return rc;
    }

    fdt_refs_start(&reader->index, node, "access-controllers", &refs);
    while ((r = fdt_refs_next(&reader->index, &refs,
                              "#access-controller-cells", &ref)) > 0) {
        if (ref.node < 0 || reader->roles[ref.node] != HOST_ROLE_TRUSTED)
            continue;
        if (!ref.nr_args)
            return set_problem(device, "\"#access-controller-cells\" of %s "
                               "is 0, it must be 1",
                               reader->tree->trusted_path);
        rc = add_device_id(device, fdt32_ld(ref.args));
        if (rc)
            return rc;
    }
    if (r < 0 && left_over_concerns(reader, &refs, HOST_ROLE_TRUSTED))
        return set_problem(device, "its \"access-controllers\" is malformed, "
                           "or a node it names lacks "
                           "\"#access-controller-cells\"");
    return 0;
}

/* Names are passed on with blanks between them, in plain text. */
static bool is_good_name(const char *name)
{
    for (; *name; name++)
        if (*name <= ' ' || *name > '~')
            return false;
    return true;
}

static int add_resource(const struct host_reader *reader, int node, size_t kind,
                        const struct fdt_refs *refs, const struct fdt_ref *ref,
                        struct host_device *device)
{
    int offset = reader->index.nodes[node].offset;
    struct host_resource *grown, *resource;
    const char *name;

    if (!ref->nr_args)
        return set_problem(device, "\"%s\" of the SCMI protocol 0x%x is 0",
                           references[kind].cells_property,
                           reader->protocols[ref->node]);
    grown = realloc(device->resources,
                    (device->nr_resources + 1) * sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    device->resources = grown;
    resource = &grown[device->nr_resources++];
    *resource = (struct host_resource){
        .protocol_id = reader->protocols[ref->node],
        .resource_id = fdt32_ld(ref->args),
        .property = references[kind].property,
        .names_property = references[kind].names_property,
    };

    if (!fdt_getprop(reader->index.fdt, offset, resource->names_property,
                     NULL))
        return 0;
    /* A list of names may be shorter than that of references. */
    name = fdt_stringlist_get(reader->index.fdt, offset,
                              resource->names_property, refs->position, NULL);
    resource->name = strdup(name ? name : "");
    if (!resource->name)
        return -ENOMEM;
    if (!is_good_name(resource->name))
        return set_problem(device, "a name in its \"%s\" is not plain text",
                           resource->names_property);
    return 0;
}

static int read_resources(const struct host_reader *reader, int node,
                          size_t kind, struct host_device *device)
{
    struct fdt_refs refs;
    struct fdt_ref ref;
    int r, rc;

    fdt_refs_start(&reader->index, node, references[kind].property, &refs);
    while ((r = fdt_refs_next(&reader->index, &refs,
                              references[kind].cells_property, &ref)) > 0) {
        if (ref.node < 0 || reader->roles[ref.node] != HOST_ROLE_PROTOCOL)
            continue;
        rc = add_resource(reader, node, kind, &refs, &ref, device);
        if (rc)
            return rc;
    }
    if (r < 0 && left_over_concerns(reader, &refs, HOST_ROLE_PROTOCOL))
        return set_problem(device, "its \"%s\" is malformed, or a node it "
                           "names lacks \"%s\"", references[kind].property,
                           references[kind].cells_property);
    return 0;
}

int host_device_read(const struct host_reader *reader, int node,
                     struct host_device *device)
{
    size_t kind;
    int rc;

    rc = read_device_ids(reader, node, device);
    for (kind = 0; !rc && kind < NR_REFERENCES; kind++)
        rc = read_resources(reader, node, kind, device);
    return rc;
}
