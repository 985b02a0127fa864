/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The queue of a follower, see feed.h. */

#include "daemon/control/feed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

void feed_add(struct feed *feed, const char *text)
{
    size_t len = strlen(text) + 1;

    /*
     * After a gap, nothing is added until the queue is empty: then the follower
     * is told of the gap at the right place.
     */
    if (!feed->data && !feed->nr_dropped)
        feed->data = malloc(FEED_MAX_BYTES);
    if (!feed->data || feed->nr_dropped) {
        feed->nr_dropped++;
        return;
    }
    if (feed->start) {
        memmove(feed->data, feed->data + feed->start, feed->len - feed->start);
        feed->len -= feed->start;
        feed->start = 0;
    }
    if (len > FEED_MAX_BYTES - feed->len) {
        feed->nr_dropped++;
        return;
    }
    memcpy(feed->data + feed->len, text, len);
    feed->len += len;
}

void feed_done(struct feed *feed)
{
    free(feed->data);
    *feed = (struct feed){ 0 };
}

int feed_send(struct feed *feed, int fd)
{
    while (feed->start < feed->len) {
        ssize_t n = send(fd, feed->data + feed->start,
                         feed->len - feed->start, MSG_DONTWAIT | MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno == EAGAIN ? 1 : -errno;
        feed->start += (size_t)n;
    }
    /* The queue is empty most of the time. */
    free(feed->data);
    feed->data = NULL;
    feed->start = feed->len = 0;
    return 0;
}
