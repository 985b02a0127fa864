/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A domain's request as the plugin left it in xenstore. Anybody with write
 * access there may have left it, so nothing in it counts before it was
 * checked here.
 */

#ifndef SCMI_MED_DAEMON_ADMISSION_REQUEST_H
#define SCMI_MED_DAEMON_ADMISSION_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/xen/store.h"
#include "lib/reason.h"

struct request {
    uint32_t domid;
    char **paths;           /* of device 0, 1, ...: absolute, plain text */
    size_t nr_paths;
};

/* The domid in /libxl/<domid>/scmi/state; -1: the path is another one. */
int request_domid_of(const char *store_path);

/* Whether a domain's request waits for an answer. Negative: cannot tell. */
int request_is_pending(struct store *store, store_txn txn, uint32_t domid);

/*
 * Reads and checks a request. -EINVAL: it is malformed, why says how; other
 * errors are xenstore's.
 */
int request_read(struct store *store, store_txn txn, uint32_t domid,
                 struct request *ret_request, struct reason *why);

/*
 * What a request for this one device would be. -EINVAL: it is no path, why
 * says why not.
 */
int request_of_device(uint32_t domid, const char *path,
                      struct request *ret_request, struct reason *why);

bool request_is_equal(const struct request *a, const struct request *b);

/* Frees what the struct holds; one filled with zeroes will do. */
void request_done(struct request *request);

#endif
