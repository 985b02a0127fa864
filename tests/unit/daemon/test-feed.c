/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Followers of the control socket: they get what is published, in order; one
 * that does not read blocks nobody, costs little, and is told what it missed.
 */

#include <dlfcn.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/control/feed.h"
#include "daemon/control/server.h"
#include "daemon/log.h"
#include "lib/reason.h"

static char folder[64], path[96];
static struct loop *loop;
static struct control *control;
static unsigned int calls;

/* ---- The queue ---------------------------------------------------------- */

static char *take(int fd, char *buffer, size_t size)
{
    ssize_t i, n = recv(fd, buffer, size - 1, MSG_DONTWAIT);

    for (i = 0; i < n; i++)
        if (!buffer[i])
            buffer[i] = '|';
    buffer[n > 0 ? n : 0] = '\0';
    return buffer;
}

static void test_feed(void **state)
{
    static char big[FEED_MAX_BYTES + 1], buffer[64];
    struct feed feed = { 0 };
    int fds[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    assert_int_equal(feed_send(&feed, fds[0]), 0);
    feed_add(&feed, "one");
    feed_add(&feed, "");
    feed_add(&feed, "two");
    assert_int_equal(feed_send(&feed, fds[0]), 0);
    assert_null(feed.data);
    assert_string_equal(take(fds[1], buffer, sizeof(buffer)), "one||two|");

    /* As much as fits, to the byte; from the first lost one on, all are. */
    memset(big, 'x', FEED_MAX_BYTES - 5);
    feed_add(&feed, big);
    feed_add(&feed, "123");
    assert_int_equal(feed.lost, 0);
    feed_add(&feed, "");
    feed_add(&feed, "");
    assert_int_equal(feed.lost, 2);
    feed_done(&feed);
    memset(big, 'x', FEED_MAX_BYTES);
    feed_add(&feed, big);
    assert_int_equal(feed.lost, 1);
    feed_done(&feed);
    close(fds[0]);
    feed_add(&feed, "x");
    assert_int_equal(feed_send(&feed, fds[1]), -EPIPE);
    feed_done(&feed);
    close(fds[1]);
}

/* ---- The socket --------------------------------------------------------- */

static char *say_lost(uint64_t nr)
{
    char *text;

    return asprintf(&text, "lost:%u", (unsigned int)nr) < 0 ? NULL : text;
}

static char *handle(void *context, const char *call, struct control_peer *peer)
{
    (void)context;
    calls++;
    if (!strcmp(call, "follow") && peer->may_follow) {
        peer->lost = say_lost;
        return strdup("following");
    }
    /* As a method that changes something does. */
    if (!strcmp(call, "publish"))
        control_publish(control, "published");
    return strdup(strcmp(call, "follow") ? "done" : "full");
}

static void ignore_log(int priority, const char *message)
{
    (void)priority;
    (void)message;
}

static int setup(void **state)
{
    struct reason why;

    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/scmi-med-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/control", folder);
    calls = 0;
    log_set_sink(ignore_log);
    loop = loop_new();
    assert_non_null(loop);
    assert_int_equal(control_new(loop, path, handle, NULL, &control, &why), 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    control_free(control);
    loop_free(loop);
    log_set_sink(NULL);
    return rmdir(folder);
}

static void stop(void *context)
{
    (void)context;
    loop_stop(loop);
}

/* Lets the server handle all that is there to be handled. */
static void turn(void)
{
    struct loop_timer *timer = loop_timer_new(loop, stop, NULL);

    assert_non_null(timer);
    assert_int_equal(loop_timer_start(timer, 20), 0);
    assert_int_equal(loop_run(loop), 0);
    loop_timer_free(timer);
}

/* A client that has sent these calls. */
static int client(const char *text, size_t len)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

    strcpy(address.sun_path, path);
    assert_int_equal(connect(fd, (struct sockaddr *)&address,
                             sizeof(address)), 0);
    assert_int_equal(send(fd, text, len, MSG_NOSIGNAL), len);
    turn();
    return fd;
}

static void hears(int fd, const char *text)
{
    char buffer[4096];

    assert_string_equal(take(fd, buffer, sizeof(buffer)), text);
}

static void test_follow(void **state)
{
    int first = client("follow", 7), other = client("other", 6), second;

    (void)state;
    assert_int_equal(control_nr_followers(control), 1);
    second = client("publish\0follow\0other", 21);
    control_publish(control, "two");
    control_publish(control, "three");
    turn();
    hears(first, "following|published|two|three|");
    hears(other, "done|");
    /* Of its calls, none is answered behind the one that follows. */
    hears(second, "done|following|two|three|");
    assert_int_equal(calls, 4);

    close(first);
    turn();
    assert_int_equal(control_nr_followers(control), 1);
    /* One that calls again is not a client of ours. */
    assert_int_equal(send(second, "x", 1, MSG_NOSIGNAL), 1);
    turn();
    assert_int_equal(control_nr_followers(control), 0);
    assert_int_equal(recv(second, &calls, 1, 0), 0);
    close(second);
    close(other);
    turn();
}

/* Who calls is dropped after a while, who follows is not. */
static void test_idle(void **state)
{
    int follower, other;

    (void)state;
    control_set_idle(control, 1);
    follower = client("follow", 7);
    hears(follower, "following|");
    other = client("", 0);
    while (recv(other, &calls, 1, 0) != 0)
        turn();
    control_publish(control, "still there");
    turn();
    hears(follower, "still there|");
    close(follower);
    close(other);
    turn();
}

/* What it has not read when the daemon ends is not lost for that. */
static void test_end(void **state)
{
    int fd = client("follow", 7);

    (void)state;
    control_publish(control, "last");
    control_free(control);
    control = NULL;
    hears(fd, "following|last|");
    assert_int_equal(recv(fd, &calls, 1, 0), 0);
    close(fd);
}

/* One that checks what it reads: messages are numbers from 0 on. */
struct reader {
    int fd;
    char message[8192];     /* the one that is arriving */
    size_t len, nr;
    unsigned int lost;
};

/* Reads until nothing arrives. */
static void drain(struct reader *reader)
{
    static char text[65536];
    ssize_t n, i;

    while ((n = recv(reader->fd, text, sizeof(text), 0)) > 0) {
        for (i = 0; i < n; i++) {
            assert_true(reader->len < sizeof(reader->message));
            reader->message[reader->len++] = text[i];
            if (text[i])
                continue;
            reader->len = 0;
            /* Without a gap up to the one that it is told of. */
            if (sscanf(reader->message, "lost:%u", &reader->lost) != 1 &&
                strcmp(reader->message, "following"))
                assert_int_equal(strtoul(reader->message, NULL, 10),
                                 reader->nr++ + reader->lost);
        }
        turn();
    }
}

static void test_slow_follower(void **state)
{
    struct reader slow = { .fd = client("follow", 7) };
    struct reader quick = { .fd = client("follow", 7) };
    char text[4096];
    unsigned int i;
    int caller;

    (void)state;
    for (i = 0; i < 1000; i++) {
        snprintf(text, sizeof(text), "%4000u", i);
        control_publish(control, text);
        if (i % 20 == 0) {
            turn();
            drain(&quick);
        }
    }
    caller = client("call", 5);
    hears(caller, "done|");
    drain(&quick);
    assert_int_equal(quick.nr, 1000);
    assert_int_equal(quick.lost, 0);

    /* The kernel's buffer, FEED_MAX_BYTES, then it is told how many. */
    drain(&slow);
    assert_int_equal(slow.nr + slow.lost, 1000);
    assert_in_range(slow.nr, FEED_MAX_BYTES / 4001, 500);
    control_publish(control, "1000");
    turn();
    hears(slow.fd, "1000|");
    close(slow.fd);
    close(quick.fd);
    close(caller);
    turn();
}

static void test_many_followers(void **state)
{
    int fds[CONTROL_MAX_FOLLOWERS], extra, i;

    (void)state;
    for (i = 0; i < CONTROL_MAX_FOLLOWERS; i++)
        fds[i] = client("follow", 7);
    extra = client("follow\0call", 12);
    hears(extra, "full|done|");
    close(fds[3]);
    turn();
    assert_int_equal(send(extra, "follow", 7, MSG_NOSIGNAL), 7);
    turn();
    hears(extra, "following|");
    for (i = 0; i < CONTROL_MAX_FOLLOWERS; i++)
        if (i != 3)
            close(fds[i]);
    close(extra);
    turn();
}

/* ---- No memory ---------------------------------------------------------- */

static bool has_no_memory;

/* What every queue is made by. */
void *malloc(size_t size)
{
    static void *(*real)(size_t size);

    if (has_no_memory && size == FEED_MAX_BYTES)
        return NULL;
    if (!real)
        real = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
    return real(size);
}

/* A follower is told how many it missed, and nothing is tried forever. */
static void test_no_memory(void **state)
{
    int fd = client("follow", 7);

    (void)state;
    hears(fd, "following|");
    has_no_memory = true;
    control_publish(control, "one");
    control_publish(control, "two");
    alarm(20);
    turn();
    alarm(0);
    hears(fd, "lost:2|");
    has_no_memory = false;
    control_publish(control, "three");
    turn();
    hears(fd, "three|");
    close(fd);
    turn();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_feed),
        cmocka_unit_test_setup_teardown(test_follow, setup, teardown),
        cmocka_unit_test_setup_teardown(test_idle, setup, teardown),
        cmocka_unit_test_setup_teardown(test_end, setup, teardown),
        cmocka_unit_test_setup_teardown(test_slow_follower, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many_followers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_memory, setup, teardown),
    };

    return cmocka_run_group_tests_name("daemon follow", tests, NULL, NULL);
}
