/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The methods of the control socket: a varlink call in, a reply out, as
 * doc/org.scmimed.varlink says. All of them only read.
 */

#ifndef SCMI_MED_METHODS_H
#define SCMI_MED_METHODS_H

/* A control_handler whose context is the manager. */
char *methods_call(void *manager, const char *text);

#endif
