/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the host's flattened device tree says about SCMI: which devices hang on
 * it, by which device ids the firmware knows them, and which clocks, power
 * domains and other resources they use. Plain structs; what libraries make of
 * a tree does not get out.
 *
 * The firmware's device ids come from "access-controllers", as far as it
 * refers to the trusted node (the SCMI node inside the "xen,sci" container),
 * and from "scmi_devid". Resources are references to protocol nodes, or to
 * nodes inside them, of an SCMI node outside that container.
 */

#ifndef SCMI_MED_LIB_HOST_TREE_H
#define SCMI_MED_LIB_HOST_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/dt/index.h"
#include "lib/reason.h"

/* Longest device path that is dealt with, the NUL included. */
#define HOST_PATH_SIZE  1024

/* A tree larger than this is taken for garbage: by Xen and by Linux, too. */
#define HOST_TREE_MAX_SIZE (2 * 1024 * 1024)

/* What there may be of each, in a device, so that no tree is a burden. */
#define HOST_MAX_INSTANCES  64      /* of the tree */
#define HOST_MAX_RESOURCES  1024
#define HOST_MAX_DEVICE_IDS 256

enum host_transport {
    HOST_TRANSPORT_SMC,         /* arm,scmi-smc, arm,scmi-smc-param */
    HOST_TRANSPORT_QCOM_SMC,    /* the same with an argument of its own */
    HOST_TRANSPORT_MAILBOX,
    HOST_TRANSPORT_OPTEE,
    HOST_TRANSPORT_VIRTIO,
    HOST_TRANSPORT_OTHER,
};

/* An SCMI node. */
struct host_instance {
    char *path;
    int node;                   /* in the index */
    enum host_transport transport;
    bool in_container;          /* it is Xen's business */
    bool disabled;
};

struct host_resource {
    uint32_t protocol_id;
    bool has_id;                /* false: pins, that only have a node */
    uint32_t resource_id;
    size_t instance;            /* of the tree */
    const char *property;       /* "clocks", "vdd-supply", "pinctrl-0" */
    const char *names_property; /* static: "clock-names"; NULL: it has none */
    /*
     * From names_property, or what is before "-supply"; NULL: the device has
     * no such property.
     */
    char *name;
    /* What stands for the resource inside the protocol's node, or NULL. */
    const char *target;
    /* Path, from the device, of the node below it that has it; NULL: none. */
    char *child;
    /* It is told to the guest, with a property of the same name. */
    bool for_guest;
};

struct host_device {
    char *path;
    char *problem;              /* why it cannot be used, NULL if it can */
    const char *remedy;         /* static: what to do then; NULL: it is plain */
    uint32_t *device_ids;
    size_t nr_device_ids;
    struct host_resource *resources;    /* grouped by child and property */
    size_t nr_resources;
    int node;                   /* in the index */
    bool disabled;
    bool passthrough;           /* "xen,passthrough": not for Dom0 */
    bool is_cpu_or_zone;        /* CPU or thermal zone: never handed over */
};

/* A device and a resource of it, as indices. */
struct host_use {
    size_t device, resource;
};

/* A device id, and the index of a device that has it. */
struct host_id {
    uint32_t device_id;
    size_t device;
};

struct host_tree {
    void *fdt;                  /* a copy, which the index points into */
    struct dt_index index;
    char *trusted_path;         /* NULL: the tree has no trusted node */
    struct host_instance *instances;
    size_t nr_instances;
    struct host_device *devices;    /* those with an id, resource or problem */
    size_t nr_devices;
    size_t *by_path;            /* indices of devices */
    struct host_use *uses;      /* all, by resource: see sharing.h */
    size_t nr_uses;
    struct host_id *ids;        /* all, by id: see ids.h */
    size_t nr_ids;
    size_t *kept;               /* indices of Dom0's devices that have an id */
    size_t nr_kept;
};

/*
 * Reads the tree from a file ("-": standard input), or from memory. On
 * failure: negative errno, and why is set.
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
 * Whether Dom0 drives the device unless another domain has it. Xen does not show
 * Dom0 the property "xen,passthrough", but such a device is disabled there.
 */
bool host_device_belongs_to_dom0(const struct host_device *device);

/*
 * The property that gives the device this id: "scmi_devid" or
 * "access-controllers"; NULL if it does not have it.
 */
const char *host_device_id_property(const struct host_tree *tree,
                                    const struct host_device *device,
                                    uint32_t device_id);

/*
 * Looks for any node by its absolute path, or by one that starts with an
 * alias, and writes its full path, which is a different one if path leaves out
 * unit addresses. Returns 0 or -ENOENT.
 */
int host_tree_full_path(const struct host_tree *tree, const char *path,
                        char ret_path[HOST_PATH_SIZE]);

/* The path of the device with this id; NULL if the tree has none. */
const char *host_tree_path_of(const struct host_tree *tree,
                              uint32_t device_id);

#endif
