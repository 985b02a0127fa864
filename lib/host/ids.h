/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lookup of devices by the firmware's device id, in the tree's sorted list. */

#ifndef SCMI_MED_LIB_HOST_IDS_H
#define SCMI_MED_LIB_HOST_IDS_H

#include "lib/host/tree.h"

/* All devices with this id, in the order of the tree. */
const struct host_id *host_ids_find(const struct host_tree *tree,
                                    uint32_t device_id, size_t *ret_nr);

#endif
