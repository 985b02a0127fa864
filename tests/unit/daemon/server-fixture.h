/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A server on a socket of its own, and its clients. Included once by each test
 * program, which has handle() and gap_message().
 */

#ifndef SCMI_MED_TESTS_UNIT_DAEMON_SERVER_FIXTURE_H
#define SCMI_MED_TESTS_UNIT_DAEMON_SERVER_FIXTURE_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/control/server.h"
#include "daemon/log.h"
#include "tests/unit/daemon/loop-fixture.h"

static char *handle(void *context, const char *call, struct server_peer *peer);
static char *gap_message(uint64_t nr);

static char folder[64], path[96];
static const struct server_config config = {
    .path = path, .handler = handle, .gap_message = gap_message,
};
static struct server *server;
static unsigned int nr_warnings;

static void count_warnings(int priority, const char *message)
{
    (void)message;
    nr_warnings += priority == LOG_WARNING;
}

static int setup(void **state)
{
    struct reason why;

    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/scmi-med-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/control", folder);
    nr_warnings = 0;
    log_set_sink(count_warnings);
    loop = loop_new();
    assert_non_null(loop);
    assert_int_equal(server_new(loop, &config, &server, &why), 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    server_free(server);
    loop_free(loop);
    log_set_sink(NULL);
    assert_int_equal(access(path, F_OK), -1);
    return rmdir(folder);
}

/* Lets the server handle what has arrived. */
static void turn(void)
{
    turn_for(20);
}

static int dial(void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

    strcpy(address.sun_path, path);
    assert_int_equal(connect(fd, (struct sockaddr *)&address,
                             sizeof(address)), 0);
    return fd;
}

static void say(int fd, const char *bytes, size_t len)
{
    assert_int_equal(send(fd, bytes, len, MSG_NOSIGNAL), len);
}

/* What has arrived, NULs shown as '|'; "eof" if the server hung up. */
static const char *hear(int fd)
{
    static char text[4096];
    ssize_t i, n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

    if (n == 0 || (n < 0 && errno == ECONNRESET))
        return "eof";
    if (n < 0)
        return "";
    for (i = 0; i < n; i++)
        if (!text[i])
            text[i] = '|';
    text[n] = '\0';
    return text;
}

#define assert_hears(fd, text) assert_string_equal(hear(fd), text)

#endif
