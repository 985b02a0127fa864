/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plugin's request: what it writes, and what each reply leads to. */

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/socket.h>
#include <sys/un.h>

#include <scmi-med/names.h>

#include "libxl-plugin/daemon.h"
#include "tests/unit/plugin/fake-xs.h"

#define AT(node) "/libxl/7/scmi" node

/* The fake replies immediately: only a missing reply takes this long. */
#define TIMEOUT_MS 30

static char text[512];
static const struct scmi_plugin_error error = { text, sizeof(text) };
static struct scmi_plugin_reply reply;

static char path_0[] = "/soc/rtc@1", path_1[] = "/soc/gpio@2";
static char *paths[] = { path_0, path_1 };
static const struct scmi_plugin_devices devices = {
    .paths = paths, .nr_paths = 2,
};

static int setup(void **state)
{
    (void)state;
    fake_reset();
    text[0] = '\0';
    return 0;
}

static int request(void)
{
    int rc = scmi_plugin_daemon_ask(7, &devices, TIMEOUT_MS, &reply, &error);

    assert_int_equal(fake.open_handles, 0);
    if (rc)
        assert_int_equal(strncmp(text, "SCMI: ", 6), 0);
    return rc;
}

static void assert_fails(const char *what)
{
    assert_int_equal(request(), -1);
    if (!strstr(text, what))
        fail_msg("unexpected: %s", text);
}

static void write_grant(void)
{
    fake_write(AT("/agent"), "3");
    fake_write(AT("/function-id"), "0x82000011");
    fake_write(AT("/frame"), "0x22001");
    fake_write(AT("/protocols"), "0x14");
    fake_write(AT("/device/1/clocks"), "0x14:2");
    fake_write(AT("/device/1/clock-names"), "apb_pclk ");
    fake_write(AT("/state"), "granted");
}

static void write_refusal(void)
{
    fake_write(AT("/error"), "device \"/soc/rtc@1\" is held\x1b[2J");
    fake_write(AT("/state"), "refused");
}

static void test_granted(void **state)
{
    const struct scmi_plugin_refs *refs;

    (void)state;
    fake.on_commit = write_grant;
    assert_int_equal(request(), 0);
    assert_string_equal(fake_value(AT("/version")), "1");
    assert_string_equal(fake_value(AT("/device/0/path")), "/soc/rtc@1");
    assert_string_equal(fake_value(AT("/device/1/path")), "/soc/gpio@2");
    assert_true(reply.has_agent);
    assert_int_equal(reply.function_id, 0x82000011);
    assert_int_equal(reply.frame, 0x22001);
    assert_int_equal(reply.devices[0].refs[SCMI_PLUGIN_CLOCKS].nr_refs, 0);
    refs = &reply.devices[1].refs[SCMI_PLUGIN_CLOCKS];
    assert_int_equal(refs->nr_refs, 1);
    assert_string_equal(refs->names, "apb_pclk");
    scmi_plugin_reply_done(&reply);
}

static void check_one_transaction(void)
{
    assert_string_equal(fake_value(AT("/state")), "requested");
    assert_non_null(fake_value(AT("/device/1/path")));
    write_grant();
}

static void test_appears_at_once(void **state)
{
    (void)state;
    fake.on_commit = check_one_transaction;
    assert_int_equal(request(), 0);
    assert_int_equal(fake.starts, 1);
    scmi_plugin_reply_done(&reply);
}

static void test_old_request_is_gone(void **state)
{
    (void)state;
    fake_write(AT("/state"), "granted");
    fake_write(AT("/agent"), "9");
    fake_write(AT("/device/5/path"), "/old");
    fake.on_commit = write_refusal;
    assert_fails("is held");
    assert_null(fake_value(AT("/agent")));
    assert_null(fake_value(AT("/device/5/path")));
}

static void test_conflicts(void **state)
{
    (void)state;
    fake.conflicts = 5;
    fake.on_commit = write_grant;
    assert_int_equal(request(), 0);
    assert_int_equal(fake.starts, 6);
    scmi_plugin_reply_done(&reply);

    fake_reset();
    fake.conflicts = 1000000;
    assert_fails("cannot write the request");
    assert_true(fake.starts < 1000);
}

static void grant_without_agent(void)
{
    fake_write(AT("/protocols"), "");
    fake_write(AT("/state"), "granted");
}

static void test_granted_without_agent(void **state)
{
    (void)state;
    fake.on_commit = grant_without_agent;
    assert_int_equal(request(), 0);
    assert_false(reply.has_agent);
    scmi_plugin_reply_done(&reply);
}

static void test_refused(void **state)
{
    (void)state;
    fake.on_commit = write_refusal;
    assert_fails("SCMI: device \"/soc/rtc@1\" is held?[2J");
}

static void refuse_silently(void)
{
    fake_write(AT("/state"), "refused");
}

static void test_refused_without_reason(void **state)
{
    (void)state;
    fake.on_commit = refuse_silently;
    assert_fails("without giving a reason");
}

static void reply_nonsense(void)
{
    fake_write(AT("/state"), "perhaps\n");
}

static void reply_bad_frame(void)
{
    write_grant();
    fake_write(AT("/frame"), "0xffffffffffff");
}

static void reply_nul(void)
{
    write_grant();
    fake_write(AT("/device/0/resets"), "0x16:1\1");
}

static void reply_no_protocols(void)
{
    write_grant();
    fake_remove(&fake.now, AT("/protocols"));
}

static void destroy_domain(void)
{
    fake_remove(&fake.now, "/libxl/7");
    fake.generation++;
    fake_fire();
}

static void test_bad_replies(void **state)
{
    static const struct {
        void (*daemon)(void);
        const char *what;
    } bad[] = {
        { reply_nonsense, "unknown state in xenstore, \"perhaps?\"" },
        { reply_bad_frame, "\"frame\"" },
        { reply_nul, "device/0/resets in xenstore is no text" },
        { reply_no_protocols, "\"protocols\"" },
        { destroy_domain, "gone from xenstore" },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        fake_reset();
        fake.on_commit = bad[i].daemon;
        assert_fails(bad[i].what);
    }
}

static void test_timeout_withdraws(void **state)
{
    (void)state;
    assert_fails("did not answer within 30 ms");
    assert_int_equal(fake.now.count, 0);
}

/* The reply comes while the request is being withdrawn. */
static void reply_late(int start)
{
    if (start == 2)
        write_grant();
}

static void test_reply_wins_race(void **state)
{
    (void)state;
    fake.on_start = reply_late;
    assert_int_equal(request(), 0);
    assert_int_equal(reply.frame, 0x22001);
    assert_int_equal(fake.starts, 3);
    scmi_plugin_reply_done(&reply);
}

static void fail_next_read(void)
{
    fake.fail_read = 1;
}

static void test_failures(void **state)
{
    (void)state;
    fake.fail_open = 1;
    assert_fails("cannot open xenstore");
    fake_reset();
    fake.fail_watch = 1;
    assert_fails("cannot watch");
    assert_int_equal(fake.now.count, 0);
    fake_reset();
    fake.fail_start = 1;
    assert_fails("cannot write the request");
    fake_reset();
    fake.fail_write = 1;
    assert_fails("No space left");
    assert_int_equal(fake.now.count, 0);
    fake_reset();
    fake.on_commit = fail_next_read;
    assert_fails("cannot read the request");
    assert_int_equal(fake.now.count, 0);
}

static void test_daemon_check(void **state)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    char path[200], lock[220], long_path[200];
    int fd;

    (void)state;
    snprintf(path, sizeof(path), "/tmp/scmi-med-test-%d", getpid());
    assert_int_equal(scmi_plugin_daemon_check(path, 60000, &error), -1);
    assert_non_null(strstr(text, "systemctl start scmi-medd"));

    strcpy(address.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)),
                     0);
    text[0] = '\0';
    assert_int_equal(scmi_plugin_daemon_check(path, 60000, &error), -1);
    assert_non_null(strstr(text, "systemctl start scmi-medd"));
    /* Its lock exists, as during a restart, but it does not come back. */
    snprintf(lock, sizeof(lock), "%s.lock", path);
    assert_int_equal(close(open(lock, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)),
                     0);
    text[0] = '\0';
    assert_int_equal(scmi_plugin_daemon_check(path, 200, &error), -1);
    assert_non_null(strstr(text, "systemctl start scmi-medd"));
    unlink(lock);
    assert_int_equal(listen(fd, 0), 0);
    /* One fills the queue, the next finds it full: it runs all the same. */
    assert_int_equal(scmi_plugin_daemon_check(path, 60000, &error), 0);
    assert_int_equal(scmi_plugin_daemon_check(path, 60000, &error), 0);
    close(fd);
    unlink(path);

    assert_int_equal(scmi_plugin_daemon_check("/dev/null/x", 0, &error), -1);
    assert_non_null(strstr(text, "cannot reach scmi-medd"));
    memset(long_path, 'x', sizeof(long_path));
    long_path[sizeof(long_path) - 1] = '\0';
    assert_int_equal(scmi_plugin_daemon_check(long_path, 0, &error), -1);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_granted),
        TEST(test_appears_at_once),
        TEST(test_old_request_is_gone),
        TEST(test_conflicts),
        TEST(test_granted_without_agent),
        TEST(test_refused),
        TEST(test_refused_without_reason),
        TEST(test_bad_replies),
        TEST(test_timeout_withdraws),
        TEST(test_reply_wins_race),
        TEST(test_failures),
        TEST(test_daemon_check),
    };

    return cmocka_run_group_tests_name("plugin-daemon", tests, NULL, NULL);
}
