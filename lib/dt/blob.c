/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Builds the index of a flattened device tree, which may be hostile: see index.h.
 *
 * The walk goes from tag to tag with fdt_next_tag(), which stays inside the
 * structure block, because libfdt's functions for well-formed trees are not
 * safe here. In 1.6.1 (Debian 12), fdt_check_full() never returns if the length
 * of a property is -12: the sum overflows, and the next tag is the same one.
 * All versions look for the end of a property's name wherever it is, so that a
 * tree of 2 MB whose properties share a name of 1 MB takes seconds.
 */

#include "lib/dt/index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

/* Trees of older versions have not been made since 2005. */
#define OLDEST_VERSION  16

/* The specification allows 31 characters; some trees have longer names. */
#define MAX_NAME        256

/* A node or a property takes up at least this much of the structure block. */
#define MIN_SIZE        12

struct walk {
    const void *fdt;
    int offset;                 /* of the tag, in the structure block */
    struct dt_index *index;
    struct reason *why;
};

static const struct {
    const char *name;
    enum dt_cells cells;
} cells_names[] = {
    { "#clock-cells", DT_CELLS_CLOCK },
    { "#power-domain-cells", DT_CELLS_POWER_DOMAIN },
    { "#performance-domain-cells", DT_CELLS_PERFORMANCE_DOMAIN },
    { "#reset-cells", DT_CELLS_RESET },
    { "#thermal-sensor-cells", DT_CELLS_THERMAL_SENSOR },
    { "#io-channel-cells", DT_CELLS_IO_CHANNEL },
    { "#access-controller-cells", DT_CELLS_ACCESS_CONTROLLER },
    { "#mbox-cells", DT_CELLS_MBOX },
};

size_t dt_blob_size(const void *fdt, size_t size)
{
    return size >= sizeof(struct fdt_header) &&
           fdt_magic(fdt) == FDT_MAGIC &&
           fdt_totalsize(fdt) <= size ? fdt_totalsize(fdt) : 0;
}

static int bad(struct reason *why, const char *what, uint32_t at)
{
    return reason_set(why, -EBADMSG, "it is no valid flattened device tree: "
                      "%s, at byte %u", what, at);
}

static int bad_tag(const struct walk *walk, const char *what)
{
    return bad(walk->why, what,
               fdt_off_dt_struct(walk->fdt) + (uint32_t)walk->offset);
}

static int check_header(const void *fdt, size_t size, struct reason *why)
{
    if (size < sizeof(struct fdt_header))
        return bad(why, "it is shorter than a header", 0);
    if (fdt_magic(fdt) != FDT_MAGIC)
        return bad(why, "it does not start with the magic number", 0);
    if (fdt_totalsize(fdt) > size)
        return bad(why, "it is cut off, or its size is wrong", 4);
    if (fdt_version(fdt) < OLDEST_VERSION ||
        fdt_last_comp_version(fdt) > FDT_LAST_SUPPORTED_VERSION)
        return bad(why, "its version is not 16 or 17 (dtc -I dtb -O dtb "
                   "converts old ones)", 20);
    if (fdt_check_header(fdt) || fdt_off_dt_struct(fdt) % FDT_TAGSIZE)
        return bad(why, "its header is malformed", 0);
    return 0;
}

/* Whether plain text of a sensible length ends within this room. */
static bool is_name(const char *name, uint32_t room)
{
    uint32_t i;

    for (i = 0; i < room && i < MAX_NAME; i++) {
        if (!name[i])
            return true;
        if (name[i] <= ' ' || name[i] > '~')
            return false;
    }
    return false;
}

static int add_node(const struct walk *walk, int parent)
{
    struct dt_node *node = &walk->index->nodes[walk->index->nr_nodes];
    int len;
    const char *name = fdt_get_name(walk->fdt, walk->offset, &len);

    if (!name || !is_name(name, (uint32_t)len + 1))
        return bad_tag(walk, "a node's name is too long, or not plain text");
    if ((parent < 0) != !len || strchr(name, '/'))
        return bad_tag(walk, "a node has an impossible name");
    *node = (struct dt_node){
        .name = name,
        .parent = parent,
        .first_prop = walk->index->nr_props,
    };
    walk->index->nr_nodes++;
    return 0;
}

static int add_prop(const struct walk *walk, int node)
{
    const struct fdt_property *prop =
        fdt_offset_ptr(walk->fdt, walk->offset, sizeof(*prop));
    uint32_t room = fdt_size_dt_strings(walk->fdt), at;
    const char *name;

    /* fdt_next_tag() does not notice that a length overflows. */
    if (!prop || fdt32_ld(&prop->len) > fdt_totalsize(walk->fdt))
        return bad_tag(walk, "a property is longer than the tree");
    at = fdt32_ld(&prop->nameoff);
    name = (const char *)walk->fdt + fdt_off_dt_strings(walk->fdt) + at;
    if (at >= room || !is_name(name, room - at))
        return bad_tag(walk, "a property's name is outside, too long, or not "
                       "plain text");
    walk->index->props[walk->index->nr_props++] = (struct dt_prop){
        .name = name,
        .value = (const unsigned char *)prop->data,
        .len = fdt32_ld(&prop->len),
    };
    walk->index->nodes[node].nr_props++;
    return 0;
}

static int walk_tags(struct walk *walk)
{
    int open[DT_MAX_DEPTH], depth = 0, next = 0, rc = 0;
    struct dt_index *index = walk->index;
    bool may_have_props = false;

    for (; !rc; walk->offset = next) {
        switch (fdt_next_tag(walk->fdt, walk->offset, &next)) {
        case FDT_BEGIN_NODE:
            if (depth == DT_MAX_DEPTH)
                return bad_tag(walk, "nodes are nested too deep");
            if (!depth && index->nr_nodes)
                return bad_tag(walk, "it has a second root");
            open[depth] = index->nr_nodes;
            rc = add_node(walk, depth ? open[depth - 1] : -1);
            may_have_props = true;
            depth++;
            break;
        case FDT_END_NODE:
            if (!depth--)
                return bad_tag(walk, "a node ends that never began");
            index->nodes[open[depth]].end = index->nr_nodes;
            may_have_props = false;
            break;
        case FDT_PROP:
            if (!may_have_props)
                return bad_tag(walk, "a property is not at the start of a "
                               "node");
            rc = add_prop(walk, open[depth - 1]);
            break;
        case FDT_NOP:
            break;
        default:
            /* libfdt returns FDT_END for all that it cannot read, too. */
            if (next < 0)
                return bad_tag(walk, "it is cut off, or there is an unknown "
                               "tag");
            if (depth || !index->nr_nodes)
                return bad_tag(walk, "it ends inside of a node, or has none");
            return 0;
        }
    }
    return rc;
}

/* UINT32_MAX unless the property is one cell. */
static uint32_t one_cell(const struct dt_prop *prop)
{
    return prop && prop->len == 4 ? dt_cell(prop->value) : UINT32_MAX;
}

static bool is_okay(const struct dt_prop *status)
{
    return !status ||
           (status->len == 5 && !memcmp(status->value, "okay", 5)) ||
           (status->len == 3 && !memcmp(status->value, "ok", 3));
}

/* Caches what is looked up in a node for each reference to it. */
static void cache_props(struct dt_index *index, int n)
{
    struct dt_node *node = &index->nodes[n];
    const struct dt_prop *prop = dt_index_prop(index, n, "phandle");
    uint32_t value;
    size_t i;

    if (!prop)
        prop = dt_index_prop(index, n, "linux,phandle");
    value = one_cell(prop);
    node->phandle = value != UINT32_MAX ? value : 0;
    node->disabled = !is_okay(dt_index_prop(index, n, "status")) ||
                     (node->parent >= 0 &&
                      index->nodes[node->parent].disabled);
    for (i = 0; i < sizeof(cells_names) / sizeof(cells_names[0]); i++) {
        prop = dt_index_prop(index, n, cells_names[i].name);
        value = one_cell(prop);
        node->cells[cells_names[i].cells] =
            (int8_t)(!prop ? DT_CELLS_ABSENT :
                     value > DT_MAX_ARGS ? DT_CELLS_BAD : (int)value);
    }
}

/* Fills the nodes and properties. After a failure the index may hold memory. */
static int fill(const void *fdt, size_t size, struct dt_index *index,
                struct reason *why)
{
    struct walk walk = { .fdt = fdt, .index = index, .why = why };
    int n, rc = check_header(fdt, size, why);
    size_t max;

    if (rc)
        return rc;

    max = fdt_totalsize(fdt) / MIN_SIZE;
    index->nodes = calloc(max, sizeof(*index->nodes));
    index->props = calloc(max, sizeof(*index->props));
    if (!index->nodes || !index->props)
        return reason_set(why, -ENOMEM, "out of memory");
    rc = walk_tags(&walk);
    for (n = 0; !rc && n < index->nr_nodes; n++)
        cache_props(index, n);
    return rc;
}

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

static int sort_phandles(struct dt_index *index)
{
    struct phandle_entry *entries;
    int i, count = 0;

    /* walk_tags() has found a root at least; clang-tidy does not know. */
    if (index->nr_nodes < 1)
        return 0;
    entries = calloc((size_t)index->nr_nodes, sizeof(*entries));
    index->by_phandle = calloc((size_t)index->nr_nodes,
                               sizeof(*index->by_phandle));
    if (!entries || !index->by_phandle) {
        free(entries);
        return -ENOMEM;
    }

    for (i = 0; i < index->nr_nodes; i++)
        if (index->nodes[i].phandle)
            entries[count++] = (struct phandle_entry){
                index->nodes[i].phandle, i,
            };
    qsort(entries, (size_t)count, sizeof(*entries), compare_entries);
    for (i = 0; i < count; i++)
        index->by_phandle[i] = entries[i].node;
    index->nr_phandles = count;

    free(entries);
    return 0;
}

int dt_index_build(const void *fdt, size_t size, struct dt_index *ret_index,
                   struct reason *why)
{
    struct dt_index index = { 0 };
    int rc;

    rc = fill(fdt, size, &index, why);
    if (!rc && sort_phandles(&index))
        rc = reason_set(why, -ENOMEM, "out of memory");

    if (rc)
        dt_index_done(&index);
    else
        *ret_index = index;
    return rc;
}
