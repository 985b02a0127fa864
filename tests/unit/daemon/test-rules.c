/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The manager's policy: absent, valid and invalid, at start and on reload. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/daemon/manager-fixture.h"

static char path[] = "/tmp/scmi-med-test-XXXXXX";

static int setup_file(void **state)
{
    strcpy(path + sizeof(path) - 7, "XXXXXX");
    if (close(mkstemp(path)))
        return -1;
    return setup(state);
}

static int teardown_file(void **state)
{
    unlink(path);
    return teardown(state);
}

static void write_policy(const char *text)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static enum daemon_exit open_with_policy(struct reason *why)
{
    const struct manager_config config = {
        .fdt_path = BOARD_DTB, .policy_path = path,
        .on_status = record_status,
    };

    return manager_new(loop, &config, &manager, why);
}

static void assert_logged(const char *text)
{
    if (!strstr(log_text, text))
        fail_msg("\"%s\" is not in the log:\n%s", text, log_text);
    log_text[0] = '\0';
}

static void assert_answer(uint32_t domid, const char *device,
                          const char *state)
{
    request(domid, device);
    turn();
    assert_string_equal(get(domid, "state"), state);
}

/* The manager has no path of a policy. */
static void test_no_path(void **state)
{
    struct reason why;

    (void)state;
    start();
    assert_int_equal(manager_reload(manager, &why), 0);
    assert_null(strstr(log_text, " policy"));
    assert_answer(1, RTC, "granted");
}

static void test_absent(void **state)
{
    struct reason why;

    (void)state;
    unlink(path);
    assert_int_equal(open_with_policy(&why), EXIT_DONE);
    manager_start(manager);
    assert_int_equal(manager_reload(manager, &why), 0);
    assert_null(strstr(log_text, " policy"));
    assert_answer(1, RTC, "granted");
}

static void test_start(void **state)
{
    struct reason why;

    (void)state;
    write_policy("pin guest1 7\nforbid " GPIO "\n");
    assert_int_equal(open_with_policy(&why), EXIT_DONE);
    manager_start(manager);
    assert_answer(1, RTC, "granted");
    assert_string_equal(get(1, "agent"), "7");
    assert_answer(2, GPIO, "refused");
}

static void test_bad_start(void **state)
{
    static const struct { const char *text, *reason; } bad[] = {
        { "permit\n", ":1: \"permit\" is no directive" },
        { "forbid /none\n", ":1: device \"/none\" is not in" },
        { "\npin web 17\n", ":2: there is no agent 17" },
        { "pin web 1\n", ":1: guests cannot have agent 1" },
    };
    struct reason why;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        write_policy(bad[i].text);
        assert_int_equal(open_with_policy(&why), EXIT_POLICY);
        assert_null(manager);
        assert_int_equal(strncmp(why.text, path, strlen(path)), 0);
        if (!strstr(why.text, bad[i].reason))
            fail_msg("\"%s\" does not say \"%s\"", why.text, bad[i].reason);
    }
    /* The policy may be valid: a restart may help. */
    fake_fault_fail(2, -ENOMEM);
    assert_int_equal(open_with_policy(&why), EXIT_FAILURE_OTHER);
    fake_fault_reset();
    /* A file that cannot be read is not absent. */
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(open_with_policy(&why), EXIT_POLICY);
    rmdir(path);
    assert_int_equal(symlink(path, path), 0);
    assert_int_equal(open_with_policy(&why), EXIT_POLICY);
    assert_non_null(strstr(why.text, strerror(ELOOP)));
}

static void test_reload(void **state)
{
    struct reason why;

    (void)state;
    write_policy("forbid " GPIO "\n");
    assert_int_equal(open_with_policy(&why), EXIT_DONE);
    manager_start(manager);

    write_policy("# nothing\nforbid " GPIO "0\n");
    assert_int_not_equal(manager_reload(manager, &why), 0);
    assert_logged("keeping the policy that was read before: ");
    assert_answer(1, GPIO, "refused");
    write_policy("pin web 17\n");
    assert_int_not_equal(manager_reload(manager, &why), 0);
    assert_logged("there is no agent 17");
    assert_non_null(strstr(why.text, "there is no agent 17"));
    write_policy("pin web 7\n");
    /* Xen's table cannot be read. */
    fake_fault_fail(0, -EIO);
    assert_int_not_equal(manager_reload(manager, &why), 0);
    assert_logged("keeping the policy that was read before: Xen did not");
    assert_answer(2, GPIO, "refused");

    write_policy("forbid " RTC "\nallow clock 1\n");
    assert_int_equal(manager_reload(manager, &why), 0);
    assert_logged("again: 1 allowed, 0 pinned, 1 forbidden");
    assert_answer(3, RTC, "refused");
    assert_answer(4, GPIO, "granted");
    unlink(path);
    assert_int_equal(manager_reload(manager, &why), 0);
    assert_logged("is gone: no policy any more");
    assert_answer(5, RTC, "granted");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_no_path, setup_file,
                                        teardown_file),
        cmocka_unit_test_setup_teardown(test_absent, setup_file,
                                        teardown_file),
        cmocka_unit_test_setup_teardown(test_start, setup_file, teardown_file),
        cmocka_unit_test_setup_teardown(test_bad_start, setup_file,
                                        teardown_file),
        cmocka_unit_test_setup_teardown(test_reload, setup_file,
                                        teardown_file),
    };

    return cmocka_run_group_tests_name("daemon rules", tests, NULL, NULL);
}
