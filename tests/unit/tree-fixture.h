/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A host tree to be changed with libfdt and read: tests/boards/trees/
 * everything.dts, or one made from nothing.
 */

#ifndef SCMI_MED_TESTS_UNIT_TREE_FIXTURE_H
#define SCMI_MED_TESTS_UNIT_TREE_FIXTURE_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libfdt.h>

#include "lib/host/tree.h"

#define ROOM 65536

static _Alignas(8) char fdt[ROOM];
static struct host_tree tree;
static struct reason why;

static inline int load_everything(void **state)
{
    static char file[ROOM];
    FILE *f = fopen(EVERYTHING_DTB, "rb");

    (void)state;
    assert_non_null(f);
    assert_true(fread(file, 1, sizeof(file), f) > 0);
    fclose(f);
    assert_int_equal(fdt_open_into(file, fdt, ROOM), 0);
    return 0;
}

static inline int drop_tree(void **state)
{
    (void)state;
    host_tree_done(&tree);
    return 0;
}

static inline int node_at(const char *path)
{
    int offset = fdt_path_offset(fdt, path);

    if (offset < 0)
        print_error("no node %s\n", path);
    assert_true(offset >= 0);
    return offset;
}

static inline void add_node(const char *path, const char *name)
{
    assert_true(fdt_add_subnode(fdt, node_at(path), name) >= 0);
}

static inline void delete_node(const char *path)
{
    assert_int_equal(fdt_del_node(fdt, node_at(path)), 0);
}

static inline void set(const char *path, const char *property,
                       const void *value, int len)
{
    assert_int_equal(fdt_setprop(fdt, node_at(path), property, value, len), 0);
}

static inline void set_string(const char *path, const char *property,
                              const char *value)
{
    set(path, property, value, (int)strlen(value) + 1);
}

static inline void unset(const char *path, const char *property)
{
    assert_int_equal(fdt_delprop(fdt, node_at(path), property), 0);
}

/* Sets a property of nr cells, which are of type uint32_t or int. */
static inline void set_cells(const char *path, const char *property, int nr,
                             ...)
{
    fdt32_t cells[64];
    va_list args;
    int i;

    va_start(args, nr);
    for (i = 0; i < nr; i++)
        cells[i] = cpu_to_fdt32(va_arg(args, uint32_t));
    va_end(args);
    set(path, property, cells, nr * (int)sizeof(*cells));
}

/* A phandle of the node, which must have one. */
static inline uint32_t phandle_of(const char *path)
{
    uint32_t phandle = fdt_get_phandle(fdt, node_at(path));

    assert_true(phandle);
    return phandle;
}

static inline int parse(void)
{
    host_tree_done(&tree);
    return host_tree_parse(fdt, ROOM, &tree, &why);
}

/* The device, after reading the tree again; NULL if it is none. */
static inline const struct host_device *device_at(const char *path)
{
    assert_int_equal(parse(), 0);
    return host_tree_find(&tree, path);
}

#endif
