/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "scmi-medctl check": what a host device tree says about SCMI, and what is
 * wrong with it. Needs no daemon, and no Xen.
 */

#ifndef SCMI_MED_CTL_CHECK_CHECK_H
#define SCMI_MED_CTL_CHECK_CHECK_H

#include <stdio.h>

#include <jansson.h>

#include "ctl/check/lint.h"
#include "ctl/client/verbs.h"

/*
 * Checks the one file that args (ended by NULL) name. Returns what to exit
 * with; error is empty unless something else than a finding has to be said.
 */
enum ctl_status ctl_check(char *const args[], const struct ctl_options *options,
                          FILE *out, char error[CTL_ERROR_SIZE]);

/* All that is known, as an object; NULL: no memory. */
json_t *check_to_json(const struct lint *lint);

/* That object, as tables. Returns false if memory is short. */
bool check_show(const json_t *check, bool headings, FILE *out);

#endif
