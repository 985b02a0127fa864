/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals as a descriptor to poll, for verbs that run until they are ended. */

#ifndef SCMI_MED_CTL_CLIENT_SIGNALS_H
#define SCMI_MED_CTL_CLIENT_SIGNALS_H

/*
 * Catches SIGINT, SIGTERM, SIGHUP, and the signals in more, which ends with 0;
 * ignores SIGPIPE. A signal that is ignored already stays ignored. Returns a
 * descriptor from which the caught signals can be read, a byte for each, or -1
 * with errno.
 */
int signals_open(const int *more);

/* Restores the handlers. */
void signals_close(void);

#endif
