/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of the host tree reader share: host-roles.c finds out what
 * each node is, host-device.c reads one device with host-resource.c,
 * host-tree.c puts it together. Not for others.
 */

#ifndef SCMI_MED_LIB_HOST_READER_H
#define SCMI_MED_LIB_HOST_READER_H

#include <stdint.h>

#include "lib/dt/refs.h"
#include "lib/host/tree.h"

/* What a node is to us. */
enum host_role {
    HOST_ROLE_NONE,
    HOST_ROLE_CONTAINER,        /* "xen,sci", or below it */
    HOST_ROLE_TRUSTED,          /* the SCMI node in the container */
    HOST_ROLE_SCMI,             /* an SCMI node elsewhere */
    HOST_ROLE_PROTOCOL,         /* a child of the latter */
    HOST_ROLE_REGULATOR,        /* below a protocol: has a voltage domain */
    HOST_ROLE_PINS,             /* below a protocol: a state of pins */
    HOST_ROLE_PART,             /* below a protocol: anything else */
};

/* One node. */
struct host_note {
    enum host_role role;
    uint8_t protocol_id;        /* of a protocol, and of all below it */
    uint32_t resource_id;       /* of HOST_ROLE_REGULATOR */
    int instance;               /* of HOST_ROLE_SCMI and all below it */
    /*
     * The node whose driver sees what nodes without a driver of their own
     * below this one have; -1: none does.
     */
    int owner;
};

struct host_reader {
    struct host_tree *tree;
    const struct dt_index *index;
    struct host_note *notes;    /* one for each node of the index */
    size_t *device_of;          /* by node: index of its device + 1, or 0 */
};

/* Fills the notes and the tree's instances. Returns 0 or -ENOMEM. */
int host_roles_assign(struct host_reader *reader);

/* Whether the node is a device to the firmware, by itself. */
bool host_has_device_id(const struct dt_index *index, int node);

/*
 * Reads what a node says about SCMI. One that says nothing leaves the device
 * without ids, resources and problem. Returns 0 or -ENOMEM; the device is to
 * be freed in any case.
 */
int host_device_read(const struct host_reader *reader, int node,
                     struct host_device *device);
void host_device_done(struct host_device *device);

/* What a device is, apart from SCMI. */
void host_device_describe(const struct host_reader *reader, int node,
                          struct host_device *device);

/*
 * Moves the resources of a node to the device above it whose driver sees
 * them.
 */
int host_device_fold(const struct host_reader *reader, int node,
                     struct host_device *from, struct host_device *to);

/* Notes the first problem of a device. Returns 0 or -ENOMEM. */
int host_device_problem(struct host_device *device, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds the resources that the node refers to. */
int host_resources_read(const struct host_reader *reader, int node,
                        struct host_device *device);
void host_resource_done(struct host_resource *resource);

/*
 * Whether what is left of a property that cannot be walked any further refers
 * to something of ours: the trusted node, or something below an SCMI node. If
 * not, its defect is none of our business.
 */
bool host_left_over_concerns(const struct host_reader *reader,
                             const struct dt_refs *refs, bool trusted);

#endif
