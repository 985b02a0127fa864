/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pipe to oneself, see signals.h. */

#include "ctl/client/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

#define MAX_SIGNALS 8

static int fds[2] = { -1, -1 };
static struct {
    int number;
    struct sigaction before;
} caught[MAX_SIGNALS];
static int nr_caught;

/* If the pipe is full, its reader wakes up anyway. */
static void on_signal(int number)
{
    int saved = errno;
    unsigned char byte = (unsigned char)number;

    (void)!write(fds[1], &byte, 1);
    errno = saved;
}

static void catch_signal(int number, void (*handler)(int))
{
    struct sigaction before, action = { .sa_handler = handler };

    /* Without SA_RESTART, so that a blocked write() returns, too. */
    if (nr_caught == MAX_SIGNALS || sigaction(number, NULL, &before) ||
        before.sa_handler == SIG_IGN || sigaction(number, &action, NULL))
        return;
    caught[nr_caught].number = number;
    caught[nr_caught++].before = before;
}

int signals_open(const int *more)
{
    if (pipe2(fds, O_CLOEXEC | O_NONBLOCK))
        return -1;
    catch_signal(SIGINT, on_signal);
    catch_signal(SIGTERM, on_signal);
    catch_signal(SIGHUP, on_signal);
    catch_signal(SIGPIPE, SIG_IGN);
    for (; more && *more; more++)
        catch_signal(*more, on_signal);
    return fds[0];
}

void signals_close(void)
{
    int i;

    while (nr_caught > 0) {
        nr_caught--;
        (void)sigaction(caught[nr_caught].number, &caught[nr_caught].before,
                        NULL);
    }
    for (i = 0; i < 2; i++) {
        if (fds[i] >= 0)
            close(fds[i]);
        fds[i] = -1;
    }
}
