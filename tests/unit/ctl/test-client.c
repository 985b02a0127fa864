/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls to daemons that answer, refuse, lie, stall or do not run. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ctl/client/client.h"
#include "lib/monotonic.h"
#include "lib/wire.h"
#include "tests/unit/ctl/fixture.h"

#define ANSWER "{\"parameters\":{\"agents\":[]}}"

static char error[CTL_ERROR_SIZE];
static json_t *answer;

static enum ctl_status call_within(int timeout_ms)
{
    enum ctl_status status;

    answer = NULL;
    error[0] = '\0';
    server_start();
    status = ctl_call(server.path, "ListAgents", NULL, timeout_ms, &answer, error);
    server_stop();
    /* Either a reply or an error. */
    assert_int_equal(answer != NULL, status == CTL_OK);
    assert_int_equal(error[0] == '\0', status == CTL_OK);
    return status;
}

static enum ctl_status call(void)
{
    return call_within(60000);
}

static void test_answer(void **state)
{
    (void)state;
    server_answers(ANSWER);
    assert_int_equal(call(), CTL_OK);
    assert_string_equal(server.call, "{\"method\":\"org.scmimed.ListAgents\"}");
    assert_true(json_is_array(json_object_get(answer, "agents")));
    json_decref(answer);
}

static void test_answer_in_pieces(void **state)
{
    (void)state;
    server_answers(ANSWER);
    server.piece = 1;
    server.pause_ms = 1;
    assert_int_equal(call(), CTL_OK);
    json_decref(answer);
}

static void test_more_than_one_answer(void **state)
{
    (void)state;
    server.reply = ANSWER "\0{\"error\":\"late\"}";
    server.reply_len = sizeof(ANSWER "\0{\"error\":\"late\"}");
    assert_int_equal(call(), CTL_OK);
    json_decref(answer);
}

static void test_large_answer(void **state)
{
    size_t size = 8 * 1024 * 1024;
    char *text = malloc(size);

    (void)state;
    memset(text, ' ', size);
    memcpy(text, "{\"parameters\":{\"agents\":[]}", 27);
    strcpy(text + size - 2, "}");
    server_answers(text);
    assert_int_equal(call(), CTL_OK);
    json_decref(answer);
    free(text);
}

static void test_too_large_answer(void **state)
{
    (void)state;
    server_answers("");
    server.flood = WIRE_MAX_REPLY + 1;
    assert_int_equal(call(), CTL_BAD_ANSWER);
    assert_says(error, "not valid: Message too long");
}

static void test_error_with_message(void **state)
{
    (void)state;
    server_answers("{\"error\":\"org.scmimed.HypervisorFailed\","
                   "\"parameters\":{\"message\":\"No such \\u001b[31m\"}}");
    assert_int_equal(call(), CTL_REFUSED);
    assert_says(error, "org.scmimed.HypervisorFailed: No such ?[31m");
}

static void test_error_with_other_parameters(void **state)
{
    (void)state;
    server_answers("{\"error\":\"org.varlink.service.MethodNotFound\","
                   "\"parameters\":{\"method\":\"ListAgents\"}}");
    assert_int_equal(call(), CTL_REFUSED);
    assert_says(error, "MethodNotFound {\"method\": \"ListAgents\"}");
}

static void test_bare_errors(void **state)
{
    (void)state;
    server_answers("{\"error\":\"org.scmimed.HypervisorFailed\"}");
    assert_int_equal(call(), CTL_REFUSED);
    assert_says(error, "answered: org.scmimed.HypervisorFailed");

    server_answers("{\"error\":7,\"parameters\":{}}");
    assert_int_equal(call(), CTL_BAD_ANSWER);
    assert_says(error, "error is not a string");

    server_answers("{\"error\":null,\"parameters\":{\"agents\":[]}}");
    assert_int_equal(call(), CTL_OK);
    json_decref(answer);
}

static void test_malformed_answers(void **state)
{
    static const char *const texts[] = {
        "", "x", "{", "[]", "{}", "null", "7", "{\"parameters\":[]}",
        "{\"parameters\":null}", "{\"parameters\":{}}x",
        "{\"parameters\":{},\"parameters\":{}}", "{\"parameters\":{\"a\":\xff}}",
        "{\"parameters\":{\"a\":99999999999999999999}}",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        server_answers(texts[i]);
        if (call() != CTL_BAD_ANSWER)
            fail_msg("took %s", texts[i]);
        assert_says(error, "scmi-medd's answer is not valid");
    }
}

static void test_deep_nesting(void **state)
{
    char *text = malloc(1000001);

    (void)state;
    memset(text, '[', 1000000);
    text[1000000] = '\0';
    server_answers(text);
    assert_int_equal(call(), CTL_BAD_ANSWER);
    free(text);
}

static void test_truncated_answers(void **state)
{
    (void)state;
    server_answers(ANSWER);
    for (server.reply_len = 0; server.reply_len < sizeof(ANSWER);
         server.reply_len++) {
        assert_int_equal(call(), CTL_BAD_ANSWER);
        assert_says(error, server.reply_len ? "in the middle of its answer"
                                            : "without an answer");
    }
}

static void test_silent_daemon(void **state)
{
    int64_t start = monotonic_ms();

    (void)state;
    server.silent = true;
    assert_int_equal(call_within(100), CTL_UNREACHABLE);
    assert_says(error, "did not answer within 100 ms");
    assert_true(monotonic_ms() - start >= 100);
}

/* Each byte comes in time, the reply does not. */
static void test_trickling_daemon(void **state)
{
    (void)state;
    server_answers(ANSWER);
    server.piece = 1;
    server.pause_ms = 20;
    assert_int_equal(call_within(200), CTL_UNREACHABLE);
    assert_says(error, "did not answer within 200 ms");
}

/* A daemon that is stopped: its queue is full, and it accepts nothing. */
static void test_full_queue(void **state)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int listener, client, others[8], i;

    (void)state;
    strcpy(address.sun_path, "/tmp/test-ctl-queue-XXXXXX");
    assert_non_null(mkdtemp(address.sun_path));
    strcat(address.sun_path, "/s");
    listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address,
                          sizeof(address)), 0);
    assert_int_equal(listen(listener, 0), 0);
    for (i = 0; i < 8; i++) {
        client = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)!connect(client, (struct sockaddr *)&address, sizeof(address));
        others[i] = client;
    }
    assert_int_equal(ctl_call(address.sun_path, "ListAgents", NULL, 100, &answer,
                              error), CTL_UNREACHABLE);
    assert_says(error, "did not answer within 100 ms");
    for (i = 0; i < 8; i++)
        close(others[i]);
    close(listener);
    unlink(address.sun_path);
    *strrchr(address.sun_path, '/') = '\0';
    rmdir(address.sun_path);
}

static void test_no_daemon(void **state)
{
    (void)state;
    assert_int_equal(ctl_call("/nonexistent/control", "ListAgents", NULL, 1000,
                              &answer, error), CTL_UNREACHABLE);
    assert_says(error, "systemctl start scmi-medd");
    assert_says(error, "/nonexistent/control: No such file or directory");
}

/* A killed daemon leaves its socket. */
static void test_dead_daemon(void **state)
{
    (void)state;
    server_start();
    shutdown(server.listener, SHUT_RDWR);
    pthread_join(server.thread, NULL);
    close(server.listener);
    assert_int_equal(ctl_call(server.path, "ListAgents", NULL, 1000, &answer,
                              error), CTL_UNREACHABLE);
    assert_says(error, "Connection refused");
    assert_says(error, "systemctl start scmi-medd");
    unlink(server.path);
    rmdir(server.folder);
}

static void test_long_path(void **state)
{
    char path[200];

    (void)state;
    memset(path, 'a', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    assert_int_equal(ctl_call(path, "ListAgents", NULL, 1000, &answer, error),
                     CTL_USAGE);
    assert_says(error, "too long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_answer, server_reset),
        cmocka_unit_test_setup(test_answer_in_pieces, server_reset),
        cmocka_unit_test_setup(test_more_than_one_answer, server_reset),
        cmocka_unit_test_setup(test_large_answer, server_reset),
        cmocka_unit_test_setup(test_too_large_answer, server_reset),
        cmocka_unit_test_setup(test_error_with_message, server_reset),
        cmocka_unit_test_setup(test_error_with_other_parameters, server_reset),
        cmocka_unit_test_setup(test_bare_errors, server_reset),
        cmocka_unit_test_setup(test_malformed_answers, server_reset),
        cmocka_unit_test_setup(test_deep_nesting, server_reset),
        cmocka_unit_test_setup(test_truncated_answers, server_reset),
        cmocka_unit_test_setup(test_silent_daemon, server_reset),
        cmocka_unit_test_setup(test_trickling_daemon, server_reset),
        cmocka_unit_test_setup(test_full_queue, server_reset),
        cmocka_unit_test_setup(test_no_daemon, server_reset),
        cmocka_unit_test_setup(test_dead_daemon, server_reset),
        cmocka_unit_test_setup(test_long_path, server_reset),
    };

    return cmocka_run_group_tests_name("ctl-client", tests, NULL, NULL);
}
