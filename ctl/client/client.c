/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls the daemon on its control socket, see client.h. */

#include "ctl/client/client.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <scmi-med/names.h>

#include "ctl/client/interface.h"
#include "lib/monotonic.h"
#include "lib/text.h"
#include "lib/wire.h"

#define NEVER INT64_MAX

struct call {
    const char *method;
    int fd;
    int timeout_ms;         /* for the whole call */
    int64_t end_ms;         /* when it times out; NEVER */
    char *error;            /* of CTL_ERROR_SIZE */
    const struct ctl_follow *follow;    /* NULL for a single reply */
    bool stopped;           /* by a descriptor of follow */
};

enum ctl_status ctl_fail(enum ctl_status status, char error[CTL_ERROR_SIZE],
                         const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(error, CTL_ERROR_SIZE, format, args);
    va_end(args);
    /* It may quote the daemon, and is for a terminal. */
    text_make_printable(error);
    return status;
}

/* Waits until the socket is ready, or the call has taken too long. */
static enum ctl_status wait_ready(struct call *call, short events)
{
    /* Without events, poll() still reports that the reader is gone. */
    struct pollfd fds[] = {
        { .fd = call->fd, .events = events },
        { .fd = call->follow ? call->follow->wake_fd : -1, .events = POLLIN },
        { .fd = call->follow ? call->follow->out_fd : -1 },
    };
    int64_t left_ms;
    int r;

    do {
        left_ms = call->end_ms - monotonic_ms();
        r = left_ms <= 0 ? 0
            : poll(fds, 3, call->end_ms == NEVER ? -1 : (int)left_ms);
    } while (r < 0 && errno == EINTR);

    call->stopped = r > 0 && (fds[1].revents || fds[2].revents);
    if (call->stopped)
        return CTL_UNREACHABLE;
    if (r < 0)
        return ctl_fail(CTL_UNREACHABLE, call->error, "poll: %s",
                        strerror(errno));
    if (r == 0)
        return ctl_fail(CTL_UNREACHABLE, call->error, "scmi-medd did not "
                        "answer within %d ms; see: systemctl status scmi-medd",
                        call->timeout_ms);
    return CTL_OK;
}

static enum ctl_status connect_failed(const struct call *call,
                                      const char *path)
{
    if (errno == EACCES || errno == EPERM)
        return ctl_fail(CTL_UNREACHABLE, call->error, "%s: %s; only root and "
                        "the members of scmi-medd's group may ask it", path,
                        strerror(errno));
    return ctl_fail(CTL_UNREACHABLE, call->error, "scmi-medd cannot be "
                    "reached (%s: %s); start it with: systemctl start "
                    "scmi-medd", path, strerror(errno));
}

static enum ctl_status open_socket(struct call *call, const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    if (strlen(path) >= sizeof(address.sun_path))
        return ctl_fail(CTL_USAGE, call->error, "%.64s...: too long for the "
                        "path of a socket", path);
    strcpy(address.sun_path, path);

    call->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (call->fd < 0)
        return ctl_fail(CTL_UNREACHABLE, call->error, "socket: %s",
                        strerror(errno));
    while (connect(call->fd, (struct sockaddr *)&address, sizeof(address))) {
        if (errno != EAGAIN && errno != EINTR)
            return connect_failed(call, path);
        /* Its queue is full, and poll() cannot wait for room: try again. */
        if (monotonic_ms() >= call->end_ms)
            return wait_ready(call, 0);
        (void)poll(NULL, 0, 20);
    }
    return CTL_OK;
}

static enum ctl_status send_text(struct call *call, const char *text,
                                 size_t len)
{
    enum ctl_status status = CTL_OK;
    size_t done = 0;
    ssize_t r;

    while (done < len && !status) {
        r = send(call->fd, text + done, len - done, MSG_NOSIGNAL);
        if (r >= 0)
            done += (size_t)r;
        else if (errno == EAGAIN)
            status = wait_ready(call, POLLOUT);
        else if (errno != EINTR)
            status = ctl_fail(CTL_UNREACHABLE, call->error, "sending to "
                              "scmi-medd: %s", strerror(errno));
    }
    return status;
}

static enum ctl_status send_call(struct call *call, json_t *parameters)
{
    enum ctl_status status;
    char name[128], *text;
    json_t *message;

    snprintf(name, sizeof(name), SCMI_MED_INTERFACE ".%s",
             call->method);
    message = json_pack("{s:s, s:O*}", "method", name, "parameters",
                        parameters);
    if (message && call->follow)
        json_object_set_new(message, "more", json_true());
    text = message ? json_dumps(message, JSON_COMPACT) : NULL;
    /* The NUL ends the message. */
    status = text ? send_text(call, text, strlen(text) + 1)
                  : ctl_fail(CTL_USAGE, call->error, "%s", strerror(ENOMEM));
    free(text);
    json_decref(message);
    return status;
}

static enum ctl_status bad_answer(const struct call *call, const char *why)
{
    return ctl_fail(CTL_BAD_ANSWER, call->error, "scmi-medd's answer is not "
                    "valid: %s", why);
}

/* Receives one message, which stays in the wire's memory. */
static enum ctl_status receive(struct call *call, struct wire *wire,
                               char **ret_text)
{
    enum ctl_status status;
    char chunk[16384];
    ssize_t r;
    int rc;

    while (!(*ret_text = wire_next(wire))) {
        status = wait_ready(call, POLLIN);
        if (status)
            return status;
        r = recv(call->fd, chunk, sizeof(chunk), 0);
        if (r < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (r < 0 && errno != ECONNRESET)
            return ctl_fail(CTL_UNREACHABLE, call->error, "receiving from "
                            "scmi-medd: %s", strerror(errno));
        if (r <= 0 && call->end_ms == NEVER)
            return ctl_fail(CTL_UNREACHABLE, call->error, "scmi-medd has "
                            "ended; see: systemctl status scmi-medd");
        if (r <= 0)
            return ctl_fail(CTL_BAD_ANSWER, call->error, "scmi-medd closed "
                            "the connection %s", wire->len ?
                            "in the middle of its answer" :
                            "without an answer");
        rc = wire_feed(wire, chunk, (size_t)r);
        if (rc)
            return bad_answer(call, strerror(-rc));
    }
    return CTL_OK;
}

static enum ctl_status error_reply(const struct call *call, const json_t *error,
                               const json_t *parameters)
{
    const char *name = json_string_value(error);
    json_t *message = json_object_get(parameters, "message");
    enum ctl_status status;
    char *text;

    if (!name)
        return bad_answer(call, "error is not a string");
    /* Its message is for people, and complete. */
    if (json_is_string(message) && !strcmp(name, SCMI_MED_INTERFACE ".Refused"))
        return ctl_fail(CTL_REFUSED, call->error, "%s",
                        json_string_value(message));
    if (json_is_string(message))
        return ctl_fail(CTL_REFUSED, call->error, "scmi-medd answered: %s: %s",
                        name, json_string_value(message));
    text = json_object_size(parameters) ? json_dumps(parameters, 0) : NULL;
    status = ctl_fail(CTL_REFUSED, call->error, "scmi-medd answered: %s%s%s",
                      name, text ? " " : "", text ? text : "");
    free(text);
    return status;
}

static enum ctl_status parse(const struct call *call, const char *text,
                             json_t **ret_parameters)
{
    json_t *reply, *parameters, *error;
    enum ctl_status status = CTL_OK;
    json_error_t problem;
    struct reason why;

    reply = json_loads(text, JSON_REJECT_DUPLICATES, &problem);
    if (!reply)
        return bad_answer(call, problem.text);
    parameters = json_object_get(reply, "parameters");
    error = json_object_get(reply, "error");
    if (error && !json_is_null(error))
        status = error_reply(call, error, parameters);
    else if (!json_is_object(parameters))
        status = bad_answer(call, "it has no parameters");
    else if (interface_check_reply(call->method, parameters, &why))
        status = bad_answer(call, why.text);
    else
        *ret_parameters = json_incref(parameters);
    json_decref(reply);
    return status;
}

enum ctl_status ctl_call(const char *socket_path, const char *method,
                         json_t *parameters, int timeout_ms,
                         json_t **ret_parameters, char error[CTL_ERROR_SIZE])
{
    struct call call = {
        .method = method, .fd = -1, .timeout_ms = timeout_ms,
        .end_ms = monotonic_ms() + timeout_ms, .error = error,
    };
    enum ctl_status status;
    struct wire wire;
    char *text;

    wire_init(&wire, WIRE_MAX_REPLY);
    status = open_socket(&call, socket_path);
    if (!status)
        status = send_call(&call, parameters);
    if (!status)
        status = receive(&call, &wire, &text);
    if (!status)
        status = parse(&call, text, ret_parameters);
    wire_done(&wire);
    if (call.fd >= 0)
        close(call.fd);
    return status;
}

static enum ctl_status follow_replies(struct call *call)
{
    enum ctl_status status;
    json_t *parameters;
    struct wire wire;
    char *text;

    wire_init(&wire, WIRE_MAX_REPLY);
    while (!(status = receive(call, &wire, &text))) {
        parameters = NULL;
        status = parse(call, text, &parameters);
        if (!status)
            status = call->follow->on_reply(call->follow->context, parameters,
                                            call->error);
        json_decref(parameters);
        if (status)
            break;
        /* Events are rare: no time limit from now on. */
        call->end_ms = NEVER;
    }
    wire_done(&wire);
    return call->stopped ? CTL_OK : status;
}

enum ctl_status ctl_follow(const char *socket_path, const char *method,
                           int timeout_ms, const struct ctl_follow *follow,
                           char error[CTL_ERROR_SIZE])
{
    struct call call = {
        .method = method, .fd = -1, .timeout_ms = timeout_ms,
        .end_ms = monotonic_ms() + timeout_ms, .error = error, .follow = follow,
    };
    enum ctl_status status;
    int saved;

    status = open_socket(&call, socket_path);
    if (!status)
        status = send_call(&call, NULL);
    if (!status)
        status = follow_replies(&call);
    saved = errno;
    if (call.fd >= 0)
        close(call.fd);
    errno = saved;
    return status;
}
