/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Binds domains to agents and sets their permissions, all or nothing. Does not
 * log.
 */

#ifndef SCMI_MED_DAEMON_ADMISSION_GRANT_H
#define SCMI_MED_DAEMON_ADMISSION_GRANT_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/admission/resolver.h"
#include "daemon/xen/agents.h"
#include "daemon/xen/hyp.h"
#include "lib/reason.h"

/* What a domain was given. */
struct grant {
    bool has_agent;             /* false: needs none, the rest is 0 */
    uint32_t agent_id;
    uint32_t function_id;
    uint64_t guest_frame;
};

/* A device of a plan that the agent of another guest holds. */
struct conflict {
    const char *path;
    uint32_t device_id;
    const struct agent *holder;
};

bool grant_find_conflict(const struct agents *agents, const struct plan *plan,
                         uint32_t domid, struct conflict *ret_conflict);

/* Returns -EBUSY. holder_name may be NULL. */
int grant_explain_conflict(const struct conflict *conflict,
                           const char *holder_name, struct reason *why);

/*
 * Binds the domain to a free agent and sets its permissions. On failure it
 * undoes both; where it cannot, why says so. The caller has made sure that
 * there is no conflict and that the domain has no agent.
 */
int grant_make(struct hyp *hyp, const struct agents *agents, uint32_t domid,
               const struct plan *plan, struct grant *ret_grant,
               struct reason *why);

/*
 * Permits or denies one device id of the plan to the domain. -EIO: the firmware
 * did not confirm it. -ESRCH: the domain is gone.
 */
int grant_permit(struct hyp *hyp, uint32_t domid, uint32_t device_id,
                 const struct plan *plan, struct reason *why);
int grant_deny(struct hyp *hyp, uint32_t domid, uint32_t device_id,
               const struct plan *plan, struct reason *why);

/*
 * Takes the agent and its permissions from the domain.
 *  -ENOENT, -ESRCH: there was nothing to take
 *  -EIO:            they are taken, but the agent is quarantined
 *  any other error: they may still be in place
 */
int grant_undo(struct hyp *hyp, uint32_t domid);

/* Resets every quarantined agent. Returns how many are free now. */
unsigned int grant_lift_quarantine(struct hyp *hyp,
                                   const struct agents *agents);

#endif
