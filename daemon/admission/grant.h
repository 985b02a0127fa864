/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Giving a domain an agent and its permissions, all or nothing. Acts through
 * the hypervisor port; does not log.
 */

#ifndef SCMI_MED_DAEMON_ADMISSION_GRANT_H
#define SCMI_MED_DAEMON_ADMISSION_GRANT_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/admission/resolver.h"
#include "daemon/xen/agents.h"
#include "daemon/xen/hyp.h"
#include "lib/reason.h"

/* What a domain got. */
struct grant {
    bool has_agent;             /* false: it needed none, the rest is 0 */
    uint32_t agent_id;
    uint32_t function_id;
    uint64_t guest_frame;
};

/* A device of a plan that an agent holds, not the domain's own, nor Dom0's. */
struct conflict {
    const char *path;
    uint32_t device_id;
    const struct agent *holder;
};

bool grant_find_conflict(const struct agents *agents, const struct plan *plan,
                         uint32_t domid, struct conflict *ret_conflict);

/* Returns -EBUSY. The name is that of the domain that holds it, or NULL. */
int grant_explain_conflict(const struct conflict *conflict,
                           const char *holder_name, struct reason *why);

/*
 * Binds the domain to a free agent and sets its permissions. On failure the
 * domain has neither, except where why says otherwise. The caller made sure
 * that there is no conflict and that the domain is bound to no agent.
 */
int grant_make(struct hyp *hyp, const struct agents *agents, uint32_t domid,
               const struct plan *plan, struct grant *ret_grant,
               struct reason *why);

/*
 * Permits one device id of the plan to the domain, or denies it. -EIO: the
 * firmware did not confirm it.
 */
int grant_permit(struct hyp *hyp, uint32_t domid, uint32_t device_id,
                 const struct plan *plan, struct reason *why);
int grant_deny(struct hyp *hyp, uint32_t domid, uint32_t device_id,
               const struct plan *plan, struct reason *why);

/*
 * Takes everything back. -EIO: it is gone, but the agent is quarantined; any
 * other error but -ENOENT and -ESRCH: it may not be gone.
 */
int grant_undo(struct hyp *hyp, uint32_t domid);

/*
 * Tries to lift the quarantine of every agent under it. Returns how many are
 * free now.
 */
unsigned int grant_lift_quarantine(struct hyp *hyp,
                                   const struct agents *agents);

#endif
