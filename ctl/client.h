/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls the daemon on its control socket. */

#ifndef SCMI_MED_CTL_CLIENT_H
#define SCMI_MED_CTL_CLIENT_H

#include <jansson.h>

/* Exit statuses, for scripts; in the manual, too. */
enum ctl_status {
    CTL_OK = 0,
    CTL_USAGE = 1,
    CTL_UNREACHABLE = 2,    /* no daemon, or it does not answer in time */
    CTL_REFUSED = 3,        /* the daemon answered with an error */
    CTL_BAD_ANSWER = 4,     /* the daemon answered with nonsense */
};

/* Longest sentence about what went wrong. */
#define CTL_ERROR_SIZE 512

/*
 * Calls a method without parameters, "ListAgents", on the socket. On CTL_OK:
 * *ret_parameters is the caller's to json_decref(). Otherwise error says why.
 */
enum ctl_status ctl_call(const char *socket_path, const char *method,
                         json_t **ret_parameters, char error[CTL_ERROR_SIZE]);

#endif
