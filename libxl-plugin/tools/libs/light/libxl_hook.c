/* SPDX-License-Identifier: LGPL-2.1-only */
/* Calls the plugin for created domains, see libxl_hook.h. */

#include "libxl_osdeps.h" /* must come before any other headers */

#include <dlfcn.h>

#include "libxl_internal.h"
#include "libxl_hook.h"

/* A broken plugin must not stop domains that have no use for it. */
static int hook_broken(libxl__gc *gc, uint32_t domid,
                       const libxl_domain_config *d_config, const char *why)
{
    if (!d_config->b_info.device_tree && !d_config->num_dtdevs) {
        LOGD(WARN, domid, "ignoring %s: %s", LIBXL_HOOK_PATH, why);
        return 0;
    }
    LOGD(ERROR, domid, "cannot use %s, which may be needed for the devices"
         " of this domain: %s", LIBXL_HOOK_PATH, why);
    return ERROR_FAIL;
}

int libxl__hook_domain_create(libxl__gc *gc, uint32_t domid,
                              const libxl_domain_config *d_config,
                              void **fdt)
{
    const struct libxl_hook_ops *ops;
    char error[4096] = "";
    void *plugin, *fdt_out = NULL;
    int rc;

    if (access(LIBXL_HOOK_PATH, F_OK))
        return 0;

    plugin = dlopen(LIBXL_HOOK_PATH, RTLD_NOW | RTLD_LOCAL);
    if (!plugin)
        return hook_broken(gc, domid, d_config, dlerror());

    ops = dlsym(plugin, "libxl_hook_ops");
    if (!ops || ops->abi != LIBXL_HOOK_ABI ||
        ops->config_size != sizeof(*d_config)) {
        rc = hook_broken(gc, domid, d_config,
                         "it was built for another version of libxl");
        goto out;
    }

    rc = ops->domain_create(domid, d_config, *fdt, &fdt_out, error,
                            sizeof(error));
    if (rc) {
        LOGD(ERROR, domid, "%s", error[0] ? error : "refused by a plugin");
        goto out;
    }
    if (fdt_out) {
        libxl__ptr_add(gc, fdt_out);
        *fdt = fdt_out;
    }

out:
    dlclose(plugin);
    return rc;
}
