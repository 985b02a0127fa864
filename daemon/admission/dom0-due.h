/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gives Dom0 what nobody else has, by dom0_restore(), and logs what is new. */

#ifndef SCMI_MED_DAEMON_ADMISSION_DOM0_DUE_H
#define SCMI_MED_DAEMON_ADMISSION_DOM0_DUE_H

#include <stddef.h>

#include "daemon/xen/agents.h"
#include "daemon/xen/hyp.h"
#include "lib/host/tree.h"

/*
 * nr_lacks: devices that Dom0 could not get back, from one call to the next; 0
 * before the first. While it is not 0 the call is to be repeated.
 */
void dom0_due(struct hyp *hyp, const struct agents *agents,
              const struct host_tree *tree, size_t *nr_lacks);

#endif
