/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exit statuses of scmi-medd. The unit file names those that starting again
 * will not change.
 */

#ifndef SCMI_MED_EXIT_H
#define SCMI_MED_EXIT_H

enum daemon_exit {
    EXIT_DONE = 0,
    EXIT_RUNNING = 1,       /* another scmi-medd runs, or another failure */
    EXIT_USAGE = 2,
    EXIT_NO_XEN = 3,        /* no hypercalls from here */
    EXIT_NO_MEDIATOR = 4,   /* this Xen lacks the SCMI mediation */
    EXIT_ABI = 5,           /* it has another version of it */
    EXIT_NO_AGENTS = 6,     /* its agent table is empty */
    EXIT_HOST_TREE = 7,     /* the host device tree cannot be read */
    EXIT_XENSTORE = 8,      /* xenstored cannot be reached */
    EXIT_SOCKET = 9,        /* the control socket cannot be made */
    EXIT_LOST = 10,         /* xenstored went away */
    EXIT_POLICY = 11,       /* the policy file is wrong */
};

/*
 * The status after an errno: what is short only now, memory or descriptors, is
 * nothing that starting again does not change.
 */
enum daemon_exit exit_because(int rc, enum daemon_exit status);

#endif
