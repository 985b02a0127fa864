/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Completes the device tree of a guest: the SCMI node, and the references to
 * it in each passthrough node (one with "xen,path"). No policy, no I/O.
 */

#ifndef SCMI_MED_PLUGIN_GUEST_TREE_H
#define SCMI_MED_PLUGIN_GUEST_TREE_H

#include "libxl-plugin/devices.h"
#include "libxl-plugin/fail.h"
#include "libxl-plugin/reply.h"

/*
 * Makes a new tree, to be freed with free(), from one that passed
 * fdt_check_full(). The reply must have an agent. Properties that a
 * passthrough node already has stay as they are.
 */
int scmi_plugin_guest_tree_finish(const void *fdt,
                                  const struct scmi_plugin_devices *devices,
                                  const struct scmi_plugin_reply *reply,
                                  void **ret_fdt,
                                  const struct scmi_plugin_error *error);

#endif /* SCMI_MED_PLUGIN_GUEST_TREE_H */
