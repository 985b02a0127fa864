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
    CTL_BAD_ANSWER = 4,     /* the daemon answered with nonsense */
    /* Of "check": */
    CTL_WARNINGS = 5,
    CTL_ERRORS = 6,
    CTL_BAD_TREE = 7,       /* there was nothing to check */
    CTL_BAD_POLICY = 8,     /* the policy is wrong, or not for this tree */
    /* Of "selftest": */
    CTL_NOT_READY = 9,      /* something is not as it must be */
};

/* Longest sentence about what went wrong: fits the daemon's reasons. */
#define CTL_ERROR_SIZE 3072

/* A daemon that is stuck must not hang its client, too. */
#define CTL_TIMEOUT_MS 10000

/* Sets the sentence, made plain text, and returns the status. */
enum ctl_status ctl_fail(enum ctl_status status, char error[CTL_ERROR_SIZE],
                         const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Calls a method, "ListAgents", on the socket; takes no longer than timeout_ms
 * in all. parameters, an object, or NULL for none, stays the caller's. On CTL_OK: *ret_parameters, an object, is the
 * caller's to json_decref(). Otherwise error says why.
 */
enum ctl_status ctl_call(const char *socket_path, const char *method,
                         json_t *parameters, int timeout_ms,
                         json_t **ret_parameters, char error[CTL_ERROR_SIZE]);

/* What is done with replies that keep coming, and what else ends that. */
struct ctl_follow {
    int wake_fd;            /* ends it when it is readable */
    int out_fd;             /* ends it when nobody reads there any longer */
    /* Other than CTL_OK ends it; error is set then. */
    enum ctl_status (*on_reply)(void *context, const json_t *parameters,
                                char error[CTL_ERROR_SIZE]);
    void *context;
};

/*
 * Calls a method that is answered again and again. The first reply has to come
 * within timeout_ms. Returns CTL_OK if wake_fd or out_fd ended it.
 */
enum ctl_status ctl_follow(const char *socket_path, const char *method,
                           int timeout_ms, const struct ctl_follow *follow,
                           char error[CTL_ERROR_SIZE]);

#endif
