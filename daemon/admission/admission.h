/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps that decide whether a domain may have its devices. create.h takes
 * them for a domain that is being created, hotplug.h for one that is running.
 */

#ifndef SCMI_MED_DAEMON_ADMISSION_ADMISSION_H
#define SCMI_MED_DAEMON_ADMISSION_ADMISSION_H

#include <stdint.h>

#include "daemon/admission/grant.h"
#include "daemon/admission/request.h"
#include "daemon/admission/resolver.h"
#include "daemon/admission/resources.h"
#include "daemon/log.h"
#include "daemon/xen/agents.h"
#include "daemon/xen/domains.h"
#include "daemon/xen/hyp.h"
#include "daemon/xen/store.h"
#include "lib/host/tree.h"
#include "lib/policy/policy.h"
#include "lib/reason.h"

/* What a decision depends on. */
struct backends {
    struct hyp *hyp;
    struct store *store;
    const struct host_tree *tree;
    const struct policy *policy;    /* may be NULL */
    const char *sysfs;              /* mount point */
};

struct admission {
    const struct backends *backends;
    uint32_t domid;
    char name_buffer[DOMAIN_NAME_SIZE];
    const char *name;                   /* NULL: none, ... */
    int name_rc;                        /* ... or this error reading it */
    char other_name[DOMAIN_NAME_SIZE];  /* of the domain in conflict */
    struct request request;
    struct agents agents;
    struct plan plan;
    struct grant grant;
    struct reason why;
};

/* NULL: no memory. admission_free() also frees the request. */
struct admission *admission_new(const struct backends *backends,
                                uint32_t domid);
void admission_free(struct admission *adm);

/*
 * Reads Xen's table anew. On failure this and the next two set adm->why.
 */
int admission_read_agents(struct admission *adm);

/* Resolves the request to a plan; the policy may forbid its devices. */
int admission_plan(struct admission *adm);

/*
 * Checks that nothing conflicts with the plan: a quarantined agent, a domain
 * that has a device or shares a resource, an agent reserved for others, a
 * driver in Dom0. Then takes the devices from Dom0. If this or a later step
 * fails, call admission_return_to_dom0().
 */
int admission_check_and_take(struct admission *adm);

/* What decides about resources, see resources.h; of the table as it was read. */
struct resources_context admission_resources(const struct admission *adm);

/*
 * Returns Dom0's devices before the refusal is announced. The manager retries,
 * and logs, what fails here.
 */
void admission_return_to_dom0(struct admission *adm);

/* For a log line about the admission. */
struct log_context admission_log_context(const struct admission *adm,
                                         const char *message_id);

#endif
