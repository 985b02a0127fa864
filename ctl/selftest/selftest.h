/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "scmi-medctl selftest": checks that everything that a guest needs is in
 * place, and says what to do if not. Changes nothing.
 */

#ifndef SCMI_MED_CTL_SELFTEST_SELFTEST_H
#define SCMI_MED_CTL_SELFTEST_SELFTEST_H

#include <stdio.h>

#include "ctl/client/verbs.h"

/* Files to look at, which tests replace. */
struct selftest_paths {
    const char *plugin;
    const char *libxl;          /* folder; NULL: the dynamic linker's */
    const char *xen;            /* folder of the hypervisor in sysfs */
};

extern const struct selftest_paths selftest_paths;

/*
 * Returns CTL_OK, or CTL_NOT_READY if a check is not ok; error is empty in both
 * cases.
 */
enum ctl_status ctl_selftest(char *const args[],
                             const struct ctl_options *options,
                             const struct selftest_paths *paths, FILE *out,
                             char error[CTL_ERROR_SIZE]);

#endif
