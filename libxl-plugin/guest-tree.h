/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Completes the device tree of a guest: the SCMI node, and what each
 * passthrough node (one with "xen,path") uses of it. Pure: no policy, no I/O.
 */

#ifndef SCMI_MED_PLUGIN_GUEST_TREE_H
#define SCMI_MED_PLUGIN_GUEST_TREE_H

#include "libxl-plugin/answer.h"
#include "libxl-plugin/devices.h"
#include "libxl-plugin/fail.h"

/*
 * Makes a new tree, to be freed with free(), from one that passed
 * fdt_check_full(), according to an answer with an agent. A property that a
 * passthrough node has already stays as it is.
 */
int scmi_plugin_guest_tree_finish(const void *fdt,
                                  const struct scmi_plugin_devices *devices,
                                  const struct scmi_plugin_answer *answer,
                                  void **ret_fdt,
                                  const struct scmi_plugin_error *error);

#endif /* SCMI_MED_PLUGIN_GUEST_TREE_H */
