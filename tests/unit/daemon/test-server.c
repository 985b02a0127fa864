/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket: framing in any pieces, calls that are too long or not
 * valid, more clients than allowed, clients that do not read, no descriptors.
 */

#include <sys/resource.h>
#include <sys/stat.h>

#include "lib/wire.h"
#include "tests/unit/daemon/server-fixture.h"

#define BIG_REPLY (4 * 1024 * 1024)

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
    /* A message of full length with its NUL, and one that is too long. */
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

    /* The limit is for a message, not for all that has arrived. */
    memset(many, 0, sizeof(many));
    assert_int_equal(wire_feed(&wire, many, sizeof(many)), 0);
    for (i = 0; i < (int)sizeof(many); i++)
        assert_string_equal(wire_next(&wire), "");
    assert_null(wire_next(&wire));
    wire_done(&wire);
}

/* ---- The server --------------------------------------------------------- */

static char *handle(void *context, const char *call, struct server_peer *peer)
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

static char *gap_message(uint64_t nr)
{
    (void)nr;
    return NULL;
}

static int set_up(void **state)
{
    calls = 0;
    return setup(state);
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
    assert_hears(fd, "re:a|");
    assert_hears(other, "re:o|re:p|");

    /* In pieces, after a call that wants no reply. */
    say(fd, "sil", 3);
    turn();
    assert_hears(fd, "");
    say(fd, "ent\0b", 6);
    turn();
    assert_hears(fd, "re:b|");
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
    assert_hears(bad, "eof");
    assert_hears(long_winded, "eof");
    assert_hears(good, "re:c|");
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
    /* It asks for many big replies, and reads none. */
    for (i = 0; i < 50; i++)
        say(slow, "big", 4);
    turn();
    assert_int_equal(calls, 1);
    say(quick, "q", 2);
    turn();
    assert_hears(quick, "re:q|");

    /* When it reads, it gets all replies in order. */
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
    int fds[SERVER_MAX_CLIENTS], extra, i;
    char byte;

    (void)state;
    for (i = 0; i < SERVER_MAX_CLIENTS; i++) {
        fds[i] = dial();
        turn();
    }
    /* A call makes the first one the most recent. */
    say(fds[0], "y", 2);
    turn();
    assert_hears(fds[0], "re:y|");
    /* A new client replaces the one that is idle longest. */
    extra = dial();
    say(extra, "x", 2);
    turn();
    turn();
    assert_hears(extra, "re:x|");
    assert_int_equal(recv(fds[1], &byte, 1, MSG_DONTWAIT), 0);
    for (i = 0; i < SERVER_MAX_CLIENTS; i++) {
        if (i != 1) {
            say(fds[i], "z", 2);
            turn();
            assert_hears(fds[i], "re:z|");
        }
        close(fds[i]);
    }
    close(extra);
    turn();
}

/* Without descriptors, clients wait; the server does not spin on them. */
static void test_no_descriptors(void **state)
{
    struct rlimit before, none;
    int fd = dial();

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = (struct rlimit){ .rlim_cur = (rlim_t)fd + 1,
                            .rlim_max = before.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    say(fd, "a", 2);
    turn_for(SERVER_PAUSE_MS / 4);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(nr_warnings, 1);

    turn_for(SERVER_PAUSE_MS);
    assert_hears(fd, "re:a|");
    assert_int_equal(nr_warnings, 1);
    close(fd);
    turn();
}

static void test_listening(void **state)
{
    char other[96], too_long[200];
    struct server_config other_config = config;
    struct server *second;
    struct reason why;
    FILE *file;

    (void)state;
    /* A stale socket is replaced, any other file is not. */
    snprintf(other, sizeof(other), "%s/other", folder);
    file = fopen(other, "w");
    assert_non_null(file);
    fclose(file);
    other_config.path = other;
    assert_int_equal(server_new(loop, &other_config, &second, &why), -EEXIST);
    assert_non_null(strstr(why.text, "no socket"));
    assert_int_equal(unlink(other), 0);

    memset(too_long, 'x', sizeof(too_long) - 1);
    too_long[0] = '/';
    too_long[sizeof(too_long) - 1] = '\0';
    other_config.path = too_long;
    assert_int_equal(server_new(loop, &other_config, &second, &why),
                     -ENAMETOOLONG);

    server_free(server);
    assert_int_equal(mknod(path, S_IFSOCK | 0600, 0), 0);
    assert_int_equal(server_new(loop, &config, &server, &why), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wire_pieces),
        cmocka_unit_test(test_wire_limit),
        cmocka_unit_test_setup_teardown(test_calls, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_clients, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_slow_client, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_endless_calls, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_clients, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_descriptors, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_listening, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("daemon server", tests, NULL, NULL);
}
