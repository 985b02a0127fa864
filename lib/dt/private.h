/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between the files of lib/dt. */

#ifndef SCMI_MED_LIB_DT_PRIVATE_H
#define SCMI_MED_LIB_DT_PRIVATE_H

#include "lib/dt/index.h"

/*
 * Checks the tree and fills the index's nodes and properties, for
 * dt_index_build(). After a failure the index may hold memory.
 */
int dt_blob_walk(const void *fdt, size_t size, struct dt_index *index,
                 struct reason *why);

#endif
