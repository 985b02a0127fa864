/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Index of a flattened device tree, see fdt-index.h. */

#include "lib/fdt-index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct phandle_entry {
    uint32_t phandle;
    int node;
};

static int compare_entries(const void *a, const void *b)
{
    const struct phandle_entry *x = a, *y = b;

    if (x->phandle != y->phandle)
        return x->phandle < y->phandle ? -1 : 1;
    return x->node - y->node;
}

static int count_nodes(const void *fdt)
{
    int offset = -1, depth = 0, count = 0;

    while ((offset = fdt_next_node(fdt, offset, &depth)) >= 0 && depth >= 0)
        count++;
    return count;
}

static int list_nodes(struct fdt_index *index)
{
    int offset = -1, depth = 0, last_depth = -1, current = -1;

    for (;;) {
        struct fdt_node *node = &index->nodes[index->nr_nodes];
        int parent = current;

        offset = fdt_next_node(index->fdt, offset, &depth);
        if (offset == -FDT_ERR_NOTFOUND || (offset >= 0 && depth < 0))
            return 0;
        if (offset < 0)
            return -EBADMSG;

        for (; last_depth >= depth; last_depth--)
            parent = index->nodes[parent].parent;
        last_depth = depth;
        current = index->nr_nodes++;
        *node = (struct fdt_node){
            .offset = offset,
            .parent = parent,
            .phandle = fdt_get_phandle(index->fdt, offset),
        };
    }
}

static int sort_phandles(struct fdt_index *index)
{
    struct phandle_entry *entries;
    int i, count = 0;

    entries = calloc((size_t)index->nr_nodes + 1, sizeof(*entries));
    if (!entries)
        return -ENOMEM;

    for (i = 0; i < index->nr_nodes; i++) {
        uint32_t phandle = index->nodes[i].phandle;

        if (phandle && phandle != UINT32_MAX)
            entries[count++] = (struct phandle_entry){ phandle, i };
    }
    qsort(entries, (size_t)count, sizeof(*entries), compare_entries);
    for (i = 0; i < count; i++)
        index->by_phandle[i] = entries[i].node;
    index->nr_phandles = count;

    free(entries);
    return 0;
}

int fdt_index_build(const void *fdt, struct fdt_index *ret_index)
{
    struct fdt_index index = { .fdt = fdt };
    size_t count = (size_t)count_nodes(fdt) + 1;
    int rc = -ENOMEM;

    index.nodes = calloc(count, sizeof(*index.nodes));
    index.by_phandle = calloc(count, sizeof(*index.by_phandle));
    if (index.nodes && index.by_phandle)
        rc = list_nodes(&index);
    if (!rc)
        rc = sort_phandles(&index);

    if (rc)
        fdt_index_done(&index);
    else
        *ret_index = index;
    return rc;
}

void fdt_index_done(struct fdt_index *index)
{
    free(index->nodes);
    free(index->by_phandle);
    *index = (struct fdt_index){ 0 };
}

int fdt_index_find(const struct fdt_index *index, uint32_t phandle)
{
    int low = 0, high = index->nr_phandles;

    /* The first of equals, as libfdt does: a broken tree may repeat one. */
    while (low < high) {
        int middle = low + (high - low) / 2;

        if (index->nodes[index->by_phandle[middle]].phandle < phandle)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == index->nr_phandles ||
        index->nodes[index->by_phandle[low]].phandle != phandle)
        return -ENOENT;
    return index->by_phandle[low];
}

void fdt_refs_start(const struct fdt_index *index, int node,
                    const char *property, struct fdt_refs *refs)
{
    int len = 0;
    const void *value;

    value = fdt_getprop(index->fdt, index->nodes[node].offset, property, &len);
    *refs = (struct fdt_refs){
        .cells = value,
        .nr_cells = value ? len / (int)sizeof(fdt32_t) : 0,
        .position = -1,
    };
}

int fdt_refs_next(const struct fdt_index *index, struct fdt_refs *refs,
                  const char *cells_property, struct fdt_ref *ret_ref)
{
    struct fdt_ref ref = { .node = -1 };
    const fdt32_t *value;
    uint32_t phandle, nr_args;
    int len;

    if (!refs->nr_cells)
        return 0;

    refs->position++;
    phandle = fdt32_ld(refs->cells);
    /* Both are customary for "nothing at this position". */
    if (phandle && phandle != UINT32_MAX) {
        ref.node = fdt_index_find(index, phandle);
        if (ref.node < 0)
            return -ENOENT;

        value = fdt_getprop(index->fdt, index->nodes[ref.node].offset,
                            cells_property, &len);
        if (!value || len != sizeof(*value))
            return -EINVAL;
        nr_args = fdt32_ld(value);
        if (nr_args > (uint32_t)refs->nr_cells - 1)
            return -EBADMSG;
        ref.args = refs->cells + 1;
        ref.nr_args = (int)nr_args;
    }

    refs->cells += 1 + ref.nr_args;
    refs->nr_cells -= 1 + ref.nr_args;
    *ret_ref = ref;
    return 1;
}
