/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All nodes and properties of a flattened device tree, checked and indexed in
 * one pass whose cost is bounded by the tree's size, whatever is in it.
 *
 * It stands in for libfdt's read functions, for two reasons: those look for a
 * parent, phandle or path by scanning the whole tree, and they trust the tree
 * to be well-formed, or to have passed a check that the older ones of them do
 * not do in full. What is in the index needs no further check.
 */

#ifndef SCMI_MED_LIB_DT_INDEX_H
#define SCMI_MED_LIB_DT_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/reason.h"

/* Deeper nesting is taken for garbage; kernels do the same. */
#define DT_MAX_DEPTH   64

/* Arguments of one reference, at most; kernels have the same limit. */
#define DT_MAX_ARGS    16

/* Properties that say how many arguments a reference to the node takes. */
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

/* In place of a number of arguments. */
#define DT_CELLS_ABSENT    (-1)
#define DT_CELLS_BAD       (-2)

struct dt_prop {
    const char *name;
    const unsigned char *value;
    uint32_t len;
};

struct dt_node {
    const char *name;           /* with unit address; "" for the root */
    int parent;                 /* index, -1 for the root */
    int end;                    /* index of what follows its subtree */
    int first_prop;
    int nr_props;
    uint32_t phandle;           /* 0: none */
    bool disabled;              /* by its "status", or that of one above */
    uint8_t seen;               /* only for dt_blob_walk() */
    int8_t cells[DT_NR_CELLS];
};

struct dt_index {
    struct dt_node *nodes;     /* in the order of the tree; 0 is the root */
    int nr_nodes;
    struct dt_prop *props;
    int nr_props;
    int *by_phandle;            /* indices of nodes, by rising phandle */
    int nr_phandles;
};

/*
 * The index points into the tree. -EBADMSG: it is not valid, and why says what
 * is wrong and where; -ENOMEM.
 */
int dt_index_build(const void *fdt, size_t size, struct dt_index *ret_index,
                   struct reason *why);
void dt_index_done(struct dt_index *index);

/* Size of the tree that starts here; 0 if there is no tree. */
size_t dt_blob_size(const void *fdt, size_t size);

/* Index of the first node with this phandle; -ENOENT. */
int dt_index_find(const struct dt_index *index, uint32_t phandle);

/*
 * Child of this name, or else the first that has it before its unit address;
 * -ENOENT.
 */
int dt_index_child(const struct dt_index *index, int node, const char *name,
                   size_t name_len);

/* Node with this absolute path; -ENOENT. */
int dt_index_path(const struct dt_index *index, const char *path);

/* Node with this path from another node; -ENOENT. */
int dt_index_below(const struct dt_index *index, int node, const char *path);

/* Writes the node's full path; -ENAMETOOLONG. */
int dt_index_get_path(const struct dt_index *index, int node, char *ret_path,
                      size_t size);

/* The property, the first if there are several of that name; NULL. */
const struct dt_prop *dt_index_prop(const struct dt_index *index, int node,
                                    const char *name);

/* Reads a property of just one cell. */
bool dt_index_u32(const struct dt_index *index, int node, const char *name,
                  uint32_t *ret_value);

/* Whether the string is in a property that is a list of strings. */
bool dt_index_has_string(const struct dt_index *index, int node,
                         const char *name, const char *string);

/* One cell of a value. */
uint32_t dt_cell(const unsigned char *bytes);

#endif
