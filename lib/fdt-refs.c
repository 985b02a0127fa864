/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Properties that are lists, see fdt-refs.h. */

#include "lib/fdt-refs.h"

#include <errno.h>
#include <string.h>

void fdt_refs_start(const struct fdt_prop *prop, struct fdt_refs *refs)
{
    *refs = (struct fdt_refs){ 0 };
    if (prop) {
        refs->cells = prop->value;
        refs->nr_cells = prop->len / 4;
        refs->rest = prop->len % 4;
    }
}

int fdt_refs_next(const struct fdt_index *index, struct fdt_refs *refs,
                  enum fdt_cells cells, struct fdt_ref *ret_ref)
{
    struct fdt_ref ref = { .node = -1 };
    uint32_t phandle;
    int nr_args = 0;

    if (refs->rest)
        return -EBADMSG;
    if (!refs->nr_cells)
        return 0;

    phandle = fdt_cell(refs->cells);
    /* Both are customary for "nothing at this position". */
    if (phandle && phandle != UINT32_MAX) {
        ref.node = fdt_index_find(index, phandle);
        if (ref.node < 0)
            return -ENOENT;
        nr_args = index->nodes[ref.node].cells[cells];
        if (nr_args < 0)
            return -EINVAL;
        if ((uint32_t)nr_args > refs->nr_cells - 1)
            return -EBADMSG;
        ref.args = refs->cells + 4;
        ref.nr_args = (uint32_t)nr_args;
    }

    refs->cells += 4 * (1 + ref.nr_args);
    refs->nr_cells -= 1 + ref.nr_args;
    *ret_ref = ref;
    return 1;
}

void fdt_strings_start(const struct fdt_prop *prop,
                       struct fdt_strings *strings)
{
    *strings = (struct fdt_strings){ 0 };
    if (prop) {
        strings->at = (const char *)prop->value;
        strings->left = prop->len;
    }
}

const char *fdt_strings_next(struct fdt_strings *strings)
{
    const char *string = strings->at, *end = NULL;

    if (strings->left)
        end = memchr(string, '\0', strings->left);
    if (!end) {
        strings->left = 0;
        return NULL;
    }
    strings->at = end + 1;
    strings->left -= (uint32_t)(end + 1 - string);
    return string;
}
