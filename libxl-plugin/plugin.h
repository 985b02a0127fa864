/* SPDX-License-Identifier: LGPL-2.1-only */
/* The plugin, without what depends on libxl's version: see entry.c. */

#ifndef SCMI_MED_PLUGIN_PLUGIN_H
#define SCMI_MED_PLUGIN_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#include "libxl-plugin/fail.h"

/*
 * Serves a domain that is being created. If its tree changes, sets *ret_fdt to
 * the new tree, to be freed with free().
 */
int scmi_plugin_domain_create(uint32_t domid, const char *const *dtdevs,
                              size_t nr_dtdevs, const void *fdt,
                              void **ret_fdt,
                              const struct scmi_plugin_error *error);

#endif /* SCMI_MED_PLUGIN_PLUGIN_H */
