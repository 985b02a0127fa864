/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Serves a request in xenstore, of a domain that is being created. If the
 * daemon dies before the reply is written, the next one finds the request
 * pending and serves it from the beginning.
 */

#ifndef SCMI_MED_DAEMON_ADMISSION_CREATE_H
#define SCMI_MED_DAEMON_ADMISSION_CREATE_H

#include <stdint.h>

#include "daemon/admission/admission.h"

/*
 * Replies to the domain's request, if one is pending, and logs the result.
 * Returns 0; -ENOTCONN if the connection to xenstored broke; any other negative
 * errno if the request is still pending and the caller is to retry.
 */
int create_serve(const struct backends *backends, uint32_t domid);

#endif
