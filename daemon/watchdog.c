/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The watchdog over the event loop, see watchdog.h. */

#include "daemon/watchdog.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t turned, spent;
static int allowed;

/*
 * A tick of the process's own time. However long Xen has kept the processor
 * from Dom0 meanwhile, which Linux may take for time that the process ran, that
 * is one tick: this has to run for each of them.
 */
static void on_tick(int number)
{
    static const char message[] =
        "<2>scmi-medd is stuck: the event loop does not go on\n";

    (void)number;
    if (turned) {
        turned = 0;
        spent = 0;
        return;
    }
    if (++spent < allowed)
        return;
    if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0) {
        /* Then nobody is told. */
    }
    abort();
}

static int set_timer(unsigned int tick_ms)
{
    const struct timeval tick = {
        .tv_sec = tick_ms / 1000, .tv_usec = tick_ms % 1000 * 1000,
    };
    const struct itimerval timer = { tick, tick };

    return setitimer(ITIMER_PROF, &timer, NULL) ? -errno : 0;
}

int watchdog_start(unsigned int ticks, unsigned int tick_ms)
{
    struct sigaction action = { .sa_flags = SA_RESTART };

    action.sa_handler = on_tick;
    sigemptyset(&action.sa_mask);
    allowed = (int)ticks;
    turned = 1;
    if (sigaction(SIGPROF, &action, NULL))
        return -errno;
    return set_timer(tick_ms);
}

void watchdog_stop(void)
{
    (void)set_timer(0);
}

void watchdog_turn(void)
{
    turned = 1;
}
