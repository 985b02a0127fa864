/* SPDX-License-Identifier: LGPL-2.1-only */
/* Asks the daemon through xenstore, see request.h. */

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <libxl.h>
#include <scmi-med/names.h>
#include <xenstore.h>

#include "libxl-plugin/request.h"

/*
 * The daemon answers within milliseconds; this long it may hang before the
 * creation fails. SCMI_MED_TIMEOUT_MS in the environment changes it.
 */
#define TIMEOUT_MS 10000

/* libxl removes a domain's nodes while we write only if it is destroyed. */
#define MAX_ATTEMPTS 10

#define PATH_SIZE 128

const struct scmi_plugin_property_names
scmi_plugin_property_names[SCMI_PLUGIN_NR_PROPERTIES] = {
    [SCMI_PLUGIN_CLOCKS] = { "clocks", "clock-names" },
    [SCMI_PLUGIN_POWER_DOMAINS] = { "power-domains", "power-domain-names" },
    [SCMI_PLUGIN_RESETS] = { "resets", "reset-names" },
};

int scmi_plugin_request_add(struct scmi_plugin_request *request,
                            const char *path, char *error, size_t error_size)
{
    struct scmi_plugin_device *devices;
    size_t i;

    for (i = 0; i < request->nr_devices; i++)
        if (!strcmp(request->devices[i].path, path))
            return 0;
    if (request->nr_devices == SCMI_MED_REQUEST_MAX_DEVICES) {
        snprintf(error, error_size, "SCMI: the domain has more than %d"
                 " passthrough devices", SCMI_MED_REQUEST_MAX_DEVICES);
        return ERROR_INVAL;
    }

    devices = realloc(request->devices, (i + 1) * sizeof(*devices));
    if (devices) {
        request->devices = devices;
        devices[i] = (struct scmi_plugin_device){ .path = strdup(path) };
    }
    if (!devices || !devices[i].path) {
        snprintf(error, error_size, "SCMI: out of memory");
        return ERROR_NOMEM;
    }
    request->nr_devices++;
    return 0;
}

void scmi_plugin_request_dispose(struct scmi_plugin_request *request)
{
    size_t i, k;

    for (i = 0; i < request->nr_devices; i++) {
        for (k = 0; k < SCMI_PLUGIN_NR_PROPERTIES; k++) {
            free(request->devices[i].properties[k].refs);
            free(request->devices[i].properties[k].names);
        }
        free(request->devices[i].path);
    }
    free(request->devices);
    *request = (struct scmi_plugin_request){ 0 };
}

/* What it takes to talk to xenstore about one domain. */
struct talk {
    struct xs_handle *xs;
    uint32_t domid;
    char *error;
    size_t error_size;
};

static int fail(const struct talk *talk, const char *what)
{
    snprintf(talk->error, talk->error_size, "SCMI: %s: %s", what,
             strerror(errno));
    return ERROR_FAIL;
}

static bool write_node(const struct talk *talk, xs_transaction_t t,
                       const char *node, const char *value)
{
    char path[PATH_SIZE];

    snprintf(path, sizeof(path), SCMI_MED_REQUEST_FMT "/%s", talk->domid, node);
    return xs_write(talk->xs, t, path, value, strlen(value));
}

/* A node's value, to be freed; NULL if it has none or it is no text. */
static char *read_node(const struct talk *talk, xs_transaction_t t,
                       const char *node)
{
    char path[PATH_SIZE], *value;
    unsigned int len;

    snprintf(path, sizeof(path), SCMI_MED_REQUEST_FMT "/%s", talk->domid, node);
    value = xs_read(talk->xs, t, path, &len);
    if (value && strlen(value) != len) {
        free(value);
        value = NULL;
        errno = EINVAL;
    }
    return value;
}

static bool write_request(const struct talk *talk, xs_transaction_t t,
                          const struct scmi_plugin_request *request)
{
    char node[64];
    size_t i;

    if (!write_node(talk, t, "version", SCMI_MED_REQUEST_VERSION))
        return false;
    for (i = 0; i < request->nr_devices; i++) {
        snprintf(node, sizeof(node), "device/%zu/path", i);
        if (!write_node(talk, t, node, request->devices[i].path))
            return false;
    }
    return write_node(talk, t, "state", SCMI_MED_STATE_REQUESTED);
}

static int submit(const struct talk *talk,
                  const struct scmi_plugin_request *request)
{
    xs_transaction_t t;
    int attempt;

    for (attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        t = xs_transaction_start(talk->xs);
        if (t == XBT_NULL)
            break;
        if (!write_request(talk, t, request)) {
            xs_transaction_end(talk->xs, t, true);
            break;
        }
        if (xs_transaction_end(talk->xs, t, false))
            return 0;
        if (errno != EAGAIN)
            break;
    }
    return fail(talk, "could not write the request to xenstore");
}

static int64_t now_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec * INT64_C(1000) + ts.tv_nsec / 1000000;
}

static int timeout_ms(void)
{
    const char *text = getenv("SCMI_MED_TIMEOUT_MS");
    uint64_t value;

    if (text && scmi_plugin_value_number(text, 600000, &value))
        return value;
    return TIMEOUT_MS;
}

/* Takes the request back, unless it was answered just now. */
static bool withdraw(const struct talk *talk)
{
    char path[PATH_SIZE], *state;
    xs_transaction_t t;
    bool waits;
    int attempt;

    snprintf(path, sizeof(path), SCMI_MED_REQUEST_FMT, talk->domid);
    for (attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        t = xs_transaction_start(talk->xs);
        if (t == XBT_NULL)
            return true;
        state = read_node(talk, t, "state");
        waits = !state || !strcmp(state, SCMI_MED_STATE_REQUESTED);
        free(state);
        if (waits)
            xs_rm(talk->xs, t, path);
        if (xs_transaction_end(talk->xs, t, false))
            return waits;
    }
    return true;
}

/* Waits until the state is another one than "requested". */
static int wait_for_answer(const struct talk *talk, char **state)
{
    int timeout = timeout_ms();
    int64_t deadline = now_ms() + timeout, left;
    struct pollfd fd = { .fd = xs_fileno(talk->xs), .events = POLLIN };
    char **event;

    for (;;) {
        *state = read_node(talk, XBT_NULL, "state");
        if (!*state)
            return fail(talk, "the request is gone from xenstore");
        if (strcmp(*state, SCMI_MED_STATE_REQUESTED))
            return 0;

        left = deadline - now_ms();
        if (left <= 0) {
            free(*state);
            if (withdraw(talk)) {
                *state = NULL;
                snprintf(talk->error, talk->error_size, "SCMI: scmi-medd did"
                         " not answer within %d ms; see"
                         " `systemctl status scmi-medd`", timeout);
                return ERROR_TIMEDOUT;
            }
            *state = read_node(talk, XBT_NULL, "state");
            return *state ? 0 : fail(talk, "the answer is gone from xenstore");
        }

        free(*state);
        if (poll(&fd, 1, left) < 0 && errno != EINTR) {
            *state = NULL;
            return fail(talk, "waiting for xenstore failed");
        }
        while ((event = xs_check_watch(talk->xs)))
            free(event);
    }
}

/* Reads a node of the answer and checks it. */
static bool read_number(const struct talk *talk, const char *node,
                        uint64_t max, uint64_t *value)
{
    char *text = read_node(talk, XBT_NULL, node);
    bool ok = text && scmi_plugin_value_number(text, max, value);

    if (!ok)
        snprintf(talk->error, talk->error_size, "SCMI: scmi-medd answered"
                 " %s = \"%s\", which is no valid number", node,
                 text ? text : "");
    free(text);
    return ok;
}

static bool read_property(const struct talk *talk, size_t device,
                          const struct scmi_plugin_property_names *names,
                          struct scmi_plugin_property *property)
{
    char node[64], *text;
    bool ok = true;

    snprintf(node, sizeof(node), "device/%zu/%s", device, names->refs);
    text = read_node(talk, XBT_NULL, node);
    if (!text)
        return true;
    ok = scmi_plugin_value_refs(text, property);
    free(text);

    if (ok) {
        snprintf(node, sizeof(node), "device/%zu/%s", device, names->names);
        text = read_node(talk, XBT_NULL, node);
        ok = !text || scmi_plugin_value_names(text, property);
        free(text);
    }
    if (!ok)
        snprintf(talk->error, talk->error_size,
                 "SCMI: scmi-medd answered %s in a form that is not valid",
                 node);
    return ok;
}

static int read_granted(const struct talk *talk,
                        struct scmi_plugin_request *request)
{
    char *text = read_node(talk, XBT_NULL, "agent");
    uint64_t function_id;
    size_t i, k;
    bool ok;

    /* None of the devices hangs on SCMI: nothing to add. */
    request->has_agent = text;
    free(text);
    if (!request->has_agent)
        return 0;

    if (!read_number(talk, "function-id", UINT32_MAX, &function_id) ||
        !read_number(talk, "frame", UINT64_MAX >> 12, &request->frame))
        return ERROR_FAIL;
    request->function_id = function_id;

    text = read_node(talk, XBT_NULL, "protocols");
    ok = text && scmi_plugin_value_protocols(text, request->protocols);
    free(text);
    if (!ok) {
        snprintf(talk->error, talk->error_size,
                 "SCMI: scmi-medd answered no valid list of protocols");
        return ERROR_FAIL;
    }

    for (i = 0; i < request->nr_devices; i++)
        for (k = 0; k < SCMI_PLUGIN_NR_PROPERTIES; k++)
            if (!read_property(talk, i, &scmi_plugin_property_names[k],
                               &request->devices[i].properties[k]))
                return ERROR_FAIL;
    return 0;
}

static int read_answer(const struct talk *talk, const char *state,
                       struct scmi_plugin_request *request)
{
    char *text;

    if (!strcmp(state, SCMI_MED_STATE_GRANTED))
        return read_granted(talk, request);
    if (strcmp(state, SCMI_MED_STATE_REFUSED)) {
        snprintf(talk->error, talk->error_size,
                 "SCMI: scmi-medd answered with an unknown state");
        return ERROR_FAIL;
    }
    text = read_node(talk, XBT_NULL, "error");
    snprintf(talk->error, talk->error_size, "SCMI: %s",
             text ? text : "refused without a reason");
    free(text);
    return ERROR_FAIL;
}

/* Whether the daemon runs: then its socket accepts connections. */
static int check_daemon(const struct talk *talk)
{
    struct sockaddr_un address = {
        .sun_family = AF_UNIX, .sun_path = SCMI_MED_SOCKET_PATH,
    };
    const char *path = getenv("SCMI_MED_SOCKET");
    int fd, r;

    if (path && strlen(path) < sizeof(address.sun_path))
        strcpy(address.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return fail(talk, "could not make a socket");
    r = connect(fd, (struct sockaddr *)&address, sizeof(address));
    /* A full backlog means that it is there. */
    if (r < 0 && errno == EAGAIN)
        r = 0;
    if (r < 0)
        snprintf(talk->error, talk->error_size, "SCMI: the domain has"
                 " passthrough devices, but scmi-medd does not run (%s: %s);"
                 " start it with `systemctl start scmi-medd`",
                 address.sun_path, strerror(errno));
    close(fd);
    return r < 0 ? ERROR_NOT_READY : 0;
}

int scmi_plugin_request_send(struct scmi_plugin_request *request,
                             char *error, size_t error_size)
{
    struct talk talk = {
        .domid = request->domid, .error = error, .error_size = error_size,
    };
    char path[PATH_SIZE], *state = NULL;
    int rc;

    rc = check_daemon(&talk);
    if (rc)
        return rc;
    talk.xs = xs_open(0);
    if (!talk.xs)
        return fail(&talk, "could not connect to xenstore");

    rc = submit(&talk, request);
    if (rc)
        goto out;
    snprintf(path, sizeof(path), SCMI_MED_REQUEST_FMT "/state", talk.domid);
    if (!xs_watch(talk.xs, path, "state")) {
        rc = fail(&talk, "could not watch xenstore");
        withdraw(&talk);
        goto out;
    }
    rc = wait_for_answer(&talk, &state);
    if (!rc)
        rc = read_answer(&talk, state, request);

out:
    free(state);
    xs_close(talk.xs);
    return rc;
}
