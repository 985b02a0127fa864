/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the two halves of the host tree reader share: host-tree.c finds out
 * what each node is, host-device.c reads one device. Not for others.
 */

#ifndef SCMI_MED_HOST_READER_H
#define SCMI_MED_HOST_READER_H

#include <stdint.h>

#include "lib/fdt-index.h"
#include "lib/host-tree.h"

/* What a node is to us. */
enum host_role {
    HOST_ROLE_NONE,
    HOST_ROLE_CONTAINER, /* "xen,sci", or below it */
    HOST_ROLE_TRUSTED, /* the SCMI node in the container */
    HOST_ROLE_SCMI, /* an SCMI node elsewhere */
    HOST_ROLE_PROTOCOL, /* a child of the latter */
};

struct host_reader {
    struct fdt_index index;
    enum host_role *roles;  /* of each node of the index */
    uint32_t *protocols;    /* of the nodes with HOST_ROLE_PROTOCOL */
    struct host_tree *tree;
};

/*
 * Reads what a node says about SCMI. One that says nothing leaves the device
 * without ids, resources and problem. Returns 0 or -ENOMEM; the device is to
 * be freed in any case.
 */
int host_device_read(const struct host_reader *reader, int node,
                     struct host_device *device);
void host_device_done(struct host_device *device);

#endif
