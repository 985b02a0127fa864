/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hypervisor backend: the SCMI mediation hypercall, and domain info.
 * hyp-xen.c implements it on libxenctrl, tests/fake/fake-hyp.c in memory.
 *
 * Every call returns 0 or a negative errno as in the public header, blocks
 * until Xen and the firmware are done, and does not log. It writes ret_
 * parameters only on success, and scmi_status always: 0 if the firmware was
 * not asked.
 */

#ifndef SCMI_MED_DAEMON_XEN_HYP_H
#define SCMI_MED_DAEMON_XEN_HYP_H

#include <stdbool.h>
#include <stdint.h>

#include "scmi-med.h"

struct hyp;

/* Whether a domain exists, according to Xen. */
enum domain_state {
    DOMAIN_ABSENT,
    DOMAIN_DYING,       /* Xen is destroying it */
    DOMAIN_ALIVE,
};

/* -ENODEV: this is not the control domain of a Xen host. */
int hyp_open(struct hyp **ret_hyp);
void hyp_close(struct hyp *hyp);

/*
 * A domain that dies is DOMAIN_ALIVE for a moment longer, until Xen has freed
 * its memory; the hypercalls below refuse it with -ESRCH from the beginning.
 */
int hyp_get_domain_state(struct hyp *hyp, uint32_t domid,
                         enum domain_state *ret_state);

int hyp_info(struct hyp *hyp, struct scmi_med_info *ret_info);
int hyp_get_agent(struct hyp *hyp, uint32_t index, uint32_t first_device,
                  struct scmi_med_agent *ret_agent);
int hyp_assign(struct hyp *hyp, uint32_t domid, uint32_t agent_id,
               uint64_t guest_frame);
int hyp_release(struct hyp *hyp, uint32_t domid, int32_t *scmi_status);
int hyp_set_device_permission(struct hyp *hyp, uint32_t domid,
                              uint32_t device_id, bool allow,
                              int32_t *scmi_status);
int hyp_reset(struct hyp *hyp, uint32_t agent_id, int32_t *scmi_status);
int hyp_set_rate(struct hyp *hyp, uint32_t domid, uint32_t rate);
/* A whole protocol with SCMI_MED_WHOLE in the flags, and the id 0. */
int hyp_set_resource(struct hyp *hyp, uint32_t domid, uint32_t protocol,
                     uint32_t id, uint32_t flags);

#endif
