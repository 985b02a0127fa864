/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which domain had which agent when the daemon last read Xen's table. Xen takes
 * agents away by itself; this exists only to log that.
 */

#ifndef SCMI_MED_BINDINGS_H
#define SCMI_MED_BINDINGS_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/xen/agents.h"
#include "daemon/xen/domains.h"
#include "daemon/xen/hyp.h"
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

/* Logs the domains that have lost their agent, and remembers the new table. */
int bindings_update(struct bindings *bindings, const struct agents *agents,
                    struct store *store);

/*
 * For the start of the daemon: logs the bindings that it finds. A domain whose
 * request was not granted has its agent from a daemon that died meanwhile.
 */
void bindings_log(const struct bindings *bindings, struct hyp *hyp,
                  struct store *store);

/* Frees the contents; accepts a struct of zeroes. */
void bindings_done(struct bindings *bindings);

#endif
