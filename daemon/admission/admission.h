/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a domain wants, on its way to being granted or refused: what is known
 * of it, and whether anything stands in its way. The same for a domain that is
 * being created and for one that runs.
 */

#ifndef SCMI_MED_DAEMON_ADMISSION_ADMISSION_H
#define SCMI_MED_DAEMON_ADMISSION_ADMISSION_H

#include <stdint.h>

#include "daemon/admission/grant.h"
#include "daemon/admission/request.h"
#include "daemon/admission/resolver.h"
#include "daemon/log.h"
#include "daemon/xen/agents.h"
#include "daemon/xen/domains.h"
#include "daemon/xen/hyp.h"
#include "daemon/xen/store.h"
#include "lib/host/tree.h"
#include "lib/policy/policy.h"
#include "lib/reason.h"

/* All that a decision depends on. */
struct backends {
    struct hyp *hyp;
    struct store *store;
    const struct host_tree *tree;
    const struct policy *policy;    /* NULL: none */
    const char *sysfs;              /* where it is mounted */
};

struct admission {
    const struct backends *backends;
    uint32_t domid;
    char name_buffer[DOMAIN_NAME_SIZE];
    const char *name;                   /* NULL: it has none, ... */
    int name_rc;                        /* ... or it could not be read */
    char other_name[DOMAIN_NAME_SIZE];  /* of who is in the way */
    struct request request;
    struct agents agents;
    struct plan plan;
    struct grant grant;
    struct reason why;
};

/* NULL: no memory. admission_free() also frees the request that is put in. */
struct admission *admission_new(const struct backends *backends,
                                uint32_t domid);
void admission_free(struct admission *adm);

/* Reads Xen's table, again. As the next two: on failure, why says why. */
int admission_read_agents(struct admission *adm);

/* From the request, and the table, to a plan that the policy does not forbid. */
int admission_plan(struct admission *adm);

/*
 * Sees that nothing stands in the way of the plan: no quarantine, no other
 * domain that has a device or shares a resource, no agent that is kept for
 * others, no driver in Dom0. From then on Dom0 does not have the devices any
 * more, and on failure, here or later, admission_return_to_dom0() is due.
 */
int admission_check_and_take(struct admission *adm);

/*
 * Before a refusal is announced, Dom0 has its devices again. What fails here
 * is tried again, and logged, by the manager.
 */
void admission_return_to_dom0(struct admission *adm);

/* For a log line about the admission. */
struct log_context admission_log_context(const struct admission *adm,
                                         const char *message_id);

#endif
