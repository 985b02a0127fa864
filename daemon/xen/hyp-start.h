/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens the hypervisor backend and checks that this Xen can be used. */

#ifndef SCMI_MED_DAEMON_XEN_HYP_START_H
#define SCMI_MED_DAEMON_XEN_HYP_START_H

#include "daemon/exit.h"
#include "daemon/xen/hyp.h"
#include "lib/reason.h"

/*
 * Checks that Xen has our version of the mediation, with agents, and that
 * libxenctrl works with it. Logs what limits its use. Returns the exit status
 * of the daemon, and sets why unless that is EXIT_DONE. The caller closes the
 * backend in either case, if it is not NULL.
 */
enum daemon_exit hyp_start(struct hyp **ret_hyp, struct reason *why);

#endif
