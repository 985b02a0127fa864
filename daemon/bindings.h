/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which domain had which agent when the daemon last looked: only to log what
 * became of it, for Xen takes agents away by itself.
 */

#ifndef SCMI_MED_BINDINGS_H
#define SCMI_MED_BINDINGS_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/admission/create.h"
#include "daemon/xen/agents.h"
#include "daemon/xen/store.h"

struct binding {
    uint32_t agent_id;
    uint32_t domid;
    char name[DOMAIN_NAME_SIZE];    /* may be empty */
};

struct bindings {
    struct binding *list;
    size_t nr;
};

/* Logs how the table differs from what is remembered, and remembers it. */
int bindings_update(struct bindings *bindings, const struct agents *agents,
                    struct store *store);

/*
 * Logs the domains which have an agent although their request was not
 * granted: a daemon died there, and the plugin stopped waiting for it.
 */
void bindings_log_strays(const struct bindings *bindings,
                         struct store *store);

/* Frees what the struct holds; one filled with zeroes will do. */
void bindings_done(struct bindings *bindings);

#endif
