/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The messages that one follower has yet to be sent. The queue is bounded: what
 * does not fit is dropped and counted, so that the follower can be told.
 */

#ifndef SCMI_MED_DAEMON_CONTROL_FEED_H
#define SCMI_MED_DAEMON_CONTROL_FEED_H

#include <stddef.h>
#include <stdint.h>

/* Memory for one follower: room for some hundreds of events. */
#define FEED_MAX_BYTES (128 * 1024)

struct feed {
    char *data;             /* messages, each ended by a NUL */
    size_t start;           /* of what is not sent yet */
    size_t len;             /* end of the last message */
    uint64_t nr_dropped;
};

/* Adds a message, or drops it if there is no room. */
void feed_add(struct feed *feed, const char *text);

/* Frees the queue's memory. A zeroed struct is an empty queue. */
void feed_done(struct feed *feed);

/*
 * Sends what the socket takes without waiting. Returns 0 if all is sent, 1 if
 * the other side must read first, or -errno.
 */
int feed_send(struct feed *feed, int fd);

#endif
