/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the host's flattened device tree says about SCMI: which devices hang on
 * it, by which device ids the firmware knows them, and which clocks, power
 * domains and resets they use. Plain structs, no libfdt type gets out.
 *
 * The firmware's device ids come from "access-controllers", as far as it
 * refers to the trusted node (the SCMI node inside the "xen,sci" container),
 * and from "scmi_devid". Resources are references to protocol nodes of an
 * SCMI node outside that container.
 */

#ifndef SCMI_MED_HOST_TREE_H
#define SCMI_MED_HOST_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/reason.h"

/* Longest device path that is dealt with, the NUL included. */
#define HOST_PATH_SIZE  1024

/* A tree larger than this is taken for garbage. */
#define HOST_TREE_MAX_SIZE (16 * 1024 * 1024)

struct host_resource {
    uint32_t protocol_id;
    uint32_t resource_id;
    const char *property;       /* static: "clocks", ... */
    const char *names_property; /* static: "clock-names", ... */
    char *name;                 /* NULL: the device has no such property */
};

struct host_device {
    char *path;
    char *problem;              /* why it cannot be used, NULL if it can */
    uint32_t *device_ids;
    size_t nr_device_ids;
    struct host_resource *resources;    /* grouped by property */
    size_t nr_resources;
};

struct host_tree {
    void *fdt;                  /* a copy, to look up paths in */
    char *trusted_path;         /* NULL: the tree has no trusted node */
    struct host_device *devices;    /* those with an id, resource or problem */
    size_t nr_devices;
};

/*
 * Reads the tree from a file, or from memory. On failure: negative errno, and
 * why is set.
 */
int host_tree_read(const char *path, struct host_tree *ret_tree,
                   struct reason *why);
int host_tree_parse(const void *fdt, size_t size, struct host_tree *ret_tree,
                    struct reason *why);

/* Frees what the struct holds; one filled with zeroes will do. */
void host_tree_done(struct host_tree *tree);

/* The device with this path; NULL if it is none that hangs on SCMI. */
const struct host_device *host_tree_find(const struct host_tree *tree,
                                         const char *path);

/*
 * Looks for any node of an absolute path, and writes its full path, which is a
 * different one if path leaves out unit addresses. Returns 0 or -ENOENT.
 */
int host_tree_full_path(const struct host_tree *tree, const char *path,
                        char ret_path[HOST_PATH_SIZE]);

/* The path of the device with this id; NULL if the tree has none. */
const char *host_tree_path_of(const struct host_tree *tree,
                              uint32_t device_id);

#endif
