/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Xen's device tree functions, over the blob that dtc made of the board's tree. */

#include "world.h"

#include <libfdt.h>

#define BLOB_SIZE 65536
#define MAX_NODES 256

void *tree_blob;
struct dt_device_node *dt_host;
static struct dt_device_node nodes[MAX_NODES];
static char names[MAX_NODES][256];
static unsigned int nr_nodes;

/* Xen unflattens once; here it is done anew after each change of the blob. */
static void unflatten(void)
{
    int offset, depth = 0, parent;

    nr_nodes = 0;
    for (offset = 0; offset >= 0 && depth >= 0; offset = fdt_next_node(tree_blob, offset, &depth)) {
        struct dt_device_node *np = &nodes[nr_nodes];
        unsigned int i;

        assert_true(nr_nodes < MAX_NODES);
        assert_int_equal(fdt_get_path(tree_blob, offset, names[nr_nodes], sizeof(names[0])), 0);
        *np = (struct dt_device_node){ .full_name = names[nr_nodes], .offset = offset };
        parent = fdt_parent_offset(tree_blob, offset);
        for (i = 0; i < nr_nodes; i++)
            if (nodes[i].offset == parent)
                np->parent = &nodes[i];
        if (nr_nodes)
            nodes[nr_nodes - 1].allnext = np;
        nr_nodes++;
    }
    dt_host = nodes;
}

void tree_load(void)
{
    FILE *f = fopen(TREE_FILE, "rb");
    static char file[BLOB_SIZE];

    assert_non_null(f);
    assert_true(fread(file, 1, sizeof(file), f) > 0);
    fclose(f);
    if (!tree_blob)
        tree_blob = malloc(BLOB_SIZE);
    assert_int_equal(fdt_open_into(file, tree_blob, BLOB_SIZE), 0);
    unflatten();
}

void tree_changed(void)
{
    unflatten();
}

void tree_free(void)
{
    free(tree_blob);
    tree_blob = NULL;
}

int tree_node(const char *path)
{
    int offset = fdt_path_offset(tree_blob, path);

    assert_true(offset >= 0);
    return offset;
}

void tree_set_cells(const char *path, const char *property, size_t n, const uint32_t *cells)
{
    uint32_t value[1024];
    size_t i;

    for (i = 0; i < n; i++)
        value[i] = __builtin_bswap32(cells[i]);
    assert_int_equal(fdt_setprop(tree_blob, tree_node(path), property, value, n * 4), 0);
    unflatten();
}

void tree_add(const char *path)
{
    assert_true(fdt_add_subnode(tree_blob, 0, path + 1) >= 0);
    unflatten();
}

void tree_set_string(const char *path, const char *property, const char *value)
{
    assert_int_equal(fdt_setprop_string(tree_blob, tree_node(path), property, value), 0);
    unflatten();
}

void tree_delete(const char *path, const char *property)
{
    if (property)
        assert_int_equal(fdt_delprop(tree_blob, tree_node(path), property), 0);
    else
        assert_int_equal(fdt_del_node(tree_blob, tree_node(path)), 0);
    unflatten();
}

struct dt_device_node *tree_child(const struct dt_device_node *parent,
                                  const struct dt_device_node *after)
{
    struct dt_device_node *np = after ? after->allnext : nodes;

    while (np && np->parent != parent)
        np = np->allnext;
    return np;
}

const void *dt_get_property(const struct dt_device_node *np, const char *name, uint32_t *len)
{
    int l;
    const void *value = fdt_getprop(tree_blob, np->offset, name, &l);

    if (value && len)
        *len = l;
    return value;
}

bool dt_property_read_u32(const struct dt_device_node *np, const char *name, uint32_t *value)
{
    uint32_t len;
    const uint32_t *v = dt_get_property(np, name, &len);

    if (!v || len < sizeof(*v))
        return false;
    *value = be32_to_cpu(*v);
    return true;
}

bool dt_device_is_compatible(const struct dt_device_node *np, const char *compatible)
{
    return !fdt_node_check_compatible(tree_blob, np->offset, compatible);
}

const struct dt_device_match *dt_match_node(const struct dt_device_match *matches,
                                            const struct dt_device_node *np)
{
    for (; matches->compatible; matches++)
        if (dt_device_is_compatible(np, matches->compatible))
            return matches;
    return NULL;
}

struct dt_device_node *dt_find_compatible_node(void *from, const char *type, const char *compatible)
{
    struct dt_device_node *np;

    assert_null(from);
    assert_null(type);
    dt_for_each_device_node(dt_host, np)
        if (dt_device_is_compatible(np, compatible))
            return np;
    return NULL;
}

struct dt_device_node *dt_find_node_by_phandle(dt_phandle phandle)
{
    struct dt_device_node *np;

    dt_for_each_device_node(dt_host, np)
        if (phandle && fdt_get_phandle(tree_blob, np->offset) == phandle)
            return np;
    return NULL;
}

/* The board's nodes all have two cells of each, and no translation. */
int dt_device_get_address(const struct dt_device_node *np, unsigned int index, u64 *addr, u64 *size)
{
    uint32_t len;
    const uint32_t *reg = dt_get_property(np, "reg", &len);

    if (!reg || len < 16 * (index + 1))
        return -EINVAL;
    reg += 4 * index;
    *addr = (u64)be32_to_cpu(reg[0]) << 32 | be32_to_cpu(reg[1]);
    *size = (u64)be32_to_cpu(reg[2]) << 32 | be32_to_cpu(reg[3]);
    return 0;
}

bool dt_device_type_is_equal(const struct dt_device_node *np, const char *type)
{
    const char *value = dt_get_property(np, "device_type", NULL);

    return value && !strcmp(value, type);
}

bool dt_device_for_passthrough(const struct dt_device_node *np)
{
    return dt_get_property(np, "xen,passthrough", NULL);
}

int dt_parse_phandle_with_args(const struct dt_device_node *np, const char *list,
                               const char *cells, unsigned int index,
                               struct dt_phandle_args *args)
{
    uint32_t len, n, at, i;
    const uint32_t *value = dt_get_property(np, list, &len);

    for (at = 0; value && at < len / 4; at += 1 + n, index--) {
        args->np = dt_find_node_by_phandle(be32_to_cpu(value[at]));
        if (!args->np || !dt_property_read_u32(args->np, cells, &n) || n > 16 || at + n >= len / 4)
            return -EINVAL;
        args->args_count = n;
        for (i = 0; i < n; i++)
            args->args[i] = be32_to_cpu(value[at + 1 + i]);
        if (!index)
            return 0;
    }
    return -ENOENT;
}
