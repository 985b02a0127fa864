/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one follower of events has yet to be sent. It is bounded: what does not
 * fit is lost, and counted, so that the follower can be told.
 */

#ifndef SCMI_MED_DAEMON_CONTROL_FEED_H
#define SCMI_MED_DAEMON_CONTROL_FEED_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that a follower makes the daemon hold: some hundreds of events. */
#define FEED_MAX_BYTES (128 * 1024)

struct feed {
    char *data;             /* messages, each ended by a NUL */
    size_t start;           /* of what is not sent yet */
    size_t len;             /* end of what is there */
    uint64_t lost;
};

/* Adds a message, or counts it as lost. */
void feed_add(struct feed *feed, const char *text);

/* Frees what the struct holds; one filled with zeroes will do. */
void feed_done(struct feed *feed);

/*
 * Sends to the socket what it takes without waiting. 0: all is sent, 1: the
 * other side must read first, or a negative errno.
 */
int feed_send(struct feed *feed, int fd);

#endif
