/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of "selftest". */

#ifndef SCMI_MED_CTL_SELFTEST_PRIVATE_H
#define SCMI_MED_CTL_SELFTEST_PRIVATE_H

#include <jansson.h>

#include "ctl/selftest/selftest.h"

/* ---- result.c ----------------------------------------------------------- */

/*
 * Adds a check's result: what was found, made printable, and what to do about
 * it. The check is ok if remedy is NULL.
 */
void selftest_add(json_t *checks, const char *check, const char *remedy,
                  const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Adds a check that could not be made because the daemon does not answer. */
void selftest_unknown(json_t *checks, const char *check, const char *remedy);

/* ---- files.c ------------------------------------------------------------ */

/* Checks the plugin, and the libxenlight of the running Xen. */
void selftest_files(json_t *checks, const struct selftest_paths *paths);

#endif
