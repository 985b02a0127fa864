/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The event loop: what libevent itself has to say is logged. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/log.h"
#include "tests/unit/daemon/loop-fixture.h"

static int log_fd;

static void write_log(int priority, const char *message)
{
    dprintf(log_fd, "<%d>%s\n", priority, message);
}

/* What is in the pipe whose write end, closed here, the log went to. */
static const char *logged(int read_fd)
{
    static char text[4096];
    size_t len = 0;
    ssize_t n;

    close(log_fd);
    while ((n = read(read_fd, text + len, sizeof(text) - 1 - len)) > 0)
        len += (size_t)n;
    text[len] = '\0';
    close(read_fd);
    return text;
}

static int set_up(void **state)
{
    static int fds[2];

    assert_int_equal(pipe(fds), 0);
    log_fd = fds[1];
    log_set_sink(write_log);
    *state = &fds[0];
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    log_set_sink(NULL);
    return 0;
}

static int nested_rc;

static void run_nested(void *context)
{
    (void)context;
    nested_rc = loop_run(loop);
}

static void test_warning(void **state)
{
    struct loop_timer *timer;

    loop = loop_new();
    assert_non_null(loop);
    timer = loop_timer_new(loop, run_nested, NULL);
    assert_int_equal(loop_timer_start(timer, 1), 0);
    turn_for(20);
    assert_true(nested_rc < 0);
    loop_timer_free(timer);
    loop_free(loop);
    assert_non_null(strstr(logged(*(int *)*state), "<4>libevent: event_base_"));
}

/* The leak detector runs at exit, and cannot without descriptors. */
static void leave(int status, void *context)
{
    (void)context;
    _exit(status);
}

/* With room for epoll but not for its pair of sockets, libevent gives up. */
static void test_fatal(void **state)
{
    struct rlimit limit;
    int status, fd;
    const char *text;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (!pid) {
        fd = dup(log_fd);
        limit = (struct rlimit){ (rlim_t)fd + 1, (rlim_t)fd + 1 };
        close(fd);
        setrlimit(RLIMIT_NOFILE, &limit);
        on_exit(leave, NULL);
        _exit(loop_new() ? 98 : 99);
    }
    text = logged(*(int *)*state);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_non_null(strstr(text, "<3>libevent: "));
    assert_non_null(strstr(text, "<3>libevent has failed"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_warning, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_fatal, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("daemon loop", tests, NULL, NULL);
}
