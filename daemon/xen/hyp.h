/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Port to the hypervisor: the SCMI mediation hypercall. hyp-xen.c makes it by
 * libxencall, the unit tests have one of their own.
 *
 * Every call returns 0 or a negative errno as in the public header, blocks as
 * long as Xen and the firmware need, and does not log. What is returned (ret_)
 * is only written on success, a status of the firmware also on failure (0 if
 * it did not get that far).
 */

#ifndef SCMI_MED_DAEMON_XEN_HYP_H
#define SCMI_MED_DAEMON_XEN_HYP_H

#include <stdbool.h>
#include <stdint.h>

#include "scmi-med.h"

struct hyp;

/* -ENODEV: there is no way to make a hypercall here. */
int hyp_open(struct hyp **ret_hyp);
void hyp_close(struct hyp *hyp);

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
int hyp_set_rate(struct hyp *hyp, uint32_t agent_id, uint32_t rate);

#endif
