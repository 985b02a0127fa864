/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Iterators over properties, see refs.h. */

#include "lib/dt/refs.h"

#include <errno.h>
#include <string.h>

void dt_refs_start(const struct dt_prop *prop, struct dt_refs *refs)
{
    *refs = (struct dt_refs){ 0 };
    if (prop) {
        refs->cells = prop->value;
        refs->nr_cells = prop->len / 4;
        refs->rest = prop->len % 4;
    }
}

int dt_refs_next(const struct dt_index *index, struct dt_refs *refs,
                 enum dt_cells cells, struct dt_ref *ret_ref)
{
    struct dt_ref ref = { .node = -1 };
    uint32_t phandle;
    int nr_args = 0;

    if (refs->rest)
        return -EBADMSG;
    if (!refs->nr_cells)
        return 0;

    phandle = dt_cell(refs->cells);
    /* 0 and -1 are both in use for an empty entry. */
    if (phandle && phandle != UINT32_MAX) {
        ref.node = dt_index_find(index, phandle);
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

void dt_strings_start(const struct dt_prop *prop,
                      struct dt_strings *strings)
{
    *strings = (struct dt_strings){ 0 };
    if (prop) {
        strings->at = (const char *)prop->value;
        strings->left = prop->len;
    }
}

const char *dt_strings_next(struct dt_strings *strings)
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
