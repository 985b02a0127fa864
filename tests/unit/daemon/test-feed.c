/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Followers of the control socket get what is published, in order. One that
 * does not read blocks nobody, costs little memory, and is told of the gap.
 */

#include <dlfcn.h>

#include "daemon/control/feed.h"
#include "tests/unit/daemon/server-fixture.h"

static unsigned int calls;

/* ---- The queue ---------------------------------------------------------- */

static void test_feed(void **state)
{
    static char big[FEED_MAX_BYTES + 1];
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
    assert_hears(fds[1], "one||two|");

    /* The queue takes what fits exactly; after the first drop, it drops all. */
    memset(big, 'x', FEED_MAX_BYTES - 5);
    feed_add(&feed, big);
    feed_add(&feed, "123");
    assert_int_equal(feed.nr_dropped, 0);
    feed_add(&feed, "");
    feed_add(&feed, "");
    assert_int_equal(feed.nr_dropped, 2);
    feed_done(&feed);
    memset(big, 'x', FEED_MAX_BYTES);
    feed_add(&feed, big);
    assert_int_equal(feed.nr_dropped, 1);
    feed_done(&feed);
    close(fds[0]);
    feed_add(&feed, "x");
    assert_int_equal(feed_send(&feed, fds[1]), -EPIPE);
    feed_done(&feed);
    close(fds[1]);
}

/* ---- The socket --------------------------------------------------------- */

static char *gap_message(uint64_t nr)
{
    char *text;

    return asprintf(&text, "lost:%u", (unsigned int)nr) < 0 ? NULL : text;
}

static char *handle(void *context, const char *call, struct server_peer *peer)
{
    (void)context;
    calls++;
    if (!strcmp(call, "follow") && peer->may_follow) {
        peer->follows = true;
        return strdup("following");
    }
    /* As methods that change something do. */
    if (!strcmp(call, "publish"))
        server_publish(server, "published");
    return strdup(strcmp(call, "follow") ? "done" : "full");
}

static int set_up(void **state)
{
    calls = 0;
    return setup(state);
}

/* A client that has sent these calls. */
static int client(const char *text, size_t len)
{
    int fd = dial();

    say(fd, text, len);
    turn();
    return fd;
}

static void test_follow(void **state)
{
    int first = client("follow", 7), other = client("other", 6), second;

    (void)state;
    assert_int_equal(server_nr_followers(server), 1);
    second = client("publish\0follow\0other", 21);
    server_publish(server, "two");
    server_publish(server, "three");
    turn();
    assert_hears(first, "following|published|two|three|");
    assert_hears(other, "done|");
    /* A follower's further calls are not answered. */
    assert_hears(second, "done|following|two|three|");
    assert_int_equal(calls, 4);

    close(first);
    turn();
    assert_int_equal(server_nr_followers(server), 1);
    /* One that calls again is dropped. */
    assert_int_equal(send(second, "x", 1, MSG_NOSIGNAL), 1);
    turn();
    assert_int_equal(server_nr_followers(server), 0);
    assert_int_equal(recv(second, &calls, 1, 0), 0);
    close(second);
    close(other);
    turn();
}

/* An idle caller is dropped, an idle follower is not. */
static void test_idle(void **state)
{
    int follower, other;

    (void)state;
    server_set_idle(server, 1);
    follower = client("follow", 7);
    assert_hears(follower, "following|");
    other = client("", 0);
    while (recv(other, &calls, 1, 0) != 0)
        turn();
    server_publish(server, "still there");
    turn();
    assert_hears(follower, "still there|");
    close(follower);
    close(other);
    turn();
}

/* Followers get what was published before the daemon ends. */
static void test_end(void **state)
{
    int fd = client("follow", 7);

    (void)state;
    server_publish(server, "last");
    server_free(server);
    server = NULL;
    assert_hears(fd, "following|last|");
    assert_int_equal(recv(fd, &calls, 1, 0), 0);
    close(fd);
}

/* A follower that checks what it reads: messages are numbers from 0 on. */
struct reader {
    int fd;
    char message[8192];     /* being received */
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
            /* There is no gap but the one that the server tells of. */
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
        server_publish(server, text);
        if (i % 20 == 0) {
            turn();
            drain(&quick);
        }
    }
    caller = client("call", 5);
    assert_hears(caller, "done|");
    drain(&quick);
    assert_int_equal(quick.nr, 1000);
    assert_int_equal(quick.lost, 0);

    /* It gets what the socket and the feed hold, then the gap message. */
    drain(&slow);
    assert_int_equal(slow.nr + slow.lost, 1000);
    assert_in_range(slow.nr, FEED_MAX_BYTES / 4001, 500);
    server_publish(server, "1000");
    turn();
    assert_hears(slow.fd, "1000|");
    close(slow.fd);
    close(quick.fd);
    close(caller);
    turn();
}

static void test_many_followers(void **state)
{
    int fds[SERVER_MAX_FOLLOWERS], extra, i;

    (void)state;
    for (i = 0; i < SERVER_MAX_FOLLOWERS; i++)
        fds[i] = client("follow", 7);
    extra = client("follow\0call", 12);
    assert_hears(extra, "full|done|");
    close(fds[3]);
    turn();
    assert_int_equal(send(extra, "follow", 7, MSG_NOSIGNAL), 7);
    turn();
    assert_hears(extra, "following|");
    for (i = 0; i < SERVER_MAX_FOLLOWERS; i++)
        if (i != 3)
            close(fds[i]);
    close(extra);
    turn();
}

/* ---- Short memory ------------------------------------------------------- */

static bool has_no_memory;

/* Fails for the queues. */
void *malloc(size_t size)
{
    static void *(*real)(size_t size);

    if (has_no_memory && size == FEED_MAX_BYTES)
        return NULL;
    if (!real)
        real = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
    return real(size);
}

/* The follower is told of the gap, and the server does not spin. */
static void test_no_memory(void **state)
{
    int fd = client("follow", 7);

    (void)state;
    assert_hears(fd, "following|");
    has_no_memory = true;
    server_publish(server, "one");
    server_publish(server, "two");
    alarm(20);
    turn();
    alarm(0);
    assert_hears(fd, "lost:2|");
    has_no_memory = false;
    server_publish(server, "three");
    turn();
    assert_hears(fd, "three|");
    close(fd);
    turn();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_feed),
        cmocka_unit_test_setup_teardown(test_follow, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_idle, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_slow_follower, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_followers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_memory, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("daemon feed", tests, NULL, NULL);
}
