/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One request from xenstore, from reading it to its answer. Keeps nothing: if
 * the daemon dies anywhere in here, the next one finds the request still
 * waiting and starts it afresh.
 */

#ifndef SCMI_MED_DAEMON_ADMISSION_CREATE_H
#define SCMI_MED_DAEMON_ADMISSION_CREATE_H

#include <stdint.h>

#include "daemon/admission/admission.h"

/*
 * Answers the domain's request, if one waits, and logs what came of it.
 * Returns 0, -ENOTCONN if xenstore cannot be reached any more, or another errno
 * if the request still waits, and is to be served again.
 */
int create_serve(const struct backends *backends, uint32_t domid);

#endif
