/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The plugin that libxl calls for every domain it creates: asks the daemon for
 * the domain's passthrough devices, and completes the domain's device tree.
 * One that has no such device, and no SCMI node, is left alone.
 */

#include <stdio.h>
#include <string.h>

#include "libxl-plugin/guest-tree.h"
#include "libxl-plugin/request.h"
#include "libxl-plugin/tools/libs/light/libxl_hook.h"

static int list_devices(const libxl_domain_config *config, const void *fdt,
                        struct scmi_plugin_request *request,
                        char *error, size_t error_size)
{
    int i, rc;

    for (i = 0; i < config->num_dtdevs; i++) {
        rc = scmi_plugin_request_add(request, config->dtdevs[i].path, error,
                                     error_size);
        if (rc)
            return rc;
    }
    return scmi_plugin_tree_devices(fdt, request, error, error_size);
}

static int domain_create(uint32_t domid, const libxl_domain_config *config,
                         const void *fdt, void **fdt_out,
                         char *error, size_t error_size)
{
    struct scmi_plugin_request request = { .domid = domid };
    int rc;

    rc = list_devices(config, fdt, &request, error, error_size);
    if (!rc && (request.nr_devices || scmi_plugin_tree_has_scmi(fdt))) {
        rc = scmi_plugin_request_send(&request, error, error_size);
        if (!rc && request.has_agent)
            rc = scmi_plugin_tree_edit(fdt, &request, fdt_out, error,
                                       error_size);
    }
    scmi_plugin_request_dispose(&request);
    return rc;
}

extern const struct libxl_hook_ops libxl_hook_ops;

const struct libxl_hook_ops libxl_hook_ops = {
    .abi = LIBXL_HOOK_ABI,
    .config_size = sizeof(libxl_domain_config),
    .domain_create = domain_create,
};
