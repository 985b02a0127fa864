/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Determines the role of each node of the host tree, see reader.h. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/host/reader.h"

static const struct {
    const char *compatible;
    enum host_transport transport;
} transports[] = {
    { "arm,scmi-smc", HOST_TRANSPORT_SMC },
    { "arm,scmi-smc-param", HOST_TRANSPORT_SMC },
    { "qcom,scmi-smc", HOST_TRANSPORT_QCOM_SMC },
    { "arm,scmi", HOST_TRANSPORT_MAILBOX },
    { "linaro,scmi-optee", HOST_TRANSPORT_OPTEE },
    { "arm,scmi-virtio", HOST_TRANSPORT_VIRTIO },
};

/* Drivers of these do not use the resources of the nodes below. */
static const char *const buses[] = {
    "simple-bus", "simple-mfd", "simple-pm-bus", "isa", "arm,amba-bus",
};

/* Returns false if it is not an SCMI node. */
static bool read_transport(const struct dt_index *index, int node,
                           enum host_transport *ret_transport)
{
    const struct dt_prop *compatible;
    struct dt_strings strings;
    const char *string;
    size_t i;

    compatible = dt_index_prop(index, node, "compatible");
    for (i = 0; i < sizeof(transports) / sizeof(transports[0]); i++) {
        dt_strings_start(compatible, &strings);
        while ((string = dt_strings_next(&strings)))
            if (!strcmp(string, transports[i].compatible)) {
                *ret_transport = transports[i].transport;
                return true;
            }
    }

    /* A transport that is newer than this code. */
    *ret_transport = HOST_TRANSPORT_OTHER;
    dt_strings_start(compatible, &strings);
    while ((string = dt_strings_next(&strings)))
        if (!strncmp(string, "arm,scmi-", 9) &&
            strcmp(string, "arm,scmi-shmem"))
            return true;
    return false;
}

static int add_instance(const struct host_reader *reader, int node,
                        enum host_transport transport, bool in_container)
{
    struct host_tree *tree = reader->tree;
    struct host_instance *grown;
    char path[HOST_PATH_SIZE];

    /* Ignored if there are too many, or if its path is too long. */
    if (tree->nr_instances == HOST_MAX_INSTANCES ||
        dt_index_get_path(reader->index, node, path, sizeof(path)))
        return -E2BIG;
    grown = realloc(tree->instances,
                    (tree->nr_instances + 1) * sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    tree->instances = grown;
    grown[tree->nr_instances] = (struct host_instance){
        .path = strdup(path),
        .node = node,
        .transport = transport,
        .in_container = in_container,
        .disabled = reader->index->nodes[node].disabled,
    };
    if (!grown[tree->nr_instances].path)
        return -ENOMEM;
    reader->notes[node].instance = (int)tree->nr_instances++;
    return 0;
}

/* A node without a role above it. */
static int classify_outside(const struct host_reader *reader, int node)
{
    struct host_note *note = &reader->notes[node];
    enum host_transport transport;
    int rc;

    if (dt_index_has_string(reader->index, node, "compatible", "xen,sci")) {
        note->role = HOST_ROLE_CONTAINER;
    } else if (read_transport(reader->index, node, &transport)) {
        rc = add_instance(reader, node, transport, false);
        if (rc != -E2BIG)
            note->role = HOST_ROLE_SCMI;
        return rc == -ENOMEM ? rc : 0;
    }
    return 0;
}

/* A node in the container. Xen's trusted channel has to be an SMC one. */
static int classify_in_container(const struct host_reader *reader, int node)
{
    struct host_note *note = &reader->notes[node];
    enum host_transport transport;
    int rc;

    note->role = HOST_ROLE_CONTAINER;
    if (!read_transport(reader->index, node, &transport))
        return 0;
    rc = add_instance(reader, node, transport, true);
    if (rc)
        return rc == -ENOMEM ? rc : 0;
    if (transport != HOST_TRANSPORT_SMC || reader->tree->trusted_path)
        return 0;
    note->role = HOST_ROLE_TRUSTED;
    reader->tree->trusted_path =
        strdup(reader->tree->instances[note->instance].path);
    return reader->tree->trusted_path ? 0 : -ENOMEM;
}

static void classify_below_protocol(const struct host_reader *reader, int node,
                                    const struct host_note *above)
{
    struct host_note *note = &reader->notes[node];
    int parent = reader->index->nodes[node].parent;

    note->role = HOST_ROLE_BELOW_PROTOCOL;
    note->protocol_id = above->protocol_id;
    if (above->protocol_id == HOST_PROTOCOL_PINCTRL)
        note->role = HOST_ROLE_PINS;
    else if (above->protocol_id == HOST_PROTOCOL_VOLTAGE &&
             above->role == HOST_ROLE_BELOW_PROTOCOL &&
             reader->notes[reader->index->nodes[parent].parent].role ==
             HOST_ROLE_PROTOCOL &&
             !strcmp(reader->index->nodes[parent].name, "regulators") &&
             dt_index_u32(reader->index, node, "reg", &note->resource_id))
        note->role = HOST_ROLE_REGULATOR;
}

static int classify(const struct host_reader *reader, int node)
{
    int parent = reader->index->nodes[node].parent;
    const struct host_note *above = parent < 0 ? NULL : &reader->notes[parent];
    struct host_note *note = &reader->notes[node];
    uint32_t protocol_id;

    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): notes are there */
    note->instance = above ? above->instance : -1;
    switch (above ? above->role : HOST_ROLE_NONE) {
    case HOST_ROLE_NONE:
        return classify_outside(reader, node);
    case HOST_ROLE_CONTAINER:
    case HOST_ROLE_TRUSTED:
        return classify_in_container(reader, node);
    case HOST_ROLE_SCMI:
        if (dt_index_u32(reader->index, node, "reg", &protocol_id) &&
            protocol_id <= 0xff) {
            note->role = HOST_ROLE_PROTOCOL;
            note->protocol_id = (uint8_t)protocol_id;
        }
        return 0;
    case HOST_ROLE_PROTOCOL:
    case HOST_ROLE_REGULATOR:
    case HOST_ROLE_PINS:
    case HOST_ROLE_BELOW_PROTOCOL:
        classify_below_protocol(reader, node, above);
        return 0;
    }
    return 0;
}

static bool has_device_id(const struct dt_index *index, int node)
{
    return dt_index_prop(index, node, "access-controllers") ||
           dt_index_prop(index, node, "scmi_devid");
}

/*
 * A driver binds to a node with "compatible". Unless it is a bus driver, it
 * uses the resources of the nodes below, too, if they have no driver.
 */
static int find_owner(const struct host_reader *reader, int node)
{
    int parent = reader->index->nodes[node].parent;
    size_t i;

    if (parent < 0)
        return -1;
    if (dt_index_prop(reader->index, node, "compatible")) {
        for (i = 0; i < sizeof(buses) / sizeof(buses[0]); i++)
            if (dt_index_has_string(reader->index, node, "compatible",
                                    buses[i]))
                return -1;
        return node;
    }
    if (has_device_id(reader->index, node))
        return node;
    return reader->notes[parent].owner;
}

int host_roles_assign(struct host_reader *reader)
{
    int node, rc = 0;

    for (node = 0; !rc && node < reader->index->nr_nodes; node++) {
        rc = classify(reader, node);
        reader->notes[node].owner = find_owner(reader, node);
    }
    return rc;
}
