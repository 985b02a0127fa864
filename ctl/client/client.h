/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls the daemon on its control socket. */

#ifndef SCMI_MED_CTL_CLIENT_CLIENT_H
#define SCMI_MED_CTL_CLIENT_CLIENT_H

#include <stdbool.h>

#include <jansson.h>

/* Exit statuses, for scripts; in the manual, too. */
enum ctl_status {
    CTL_OK = 0,
    CTL_USAGE = 1,
    CTL_UNREACHABLE = 2,    /* no daemon, or it does not answer in time */
    CTL_REFUSED = 3,        /* the daemon answered with an error */
    CTL_BAD_ANSWER = 4,     /* the daemon's answer is not valid */
    /* Of "check": */
    CTL_WARNINGS = 5,
    CTL_ERRORS = 6,
    CTL_BAD_TREE = 7,       /* the tree cannot be read */
    CTL_BAD_POLICY = 8,     /* the policy is wrong, or not for this tree */
    /* Of "selftest": */
    CTL_NOT_READY = 9,
};

/* Longest error message: fits the daemon's reasons. */
#define CTL_ERROR_SIZE 3072

/* A daemon that hangs must not make its client hang. */
#define CTL_TIMEOUT_MS 10000

/* Sets the message, without control characters, and returns the status. */
enum ctl_status ctl_fail(enum ctl_status status, char error[CTL_ERROR_SIZE],
                         const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Calls a method of the interface, such as "ListAgents", for at most timeout_ms
 * in all. parameters, an object or NULL, stays the caller's. On CTL_OK,
 * *ret_parameters is an object that the interface permits, and is the caller's
 * to json_decref(). Otherwise error says why.
 */
enum ctl_status ctl_call(const char *socket_path, const char *method,
                         json_t *parameters, int timeout_ms,
                         json_t **ret_parameters, char error[CTL_ERROR_SIZE]);

/* How ctl_follow() handles replies, and what ends it. */
struct ctl_follow {
    int wake_fd;            /* ends it when readable */
    int out_fd;             /* ends it when its reader is gone */
    /* Ends it unless CTL_OK; then error is set. */
    enum ctl_status (*on_reply)(void *context, const json_t *parameters,
                                char error[CTL_ERROR_SIZE]);
    void *context;
};

/*
 * Calls a method that keeps sending replies. The first one must come within
 * timeout_ms. Returns CTL_OK if wake_fd or out_fd ended it.
 */
enum ctl_status ctl_follow(const char *socket_path, const char *method,
                           int timeout_ms, const struct ctl_follow *follow,
                           char error[CTL_ERROR_SIZE]);

#endif
