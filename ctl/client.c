/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls the daemon on its control socket, see client.h. */

#include "ctl/client.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <scmi-med/names.h>

#include "lib/wire.h"

/* An answer about 255 agents with 256 devices each has well below this. */
#define MAX_ANSWER (4 * 1024 * 1024)

/* A daemon that is stuck must not hang its client, too. */
#define TIMEOUT_S 10

__attribute__((format(printf, 3, 4)))
static enum ctl_status fail(enum ctl_status status, char error[CTL_ERROR_SIZE],
                            const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(error, CTL_ERROR_SIZE, format, args);
    va_end(args);
    return status;
}

static enum ctl_status open_socket(const char *path, int *ret_fd,
                                   char error[CTL_ERROR_SIZE])
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct timeval timeout = { .tv_sec = TIMEOUT_S };
    int fd, saved;

    if (strlen(path) >= sizeof(address.sun_path))
        return fail(CTL_USAGE, error, "%s: path of a socket too long", path);
    strcpy(address.sun_path, path);

    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return fail(CTL_UNREACHABLE, error, "socket: %s", strerror(errno));
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
    if (connect(fd, (struct sockaddr *)&address, sizeof(address))) {
        saved = errno;
        close(fd);
        if (saved == EACCES || saved == EPERM)
            return fail(CTL_UNREACHABLE, error, "%s: %s: you must be root",
                        path, strerror(saved));
        return fail(CTL_UNREACHABLE, error, "scmi-medd cannot be reached (%s: "
                    "%s); start it with: systemctl start scmi-medd", path,
                    strerror(saved));
    }
    *ret_fd = fd;
    return CTL_OK;
}

static enum ctl_status send_call(int fd, const char *method,
                                 char error[CTL_ERROR_SIZE])
{
    char text[256];
    size_t done = 0, len;
    ssize_t r;

    /* The NUL ends the message. */
    len = (size_t)snprintf(text, sizeof(text), "{\"method\":\""
                           SCMI_MED_INTERFACE ".%s\"}", method) + 1;
    while (done < len) {
        r = send(fd, text + done, len - done, MSG_NOSIGNAL);
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return fail(CTL_UNREACHABLE, error, "sending to scmi-medd: %s",
                        strerror(errno));
        done += (size_t)r;
    }
    return CTL_OK;
}

/* Receives one message, which stays in the wire's memory. */
static enum ctl_status receive(int fd, struct wire *wire, char **ret_text,
                               char error[CTL_ERROR_SIZE])
{
    char chunk[4096];
    ssize_t r;
    int rc;

    while (!(*ret_text = wire_next(wire))) {
        r = recv(fd, chunk, sizeof(chunk), 0);
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return fail(CTL_UNREACHABLE, error, "scmi-medd did not answer "
                        "within %d s", TIMEOUT_S);
        if (r < 0)
            return fail(CTL_UNREACHABLE, error, "receiving from scmi-medd: %s",
                        strerror(errno));
        if (r == 0)
            return fail(CTL_BAD_ANSWER, error, "scmi-medd closed the "
                        "connection without an answer");
        rc = wire_feed(wire, chunk, (size_t)r);
        if (rc)
            return fail(CTL_BAD_ANSWER, error, "scmi-medd's answer: %s",
                        strerror(-rc));
    }
    return CTL_OK;
}

static enum ctl_status parse(const char *text, json_t **ret_parameters,
                             char error[CTL_ERROR_SIZE])
{
    json_t *answer, *parameters;
    const char *name, *message = NULL;
    enum ctl_status status = CTL_OK;
    json_error_t problem;

    answer = json_loads(text, JSON_REJECT_DUPLICATES, &problem);
    if (!answer)
        return fail(CTL_BAD_ANSWER, error, "scmi-medd's answer is no JSON: %s",
                    problem.text);
    parameters = json_object_get(answer, "parameters");
    name = json_string_value(json_object_get(answer, "error"));
    if (json_object_get(answer, "error")) {
        message = json_string_value(json_object_get(parameters, "message"));
        status = fail(CTL_REFUSED, error, "%s%s%s", name ? name : "error",
                      message ? ": " : "", message ? message : "");
    } else if (!json_is_object(parameters)) {
        status = fail(CTL_BAD_ANSWER, error,
                      "scmi-medd's answer has no parameters");
    } else {
        *ret_parameters = json_incref(parameters);
    }
    json_decref(answer);
    return status;
}

enum ctl_status ctl_call(const char *socket_path, const char *method,
                         json_t **ret_parameters, char error[CTL_ERROR_SIZE])
{
    enum ctl_status status;
    struct wire wire;
    char *text;
    int fd = -1;

    status = open_socket(socket_path, &fd, error);
    if (status)
        return status;
    wire_init(&wire, MAX_ANSWER);
    status = send_call(fd, method, error);
    if (!status)
        status = receive(fd, &wire, &text, error);
    if (!status)
        status = parse(text, ret_parameters, error);
    wire_done(&wire);
    close(fd);
    return status;
}
