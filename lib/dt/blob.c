/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one pass over a flattened device tree, see index.h. All that is read
 * here may be hostile: nothing is used before it is known to lie inside.
 * Chapter 5 of the Devicetree Specification describes the format.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/dt/private.h"

#define FDT_MAGIC       0xd00dfeed
#define FDT_BEGIN_NODE  1
#define FDT_END_NODE    2
#define FDT_PROP        3
#define FDT_NOP         4
#define FDT_END         9

/* Versions 16 and 17 differ in that only the latter's header ends in the size
   of the structure block. Older trees have not been made since 2005. */
#define OLDEST_VERSION  16
#define NEWEST_VERSION  17
#define HEADER_SIZE_16  36
#define HEADER_SIZE_17  40

/* Names may have 31 characters; some have more, but not so many. Without a limit
   a tree could have one name read over and over. */
#define MAX_NAME        256

/* Bits of struct dt_node's seen. */
#define SEEN_STATUS         1
#define SEEN_PHANDLE        2
#define SEEN_OLD_PHANDLE    4

struct blob {
    const unsigned char *bytes;
    uint32_t total;
    uint32_t at;                /* in the structure block, from its start */
    uint32_t structure, structure_size;
    uint32_t strings, strings_size;
    struct dt_index *index;    /* NULL while only counting */
    int nr_nodes, nr_props;
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

uint32_t dt_cell(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
           (uint32_t)bytes[2] << 8 | bytes[3];
}

size_t dt_blob_size(const void *fdt, size_t size)
{
    const unsigned char *bytes = fdt;

    return size >= HEADER_SIZE_16 && dt_cell(bytes) == FDT_MAGIC &&
           dt_cell(bytes + 4) <= size ? dt_cell(bytes + 4) : 0;
}

static int bad(const struct blob *blob, const char *what)
{
    return reason_set(blob->why, -EBADMSG, "it is no valid flattened device "
                      "tree: %s, at byte %u", what,
                      blob->structure + blob->at);
}

static int read_header(struct blob *blob, size_t size)
{
    const unsigned char *bytes = blob->bytes;
    uint32_t version;

    if (size < HEADER_SIZE_16)
        return bad(blob, "it is shorter than a header");
    if (dt_cell(bytes) != FDT_MAGIC)
        return bad(blob, "it does not start with the magic number");
    blob->total = dt_cell(bytes + 4);
    if (blob->total > size)
        return bad(blob, "it is cut off, or its size is wrong");
    version = dt_cell(bytes + 20);
    if (version < OLDEST_VERSION || dt_cell(bytes + 24) > NEWEST_VERSION)
        return bad(blob, "its version is not 16 or 17 (dtc -I dtb -O dtb "
                   "converts old ones)");
    if (blob->total < (version == 16 ? HEADER_SIZE_16 : HEADER_SIZE_17))
        return bad(blob, "its size is less than a header's");

    blob->structure = dt_cell(bytes + 8);
    blob->strings = dt_cell(bytes + 12);
    blob->strings_size = dt_cell(bytes + 32);
    if (blob->structure > blob->total || blob->structure % 4)
        return bad(blob, "its structure block is outside, or not aligned");
    blob->structure_size = version == 16 ? blob->total - blob->structure
                                         : dt_cell(bytes + 36);
    if (blob->structure_size > blob->total - blob->structure)
        return bad(blob, "its structure block ends outside");
    if (blob->strings > blob->total ||
        blob->strings_size > blob->total - blob->strings)
        return bad(blob, "its strings block is outside");
    return 0;
}

/* Takes len bytes, rounded up to whole cells; NULL if there are not so many. */
static const unsigned char *take(struct blob *blob, uint32_t len)
{
    uint32_t left = blob->structure_size - blob->at;
    const unsigned char *bytes;

    if (len > left)
        return NULL;
    bytes = blob->bytes + blob->structure + blob->at;
    len = len % 4 ? len + 4 - len % 4 : len;
    blob->at += len > left ? left : len;
    return bytes;
}

/* Length of a name that ends within this many bytes; else what is no length. */
static uint32_t name_length(const char *name, uint32_t left)
{
    uint32_t len = 0;

    for (; len < left && len < MAX_NAME && name[len]; len++)
        if (name[len] <= ' ' || name[len] > '~')
            return left;
    return len;
}

static int take_node(struct blob *blob, int parent)
{
    uint32_t left = blob->structure_size - blob->at;
    const char *name;
    uint32_t len;

    name = (const char *)blob->bytes + blob->structure + blob->at;
    len = name_length(name, left);
    if (len == left || len == MAX_NAME)
        return bad(blob, "a node's name has no end, or is no plain text");
    if ((parent < 0) != !len || memchr(name, '/', len))
        return bad(blob, "a node has an impossible name");
    take(blob, len + 1);
    if (blob->index) {
        struct dt_node *node = &blob->index->nodes[blob->nr_nodes];

        *node = (struct dt_node){
            .name = name,
            .parent = parent,
            .first_prop = blob->nr_props,
            .disabled = parent >= 0 && blob->index->nodes[parent].disabled,
        };
        memset(node->cells, DT_CELLS_ABSENT, sizeof(node->cells));
    }
    blob->nr_nodes++;
    return 0;
}

static bool is_okay(const struct dt_prop *status)
{
    return (status->len == 5 && !memcmp(status->value, "okay", 5)) ||
           (status->len == 3 && !memcmp(status->value, "ok", 3));
}

/* Of several properties of one name, the first counts: for all readers. */
static bool first_time(struct dt_node *node, uint8_t what)
{
    bool is_first = !(node->seen & what);

    node->seen |= what;
    return is_first;
}

/* Notes what is looked for in nodes that others refer to. */
static void note_prop(struct dt_node *node, const struct dt_prop *prop)
{
    uint32_t value = prop->len == 4 ? dt_cell(prop->value) : UINT32_MAX;
    size_t i;

    if (!strcmp(prop->name, "status")) {
        if (first_time(node, SEEN_STATUS))
            node->disabled |= !is_okay(prop);
    } else if (!strcmp(prop->name, "phandle")) {
        if (first_time(node, SEEN_PHANDLE))
            node->phandle = value != UINT32_MAX ? value : 0;
    } else if (!strcmp(prop->name, "linux,phandle")) {
        /* The older name counts only where the newer is not. */
        if (first_time(node, SEEN_OLD_PHANDLE) && !(node->seen & SEEN_PHANDLE))
            node->phandle = value != UINT32_MAX ? value : 0;
    }
    if (prop->name[0] != '#')
        return;
    for (i = 0; i < sizeof(cells_names) / sizeof(cells_names[0]); i++)
        if (!strcmp(prop->name, cells_names[i].name) &&
            node->cells[cells_names[i].cells] == DT_CELLS_ABSENT)
            node->cells[cells_names[i].cells] =
                (int8_t)(value <= DT_MAX_ARGS ? (int)value : DT_CELLS_BAD);
}

static int take_prop(struct blob *blob, int node)
{
    const unsigned char *head = take(blob, 8), *value;
    uint32_t name, len, name_len;
    struct dt_prop *prop;
    const char *text;

    if (!head)
        return bad(blob, "a property is cut off");
    len = dt_cell(head);
    name = dt_cell(head + 4);
    value = take(blob, len);
    if (!value)
        return bad(blob, "a property is longer than the tree");
    if (name >= blob->strings_size)
        return bad(blob, "a property's name is outside");
    text = (const char *)blob->bytes + blob->strings + name;
    name_len = name_length(text, blob->strings_size - name);
    if (name_len == blob->strings_size - name || name_len == MAX_NAME)
        return bad(blob, "a property's name has no end, or is no plain text");

    if (blob->index) {
        prop = &blob->index->props[blob->nr_props];
        *prop = (struct dt_prop){
            .name = text,
            .value = value,
            .len = len,
        };
        note_prop(&blob->index->nodes[node], prop);
        blob->index->nodes[node].nr_props++;
    }
    blob->nr_props++;
    return 0;
}

/* Walks the structure block, counting, or filling the index. */
static int walk(struct blob *blob)
{
    int open[DT_MAX_DEPTH], depth = 0, rc = 0;
    bool may_have_props = false;
    const unsigned char *token;

    blob->at = 0;
    blob->nr_nodes = blob->nr_props = 0;
    while (!rc && (token = take(blob, 4))) {
        switch (dt_cell(token)) {
        case FDT_BEGIN_NODE:
            if (depth == DT_MAX_DEPTH)
                return bad(blob, "nodes are nested too deep");
            if (!depth && blob->nr_nodes)
                return bad(blob, "it has a second root");
            open[depth] = blob->nr_nodes;
            rc = take_node(blob, depth ? open[depth - 1] : -1);
            may_have_props = true;
            depth++;
            break;
        case FDT_END_NODE:
            if (!depth--)
                return bad(blob, "a node ends that never began");
            if (blob->index)
                blob->index->nodes[open[depth]].end = blob->nr_nodes;
            may_have_props = false;
            break;
        case FDT_PROP:
            if (!may_have_props)
                return bad(blob, "a property is not at the start of a node");
            rc = take_prop(blob, open[depth - 1]);
            break;
        case FDT_NOP:
            break;
        case FDT_END:
            if (depth || !blob->nr_nodes)
                return bad(blob, "it ends inside of a node, or has none");
            return 0;
        default:
            return bad(blob, "there is an unknown token");
        }
    }
    return rc ? rc : bad(blob, "it has no end");
}

int dt_blob_walk(const void *fdt, size_t size, struct dt_index *index,
                 struct reason *why)
{
    struct blob blob = { .bytes = fdt, .why = why };
    int rc;

    rc = read_header(&blob, size);
    if (!rc)
        rc = walk(&blob);
    if (rc)
        return rc;

    index->nodes = calloc((size_t)blob.nr_nodes + 1, sizeof(*index->nodes));
    index->props = calloc((size_t)blob.nr_props + 1, sizeof(*index->props));
    if (!index->nodes || !index->props)
        return reason_set(why, -ENOMEM, "out of memory");
    blob.index = index;
    rc = walk(&blob);
    index->nr_nodes = blob.nr_nodes;
    index->nr_props = blob.nr_props;
    return rc;
}
