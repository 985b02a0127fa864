/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The nodes of one domain's request in xenstore. The handle is this request's
 * own: libxl may run in a process with many threads and requests.
 */

#ifndef SCMI_MED_PLUGIN_STORE_H
#define SCMI_MED_PLUGIN_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include <xenstore.h>

#include "libxl-plugin/fail.h"

/* A transaction in which somebody else is always faster is given up. */
#define SCMI_PLUGIN_MAX_ATTEMPTS 100

struct scmi_plugin_store {
    struct xs_handle *xs;
    uint32_t domid;
    const struct scmi_plugin_error *error;
};

int scmi_plugin_store_open(struct scmi_plugin_store *store);
void scmi_plugin_store_close(struct scmi_plugin_store *store);

/* Says what could not be done, and errno. Returns -1. */
int scmi_plugin_store_fail(const struct scmi_plugin_store *store,
                           const char *what);

/* Node of the request as a path, "" for the request itself. */
bool scmi_plugin_store_write(const struct scmi_plugin_store *store,
                             xs_transaction_t txn, const char *node,
                             const char *value);
bool scmi_plugin_store_remove(const struct scmi_plugin_store *store,
                              xs_transaction_t txn);
int scmi_plugin_store_watch(const struct scmi_plugin_store *store,
                            const char *node);

/*
 * The text of a node, to be freed; NULL if there is no such node. Fails if it
 * is there but is no text.
 */
int scmi_plugin_store_read(const struct scmi_plugin_store *store,
                           xs_transaction_t txn, const char *node,
                           char **ret_value);

/* Waits for the watch to fire, and takes its events. 0 as well on time-out. */
int scmi_plugin_store_wait(const struct scmi_plugin_store *store,
                           int timeout_ms);

#endif /* SCMI_MED_PLUGIN_STORE_H */
