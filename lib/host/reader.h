/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the files of lib/host, which read the host tree: roles.c finds out
 * what each node is, reader.c finds the devices, with resource.c for the
 * resources of each, and tree.c has the indices made.
 */

#ifndef SCMI_MED_LIB_HOST_READER_H
#define SCMI_MED_LIB_HOST_READER_H

#include <stdint.h>

#include "lib/dt/refs.h"
#include "lib/host/tree.h"

#define HOST_PROTOCOL_VOLTAGE   0x17
#define HOST_PROTOCOL_PINCTRL   0x19

enum host_role {
    HOST_ROLE_NONE,
    HOST_ROLE_CONTAINER,        /* "xen,sci", or below it */
    HOST_ROLE_TRUSTED,          /* the SCMI node in the container */
    HOST_ROLE_SCMI,             /* an SCMI node elsewhere */
    HOST_ROLE_PROTOCOL,         /* a child of the latter */
    HOST_ROLE_REGULATOR,        /* below a protocol: has a voltage domain */
    HOST_ROLE_PINS,             /* below a protocol: a state of pins */
    HOST_ROLE_BELOW_PROTOCOL,   /* anything else there */
};

/* What is known of a node. */
struct host_note {
    enum host_role role;
    uint8_t protocol_id;        /* of a protocol, and of all below it */
    uint32_t resource_id;       /* of HOST_ROLE_REGULATOR */
    int instance;               /* of HOST_ROLE_SCMI and all below it */
    /*
     * The node whose driver uses the resources of nodes below it that have no
     * driver of their own; -1: none.
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

/* Fills the tree's instances and devices. Returns 0 or -ENOMEM. */
int host_read_devices(struct host_tree *tree);

/* Adds the resources that the node refers to. */
int host_resources_read(const struct host_reader *reader, int node,
                        struct host_device *device);

/*
 * Whether the rest of a malformed property refers to SCMI: to the trusted
 * node, or else to a protocol or a node below one. If it does not, the defect
 * is not our concern.
 */
bool host_refs_rest_mentions_scmi(const struct host_reader *reader,
                                  const struct dt_refs *refs, bool trusted);

/* Keeps only the first problem of a device. Returns 0 or -ENOMEM. */
int host_set_problem(struct host_device *device, const char *format,
                            ...) __attribute__((format(printf, 2, 3)));

void host_device_done(struct host_device *device);

/* Fills tree->uses. Returns 0 or -ENOMEM. */
int host_sharing_index(struct host_tree *tree);

/* Fills tree->ids and tree->dom0_devices. Returns 0 or -ENOMEM. */
int host_ids_index(struct host_tree *tree);

#endif
