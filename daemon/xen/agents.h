/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A snapshot of Xen's agent table. Xen frees agents by itself when domains die,
 * so decide nothing by an old snapshot.
 */

#ifndef SCMI_MED_DAEMON_XEN_AGENTS_H
#define SCMI_MED_DAEMON_XEN_AGENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/xen/hyp.h"

/* Limits what a broken Xen can make us allocate. */
#define AGENTS_MAX 4096

/* Dom0 may have more than a guest. */
#define AGENTS_MAX_DEVICES 4096

struct agent {
    struct scmi_med_agent entry;    /* ignore its devices[], use: */
    uint32_t *device_ids;
    size_t nr_device_ids;
    bool is_reserved;               /* by rules_reserve() */
};

struct agents {
    struct scmi_med_info info;
    struct agent *agents;
    size_t nr_agents;
};

struct agents_count {
    unsigned int total;             /* agents for guests, and of these */
    unsigned int free;
    unsigned int quarantined;
    unsigned int bound;
};

/* Reads the table. Returns 0 or a negative errno. */
int agents_read(struct hyp *hyp, struct agents *ret_agents);

/* Frees the contents; accepts a struct of zeroes. */
void agents_done(struct agents *agents);

bool agent_is_for_guests(const struct agent *agent);
bool agent_is_bound(const struct agent *agent);
bool agent_is_quarantined(const struct agent *agent);
bool agent_is_free(const struct agent *agent);
bool agent_has_device(const struct agent *agent, uint32_t device_id);

/* These return NULL if there is none. */
const struct agent *agents_find(const struct agents *agents,
                                uint32_t agent_id);
const struct agent *agents_of_domain(const struct agents *agents,
                                     uint32_t domid);
const struct agent *agents_with_device(const struct agents *agents,
                                       uint32_t device_id);

struct agents_count agents_count(const struct agents *agents);

#endif
