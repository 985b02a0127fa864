/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks Xen at the start, see hyp-start.h. */

#include "daemon/xen/hyp-start.h"

#include <errno.h>
#include <string.h>

#include "daemon/log.h"

static enum daemon_exit explain_hyp(int rc, struct reason *why)
{
    switch (rc) {
    case -ENODEV:
        reason_set(why, rc, "cannot make hypercalls: this is not Xen's "
                   "control domain, or /dev/xen/privcmd is missing (load the "
                   "module xen-privcmd) or not accessible (run as root)");
        return EXIT_NO_XEN;
    case -EPERM:
    case -EACCES:
        reason_set(why, rc, "Xen refused the hypercall: scmi-medd must run "
                   "as root in Xen's control domain");
        return EXIT_NO_XEN;
    case -ENOSYS:
        reason_set(why, rc, "this Xen has no SCMI mediation: boot a "
                   "hypervisor with the scmi-med patch");
        return EXIT_NO_MEDIATOR;
    case -EOPNOTSUPP:
        reason_set(why, rc, "Xen's SCMI mediation interface is not version "
                   "%d: install Xen and scmi-medd from the same release",
                   SCMI_MED_VERSION);
        return EXIT_ABI;
    default:
        reason_set(why, rc, "Xen's SCMI mediation does not work: %s",
                   strerror(-rc));
        return exit_because(rc, EXIT_NO_MEDIATOR);
    }
}

/* Whether libxenctrl and Xen understand each other: asks about Dom0. */
static enum daemon_exit check_domain_info(struct hyp *hyp, struct reason *why)
{
    enum domain_state state;
    int rc = hyp_get_domain_state(hyp, 0, &state);

    if (!rc)
        return EXIT_DONE;
    reason_set(why, rc, "Xen does not tell libxenctrl which domains exist "
               "(%s): install Xen and libxenctrl from the same release",
               strerror(-rc));
    return exit_because(rc, EXIT_ABI);
}

enum daemon_exit hyp_start(struct hyp **ret_hyp, struct reason *why)
{
    struct scmi_med_info info;
    enum daemon_exit status;
    int rc;

    rc = hyp_open(ret_hyp);
    if (!rc)
        rc = hyp_info(*ret_hyp, &info);
    if (rc)
        return explain_hyp(rc, why);
    status = check_domain_info(*ret_hyp, why);
    if (status != EXIT_DONE)
        return status;

    if (!info.nr_agents) {
        reason_set(why, -ENODEV, "Xen has no SCMI agent: the host device tree "
                   "needs a valid \"xen,sci\" node below /chosen; \"xl dmesg\" "
                   "says what Xen found");
        return EXIT_NO_AGENTS;
    }
    if (!(info.features & SCMI_MED_FEATURE_TRUSTED))
        log_warning("Xen cannot talk to the SCMI firmware as its trusted "
                    "agent: every request will be refused");
    else if (!(info.features & SCMI_MED_FEATURE_KEEPS_APART))
        log_warning("the SCMI firmware does not keep agents apart: only Xen "
                    "does");
    return EXIT_DONE;
}
