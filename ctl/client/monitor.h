/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scmi-medctl monitor: events as they happen. */

#ifndef SCMI_MED_CTL_CLIENT_MONITOR_H
#define SCMI_MED_CTL_CLIENT_MONITOR_H

#include "ctl/client/verbs.h"

/*
 * Prints events until it is told to end by a signal, nobody reads out any
 * longer (CTL_OK both), or the daemon ends.
 */
enum ctl_status ctl_monitor(char *const *args,
                            const struct ctl_options *options, FILE *out,
                            char error[CTL_ERROR_SIZE]);

#endif
