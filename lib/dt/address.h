/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses of nodes in the CPU's address space. */

#ifndef SCMI_MED_LIB_DT_ADDRESS_H
#define SCMI_MED_LIB_DT_ADDRESS_H

#include "lib/dt/index.h"

/*
 * The nth range of the node's "reg", from 0 on, as a CPU address. Returns 0,
 * -ENOENT if there is no such range, -EBADMSG if "reg" is malformed, or -ENXIO
 * if a bus above does not translate it.
 */
int dt_address(const struct dt_index *index, int node, uint32_t n,
               uint64_t *ret_address, uint64_t *ret_size);

#endif
