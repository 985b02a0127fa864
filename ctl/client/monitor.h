/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scmi-medctl monitor: events as they happen. */

#ifndef SCMI_MED_CTL_CLIENT_MONITOR_H
#define SCMI_MED_CTL_CLIENT_MONITOR_H

#include "ctl/client/verbs.h"

/*
 * Prints events until a signal or the end of out's reader ends it, which is
 * CTL_OK, or until the daemon ends.
 */
enum ctl_status ctl_monitor(char *const *args,
                            const struct ctl_options *options, FILE *out,
                            char error[CTL_ERROR_SIZE]);

#endif
