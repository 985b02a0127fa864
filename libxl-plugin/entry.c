/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The symbol that libxl looks for, see libxl_hook.h. Only this file uses
 * libxl's structs, which differ between versions.
 */

#include <stdlib.h>

#include "libxl-plugin/plugin.h"
#include "libxl-plugin/tools/libs/light/libxl_hook.h"

static int domain_create(uint32_t domid, const libxl_domain_config *config,
                         const void *fdt, void **fdt_out, char *text,
                         size_t size)
{
    struct scmi_plugin_error error = { text, size };
    const char **dtdevs;
    int i, rc;

    dtdevs = calloc((size_t)config->num_dtdevs + 1, sizeof(*dtdevs));
    if (!dtdevs) {
        scmi_plugin_fail(&error, "SCMI: out of memory");
        return ERROR_NOMEM;
    }
    for (i = 0; i < config->num_dtdevs; i++)
        dtdevs[i] = config->dtdevs[i].path;
    rc = scmi_plugin_domain_create(domid, dtdevs, (size_t)config->num_dtdevs,
                                   fdt, fdt_out, &error);
    free(dtdevs);
    return rc ? ERROR_FAIL : 0;
}

extern const struct libxl_hook_ops libxl_hook_ops;

const struct libxl_hook_ops libxl_hook_ops = {
    .abi = LIBXL_HOOK_ABI,
    .config_size = sizeof(libxl_domain_config),
    .domain_create = domain_create,
};
