/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exit statuses, see exit.h. */

#include "daemon/exit.h"

#include <errno.h>

enum daemon_exit exit_because(int rc, enum daemon_exit status)
{
    switch (rc) {
    case -ENOMEM:
    case -EMFILE:
    case -ENFILE:
        return EXIT_FAILURE_OTHER;
    default:
        return status;
    }
}
