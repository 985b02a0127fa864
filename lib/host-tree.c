/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reader of the host's device tree, see host-tree.h. */

#include "lib/host-tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/host-reader.h"

static bool is_scmi(const void *fdt, int offset)
{
    return !fdt_node_check_compatible(fdt, offset, "arm,scmi-smc") ||
           !fdt_node_check_compatible(fdt, offset, "arm,scmi-smc-param");
}

static enum host_role role_of(struct host_reader *reader, int node,
                              bool have_trusted)
{
    const struct fdt_node *n = &reader->index.nodes[node];
    const void *fdt = reader->index.fdt;
    enum host_role above = n->parent < 0 ? HOST_ROLE_NONE
                                         : reader->roles[n->parent];
    const fdt32_t *reg;
    int len;

    switch (above) {
    case HOST_ROLE_CONTAINER:
        if (!have_trusted && is_scmi(fdt, n->offset))
            return HOST_ROLE_TRUSTED;
        return HOST_ROLE_CONTAINER;
    case HOST_ROLE_TRUSTED:
        return HOST_ROLE_CONTAINER;
    case HOST_ROLE_SCMI:
        reg = fdt_getprop(fdt, n->offset, "reg", &len);
        if (!reg || len != sizeof(*reg))
            return HOST_ROLE_NONE;
        reader->protocols[node] = fdt32_ld(reg);
        return reader->protocols[node] <= 0xff ? HOST_ROLE_PROTOCOL
                                               : HOST_ROLE_NONE;
    case HOST_ROLE_PROTOCOL:
    case HOST_ROLE_NONE:
        break;
    }

    if (!fdt_node_check_compatible(fdt, n->offset, "xen,sci"))
        return HOST_ROLE_CONTAINER;
    return is_scmi(fdt, n->offset) ? HOST_ROLE_SCMI : HOST_ROLE_NONE;
}

static int assign_roles(struct host_reader *reader)
{
    const void *fdt = reader->index.fdt;
    char path[HOST_PATH_SIZE];
    int node, trusted = -1;

    for (node = 0; node < reader->index.nr_nodes; node++) {
        reader->roles[node] = role_of(reader, node, trusted >= 0);
        if (reader->roles[node] == HOST_ROLE_TRUSTED)
            trusted = node;
    }

    if (trusted < 0 || fdt_get_path(fdt, reader->index.nodes[trusted].offset,
                                    path, sizeof(path)))
        return 0;
    reader->tree->trusted_path = strdup(path);
    return reader->tree->trusted_path ? 0 : -ENOMEM;
}

/* Adds the node to the tree's devices if it hangs on SCMI. */
static int add_device(struct host_reader *reader, int node)
{
    struct host_device device = { 0 }, *grown;
    struct host_tree *tree = reader->tree;
    char path[HOST_PATH_SIZE];
    int rc;

    rc = host_device_read(reader, node, &device);
    if (rc || (!device.nr_device_ids && !device.nr_resources &&
               !device.problem))
        goto out;

    /* One with a longer path cannot be named in a request. */
    if (fdt_get_path(reader->index.fdt, reader->index.nodes[node].offset, path,
                     sizeof(path)))
        goto out;
    rc = -ENOMEM;
    device.path = strdup(path);
    if (!device.path)
        goto out;
    grown = realloc(tree->devices, (tree->nr_devices + 1) * sizeof(*grown));
    if (!grown)
        goto out;
    tree->devices = grown;
    grown[tree->nr_devices++] = device;
    return 0;

out:
    host_device_done(&device);
    return rc;
}

static int read_tree(struct host_tree *tree)
{
    struct host_reader reader = { .tree = tree };
    size_t nr_nodes;
    int node, rc;

    rc = fdt_index_build(tree->fdt, &reader.index);
    if (rc)
        return rc;

    nr_nodes = (size_t)reader.index.nr_nodes;
    reader.roles = calloc(nr_nodes + 1, sizeof(*reader.roles));
    reader.protocols = calloc(nr_nodes + 1, sizeof(*reader.protocols));
    rc = reader.roles && reader.protocols ? assign_roles(&reader) : -ENOMEM;
    for (node = 0; !rc && node < reader.index.nr_nodes; node++)
        if (reader.roles[node] == HOST_ROLE_NONE)
            rc = add_device(&reader, node);

    free(reader.protocols);
    free(reader.roles);
    fdt_index_done(&reader.index);
    return rc;
}

int host_tree_parse(const void *fdt, size_t size, struct host_tree *ret_tree,
                    struct reason *why)
{
    struct host_tree tree = { 0 };
    int r, rc;

    r = size ? fdt_check_full(fdt, size) : -FDT_ERR_TRUNCATED;
    if (r)
        return reason_set(why, -EBADMSG, "it is no valid flattened device "
                          "tree (%s)", fdt_strerror(r));

    tree.fdt = malloc(fdt_totalsize(fdt));
    if (!tree.fdt)
        return reason_set(why, -ENOMEM, "out of memory");
    memcpy(tree.fdt, fdt, fdt_totalsize(fdt));

    rc = read_tree(&tree);
    if (rc) {
        host_tree_done(&tree);
        return reason_set(why, rc, "%s", strerror(-rc));
    }
    *ret_tree = tree;
    return 0;
}

int host_tree_read(const char *path, struct host_tree *ret_tree,
                   struct reason *why)
{
    size_t size = 0, room = 256 * 1024;
    char *data = NULL, *grown;
    ssize_t got;
    int fd, rc;

    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return reason_set(why, -errno, "%s", strerror(errno));

    do {
        room *= 2;
        rc = -ENOMEM;
        grown = realloc(data, room);
        if (!grown)
            goto fail;
        data = grown;
        while ((got = read(fd, data + size, room - size)) > 0)
            size += (size_t)got;
        rc = got < 0 ? -errno : 0;
        if (rc)
            goto fail;
        rc = -EFBIG;
    } while (size == room && room < HOST_TREE_MAX_SIZE);
    if (size == room)
        goto fail;

    rc = host_tree_parse(data, size, ret_tree, why);
    goto out;

fail:
    reason_set(why, rc, "%s", strerror(-rc));
out:
    free(data);
    close(fd);
    return rc;
}

void host_tree_done(struct host_tree *tree)
{
    size_t i;

    for (i = 0; i < tree->nr_devices; i++)
        host_device_done(&tree->devices[i]);
    free(tree->devices);
    free(tree->trusted_path);
    free(tree->fdt);
    *tree = (struct host_tree){ 0 };
}

const struct host_device *host_tree_find(const struct host_tree *tree,
                                         const char *path)
{
    size_t i;

    for (i = 0; i < tree->nr_devices; i++)
        if (!strcmp(tree->devices[i].path, path))
            return &tree->devices[i];
    return NULL;
}

int host_tree_full_path(const struct host_tree *tree, const char *path,
                        char ret_path[HOST_PATH_SIZE])
{
    int offset = path[0] == '/' ? fdt_path_offset(tree->fdt, path) : -1;

    if (offset < 0 ||
        fdt_get_path(tree->fdt, offset, ret_path, HOST_PATH_SIZE))
        return -ENOENT;
    return 0;
}

const char *host_tree_path_of(const struct host_tree *tree,
                              uint32_t device_id)
{
    size_t i, k;

    for (i = 0; i < tree->nr_devices; i++)
        for (k = 0; k < tree->devices[i].nr_device_ids; k++)
            if (tree->devices[i].device_ids[k] == device_id)
                return tree->devices[i].path;
    return NULL;
}
