/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The event loop, on libevent, see loop.h. */

#include "daemon/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/time.h>

#include <event2/event.h>

#include "daemon/log.h"
#include "daemon/watchdog.h"

struct loop {
    struct event_base *base;
};

struct loop_io {
    struct loop *loop;
    struct event *event;
    int fd;
    void (*callback)(void *context, unsigned ready);
    void *context;
};

struct loop_timer {
    struct event *event;
    void (*callback)(void *context);
    void *context;
};

struct loop_signal {
    struct event *event;
    void (*callback)(void *context);
    void *context;
};

static void on_log(int severity, const char *message)
{
    int priority = severity == EVENT_LOG_DEBUG ? LOG_DEBUG
                   : severity == EVENT_LOG_MSG ? LOG_INFO
                   : severity == EVENT_LOG_WARN ? LOG_WARNING : LOG_ERR;

    log_write(priority, NULL, "libevent: %s", message);
}

/* libevent has logged why, and its state is undefined. */
static void on_fatal(int error)
{
    log_error("libevent has failed (%d)", error);
    exit(EXIT_FAILURE);
}

struct loop *loop_new(void)
{
    struct loop *loop = calloc(1, sizeof(*loop));

    if (!loop)
        return NULL;
    event_set_log_callback(on_log);
    event_set_fatal_callback(on_fatal);
    loop->base = event_base_new();
    if (!loop->base) {
        free(loop);
        return NULL;
    }
    return loop;
}

void loop_free(struct loop *loop)
{
    if (!loop)
        return;
    event_base_free(loop->base);
    free(loop);
}

int loop_run(struct loop *loop)
{
    return event_base_dispatch(loop->base) < 0 ? -EIO : 0;
}

void loop_stop(struct loop *loop)
{
    event_base_loopbreak(loop->base);
}

static void on_io(evutil_socket_t fd, short what, void *context)
{
    struct loop_io *io = context;

    (void)fd;
    watchdog_turn();
    io->callback(io->context, (what & EV_READ ? LOOP_READ : 0) |
                              (what & EV_WRITE ? LOOP_WRITE : 0));
}

struct loop_io *loop_io_new(struct loop *loop, int fd,
                            void (*callback)(void *context, unsigned ready),
                            void *context)
{
    struct loop_io *io = calloc(1, sizeof(*io));

    if (!io)
        return NULL;
    *io = (struct loop_io){ loop, NULL, fd, callback, context };
    io->event = event_new(loop->base, fd, EV_PERSIST, on_io, io);
    if (!io->event) {
        free(io);
        return NULL;
    }
    return io;
}

int loop_io_watch(struct loop_io *io, unsigned events)
{
    short what = EV_PERSIST;

    if (event_del(io->event))
        return -EIO;
    if (!events)
        return 0;
    if (events & LOOP_READ)
        what |= EV_READ;
    if (events & LOOP_WRITE)
        what |= EV_WRITE;
    if (event_assign(io->event, io->loop->base, io->fd, what, on_io, io) ||
        event_add(io->event, NULL))
        return -EIO;
    return 0;
}

void loop_io_free(struct loop_io *io)
{
    if (!io)
        return;
    event_free(io->event);
    free(io);
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
    struct loop_timer *timer = context;

    (void)fd;
    (void)what;
    watchdog_turn();
    timer->callback(timer->context);
}

struct loop_timer *loop_timer_new(struct loop *loop,
                                  void (*callback)(void *context),
                                  void *context)
{
    struct loop_timer *timer = calloc(1, sizeof(*timer));

    if (!timer)
        return NULL;
    *timer = (struct loop_timer){ NULL, callback, context };
    timer->event = evtimer_new(loop->base, on_timer, timer);
    if (!timer->event) {
        free(timer);
        return NULL;
    }
    return timer;
}

int loop_timer_start(struct loop_timer *timer, unsigned int delay_ms)
{
    struct timeval delay = {
        .tv_sec = delay_ms / 1000,
        .tv_usec = delay_ms % 1000 * 1000,
    };

    return evtimer_add(timer->event, &delay) ? -EIO : 0;
}

void loop_timer_stop(struct loop_timer *timer)
{
    evtimer_del(timer->event);
}

void loop_timer_free(struct loop_timer *timer)
{
    if (!timer)
        return;
    event_free(timer->event);
    free(timer);
}

static void on_signal(evutil_socket_t fd, short what, void *context)
{
    struct loop_signal *signal = context;

    (void)fd;
    (void)what;
    watchdog_turn();
    signal->callback(signal->context);
}

struct loop_signal *loop_signal_new(struct loop *loop, int number,
                                    void (*callback)(void *context),
                                    void *context)
{
    struct loop_signal *signal = calloc(1, sizeof(*signal));

    if (!signal)
        return NULL;
    *signal = (struct loop_signal){ NULL, callback, context };
    signal->event = evsignal_new(loop->base, number, on_signal, signal);
    if (!signal->event || evsignal_add(signal->event, NULL)) {
        loop_signal_free(signal);
        return NULL;
    }
    return signal;
}

void loop_signal_free(struct loop_signal *signal)
{
    if (!signal)
        return;
    if (signal->event)
        event_free(signal->event);
    free(signal);
}
