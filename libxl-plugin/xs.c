/* SPDX-License-Identifier: LGPL-2.1-only */
/* Access to xenstore, see xs.h. */

#include "libxl-plugin/xs.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <scmi-med/names.h>

/* Fits SCMI_MED_REQUEST_FMT and every node below it. */
#define PATH_SIZE 128

static void node_path(const struct scmi_plugin_xs *xs, const char *node,
                      char ret_path[PATH_SIZE])
{
    snprintf(ret_path, PATH_SIZE, SCMI_MED_REQUEST_FMT "%s%s", xs->domid,
             *node ? "/" : "", node);
}

int scmi_plugin_xs_open(struct scmi_plugin_xs *xs)
{
    xs->handle = xs_open(0);
    return xs->handle ? 0 : scmi_plugin_xs_fail(xs, "open xenstore");
}

void scmi_plugin_xs_close(struct scmi_plugin_xs *xs)
{
    if (xs->handle)
        xs_close(xs->handle);
    xs->handle = NULL;
}

int scmi_plugin_xs_fail(const struct scmi_plugin_xs *xs,
                        const char *what)
{
    return scmi_plugin_fail(xs->error, "SCMI: cannot %s: %s", what,
                            strerror(errno));
}

bool scmi_plugin_xs_write(const struct scmi_plugin_xs *xs,
                          xs_transaction_t txn, const char *node,
                          const char *value)
{
    char path[PATH_SIZE];

    node_path(xs, node, path);
    return xs_write(xs->handle, txn, path, value, (unsigned int)strlen(value));
}

bool scmi_plugin_xs_remove(const struct scmi_plugin_xs *xs,
                           xs_transaction_t txn)
{
    char path[PATH_SIZE];

    node_path(xs, "", path);
    return xs_rm(xs->handle, txn, path) || errno == ENOENT;
}

int scmi_plugin_xs_watch(const struct scmi_plugin_xs *xs,
                         const char *node)
{
    char path[PATH_SIZE];

    node_path(xs, node, path);
    return xs_watch(xs->handle, path, "scmi-med") ? 0
           : scmi_plugin_xs_fail(xs, "watch the request in xenstore");
}

int scmi_plugin_xs_read(const struct scmi_plugin_xs *xs,
                        xs_transaction_t txn, const char *node,
                        char **ret_value)
{
    char path[PATH_SIZE], *value;
    unsigned int len;

    node_path(xs, node, path);
    value = xs_read(xs->handle, txn, path, &len);
    if (!value && errno != ENOENT)
        return scmi_plugin_xs_fail(xs, "read the request in xenstore");
    if (value && strlen(value) != len) {
        free(value);
        return scmi_plugin_fail(xs->error, "SCMI: %s in xenstore is no "
                                "text", path);
    }
    *ret_value = value;
    return 0;
}

int scmi_plugin_xs_wait(const struct scmi_plugin_xs *xs,
                        int timeout_ms)
{
    struct pollfd fd = { .fd = xs_fileno(xs->handle), .events = POLLIN };
    char **event;

    if (poll(&fd, 1, timeout_ms) < 0 && errno != EINTR)
        return scmi_plugin_xs_fail(xs, "wait for xenstore");
    while ((event = xs_check_watch(xs->handle)))
        free(event);
    return errno == EAGAIN ? 0
           : scmi_plugin_xs_fail(xs, "watch the request in xenstore");
}
