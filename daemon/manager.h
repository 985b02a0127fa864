/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Owns the backends, the host tree and the policy, and reacts to events. All
 * state that matters is in Xen, the firmware and xenstore; what the manager
 * remembers serves only the log and the status line.
 */

#ifndef SCMI_MED_MANAGER_H
#define SCMI_MED_MANAGER_H

#include <stdint.h>

#include "daemon/admission/create.h"
#include "daemon/admission/hotplug.h"
#include "daemon/exit.h"
#include "daemon/loop.h"
#include "daemon/xen/agents.h"
#include "daemon/xen/domains.h"
#include "lib/host/tree.h"
#include "lib/reason.h"

/* How often to check that xenstored is still there. */
#define MANAGER_PROBE_MS 15000

struct manager;

struct manager_config {
    const char *fdt_path;
    const char *policy_path;    /* NULL: no policy */
    const char *sysfs;
    /* Called with the status line, whenever it may have changed. */
    void (*on_status)(void *context, const char *line);
    void *context;
};

/*
 * Opens the backends, reads the host tree and the policy, and sets the watches.
 * Returns the daemon's exit status, and sets why unless that is EXIT_DONE.
 */
enum daemon_exit manager_new(struct loop *loop,
                             const struct manager_config *config,
                             struct manager **ret_manager, struct reason *why);
void manager_free(struct manager *manager);

/*
 * Serves the requests that are pending, including those that an earlier daemon
 * did not finish. After that the loop drives the manager.
 */
void manager_start(struct manager *manager);

/*
 * Reads the host tree and the policy again. If either cannot be read or is
 * invalid, keeps both; why and the log have the reason.
 */
int manager_reload(struct manager *manager, struct reason *why);

/* The exit status; EXIT_DONE unless the manager has stopped the loop. */
enum daemon_exit manager_exit(const struct manager *manager);

/* For the methods. */
int manager_read_agents(struct manager *manager, struct agents *ret_agents);
const struct host_tree *manager_tree(const struct manager *manager);
const char *manager_domain_name(struct manager *manager, uint32_t domid,
                                char ret_name[DOMAIN_NAME_SIZE]);
/* As domain_find(). */
int manager_find_domain(struct manager *manager, const char *text,
                        struct domain *ret_domain, struct reason *why);
/* As SCMI_MED_OP_reset and SCMI_MED_OP_set_rate; logged. */
int manager_reset_agent(struct manager *manager, uint32_t agent_id,
                        int32_t *scmi_status);
int manager_set_limit(struct manager *manager, uint32_t agent_id,
                      uint32_t rate);
/* As hotplug_attach() and hotplug_detach(). */
int manager_attach(struct manager *manager, const char *domain,
                   const char *path, struct hotplug_change *ret_change,
                   struct reason *why);
int manager_detach(struct manager *manager, const char *domain,
                   const char *path, struct hotplug_change *ret_change,
                   struct reason *why);

#endif
