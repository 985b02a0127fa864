/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A model of Xen's agent table, and of firmware that confirms everything. Uses
 * the structs of the hypercall.
 */

#ifndef FAKE_TABLE_H
#define FAKE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "scmi-med.h"

#define FAKE_MAX_AGENTS 300

struct fake_agent {
    uint32_t agent_id, flags, domid;
    uint64_t guest_frame;
    uint32_t rate;
    uint32_t nr_devices;
    uint32_t devices[SCMI_MED_MAX_DEVICES];
    /* Of power domains, clocks, resets, whole protocols: 1 or, shared, 2. */
    uint8_t resources[4][SCMI_MED_IDS];
};

struct fake_table {
    uint32_t initialized;
    uint32_t version;               /* of the interface; 0: no mediator */
    uint32_t features;
    uint32_t nr_agents;
    struct fake_agent agents[FAKE_MAX_AGENTS];
    uint8_t alive[0x8000];          /* by domid: the domain exists, ... */
    uint8_t dying[0x8000];          /* ... and is being destroyed */
    bool release_fails;             /* the firmware does not confirm */
    uint32_t refused_device;        /* the firmware denies it, 0: none */
};

/*
 * The emulated board: agent 1 is Dom0's with device 12, agent 2 is trusted,
 * the rest, up to nr_agents, are for guests.
 */
void fake_table_init(struct fake_table *table, uint32_t nr_agents);

/* The hypercall; returns 0 or a negative errno. */
int fake_table_op(struct fake_table *table, unsigned int cmd,
                  struct scmi_med_op *op);

/* Destroys a domain, as Xen does: takes its agent away. */
void fake_table_kill(struct fake_table *table, uint32_t domid);

struct fake_agent *fake_table_agent_of(struct fake_table *table,
                                       uint32_t domid);
bool fake_table_has_device(const struct fake_agent *agent,
                           uint32_t device_id);

#endif
