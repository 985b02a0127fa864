/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads requests from xenstore. The plugin writes them, but so can anything
 * with write access there: their content is checked here.
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
    char **paths;           /* of device 0, 1, ...: absolute, printable */
    size_t nr_paths;
};

/* The domid in /libxl/<domid>/scmi/state; -1: the path is another one. */
int request_domid_of(const char *store_path);

/* Whether a domain's request waits for its reply. Negative: cannot tell. */
int request_is_pending(struct store *store, store_txn txn, uint32_t domid);

/*
 * Reads and checks a request. -EINVAL: it is malformed, and why says how. Other
 * errors are xenstore's, and leave why unset.
 */
int request_read(struct store *store, store_txn txn, uint32_t domid,
                 struct request *ret_request, struct reason *why);

/* Makes a request for one device. -EINVAL: the path is malformed. */
int request_of_device(uint32_t domid, const char *path,
                      struct request *ret_request, struct reason *why);

bool request_is_equal(const struct request *a, const struct request *b);

/* Frees the contents; accepts a struct of zeroes. */
void request_done(struct request *request);

#endif
