/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why something failed or was refused, as one sentence for people. Functions
 * that do not log return it beside a negative errno.
 */

#ifndef SCMI_MED_REASON_H
#define SCMI_MED_REASON_H

/* Room for two device paths; a xenstore value has room for it. */
#define REASON_SIZE 2560

struct reason {
    char text[REASON_SIZE];
};

/* Sets the text and returns rc, for use in a return statement. */
int reason_set(struct reason *reason, int rc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
