/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A snapshot of Xen's agent table, and questions about it. The truth stays in
 * Xen, which frees agents by itself: read a new one whenever it matters.
 */

#ifndef SCMI_MED_DAEMON_XEN_AGENTS_H
#define SCMI_MED_DAEMON_XEN_AGENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/xen/hyp.h"

/* More agents than this are taken for garbage. */
#define AGENTS_MAX 4096

struct agent {
    struct scmi_med_agent entry;    /* its devices[] is not used: */
    uint32_t *device_ids;
    size_t nr_device_ids;
    bool is_reserved;               /* for others: see rules.h */
};

struct agents {
    struct scmi_med_info info;
    struct agent *agents;
    size_t nr_agents;
};

struct agents_count {
    unsigned int total;             /* agents for guests: */
    unsigned int free;
    unsigned int quarantined;
    unsigned int bound;
};

/* Reads the table. Returns 0 or a negative errno. */
int agents_read(struct hyp *hyp, struct agents *ret_agents);

/* Frees what the struct holds; one filled with zeroes will do. */
void agents_done(struct agents *agents);

bool agent_is_for_guests(const struct agent *agent);
bool agent_is_bound(const struct agent *agent);
bool agent_is_quarantined(const struct agent *agent);
bool agent_is_free(const struct agent *agent);
bool agent_has_device(const struct agent *agent, uint32_t device_id);

/* NULL: there is none. */
const struct agent *agents_find(const struct agents *agents,
                                uint32_t agent_id);
const struct agent *agents_of_domain(const struct agents *agents,
                                     uint32_t domid);
const struct agent *agents_with_device(const struct agents *agents,
                                       uint32_t device_id);

struct agents_count agents_count(const struct agents *agents);

#endif
