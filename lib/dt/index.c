/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The index of a device tree: sorting and lookups, see index.h. */

#include "lib/dt/index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

uint32_t dt_cell(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
           (uint32_t)bytes[2] << 8 | bytes[3];
}

void dt_index_done(struct dt_index *index)
{
    free(index->nodes);
    free(index->props);
    free(index->by_phandle);
    *index = (struct dt_index){ 0 };
}

int dt_index_find(const struct dt_index *index, uint32_t phandle)
{
    int low = 0, high = index->nr_phandles;

    /* Of duplicates the first, like Linux and libfdt. */
    while (low < high) {
        int middle = low + (high - low) / 2;

        if (index->nodes[index->by_phandle[middle]].phandle < phandle)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == index->nr_phandles ||
        index->nodes[index->by_phandle[low]].phandle != phandle)
        return -ENOENT;
    return index->by_phandle[low];
}

int dt_index_child(const struct dt_index *index, int node, const char *name,
                   size_t name_len)
{
    bool has_unit = memchr(name, '@', name_len);
    int child, without_unit = -ENOENT;

    for (child = node + 1; child < index->nodes[node].end;
         child = index->nodes[child].end) {
        const char *other = index->nodes[child].name;

        if (strncmp(other, name, name_len))
            continue;
        if (!other[name_len])
            return child;
        if (other[name_len] == '@' && !has_unit && without_unit < 0)
            without_unit = child;
    }
    return without_unit;
}

int dt_index_path(const struct dt_index *index, const char *path)
{
    return path[0] == '/' ? dt_index_below(index, 0, path) : -ENOENT;
}

int dt_index_below(const struct dt_index *index, int node, const char *path)
{
    size_t len;

    for (;;) {
        path += strspn(path, "/");
        if (!*path)
            return node;
        len = strcspn(path, "/");
        node = dt_index_child(index, node, path, len);
        if (node < 0)
            return node;
        path += len;
    }
}

int dt_index_get_path(const struct dt_index *index, int node, char *ret_path,
                      size_t size)
{
    int chain[DT_MAX_DEPTH], depth = 0;
    size_t at = 0, len;

    for (; node > 0; node = index->nodes[node].parent)
        chain[depth++] = node;
    if (size < 2)
        return -ENAMETOOLONG;
    strcpy(ret_path, "/");
    while (depth) {
        const char *name = index->nodes[chain[--depth]].name;

        len = strlen(name);
        if (len + 2 > size - at)
            return -ENAMETOOLONG;
        ret_path[at++] = '/';
        strcpy(ret_path + at, name);
        at += len;
    }
    return 0;
}

const struct dt_prop *dt_index_prop(const struct dt_index *index, int node,
                                    const char *name)
{
    const struct dt_prop *prop = index->props + index->nodes[node].first_prop;
    const struct dt_prop *end = prop + index->nodes[node].nr_props;

    /* The first character saves most of the calls. */
    for (; prop < end; prop++)
        if (*prop->name == *name && !strcmp(prop->name, name))
            return prop;
    return NULL;
}

bool dt_index_u32(const struct dt_index *index, int node, const char *name,
                  uint32_t *ret_value)
{
    const struct dt_prop *prop = dt_index_prop(index, node, name);

    if (!prop || prop->len != 4)
        return false;
    *ret_value = dt_cell(prop->value);
    return true;
}

bool dt_index_has_string(const struct dt_index *index, int node,
                         const char *name, const char *string)
{
    const struct dt_prop *prop = dt_index_prop(index, node, name);
    uint32_t at = 0, len, wanted = (uint32_t)strlen(string);
    const char *value, *end;

    if (!prop)
        return false;
    value = (const char *)prop->value;
    for (; at < prop->len; at += len + 1) {
        end = memchr(value + at, '\0', prop->len - at);
        if (!end)
            return false;
        len = (uint32_t)(end - (value + at));
        if (len == wanted && !memcmp(value + at, string, len))
            return true;
    }
    return false;
}
