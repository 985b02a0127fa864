/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket: framing in any pieces, calls that are too long or no
 * calls, more clients than allowed, clients that do not read.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/control/server.h"
#include "daemon/log.h"
#include "lib/wire.h"

#define BIG_REPLY (4 * 1024 * 1024)

static char folder[64], path[96];
static struct loop *loop;
static struct control *control;
static unsigned int calls;

/* ---- Framing ------------------------------------------------------------ */

static void test_wire_pieces(void **state)
{
    static const char stream[] = "one\0\0three\0rest";
    struct wire wire;
    size_t step, i;

    (void)state;
    for (step = 1; step < sizeof(stream); step++) {
        char seen[64] = "";
        char *message;

        wire_init(&wire, 16);
        for (i = 0; i < sizeof(stream) - 1; i += step) {
            size_t left = sizeof(stream) - 1 - i;

            assert_int_equal(wire_feed(&wire, stream + i,
                                       left < step ? left : step), 0);
            while ((message = wire_next(&wire))) {
                strcat(seen, message);
                strcat(seen, ";");
            }
        }
        assert_string_equal(seen, "one;;three;");
        wire_done(&wire);
    }
}

static void test_wire_limit(void **state)
{
    char full[16], many[4096];
    struct wire wire;
    int i;

    (void)state;
    memset(full, 'x', sizeof(full));
    wire_init(&wire, sizeof(full));
    /* As long as allowed, its NUL included, and one more. */
    assert_int_equal(wire_feed(&wire, full, 15), 0);
    assert_int_equal(wire_feed(&wire, "", 1), 0);
    assert_int_equal(strlen(wire_next(&wire)), 15);
    assert_int_equal(wire_feed(&wire, full, 15), 0);
    assert_int_equal(wire_feed(&wire, full, 1), -EMSGSIZE);
    wire_done(&wire);
    assert_int_equal(wire_feed(&wire, full, 16), -EMSGSIZE);
    wire_done(&wire);
    assert_int_equal(wire_feed(&wire, "xxxx\0xxxxxxxxxxxxxxxxx", 22),
                     -EMSGSIZE);
    wire_done(&wire);

    /* The limit is of one message, not of what has arrived. */
    memset(many, 0, sizeof(many));
    assert_int_equal(wire_feed(&wire, many, sizeof(many)), 0);
    for (i = 0; i < (int)sizeof(many); i++)
        assert_string_equal(wire_next(&wire), "");
    assert_null(wire_next(&wire));
    wire_done(&wire);
}

/* ---- The server --------------------------------------------------------- */

static char *handle(void *context, const char *call, struct control_peer *peer)
{
    char *reply;

    (void)context;
    (void)peer;
    calls++;
    if (!strcmp(call, "bad"))
        return NULL;
    if (!strcmp(call, "silent"))
        return strdup("");
    if (!strcmp(call, "big")) {
        reply = malloc(BIG_REPLY + 1);
        memset(reply, 'x', BIG_REPLY);
        reply[BIG_REPLY] = '\0';
        return reply;
    }
    return asprintf(&reply, "re:%.20s", call) < 0 ? NULL : reply;
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
    assert_int_equal(access(path, F_OK), -1);
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
    static char text[512];
    ssize_t i, n = recv(fd, text, sizeof(text) - 1, 0);

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

static void test_calls(void **state)
{
    int fd = dial(), other = dial();
    struct stat status;

    (void)state;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0660);

    say(fd, "a", 2);
    say(other, "o\0p", 4);
    turn();
    assert_string_equal(hear(fd), "re:a|");
    assert_string_equal(hear(other), "re:o|re:p|");

    /* In pieces, and one that wants no reply in between. */
    say(fd, "sil", 3);
    turn();
    assert_string_equal(hear(fd), "");
    say(fd, "ent\0b", 6);
    turn();
    assert_string_equal(hear(fd), "re:b|");
    close(fd);
    close(other);
    turn();
}

static void test_bad_clients(void **state)
{
    static char huge[WIRE_MAX_CALL + 1];
    int bad = dial(), long_winded = dial(), good = dial(), gone = dial();
    size_t sent;

    (void)state;
    memset(huge, 'x', sizeof(huge));
    say(bad, "bad\0never", 10);
    for (sent = 0; sent < sizeof(huge); ) {
        ssize_t n = send(long_winded, huge + sent, sizeof(huge) - sent,
                         MSG_NOSIGNAL);

        if (n < 0)
            break;
        sent += (size_t)n;
        turn();
    }
    say(gone, "big", 4);
    close(gone);
    say(good, "c", 2);
    turn();
    assert_string_equal(hear(bad), "eof");
    assert_string_equal(hear(long_winded), "eof");
    assert_string_equal(hear(good), "re:c|");
    close(bad);
    close(long_winded);
    close(good);
}

static void test_slow_client(void **state)
{
    static char text[65536];
    int slow = dial(), quick = dial();
    size_t got = 0;
    ssize_t n;
    int i;

    (void)state;
    /* Many big replies are asked for, and none is read. */
    for (i = 0; i < 50; i++)
        say(slow, "big", 4);
    turn();
    assert_int_equal(calls, 1);
    say(quick, "q", 2);
    turn();
    assert_string_equal(hear(quick), "re:q|");

    /* It reads at last, and gets everything in order. */
    while (got < 2 * (BIG_REPLY + 1)) {
        n = recv(slow, text, sizeof(text), 0);
        if (n < 0)
            turn();
        else
            got += (size_t)n;
        assert_int_not_equal(n, 0);
    }
    assert_in_range(calls, 3, 10);
    close(slow);
    close(quick);
    turn();
}

/* Sends as much as fits. */
static size_t fill(int fd)
{
    static const char stream[16384];
    size_t taken = 0;
    ssize_t n;

    while ((n = send(fd, stream, sizeof(stream), MSG_NOSIGNAL)) > 0)
        taken += (size_t)n;
    return taken;
}

static void test_endless_calls(void **state)
{
    int fd = dial(), i;

    (void)state;
    /* While its reply is stuck, nothing more is read from a client. */
    say(fd, "big", 4);
    turn();
    assert_true(fill(fd) > 0);
    for (i = 0; i < 3; i++) {
        turn();
        assert_int_equal(fill(fd), 0);
    }
    assert_int_equal(calls, 1);
    close(fd);
    turn();
}

static void test_many_clients(void **state)
{
    int fds[CONTROL_MAX_CLIENTS], extra, i;
    char byte;

    (void)state;
    for (i = 0; i < CONTROL_MAX_CLIENTS; i++) {
        fds[i] = dial();
        turn();
    }
    /* One that says something is not the quietest any more. */
    say(fds[0], "y", 2);
    turn();
    assert_string_equal(hear(fds[0]), "re:y|");
    /* One more takes the place of the one that is. */
    extra = dial();
    say(extra, "x", 2);
    turn();
    turn();
    assert_string_equal(hear(extra), "re:x|");
    assert_int_equal(recv(fds[1], &byte, 1, MSG_DONTWAIT), 0);
    for (i = 0; i < CONTROL_MAX_CLIENTS; i++) {
        if (i != 1) {
            say(fds[i], "z", 2);
            turn();
            assert_string_equal(hear(fds[i]), "re:z|");
        }
        close(fds[i]);
    }
    close(extra);
    turn();
}

static void test_listening(void **state)
{
    char other[96], too_long[200];
    struct control *second;
    struct reason why;
    FILE *file;

    (void)state;
    /* A socket that was left is replaced, anything else is not. */
    snprintf(other, sizeof(other), "%s/other", folder);
    file = fopen(other, "w");
    assert_non_null(file);
    fclose(file);
    assert_int_equal(control_new(loop, other, handle, NULL, &second, &why),
                     -EEXIST);
    assert_non_null(strstr(why.text, "no socket"));
    assert_int_equal(unlink(other), 0);

    memset(too_long, 'x', sizeof(too_long) - 1);
    too_long[0] = '/';
    too_long[sizeof(too_long) - 1] = '\0';
    assert_int_equal(control_new(loop, too_long, handle, NULL, &second, &why),
                     -ENAMETOOLONG);

    control_free(control);
    assert_int_equal(mknod(path, S_IFSOCK | 0600, 0), 0);
    assert_int_equal(control_new(loop, path, handle, NULL, &control, &why), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wire_pieces),
        cmocka_unit_test(test_wire_limit),
        cmocka_unit_test_setup_teardown(test_calls, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bad_clients, setup, teardown),
        cmocka_unit_test_setup_teardown(test_slow_client, setup, teardown),
        cmocka_unit_test_setup_teardown(test_endless_calls, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many_clients, setup, teardown),
        cmocka_unit_test_setup_teardown(test_listening, setup, teardown),
    };

    return cmocka_run_group_tests_name("daemon control", tests, NULL, NULL);
}
