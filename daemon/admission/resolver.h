/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resolves the paths of a request to the device ids that the firmware must
 * permit. Depends on the host tree and the request alone.
 */

#ifndef SCMI_MED_DAEMON_ADMISSION_RESOLVER_H
#define SCMI_MED_DAEMON_ADMISSION_RESOLVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/admission/request.h"
#include "lib/host/tree.h"
#include "lib/reason.h"

struct plan {
    /* One for each path of the request; NULL if it does not use SCMI. */
    const struct host_device **devices;
    size_t nr_devices;
    uint32_t *device_ids;       /* of all devices, without duplicates */
    size_t nr_device_ids;
    bool needs_agent;
};

/*
 * Makes a plan. It points into the tree, and is valid as long as that is.
 *  -ENODEV: a path is not in the host tree
 *  -EINVAL: a path is not spelled in full
 *  -ENXIO:  a device that uses SCMI has no usable device id
 *  -E2BIG:  more device ids than one agent can have
 * In each case why names the device.
 */
int resolver_resolve(const struct host_tree *tree,
                     const struct request *request, struct plan *ret_plan,
                     struct reason *why);

/* The path of the device of the plan that has this id. */
const char *plan_path_of(const struct plan *plan, uint32_t device_id);

/* Frees the contents; accepts a struct of zeroes. */
void plan_done(struct plan *plan);

#endif
