/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes and searches a host tree, see tree.h. */

#include "lib/host/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/host/ids.h"
#include "lib/host/reader.h"

static int compare_paths(const void *a, const void *b, void *devices)
{
    const struct host_device *all = devices;
    const size_t *x = a, *y = b;

    return strcmp(all[*x].path, all[*y].path);
}

static int sort_devices(struct host_tree *tree)
{
    size_t i;

    tree->by_path = calloc(tree->nr_devices + 1, sizeof(*tree->by_path));
    if (!tree->by_path)
        return -ENOMEM;
    for (i = 0; i < tree->nr_devices; i++)
        tree->by_path[i] = i;
    qsort_r(tree->by_path, tree->nr_devices, sizeof(*tree->by_path),
            compare_paths, tree->devices);
    /* A path of two nodes does not identify a device. */
    for (i = 1; i < tree->nr_devices; i++) {
        struct host_device *a = &tree->devices[tree->by_path[i - 1]];
        struct host_device *b = &tree->devices[tree->by_path[i]];

        if (!strcmp(a->path, b->path) &&
            (host_set_problem(a, "two nodes have its path") ||
             host_set_problem(b, "two nodes have its path")))
            return -ENOMEM;
    }
    return 0;
}

int host_tree_parse(const void *fdt, size_t size, struct host_tree *ret_tree,
                    struct reason *why)
{
    struct host_tree tree = { 0 };
    size_t used = dt_blob_size(fdt, size);
    int rc;

    /* Copies the tree without the room behind it. */
    size = used ? used : size;
    if (size > HOST_TREE_MAX_SIZE)
        return reason_set(why, -EFBIG, "it is larger than any device tree: "
                          "the limit is %d bytes", HOST_TREE_MAX_SIZE);
    tree.fdt = malloc(size + 1);
    if (!tree.fdt)
        return reason_set(why, -ENOMEM, "out of memory");
    memcpy(tree.fdt, fdt, size);

    rc = dt_index_build(tree.fdt, size, &tree.index, why);
    if (!rc) {
        rc = host_read_devices(&tree);
        if (!rc)
            rc = sort_devices(&tree);
        if (!rc)
            rc = host_sharing_index(&tree);
        if (!rc)
            rc = host_ids_index(&tree);
        if (rc)
            reason_set(why, rc, "%s", strerror(-rc));
    }
    if (rc)
        host_tree_done(&tree);
    else
        *ret_tree = tree;
    return rc;
}

int host_tree_read(const char *path, struct host_tree *ret_tree,
                   struct reason *why)
{
    /* One byte more than the limit, to detect what is too large. */
    size_t size = 0, room = HOST_TREE_MAX_SIZE + 1;
    bool is_stdin = !strcmp(path, "-");
    ssize_t got = 1;
    char *data;
    int fd, rc;

    fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return reason_set(why, -errno, "%s", strerror(errno));

    data = malloc(room);
    rc = data ? 0 : -ENOMEM;
    while (!rc && got && size < room) {
        got = read(fd, data + size, room - size);
        if (got < 0 && errno != EINTR)
            rc = -errno;
        if (got > 0)
            size += (size_t)got;
    }
    if (rc)
        reason_set(why, rc, "%s", strerror(-rc));
    else
        rc = host_tree_parse(data, size, ret_tree, why);
    free(data);
    if (!is_stdin)
        close(fd);
    return rc;
}

void host_tree_done(struct host_tree *tree)
{
    size_t i;

    for (i = 0; i < tree->nr_devices; i++)
        host_device_done(&tree->devices[i]);
    for (i = 0; i < tree->nr_instances; i++)
        free(tree->instances[i].path);
    free(tree->uses);
    free(tree->ids);
    free(tree->dom0_devices);
    free(tree->by_path);
    free(tree->devices);
    free(tree->instances);
    free(tree->trusted_path);
    dt_index_done(&tree->index);
    free(tree->fdt);
    *tree = (struct host_tree){ 0 };
}

const struct host_device *host_tree_find(const struct host_tree *tree,
                                         const char *path)
{
    size_t low = 0, high = tree->nr_devices;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct host_device *device =
            &tree->devices[tree->by_path[middle]];
        int order = strcmp(device->path, path);

        if (!order)
            return device;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* The node of the alias that the path starts with. */
static int find_alias(const struct dt_index *index, const char *path,
                      size_t len)
{
    int aliases = dt_index_path(index, "/aliases");
    const struct dt_prop *prop = NULL;
    char name[64];

    if (aliases < 0 || len >= sizeof(name))
        return -ENOENT;
    memcpy(name, path, len);
    name[len] = '\0';
    prop = dt_index_prop(index, aliases, name);
    if (!prop || !prop->len || prop->value[prop->len - 1])
        return -ENOENT;
    return dt_index_path(index, (const char *)prop->value);
}

int host_tree_full_path(const struct host_tree *tree, const char *path,
                        char ret_path[HOST_PATH_SIZE])
{
    size_t len = strcspn(path, "/");
    int node;

    node = len ? find_alias(&tree->index, path, len) : 0;
    if (node >= 0)
        node = dt_index_below(&tree->index, node, path + len);
    if (node < 0 ||
        dt_index_get_path(&tree->index, node, ret_path, HOST_PATH_SIZE))
        return -ENOENT;
    return 0;
}

const char *host_tree_path_of_id(const struct host_tree *tree,
                                 uint32_t device_id)
{
    const struct host_id *ids;
    size_t nr;

    ids = host_ids_find(tree, device_id, &nr);
    return nr ? tree->devices[ids->device].path : NULL;
}
