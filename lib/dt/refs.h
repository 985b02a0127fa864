/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walking properties that are lists: of references, of strings. */

#ifndef SCMI_MED_LIB_DT_REFS_H
#define SCMI_MED_LIB_DT_REFS_H

#include "lib/dt/index.h"

/* A property of <phandle arguments...> entries. */
struct dt_refs {
    const unsigned char *cells; /* not yet walked */
    uint32_t nr_cells;
    uint32_t rest;              /* bytes behind the last whole cell */
};

struct dt_ref {
    int node;                   /* index, -1 for an empty entry */
    const unsigned char *args;
    uint32_t nr_args;
};

/* An absent property (NULL) has no entries. */
void dt_refs_start(const struct dt_prop *prop, struct dt_refs *refs);

/*
 * The next entry: 1, or 0 at the end, -EBADMSG if the property is not made of
 * whole entries, -ENOENT if the phandle is nobody's, -EINVAL if its node does
 * not say, or not well, how many arguments it takes. After an error, refs still
 * holds what was left to walk.
 */
int dt_refs_next(const struct dt_index *index, struct dt_refs *refs,
                 enum dt_cells cells, struct dt_ref *ret_ref);

/* A property of strings. */
struct dt_strings {
    const char *at;
    uint32_t left;
};

void dt_strings_start(const struct dt_prop *prop,
                      struct dt_strings *strings);

/* The next string; NULL at the end, also where the last one has no end. */
const char *dt_strings_next(struct dt_strings *strings);

#endif
