/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exit statuses of scmi-medd. The unit file lists those after which a restart
 * would not help.
 */

#ifndef SCMI_MED_EXIT_H
#define SCMI_MED_EXIT_H

enum daemon_exit {
    EXIT_DONE = 0,
    EXIT_FAILURE_OTHER = 1,
    EXIT_USAGE = 2,
    EXIT_NO_XEN = 3,            /* hypercalls are not possible */
    EXIT_NO_MEDIATOR = 4,       /* this Xen lacks the SCMI mediation */
    EXIT_ABI = 5,               /* Xen is of another version or release */
    EXIT_NO_AGENTS = 6,         /* Xen's agent table is empty */
    EXIT_HOST_TREE = 7,         /* the host device tree cannot be read */
    EXIT_XENSTORE = 8,          /* xenstored cannot be reached */
    EXIT_SOCKET = 9,            /* the control socket cannot be made */
    EXIT_XENSTORE_GONE = 10,    /* the connection to xenstored broke */
    EXIT_POLICY = 11,           /* the policy is invalid */
    EXIT_ALREADY_RUNNING = 12,  /* another scmi-medd is running */
};

/*
 * Shortages of memory or descriptors (rc is a negative errno) pass: returns
 * EXIT_FAILURE_OTHER for them, so that systemd restarts the daemon, and status
 * for any other error.
 */
enum daemon_exit exit_because(int rc, enum daemon_exit status);

#endif
