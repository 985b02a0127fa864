/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Properties and warnings of a guest's tree, see private.h. */

#include <libfdt.h>
#include <stdarg.h>

#include "ctl/guest-dtb/private.h"

void guest_check(struct guest_tree *guest, int r)
{
    if (r < 0 && !guest->error)
        guest->error = r;
}

void guest_put_cells(struct guest_tree *guest, const char *property,
                     const uint32_t *cells, size_t nr)
{
    void *value = NULL;
    size_t i;

    guest_check(guest, fdt_property_placeholder(guest->fdt, property,
                                                (int)nr * 4, &value));
    for (i = 0; !guest->error && i < nr; i++)
        fdt32_st((fdt32_t *)value + i, cells[i]);
}

void guest_warn(struct guest_tree *guest, int node, const char *format,
                ...)
{
    char path[HOST_PATH_SIZE] = "?";
    va_list args;

    (void)dt_index_get_path(&guest->host->index, node, path, sizeof(path));
    fprintf(guest->warnings, "%s: ", path);
    va_start(args, format);
    vfprintf(guest->warnings, format, args);
    va_end(args);
    putc('\n', guest->warnings);
    guest->nr_warnings++;
}
