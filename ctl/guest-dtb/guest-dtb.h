/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "scmi-medctl guest-dtb": what xl needs to pass devices through. */

#ifndef SCMI_MED_CTL_GUEST_DTB_GUEST_DTB_H
#define SCMI_MED_CTL_GUEST_DTB_GUEST_DTB_H

#include <stdio.h>

#include "ctl/client/verbs.h"

/*
 * Writes the partial tree of options->devices to options->output, the lines of
 * xl.cfg to out, and a line for each warning to warnings.
 */
enum ctl_status ctl_guest_dtb(const struct ctl_options *options, FILE *out,
                              FILE *warnings, char error[CTL_ERROR_SIZE]);

#endif
