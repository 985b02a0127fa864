/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The control socket when there are no file descriptors left. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/control/server.h"
#include "daemon/log.h"

static char folder[64], path[96];
static struct loop *loop;
static struct control *control;
static unsigned int warnings;

static char *handle(void *context, const char *call, struct control_peer *peer)
{
    (void)context;
    (void)peer;
    return strdup(call);
}

static void count_log(int priority, const char *message)
{
    (void)message;
    warnings += priority == LOG_WARNING;
}

static int setup(void **state)
{
    struct reason why;

    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/scmi-med-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/control", folder);
    log_set_sink(count_log);
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

static void turn(unsigned int ms)
{
    struct loop_timer *timer = loop_timer_new(loop, stop, NULL);

    assert_non_null(timer);
    assert_int_equal(loop_timer_start(timer, ms), 0);
    assert_int_equal(loop_run(loop), 0);
    loop_timer_free(timer);
}

/* Who connects waits; neither the processor nor the log is kept busy by it. */
static void test_no_descriptors(void **state)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct rlimit before, none;
    char reply[8] = "";

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = (struct rlimit){ .rlim_cur = (rlim_t)fd + 1,
                            .rlim_max = before.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    strcpy(address.sun_path, path);
    assert_int_equal(connect(fd, (struct sockaddr *)&address,
                             sizeof(address)), 0);
    assert_int_equal(send(fd, "a", 2, MSG_NOSIGNAL), 2);
    turn(CONTROL_PAUSE_MS / 4);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(warnings, 1);

    turn(CONTROL_PAUSE_MS);
    assert_int_equal(recv(fd, reply, sizeof(reply), 0), 2);
    assert_string_equal(reply, "a");
    assert_int_equal(warnings, 1);
    close(fd);
    turn(20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_no_descriptors, setup, teardown),
    };

    return cmocka_run_group_tests_name("daemon accept", tests, NULL, NULL);
}
