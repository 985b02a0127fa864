/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "scmi-medctl selftest": whether all that a guest needs is in place, and what
 * to do where it is not. Changes nothing.
 */

#ifndef SCMI_MED_CTL_SELFTEST_SELFTEST_H
#define SCMI_MED_CTL_SELFTEST_SELFTEST_H

#include <stdio.h>

#include "ctl/client/verbs.h"

/* Where things are; tests have others. */
struct selftest_paths {
    const char *plugin;
    const char *libxl;          /* folder; NULL: the dynamic linker's */
    const char *xen;            /* sysfs's folder of the hypervisor */
};

extern const struct selftest_paths selftest_paths;

/* CTL_OK, or CTL_NOT_READY if a check is not ok; then error is empty. */
enum ctl_status ctl_selftest(char *const args[],
                             const struct ctl_options *options,
                             const struct selftest_paths *paths, FILE *out,
                             char error[CTL_ERROR_SIZE]);

/* ---- For the parts of it ------------------------------------------------ */

/*
 * Adds a check to the list: what was found, and what to do about it, NULL if
 * it is well. Both are made plain text.
 */
void selftest_add(json_t *checks, const char *check, const char *remedy,
                  const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same, where something else keeps it from being known. */
void selftest_unknown(json_t *checks, const char *check, const char *remedy);

/* The plugin, and the libxl of the Xen that runs. */
void selftest_files(json_t *checks, const struct selftest_paths *paths);

#endif
