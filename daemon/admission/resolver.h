/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the paths of a request to what the firmware must permit. Pure: works
 * on the host tree and the request alone.
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
    /* One per path of the request, NULL if it does not use SCMI. */
    const struct host_device **devices;
    size_t nr_devices;
    uint32_t *device_ids;       /* of all of them, each once */
    size_t nr_device_ids;
    bool needs_agent;
};

/*
 * The plan points into the tree and is of use as long as that exists.
 *  -ENODEV: a path is not in the host tree
 *  -EINVAL: a path is not spelled in full
 *  -ENXIO:  a device that uses SCMI has no usable device id
 *  -E2BIG:  more device ids than one agent can have
 * and why names the device.
 */
int resolver_resolve(const struct host_tree *tree,
                     const struct request *request, struct plan *ret_plan,
                     struct reason *why);

/* The path of the device of the plan that has this id. */
const char *plan_path_of(const struct plan *plan, uint32_t device_id);

/* Frees what the struct holds; one filled with zeroes will do. */
void plan_done(struct plan *plan);

#endif
