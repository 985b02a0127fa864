/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Server of the control socket: accepts, frames, limits. What a call means is
 * the handler's business. Never blocks on a client: one that does not read its
 * reply is not read from either, and is dropped after a while.
 */

#ifndef SCMI_MED_DAEMON_CONTROL_SERVER_H
#define SCMI_MED_DAEMON_CONTROL_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/loop.h"
#include "lib/reason.h"

/* Open connections; for one more, the one that was quiet longest is dropped. */
#define CONTROL_MAX_CLIENTS 32

/* A client that neither calls nor reads for so long is dropped. */
#define CONTROL_IDLE_MS     60000

/* After an accept that failed, for want of descriptors say: until the next. */
#define CONTROL_PAUSE_MS    1000

/* So many of them may follow what is published. */
#define CONTROL_MAX_FOLLOWERS 8

struct control;

/* Makes the message that says how many are missing; to be freed. */
typedef char *control_lost(uint64_t nr);

/* What a handler is told about the client that calls, and tells about it. */
struct control_peer {
    bool may_follow;        /* there is room for one more follower */
    control_lost *lost;     /* set by the handler: the client follows now */
};

/*
 * Answers a call. Returns the reply, to be freed; "" if the call wants none,
 * NULL if the client is not worth talking to any longer.
 */
typedef char *control_handler(void *context, const char *call,
                              struct control_peer *peer);

/*
 * Listens on path, which is replaced if it is a socket that somebody left:
 * the caller holds the lock that makes this safe. 0 or a negative errno.
 */
int control_new(struct loop *loop, const char *path, control_handler *handler,
                void *context, struct control **ret_control,
                struct reason *why);

/*
 * Sends a message to all that follow. It never waits, and holds little for one
 * that does not read: messages are lost then, and it is told how many. A
 * follower is never idle, and calls no more.
 */
void control_publish(struct control *control, const char *text);
unsigned int control_nr_followers(const struct control *control);

/* For tests: another time than CONTROL_IDLE_MS for those who come now. */
void control_set_idle(struct control *control, unsigned int ms);

/* Closes all connections and removes the socket. */
void control_free(struct control *control);

#endif
