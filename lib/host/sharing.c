/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices that use the same resource, see sharing.h. */

#include "lib/host/sharing.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/host/reader.h"

static int compare_numbers(uint64_t x, uint64_t y)
{
    return x < y ? -1 : x > y;
}

int host_resource_compare(const struct host_resource *x,
                          const struct host_resource *y)
{
    int order = compare_numbers(x->instance, y->instance);

    if (!order)
        order = compare_numbers(x->protocol_id, y->protocol_id);
    if (!order)
        order = compare_numbers(x->has_id, y->has_id);
    if (!order)
        order = x->has_id ? compare_numbers(x->resource_id, y->resource_id)
                          : strcmp(x->target, y->target);
    return order;
}

const char *host_protocol_name(uint32_t protocol_id)
{
    static const char *const names[] = {
        [0x11] = "power domain", [0x13] = "performance domain",
        [0x14] = "clock", [0x15] = "sensor", [0x16] = "reset",
        [0x17] = "voltage domain", [0x19] = "pin",
    };

    return protocol_id < sizeof(names) / sizeof(names[0]) ? names[protocol_id]
                                                          : NULL;
}

void host_resource_describe(const struct host_resource *resource, char *text,
                            size_t size)
{
    const char *name = host_protocol_name(resource->protocol_id);

    if (!resource->has_id)
        snprintf(text, size, "state \"%.64s\" of pins", resource->target);
    else if (name)
        snprintf(text, size, "%s %" PRIu32, name, resource->resource_id);
    else
        snprintf(text, size, "resource %" PRIu32 " of protocol 0x%" PRIx32,
                 resource->resource_id, resource->protocol_id);
}

/* ---- The index ---------------------------------------------------------- */

static const struct host_resource *resource_of(const struct host_tree *tree,
                                               const struct host_use *use)
{
    return &tree->devices[use->device].resources[use->resource];
}

static int compare_uses(const void *a, const void *b, void *context)
{
    const struct host_use *x = a, *y = b;
    const struct host_tree *tree = context;
    int order = host_resource_compare(resource_of(tree, x),
                                      resource_of(tree, y));

    if (!order)
        order = compare_numbers(x->device, y->device);
    return order ? order : compare_numbers(x->resource, y->resource);
}

int host_sharing_index(struct host_tree *tree)
{
    size_t i, k, nr = 0;

    for (i = 0; i < tree->nr_devices; i++)
        nr += tree->devices[i].nr_resources;
    tree->uses = calloc(nr + 1, sizeof(*tree->uses));
    if (!tree->uses)
        return -ENOMEM;
    for (i = 0; i < tree->nr_devices; i++)
        for (k = 0; k < tree->devices[i].nr_resources; k++)
            tree->uses[tree->nr_uses++] = (struct host_use){ i, k };
    qsort_r(tree->uses, tree->nr_uses, sizeof(*tree->uses), compare_uses,
            tree);
    return 0;
}

/* The number of uses that sort before the resource, or with it. */
static size_t count_before(const struct host_tree *tree,
                           const struct host_resource *resource,
                           bool inclusive)
{
    size_t low = 0, high = tree->nr_uses;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = host_resource_compare(resource_of(tree,
                                                      &tree->uses[middle]),
                                          resource);

        if (order < 0 || (!order && inclusive))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct host_use *host_sharing_find(const struct host_tree *tree,
                                         const struct host_resource *resource,
                                         size_t *ret_nr)
{
    size_t first = count_before(tree, resource, false);

    *ret_nr = count_before(tree, resource, true) - first;
    return tree->uses + first;
}
