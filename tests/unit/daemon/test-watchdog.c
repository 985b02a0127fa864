/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The watchdog ends a process whose event loop is stuck, and no other. Each loop
 * runs in a process of its own, whose end is looked at.
 */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/loop.h"
#include "daemon/watchdog.h"

#define TICKS   5
#define TICK_MS 20

struct job {
    struct loop *loop;
    struct loop_timer *timer;
    unsigned int turns, spin_ms, wait_ms;
};

/* Takes so much of the processor, however long that lasts. */
static void spin(unsigned int ms)
{
    struct timespec now;
    int64_t end;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    end = now.tv_sec * 1000000000LL + now.tv_nsec + ms * 1000000LL;
    while (now.tv_sec * 1000000000LL + now.tv_nsec < end)
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
}

static void on_turn(void *context)
{
    struct job *job = context;
    struct timespec left = {
        .tv_sec = job->wait_ms / 1000,
        .tv_nsec = job->wait_ms % 1000 * 1000000L,
    };

    spin(job->spin_ms);
    while (nanosleep(&left, &left))
        ;
    if (--job->turns == 0)
        loop_stop(job->loop);
    else
        (void)loop_timer_start(job->timer, 1);
}

/* How a process ends whose loop has so many turns of this kind. */
static int ending(struct job job)
{
    const struct rlimit no_core = { 0, 0 };
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (!child) {
        setrlimit(RLIMIT_CORE, &no_core);
        signal(SIGABRT, SIG_DFL);
        job.loop = loop_new();
        job.timer = loop_timer_new(job.loop, on_turn, &job);
        if (!job.timer || loop_timer_start(job.timer, 0) ||
            watchdog_start(TICKS, TICK_MS) || loop_run(job.loop))
            _exit(1);
        watchdog_stop();
        /* Nothing is left to count. */
        spin(3 * TICKS * TICK_MS);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void test_stuck(void **state)
{
    (void)state;
    assert_int_equal(ending((struct job){ .turns = 1, .spin_ms = 60000 }),
                     -SIGABRT);
    assert_int_equal(ending((struct job){ .turns = 20, .spin_ms = 20000 }),
                     -SIGABRT);
}

/* Many turns take more than one may. */
static void test_busy(void **state)
{
    (void)state;
    assert_int_equal(ending((struct job){ .turns = 20, .spin_ms = TICK_MS }), 0);
}

/* What waits, or gets no processor, is not stuck. */
static void test_late(void **state)
{
    (void)state;
    assert_int_equal(ending((struct job){ .turns = 2, .spin_ms = 1,
                                          .wait_ms = 5 * TICKS * TICK_MS }), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stuck),
        cmocka_unit_test(test_busy),
        cmocka_unit_test(test_late),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
