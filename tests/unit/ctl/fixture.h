/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A daemon for scmi-medctl's tests: a thread that takes one call on a socket
 * and behaves as the test says. Included once by each test program.
 */

#ifndef SCMI_MED_TESTS_UNIT_CTL_FIXTURE_H
#define SCMI_MED_TESTS_UNIT_CTL_FIXTURE_H

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct {
    /* Set by the test: */
    const char *reply;      /* sent before the connection is closed */
    size_t reply_len;
    size_t piece;           /* bytes sent at a time; 0: all at once */
    int pause_ms;           /* between two pieces */
    bool silent;            /* sends nothing until the client closes */
    size_t flood;           /* bytes of 'x' sent before the reply */
    /* For the test: */
    char call[1024];
    /* Internal: */
    char folder[64], path[128];
    int listener;
    pthread_t thread;
} server;

static inline void server_send(int fd, const char *bytes, size_t len)
{
    ssize_t r;

    while (len && (r = send(fd, bytes, len, MSG_NOSIGNAL)) > 0) {
        bytes += r;
        len -= (size_t)r;
    }
}

static inline void server_reply(int fd)
{
    size_t done, piece = server.piece ? server.piece : server.reply_len;
    char *flood;

    if (server.flood) {
        flood = malloc(server.flood);
        memset(flood, 'x', server.flood);
        server_send(fd, flood, server.flood);
        free(flood);
    }
    for (done = 0; done < server.reply_len; done += piece) {
        if (done && server.pause_ms)
            poll(NULL, 0, server.pause_ms);
        if (piece > server.reply_len - done)
            piece = server.reply_len - done;
        server_send(fd, server.reply + done, piece);
    }
}

static inline void *server_run(void *unused)
{
    int fd = accept(server.listener, NULL, NULL);
    size_t len = 0;
    char byte;

    (void)unused;
    if (fd < 0)
        return NULL;
    while (len < sizeof(server.call) && recv(fd, &byte, 1, 0) == 1) {
        server.call[len++] = byte;
        if (!byte)
            break;
    }
    if (server.silent)
        (void)!recv(fd, &byte, 1, 0);
    else
        server_reply(fd);
    close(fd);
    return NULL;
}

static inline void server_start(void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    strcpy(server.folder, "/tmp/test-ctl-XXXXXX");
    assert_non_null(mkdtemp(server.folder));
    snprintf(server.path, sizeof(server.path), "%s/control", server.folder);
    strcpy(address.sun_path, server.path);
    server.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(server.listener >= 0);
    assert_int_equal(bind(server.listener, (struct sockaddr *)&address,
                          sizeof(address)), 0);
    assert_int_equal(listen(server.listener, 4), 0);
    assert_int_equal(pthread_create(&server.thread, NULL, server_run, NULL),
                     0);
}

static inline void server_stop(void)
{
    shutdown(server.listener, SHUT_RDWR);
    pthread_join(server.thread, NULL);
    close(server.listener);
    unlink(server.path);
    rmdir(server.folder);
}

static inline int server_reset(void **state)
{
    (void)state;
    memset(&server, 0, sizeof(server));
    return 0;
}

/* Makes it reply with this text and its NUL. */
static inline void server_answers(const char *text)
{
    server.reply = text;
    server.reply_len = strlen(text) + 1;
}

static inline void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" does not say \"%s\"", text, part);
}

#endif /* SCMI_MED_TESTS_UNIT_CTL_FIXTURE_H */
