/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the reply to a request into xenstore, within a transaction of the
 * caller. Returns 0 or xenstore's error.
 */

#ifndef SCMI_MED_DAEMON_ADMISSION_REPLY_H
#define SCMI_MED_DAEMON_ADMISSION_REPLY_H

#include <stdint.h>

#include "daemon/admission/grant.h"
#include "daemon/admission/resolver.h"
#include "daemon/xen/store.h"

int reply_granted(struct store *store, store_txn txn, uint32_t domid,
                   const struct plan *plan, const struct grant *grant);
int reply_refused(struct store *store, store_txn txn, uint32_t domid,
                   const char *error);

#endif
