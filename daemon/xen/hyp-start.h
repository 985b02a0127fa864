/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first that is asked of Xen. */

#ifndef SCMI_MED_DAEMON_XEN_HYP_START_H
#define SCMI_MED_DAEMON_XEN_HYP_START_H

#include "daemon/exit.h"
#include "daemon/xen/hyp.h"
#include "lib/reason.h"

/*
 * Opens the port and sees that there is mediation of our version, with agents.
 * What is of less than full use is logged. On failure: what to exit with, and
 * why says what to do about it; the port, if not NULL, is the caller's to
 * close in any case.
 */
enum daemon_exit hyp_start(struct hyp **ret_hyp, struct reason *why);

#endif
