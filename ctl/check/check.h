/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "scmi-medctl check": shows what a host device tree says about SCMI, and what
 * is wrong with it. Needs neither the daemon nor Xen.
 */

#ifndef SCMI_MED_CTL_CHECK_CHECK_H
#define SCMI_MED_CTL_CHECK_CHECK_H

#include <stdio.h>

#include "ctl/client/verbs.h"

/*
 * Checks the file that args, ended by NULL, name. Findings go to out; error is
 * set only if there is no result.
 */
enum ctl_status ctl_check(char *const args[], const struct ctl_options *options,
                          FILE *out, char error[CTL_ERROR_SIZE]);

#endif
