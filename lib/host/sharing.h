/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which devices of the host use one and the same SCMI resource. The tree has
 * an index of it, so that a question costs only the devices that answer it.
 */

#ifndef SCMI_MED_LIB_HOST_SHARING_H
#define SCMI_MED_LIB_HOST_SHARING_H

#include "lib/host/tree.h"

/* Whether both stand for the same thing in the firmware: 0. Else an order. */
int host_resource_compare(const struct host_resource *x,
                          const struct host_resource *y);

/* "clock", "power domain"; NULL: none of the protocols that have a name. */
const char *host_protocol_name(uint32_t protocol_id);

/* "clock 3", as the firmware knows it. */
void host_resource_describe(const struct host_resource *resource, char *text,
                            size_t size);

/* All uses of what the resource stands for, ordered by the tree's devices. */
const struct host_use *host_sharing_find(const struct host_tree *tree,
                                         const struct host_resource *resource,
                                         size_t *ret_nr);

#endif
