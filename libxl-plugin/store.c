/* SPDX-License-Identifier: LGPL-2.1-only */
/* Xenstore, see store.h. The only file of the plugin that knows it. */

#include "libxl-plugin/store.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <scmi-med/names.h>

/* Fits SCMI_MED_REQUEST_FMT and every node below. */
#define PATH_SIZE 128

static void node_path(const struct scmi_plugin_store *store, const char *node,
                      char ret_path[PATH_SIZE])
{
    snprintf(ret_path, PATH_SIZE, SCMI_MED_REQUEST_FMT "%s%s", store->domid,
             *node ? "/" : "", node);
}

int scmi_plugin_store_open(struct scmi_plugin_store *store)
{
    store->xs = xs_open(0);
    return store->xs ? 0 : scmi_plugin_store_fail(store, "open xenstore");
}

void scmi_plugin_store_close(struct scmi_plugin_store *store)
{
    if (store->xs)
        xs_close(store->xs);
    store->xs = NULL;
}

int scmi_plugin_store_fail(const struct scmi_plugin_store *store,
                           const char *what)
{
    return scmi_plugin_fail(store->error, "SCMI: cannot %s: %s", what,
                            strerror(errno));
}

bool scmi_plugin_store_write(const struct scmi_plugin_store *store,
                             xs_transaction_t txn, const char *node,
                             const char *value)
{
    char path[PATH_SIZE];

    node_path(store, node, path);
    return xs_write(store->xs, txn, path, value, (unsigned int)strlen(value));
}

bool scmi_plugin_store_remove(const struct scmi_plugin_store *store,
                              xs_transaction_t txn)
{
    char path[PATH_SIZE];

    node_path(store, "", path);
    return xs_rm(store->xs, txn, path) || errno == ENOENT;
}

int scmi_plugin_store_watch(const struct scmi_plugin_store *store,
                            const char *node)
{
    char path[PATH_SIZE];

    node_path(store, node, path);
    return xs_watch(store->xs, path, "scmi-med") ? 0
           : scmi_plugin_store_fail(store, "watch the request in xenstore");
}

int scmi_plugin_store_read(const struct scmi_plugin_store *store,
                           xs_transaction_t txn, const char *node,
                           char **ret_value)
{
    char path[PATH_SIZE], *value;
    unsigned int len;

    node_path(store, node, path);
    value = xs_read(store->xs, txn, path, &len);
    if (!value && errno != ENOENT)
        return scmi_plugin_store_fail(store, "read the request in xenstore");
    if (value && strlen(value) != len) {
        free(value);
        return scmi_plugin_fail(store->error, "SCMI: %s in xenstore is no "
                                "text", path);
    }
    *ret_value = value;
    return 0;
}

int scmi_plugin_store_wait(const struct scmi_plugin_store *store,
                           int timeout_ms)
{
    struct pollfd fd = { .fd = xs_fileno(store->xs), .events = POLLIN };
    char **event;

    if (poll(&fd, 1, timeout_ms) < 0 && errno != EINTR)
        return scmi_plugin_store_fail(store, "wait for xenstore");
    while ((event = xs_check_watch(store->xs)))
        free(event);
    return errno == EAGAIN ? 0
           : scmi_plugin_store_fail(store, "watch the request in xenstore");
}
