/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Iterators over properties that are lists of references or strings. */

#ifndef SCMI_MED_LIB_DT_REFS_H
#define SCMI_MED_LIB_DT_REFS_H

#include "lib/dt/index.h"

/* A property with entries of the form <phandle arguments...>. */
struct dt_refs {
    const unsigned char *cells; /* of the next entry */
    uint32_t nr_cells;          /* up to the end of the property */
    uint32_t rest;              /* bytes after the last whole cell */
};

struct dt_ref {
    int node;                   /* index; -1: the entry is empty */
    const unsigned char *args;
    uint32_t nr_args;
};

/* prop may be NULL: no entries. */
void dt_refs_start(const struct dt_prop *prop, struct dt_refs *refs);

/*
 * Returns 1 with the next entry; 0 at the end; -EBADMSG if an entry is not
 * complete; -ENOENT if no node has the phandle; -EINVAL if the node's number of
 * arguments is missing or invalid. After an error, refs still points to the
 * entry that failed.
 */
int dt_refs_next(const struct dt_index *index, struct dt_refs *refs,
                 enum dt_cells cells, struct dt_ref *ret_ref);

struct dt_strings {
    const char *at;
    uint32_t left;
};

void dt_strings_start(const struct dt_prop *prop,
                      struct dt_strings *strings);

/* The next string; NULL at the end, or if the last one has no NUL. */
const char *dt_strings_next(struct dt_strings *strings);

#endif
