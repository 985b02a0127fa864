/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which devices of the host have a device id of the firmware. The tree has an
 * index of it, so that a question costs only the devices that answer it.
 */

#ifndef SCMI_MED_LIB_HOST_IDS_H
#define SCMI_MED_LIB_HOST_IDS_H

#include "lib/host/tree.h"

/* All devices with this id, ordered as in the tree. */
const struct host_id *host_ids_find(const struct host_tree *tree,
                                    uint32_t device_id, size_t *ret_nr);

#endif
