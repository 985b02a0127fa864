/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scmi-medctl monitor: events, replies that are not valid, and signals. */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ctl/client/monitor.h"
#include "ctl/client/signals.h"
#include "tests/unit/ctl/fixture.h"

#define EVENT(name, message) "{\"parameters\":{\"event\":{\"time_us\":" \
    "1700000000000000,\"event\":\"" name "\",\"priority\":6,\"message_id\":" \
    "null,\"message\":\"" message "\",\"domid\":null,\"domain\":null," \
    "\"agent\":null,\"devices\":[],\"lost\":0}},\"continues\":true}"
#define WATCHING EVENT("watching", "from now on") "\0"

static char error[CTL_ERROR_SIZE], output[4096];
static char *no_arguments[] = { NULL };

/* Runs it against a server that sends these bytes and closes. */
static enum ctl_status run(const char *bytes, size_t len, bool json)
{
    const struct ctl_options options = {
        .socket_path = server.path, .timeout_ms = 60000, .json = json,
    };
    enum ctl_status status;
    FILE *out = tmpfile();

    assert_non_null(out);
    server.reply = bytes;
    server.reply_len = len;
    server_start();
    status = ctl_monitor(no_arguments, &options, out, error);
    server_stop();
    rewind(out);
    output[fread(output, 1, sizeof(output) - 1, out)] = '\0';
    fclose(out);
    return status;
}

static void test_events(void **state)
{
    static const char replies[] = WATCHING EVENT("lost", "a\\u001bb\\u00e9");
    const char *second;

    (void)state;
    /* In pieces; it is an error that the daemon ends. */
    server.piece = 7;
    assert_int_equal(run(replies, sizeof(replies), false), CTL_UNREACHABLE);
    assert_non_null(strstr(server.call, "\"org.scmimed.Monitor\""));
    assert_non_null(strstr(server.call, "\"more\":true"));
    assert_non_null(strstr(error, "scmi-medd has ended"));
    assert_non_null(strstr(output, " watching    from now on\n"));
    assert_non_null(strstr(output, " lost        a?b??\n"));

    server_reset(NULL);
    assert_int_equal(run(replies, sizeof(replies), true), CTL_UNREACHABLE);
    assert_memory_equal(output, "{\"time_us\":1700000000000000,", 28);
    second = strchr(output, '\n');
    assert_non_null(strstr(second, "\"event\":\"lost\""));
    assert_string_equal(strchr(second + 1, '\n'), "\n");
}

static void test_bad_replies(void **state)
{
    static const struct {
        const char *text, *reason;
        enum ctl_status status;
    } replies[] = {
        { "{\"parameters\":{}}", "event is missing", CTL_BAD_ANSWER },
        { "{\"parameters\":{\"event\":{}}}", "event.time_us is missing",
          CTL_BAD_ANSWER },
        { "{\"parameters\":{\"event\":7}}", "event is not an object",
          CTL_BAD_ANSWER },
        { "garbage", "not valid", CTL_BAD_ANSWER },
        { "{\"error\":\"org.varlink.service.MethodNotFound\","
          "\"parameters\":{\"method\":\"x\"}}", "MethodNotFound",
          CTL_REFUSED },
        { "{\"error\":\"org.scmimed.Refused\",\"parameters\":{\"message\":"
          "\"too many\"}}", "too many", CTL_REFUSED },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
        char bytes[1024] = WATCHING;
        size_t first = strlen(bytes) + 1, len = strlen(replies[i].text) + 1;

        server_reset(NULL);
        assert_int_equal(run(replies[i].text, len, false), replies[i].status);
        assert_non_null(strstr(error, replies[i].reason));
        assert_string_equal(output, "");
        /* The same after a valid reply. */
        memcpy(bytes + first, replies[i].text, len);
        server_reset(NULL);
        assert_int_equal(run(bytes, first + len, false), replies[i].status);
        assert_non_null(strstr(error, replies[i].reason));
        assert_non_null(strstr(output, "watching"));
    }
    server_reset(NULL);
    assert_int_equal(run("", 0, false), CTL_BAD_ANSWER);
    assert_non_null(strstr(error, "without an answer"));
}

static void test_usage(void **state)
{
    const struct ctl_options options = {
        .socket_path = "/nowhere", .timeout_ms = 60000,
    };
    char *arguments[] = { (char *)"x", NULL };

    (void)state;
    assert_int_equal(ctl_monitor(arguments, &options, stdout, error),
                     CTL_USAGE);
    assert_int_equal(ctl_monitor(no_arguments, &options, stdout, error),
                     CTL_UNREACHABLE);
    assert_non_null(strstr(error, "systemctl start scmi-medd"));
}

static void test_signals(void **state)
{
    static const int more[] = { SIGUSR1, SIGUSR2, 0 };
    struct sigaction action;
    char caught[4];
    int fd;

    (void)state;
    /* A signal that a script ignores in the background stays ignored. */
    signal(SIGUSR2, SIG_IGN);
    fd = signals_open(more);
    assert_true(fd >= 0);
    assert_true(read(fd, caught, sizeof(caught)) < 0);
    raise(SIGTERM);
    raise(SIGUSR1);
    raise(SIGUSR2);
    raise(SIGPIPE);
    assert_int_equal(read(fd, caught, sizeof(caught)), 2);
    assert_int_equal(caught[0], SIGTERM);
    assert_int_equal(caught[1], SIGUSR1);
    signals_close();
    sigaction(SIGTERM, NULL, &action);
    assert_ptr_equal(action.sa_handler, SIG_DFL);
    sigaction(SIGPIPE, NULL, &action);
    assert_ptr_equal(action.sa_handler, SIG_DFL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_events, server_reset),
        cmocka_unit_test_setup(test_bad_replies, server_reset),
        cmocka_unit_test(test_usage),
        cmocka_unit_test(test_signals),
    };

    return cmocka_run_group_tests_name("ctl monitor", tests, NULL, NULL);
}
