/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The index of device ids, see ids.h. */

#include "lib/host/ids.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/host/reader.h"

static int compare_ids(const void *a, const void *b)
{
    const struct host_id *x = a, *y = b;

    if (x->device_id != y->device_id)
        return x->device_id < y->device_id ? -1 : 1;
    return x->device < y->device ? -1 : x->device > y->device;
}

int host_ids_index(struct host_tree *tree)
{
    size_t i, k, nr = 0;

    for (i = 0; i < tree->nr_devices; i++)
        nr += tree->devices[i].nr_device_ids;
    tree->ids = calloc(nr + 1, sizeof(*tree->ids));
    tree->dom0_devices = calloc(tree->nr_devices + 1,
                                sizeof(*tree->dom0_devices));
    if (!tree->ids || !tree->dom0_devices)
        return -ENOMEM;
    for (i = 0; i < tree->nr_devices; i++) {
        const struct host_device *device = &tree->devices[i];

        for (k = 0; k < device->nr_device_ids; k++)
            tree->ids[tree->nr_ids++] =
                (struct host_id){ device->device_ids[k], i };
        if (device->nr_device_ids && host_device_belongs_to_dom0(device))
            tree->dom0_devices[tree->nr_dom0_devices++] = i;
    }
    qsort(tree->ids, tree->nr_ids, sizeof(*tree->ids), compare_ids);
    return 0;
}

/* The number of entries with a smaller id. */
static size_t count_below(const struct host_tree *tree, uint64_t device_id)
{
    size_t low = 0, high = tree->nr_ids;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (tree->ids[middle].device_id < device_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct host_id *host_ids_find(const struct host_tree *tree,
                                    uint32_t device_id, size_t *ret_nr)
{
    size_t first = count_below(tree, device_id);

    *ret_nr = count_below(tree, (uint64_t)device_id + 1) - first;
    return tree->ids + first;
}
