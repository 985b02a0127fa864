/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A hook into domain creation. For every domain, libxl loads LIBXL_HOOK_PATH,
 * if it exists, and calls the function in its symbol
 *     const struct libxl_hook_ops libxl_hook_ops;
 */

#ifndef LIBXL_HOOK_H
#define LIBXL_HOOK_H

#include <libxl.h>

#define LIBXL_HOOK_ABI 1

#ifndef LIBXL_HOOK_PATH
#define LIBXL_HOOK_PATH "/usr/lib/xen/libxl-hook.so"
#endif

struct libxl_hook_ops {
    unsigned int abi;           /* LIBXL_HOOK_ABI */
    /* sizeof(libxl_domain_config), which differs between versions of libxl. */
    size_t config_size;
    /*
     * The domain exists, is paused, and has no memory yet. fdt is its future
     * device tree. May block.
     *
     * Returns 0 to go on, and may then set *fdt_out to another tree, which
     * libxl frees with free(). To fail the creation, returns a libxl error and
     * writes the reason to error, as a sentence.
     */
    int (*domain_create)(uint32_t domid, const libxl_domain_config *config,
                         const void *fdt, void **fdt_out,
                         char *error, size_t error_size);
};

#endif /* LIBXL_HOOK_H */
