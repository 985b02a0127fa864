/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The channels of a host's SCMI nodes, and the agents that the "xen,sci"
 * container lists for Xen. Only for "scmi-medctl check": Xen reads them itself.
 */

#ifndef SCMI_MED_LIB_HOST_SCMI_H
#define SCMI_MED_LIB_HOST_SCMI_H

#include "lib/host/tree.h"

/* Limits. An agent id is one byte. */
#define HOST_MAX_CHANNELS   256
#define HOST_MAX_AGENTS     255
#define HOST_MAX_PAGES      2

/* Shared memory. */
struct host_page {
    char *path;                 /* NULL: no node has the phandle */
    int rc;                     /* of dt_address() */
    uint64_t address, size;
};

struct host_channel {
    size_t instance;            /* of the tree */
    int protocol_id;            /* that it is for; -1: all */
    bool has_function_id;
    uint32_t function_id;
    uint32_t nr_mailboxes;
    bool has_optee_channel;
    uint32_t optee_channel;
    struct host_page pages[HOST_MAX_PAGES];
    size_t nr_pages;
};

/* An entry of scmi-secondary-agents. */
struct host_agent {
    uint32_t function_id;
    bool has_agent_id;
    uint32_t agent_id;
    struct host_page page;
};

struct host_scmi {
    struct host_channel *channels;
    size_t nr_channels;
    char *container_path;       /* NULL: no container */
    const char *problem;        /* static: why agents is empty */
    bool has_dom0_id;
    uint32_t dom0_id;
    struct host_agent *agents;
    size_t nr_agents;
};

/* Returns 0 or -ENOMEM. */
int host_scmi_read(const struct host_tree *tree, struct host_scmi *ret_scmi);
void host_scmi_done(struct host_scmi *scmi);

#endif
