/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An index of the nodes and properties of a flattened device tree. It is built
 * with libfdt, in time proportional to the size of the tree even if the tree is
 * hostile, and what is in it needs no further check.
 *
 * libfdt itself finds a parent, a phandle or a path by scanning the whole tree.
 */

#ifndef SCMI_MED_LIB_DT_INDEX_H
#define SCMI_MED_LIB_DT_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/reason.h"

/* Nesting of nodes, and arguments of a reference: Linux has the same limits. */
#define DT_MAX_DEPTH    64
#define DT_MAX_ARGS     16

/* Properties with the number of arguments of references to the node. */
enum dt_cells {
    DT_CELLS_CLOCK,
    DT_CELLS_POWER_DOMAIN,
    DT_CELLS_PERFORMANCE_DOMAIN,
    DT_CELLS_RESET,
    DT_CELLS_THERMAL_SENSOR,
    DT_CELLS_IO_CHANNEL,
    DT_CELLS_ACCESS_CONTROLLER,
    DT_CELLS_MBOX,
    DT_NR_CELLS,
};

/* Instead of a number of arguments. */
#define DT_CELLS_ABSENT (-1)
#define DT_CELLS_BAD    (-2)

struct dt_prop {
    const char *name;
    const unsigned char *value;
    uint32_t len;
};

struct dt_node {
    const char *name;           /* with unit address; "" for the root */
    int parent;                 /* index, -1 for the root */
    int end;                    /* index of the node behind its subtree */
    int first_prop;
    int nr_props;
    uint32_t phandle;           /* 0: none */
    bool disabled;              /* by its own or an ancestor's "status" */
    int8_t cells[DT_NR_CELLS];
};

struct dt_index {
    struct dt_node *nodes;      /* in the order of the tree; 0 is the root */
    int nr_nodes;
    struct dt_prop *props;
    int nr_props;
    int *by_phandle;            /* indices of nodes, sorted by phandle */
    int nr_phandles;
};

/*
 * The index points into the tree, which must be aligned to 8 bytes. Returns 0,
 * -EBADMSG with the reason, or -ENOMEM.
 */
int dt_index_build(const void *fdt, size_t size, struct dt_index *ret_index,
                   struct reason *why);
void dt_index_done(struct dt_index *index);

/* Size of the tree that starts here; 0 if there is no tree. */
size_t dt_blob_size(const void *fdt, size_t size);

/* The first node with this phandle; -ENOENT. */
int dt_index_find(const struct dt_index *index, uint32_t phandle);

/*
 * The child of this name, or else the first one that has it before its unit
 * address; -ENOENT.
 */
int dt_index_child(const struct dt_index *index, int node, const char *name,
                   size_t name_len);

/* The node with this absolute path; -ENOENT. */
int dt_index_path(const struct dt_index *index, const char *path);

/* The node with this path relative to another node; -ENOENT. */
int dt_index_below(const struct dt_index *index, int node, const char *path);

/* Writes the node's full path; -ENAMETOOLONG. */
int dt_index_get_path(const struct dt_index *index, int node, char *ret_path,
                      size_t size);

/* The first property of that name, or NULL. */
const struct dt_prop *dt_index_prop(const struct dt_index *index, int node,
                                    const char *name);

/* Reads a property of exactly one cell. */
bool dt_index_u32(const struct dt_index *index, int node, const char *name,
                  uint32_t *ret_value);

/* Whether the property, a list of strings, contains the string. */
bool dt_index_has_string(const struct dt_index *index, int node,
                         const char *name, const char *string);

/* A cell of a value, in the CPU's byte order. */
uint32_t dt_cell(const unsigned char *bytes);

#endif
