/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All nodes of a flattened device tree with their parents and phandles, and
 * walking a property of references. Exists because libfdt looks for a parent
 * or a phandle by scanning the whole tree. Internal to the host tree reader.
 */

#ifndef SCMI_MED_FDT_INDEX_H
#define SCMI_MED_FDT_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include <libfdt.h>

struct fdt_node {
    int offset;
    int parent;                 /* index, -1 for the root */
    uint32_t phandle;           /* 0: none */
};

struct fdt_index {
    const void *fdt;
    struct fdt_node *nodes;     /* in the order of the tree */
    int nr_nodes;
    int *by_phandle;            /* indices, by rising phandle */
    int nr_phandles;
};

/* fdt must have passed fdt_check_full(). Returns 0, -ENOMEM or -EBADMSG. */
int fdt_index_build(const void *fdt, struct fdt_index *ret_index);
void fdt_index_done(struct fdt_index *index);

/* Index of the node with this phandle; -ENOENT. */
int fdt_index_find(const struct fdt_index *index, uint32_t phandle);

/* A property of <phandle arguments...> entries. */
struct fdt_refs {
    const fdt32_t *cells;       /* not yet walked */
    int nr_cells;
    int position;               /* of the entry last returned */
};

struct fdt_ref {
    int node;                   /* index, -1 for an empty entry */
    const fdt32_t *args;
    int nr_args;
};

/* An absent property has no entries. */
void fdt_refs_start(const struct fdt_index *index, int node,
                    const char *property, struct fdt_refs *refs);

/*
 * The next entry: 1, or 0 at the end, -EBADMSG if the property is not made of
 * whole entries, -ENOENT if the phandle is nobody's, -EINVAL if its node lacks
 * the property that says how many arguments it takes. After an error, refs
 * still holds what was left to walk.
 */
int fdt_refs_next(const struct fdt_index *index, struct fdt_refs *refs,
                  const char *cells_property, struct fdt_ref *ret_ref);

#endif
