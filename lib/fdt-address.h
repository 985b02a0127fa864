/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where in the machine's memory a node is. */

#ifndef SCMI_MED_FDT_ADDRESS_H
#define SCMI_MED_FDT_ADDRESS_H

#include "lib/fdt-index.h"

/*
 * The first range of the node's "reg", as the CPU sees it. Returns 0, -ENOENT
 * if it has none, -EBADMSG if that is malformed, or -ENXIO if a bus above does
 * not translate it.
 */
int fdt_address(const struct fdt_index *index, int node, uint64_t *ret_address,
                uint64_t *ret_size);

#endif
