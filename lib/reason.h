/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why something was refused or failed, as one sentence for a person. Code that
 * must not log hands it to its caller, beside a negative errno.
 */

#ifndef SCMI_MED_REASON_H
#define SCMI_MED_REASON_H

/* Fits a xenstore value, and two device paths of full length. */
#define REASON_SIZE 2560

struct reason {
    char text[REASON_SIZE];
};

/* Sets the text; returns rc, so that one line can say and return it. */
int reason_set(struct reason *reason, int rc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
