/* SPDX-License-Identifier: LGPL-2.1-only */
/* Asking the daemon, see daemon.h. */

#include "libxl-plugin/daemon.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <scmi-med/names.h>

#include "libxl-plugin/xs.h"

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* Returns 0 if a process listens on the socket, else an errno. */
static int try_connect(const struct sockaddr_un *address)
{
    int fd, err;

    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return errno;
    err = connect(fd, (const struct sockaddr *)address, sizeof(*address))
          ? errno : 0;
    close(fd);
    /* EAGAIN: its backlog is full, so a process listens. */
    return err == EAGAIN ? 0 : err;
}

static bool is_restarting(const char *socket_path)
{
    char lock[sizeof(((struct sockaddr_un *)NULL)->sun_path) +
              sizeof(SCMI_MED_LOCK_SUFFIX)];

    snprintf(lock, sizeof(lock), "%s" SCMI_MED_LOCK_SUFFIX, socket_path);
    return !access(lock, F_OK);
}

int scmi_plugin_daemon_check(const char *socket_path, int restart_ms,
                             const struct scmi_plugin_error *error)
{
    const struct timespec pause = { .tv_nsec = 50 * 1000000 };
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int64_t deadline = now_ms() + restart_ms;
    int err;

    if (strlen(socket_path) >= sizeof(address.sun_path))
        return scmi_plugin_fail(error, "SCMI: the path of scmi-medd's socket "
                                "is too long");
    strcpy(address.sun_path, socket_path);

    for (;;) {
        err = try_connect(&address);
        if (!err)
            return 0;
        if (err != ENOENT && err != ECONNREFUSED)
            return scmi_plugin_fail(error, "SCMI: cannot reach scmi-medd at "
                                    "%s: %s", socket_path, strerror(err));
        if (!is_restarting(socket_path) || now_ms() >= deadline)
            return scmi_plugin_fail(error, "SCMI: scmi-medd is not running, "
                                    "and a domain with passthrough devices or "
                                    "an SCMI node needs it: start it with "
                                    "\"systemctl start scmi-medd\"");
        (void)nanosleep(&pause, NULL);
    }
}

static bool write_request(const struct scmi_plugin_xs *xs,
                          xs_transaction_t txn,
                          const struct scmi_plugin_devices *devices)
{
    char node[64];
    size_t n;

    if (!scmi_plugin_xs_remove(xs, txn) ||
        !scmi_plugin_xs_write(xs, txn, "version", SCMI_MED_REQUEST_VERSION))
        return false;
    for (n = 0; n < devices->nr_paths; n++) {
        snprintf(node, sizeof(node), "device/%zu/path", n);
        if (!scmi_plugin_xs_write(xs, txn, node, devices->paths[n]))
            return false;
    }
    return scmi_plugin_xs_write(xs, txn, "state",
                                SCMI_MED_STATE_REQUESTED);
}

static int submit(const struct scmi_plugin_xs *xs,
                  const struct scmi_plugin_devices *devices)
{
    xs_transaction_t txn;
    int attempt = 0, err;

    do {
        txn = xs_transaction_start(xs->handle);
        if (txn == XBT_NULL)
            break;
        if (!write_request(xs, txn, devices)) {
            err = errno;
            (void)xs_transaction_end(xs->handle, txn, true);
            errno = err;
            break;
        }
        if (xs_transaction_end(xs->handle, txn, false))
            return 0;
    } while (errno == EAGAIN && ++attempt < SCMI_PLUGIN_MAX_ATTEMPTS);

    return scmi_plugin_xs_fail(xs, "write the request to xenstore");
}

static bool is_waiting(const char *state)
{
    return state && !strcmp(state, SCMI_MED_STATE_REQUESTED);
}

/*
 * Withdraws the request in a transaction. The daemon replies in one of its
 * own: either it finds the request gone, or it was first. In the latter case,
 * returns the new state, else NULL.
 */
static char *withdraw(const struct scmi_plugin_xs *xs)
{
    xs_transaction_t txn;
    int attempt = 0;
    char *state;

    do {
        txn = xs_transaction_start(xs->handle);
        if (txn == XBT_NULL)
            return NULL;
        if (scmi_plugin_xs_read(xs, txn, "state", &state))
            state = NULL;
        if (state && !is_waiting(state)) {
            (void)xs_transaction_end(xs->handle, txn, true);
            return state;
        }
        free(state);
        (void)scmi_plugin_xs_remove(xs, txn);
        if (xs_transaction_end(xs->handle, txn, false))
            return NULL;
    } while (errno == EAGAIN && ++attempt < SCMI_PLUGIN_MAX_ATTEMPTS);
    return NULL;
}

/* Waits until the state is no longer "requested". */
static int wait_for_state(const struct scmi_plugin_xs *xs, int timeout_ms,
                          char **ret_state)
{
    int64_t deadline = now_ms() + timeout_ms, left;
    char *state;

    for (;;) {
        if (scmi_plugin_xs_read(xs, XBT_NULL, "state", &state))
            break;
        if (!state)
            return scmi_plugin_fail(xs->error, "SCMI: the request is gone "
                                    "from xenstore: is the domain being "
                                    "destroyed?");
        if (!is_waiting(state)) {
            *ret_state = state;
            return 0;
        }
        free(state);
        left = deadline - now_ms();
        if (left <= 0) {
            scmi_plugin_fail(xs->error, "SCMI: scmi-medd did not answer "
                             "within %d ms: see \"journalctl -u scmi-medd\"",
                             timeout_ms);
            break;
        }
        if (scmi_plugin_xs_wait(xs, (int)left))
            break;
    }

    *ret_state = withdraw(xs);
    return *ret_state ? 0 : -1;
}

/* Reads the references of one kind of one device. */
static int read_refs(const struct scmi_plugin_xs *xs, size_t n,
                     enum scmi_plugin_kind kind,
                     struct scmi_plugin_reply *reply)
{
    char node[64], *refs = NULL, *names = NULL;
    int rc;

    snprintf(node, sizeof(node), "device/%zu/%s", n,
             scmi_plugin_kinds[kind].refs);
    rc = scmi_plugin_xs_read(xs, XBT_NULL, node, &refs);
    if (!rc) {
        snprintf(node, sizeof(node), "device/%zu/%s", n,
                 scmi_plugin_kinds[kind].names);
        rc = scmi_plugin_xs_read(xs, XBT_NULL, node, &names);
    }
    if (!rc)
        rc = scmi_plugin_reply_set_refs(reply, n, kind, refs, names,
                                        xs->error);
    free(refs);
    free(names);
    return rc;
}

static int read_agent(const struct scmi_plugin_xs *xs,
                      struct scmi_plugin_reply *reply)
{
    char *agent = NULL, *function_id = NULL, *frame = NULL, *protocols = NULL;
    int rc;

    rc = scmi_plugin_xs_read(xs, XBT_NULL, "agent", &agent);
    if (!rc)
        rc = scmi_plugin_xs_read(xs, XBT_NULL, "function-id", &function_id);
    if (!rc)
        rc = scmi_plugin_xs_read(xs, XBT_NULL, "frame", &frame);
    if (!rc)
        rc = scmi_plugin_xs_read(xs, XBT_NULL, "protocols", &protocols);
    if (!rc)
        rc = scmi_plugin_reply_set_agent(reply, agent, function_id, frame,
                                         xs->error);
    if (!rc && reply->has_agent)
        rc = scmi_plugin_reply_set_protocols(reply, protocols, xs->error);
    free(agent);
    free(function_id);
    free(frame);
    free(protocols);
    return rc;
}

static int read_granted(const struct scmi_plugin_xs *xs, size_t nr_devices,
                        struct scmi_plugin_reply *ret_reply)
{
    struct scmi_plugin_reply reply;
    int rc, kind;
    size_t n;

    rc = scmi_plugin_reply_init(&reply, nr_devices, xs->error);
    if (!rc)
        rc = read_agent(xs, &reply);
    for (n = 0; !rc && n < nr_devices; n++)
        for (kind = 0; !rc && kind < SCMI_PLUGIN_NR_KINDS; kind++)
            rc = read_refs(xs, n, (enum scmi_plugin_kind)kind, &reply);

    if (rc)
        scmi_plugin_reply_done(&reply);
    else
        *ret_reply = reply;
    return rc;
}

static int read_refused(const struct scmi_plugin_xs *xs)
{
    char *why;

    if (scmi_plugin_xs_read(xs, XBT_NULL, "error", &why))
        return -1;
    if (why)
        scmi_plugin_make_printable(why);
    scmi_plugin_fail(xs->error, "SCMI: %s", why && *why ? why
                     : "scmi-medd refused without giving a reason");
    free(why);
    return -1;
}

int scmi_plugin_daemon_ask(uint32_t domid,
                           const struct scmi_plugin_devices *devices,
                           int timeout_ms, struct scmi_plugin_reply *ret_reply,
                           const struct scmi_plugin_error *error)
{
    struct scmi_plugin_xs xs = { .domid = domid, .error = error };
    char *state = NULL;
    int rc;

    rc = scmi_plugin_xs_open(&xs);
    if (!rc)
        rc = scmi_plugin_xs_watch(&xs, "state");
    if (!rc)
        rc = submit(&xs, devices);
    if (!rc)
        rc = wait_for_state(&xs, timeout_ms, &state);
    if (rc)
        goto out;

    /* NOLINTNEXTLINE(clang-analyzer-core.*): state is set if rc is 0 */
    if (!strcmp(state, SCMI_MED_STATE_GRANTED)) {
        rc = read_granted(&xs, devices->nr_paths, ret_reply);
    } else if (!strcmp(state, SCMI_MED_STATE_REFUSED)) {
        rc = read_refused(&xs);
    } else {
        scmi_plugin_make_printable(state);
        rc = scmi_plugin_fail(error, "SCMI: the request has an unknown state "
                              "in xenstore, \"%.64s\"", state);
    }

out:
    free(state);
    scmi_plugin_xs_close(&xs);
    return rc;
}
