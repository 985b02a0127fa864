/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One node of the host's tree, as a guest may have it. See guest-tree.h. */

#ifndef SCMI_MED_CTL_GUEST_DTB_NODE_H
#define SCMI_MED_CTL_GUEST_DTB_NODE_H

#include "ctl/guest-dtb/tree.h"

/*
 * Writes what is in the node, into one that has been begun; of a device, all
 * but "reg".
 */
void guest_put_node(struct guest_tree *guest, int node, bool is_device);

#endif
