/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The xenstore nodes of one domain's request. Each request has a handle of its
 * own, since libxl may serve several requests at once in several threads.
 */

#ifndef SCMI_MED_PLUGIN_XS_H
#define SCMI_MED_PLUGIN_XS_H

#include <stdbool.h>
#include <stdint.h>

#include <xenstore.h>

#include "libxl-plugin/fail.h"

/* Attempts at a transaction that keeps conflicting. */
#define SCMI_PLUGIN_MAX_ATTEMPTS 100

struct scmi_plugin_xs {
    struct xs_handle *handle;
    uint32_t domid;
    const struct scmi_plugin_error *error;
};

int scmi_plugin_xs_open(struct scmi_plugin_xs *xs);
void scmi_plugin_xs_close(struct scmi_plugin_xs *xs);

/* Fails with what could not be done, and errno. Returns -1. */
int scmi_plugin_xs_fail(const struct scmi_plugin_xs *xs,
                        const char *what);

/* node is a path below the request; "" is the request itself. */
bool scmi_plugin_xs_write(const struct scmi_plugin_xs *xs,
                          xs_transaction_t txn, const char *node,
                          const char *value);
bool scmi_plugin_xs_remove(const struct scmi_plugin_xs *xs,
                           xs_transaction_t txn);
int scmi_plugin_xs_watch(const struct scmi_plugin_xs *xs,
                         const char *node);

/*
 * Sets *ret_value to the text of a node, to be freed, or to NULL if there is
 * no such node. Fails if the value is not text.
 */
int scmi_plugin_xs_read(const struct scmi_plugin_xs *xs,
                        xs_transaction_t txn, const char *node,
                        char **ret_value);

/* Waits for watch events and consumes them. Returns 0 on time-out, too. */
int scmi_plugin_xs_wait(const struct scmi_plugin_xs *xs,
                        int timeout_ms);

#endif /* SCMI_MED_PLUGIN_XS_H */
