/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where in the machine's memory a node is. */

#ifndef SCMI_MED_LIB_DT_ADDRESS_H
#define SCMI_MED_LIB_DT_ADDRESS_H

#include "lib/dt/index.h"

/*
 * A range of the node's "reg", 0 is the first, as the CPU sees it. Returns 0,
 * -ENOENT if it has none, -EBADMSG if "reg" is malformed, or -ENXIO if a bus
 * above does not translate it.
 */
int dt_address(const struct dt_index *index, int node, uint32_t n,
               uint64_t *ret_address, uint64_t *ret_size);

#endif
