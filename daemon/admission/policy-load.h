/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Brings the policy in: reads its file, and checks it against this host. */

#ifndef SCMI_MED_DAEMON_ADMISSION_POLICY_LOAD_H
#define SCMI_MED_DAEMON_ADMISSION_POLICY_LOAD_H

#include "daemon/xen/hyp.h"
#include "lib/host/tree.h"
#include "lib/policy/policy.h"
#include "lib/reason.h"

/*
 * Without a file (path may be NULL) there is no policy, and that is no
 * failure. On failure: negative errno, and why is set.
 */
int policy_load(const char *path, struct hyp *hyp,
                const struct host_tree *tree, struct policy *ret_policy,
                struct reason *why);

/* The same later on, logged; what is wrong leaves the old one in force. */
int policy_reload(const char *path, struct hyp *hyp,
                  const struct host_tree *tree, struct policy *policy,
                  struct reason *why);

#endif
