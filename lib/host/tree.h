/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's flattened device tree, as far as SCMI is concerned: the devices
 * that use it, the firmware's ids for them, and their clocks, power domains and
 * other resources.
 *
 * Device ids are in "scmi_devid", and in those "access-controllers" that refer
 * to the trusted node, which is the SCMI node inside the "xen,sci" container.
 * Resources are references to the protocol nodes of an SCMI node outside that
 * container, or to nodes below them.
 */

#ifndef SCMI_MED_LIB_HOST_TREE_H
#define SCMI_MED_LIB_HOST_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/dt/index.h"
#include "lib/reason.h"

/* Nodes with a longer path, the NUL included, are ignored. */
#define HOST_PATH_SIZE  1024

/* Xen and Linux refuse larger trees, too. */
#define HOST_TREE_MAX_SIZE (2 * 1024 * 1024)

/* Limits against malicious trees. */
#define HOST_MAX_INSTANCES  64      /* in the tree */
#define HOST_MAX_RESOURCES  1024    /* of a device */
#define HOST_MAX_DEVICE_IDS 256     /* of a device */

enum host_transport {
    HOST_TRANSPORT_SMC,         /* arm,scmi-smc, arm,scmi-smc-param */
    HOST_TRANSPORT_QCOM_SMC,    /* with a further argument */
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
    bool in_container;          /* for Xen, not for Dom0 */
    bool disabled;
};

struct host_resource {
    uint32_t protocol_id;
    bool has_id;                /* false: a pin state, which has a node */
    uint32_t resource_id;
    size_t instance;            /* index in the tree */
    const char *property;       /* "clocks", "vdd-supply", "pinctrl-0" */
    const char *names_property; /* static: "clock-names"; NULL: it has none */
    /* From names_property, or the part before "-supply"; NULL: unnamed. */
    char *name;
    /* Name of the resource's own node below the protocol; NULL: none. */
    const char *target;
    /* Path, relative to the device, of the child that refers to it, or NULL. */
    char *child;
    /* The guest's tree gets a property of the same name. */
    bool for_guest;
};

struct host_device {
    char *path;
    char *problem;              /* why it is unusable; NULL: it is usable */
    const char *remedy;         /* static; NULL: the problem implies it */
    uint32_t *device_ids;
    size_t nr_device_ids;
    struct host_resource *resources;    /* grouped by child and property */
    size_t nr_resources;
    int node;                   /* in the index */
    bool disabled;
    bool passthrough;           /* "xen,passthrough": Xen keeps it from Dom0 */
    bool is_cpu_or_zone;        /* CPU or thermal zone: never handed over */
};

/* That a device uses a resource: indices in the tree and in the device. */
struct host_use {
    size_t device, resource;
};

/* A device id, and the index of a device with that id. */
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
    size_t *by_path;            /* indices of devices, sorted */
    struct host_use *uses;      /* sorted by resource, see sharing.h */
    size_t nr_uses;
    struct host_id *ids;        /* sorted by id, see ids.h */
    size_t nr_ids;
    size_t *dom0_devices;       /* indices of those that have a device id */
    size_t nr_dom0_devices;
};

/*
 * Reads the tree from a file ("-": standard input), or from memory. On
 * failure: negative errno, and why is set.
 */
int host_tree_read(const char *path, struct host_tree *ret_tree,
                   struct reason *why);
int host_tree_parse(const void *fdt, size_t size, struct host_tree *ret_tree,
                    struct reason *why);

/* Frees what the struct holds, which may be all zeroes. */
void host_tree_done(struct host_tree *tree);

/* The device with this path; NULL if no device there uses SCMI. */
const struct host_device *host_tree_find(const struct host_tree *tree,
                                         const char *path);

/*
 * Whether Dom0 drives the device while no guest has it. Devices with
 * "xen,passthrough" are disabled in the tree that Xen makes for Dom0.
 */
bool host_device_belongs_to_dom0(const struct host_device *device);

/* "scmi_devid" or "access-controllers"; NULL: the device lacks that id. */
const char *host_device_id_property(const struct host_tree *tree,
                                    const struct host_device *device,
                                    uint32_t device_id);

/*
 * Writes the full path of any node. path may start with an alias instead of
 * "/", and may leave out unit addresses. Returns 0 or -ENOENT.
 */
int host_tree_full_path(const struct host_tree *tree, const char *path,
                        char ret_path[HOST_PATH_SIZE]);

/* The path of the first device with this id, or NULL. */
const char *host_tree_path_of_id(const struct host_tree *tree,
                                 uint32_t device_id);

#endif
