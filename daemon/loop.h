/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The event loop: the only user of libevent, whose messages go to the daemon's
 * log. Callbacks run one at a time, in the thread that called loop_run().
 */

#ifndef SCMI_MED_LOOP_H
#define SCMI_MED_LOOP_H

struct loop;
struct loop_io;
struct loop_timer;
struct loop_signal;

#define LOOP_READ   (1U << 0)
#define LOOP_WRITE  (1U << 1)

/* Constructors return NULL if memory is short; _free functions take NULL. */
struct loop *loop_new(void);
void loop_free(struct loop *loop);

/* Returns 0 after loop_stop(), or a negative errno. */
int loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* Calls back while fd is ready for the watched events: none at first. */
struct loop_io *loop_io_new(struct loop *loop, int fd,
                            void (*callback)(void *context, unsigned ready),
                            void *context);
int loop_io_watch(struct loop_io *io, unsigned events);
void loop_io_free(struct loop_io *io);

/* Calls back once after each loop_timer_start(). */
struct loop_timer *loop_timer_new(struct loop *loop,
                                  void (*callback)(void *context),
                                  void *context);
int loop_timer_start(struct loop_timer *timer, unsigned int delay_ms);
void loop_timer_stop(struct loop_timer *timer);
void loop_timer_free(struct loop_timer *timer);

struct loop_signal *loop_signal_new(struct loop *loop, int number,
                                    void (*callback)(void *context),
                                    void *context);
void loop_signal_free(struct loop_signal *signal);

#endif
