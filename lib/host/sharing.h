/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lookup of devices by SCMI resource, in the tree's sorted list of uses. */

#ifndef SCMI_MED_LIB_HOST_SHARING_H
#define SCMI_MED_LIB_HOST_SHARING_H

#include "lib/host/tree.h"

/* 0 if both are the same for the firmware; else an order, like strcmp(). */
int host_resource_compare(const struct host_resource *x,
                          const struct host_resource *y);

/* What a protocol controls: "clock", "power domain"; NULL if unknown. */
const char *host_protocol_name(uint32_t protocol_id);

/* Writes "clock 3", with the firmware's id. */
void host_resource_describe(const struct host_resource *resource, char *text,
                            size_t size);

/* All uses of the same resource, in the order of the tree's devices. */
const struct host_use *host_sharing_find(const struct host_tree *tree,
                                         const struct host_resource *resource,
                                         size_t *ret_nr);

#endif
