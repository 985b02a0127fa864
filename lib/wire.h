/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Framing of the control socket: messages ended by a NUL byte, cut out of a
 * stream that arrives in any pieces. No I/O; knows nothing of JSON.
 */

#ifndef SCMI_MED_WIRE_H
#define SCMI_MED_WIRE_H

#include <stddef.h>

/* A call, the NUL included: what one client makes the daemon hold. */
#define WIRE_MAX_CALL   (64 * 1024)

/* A reply: far above the largest table, so that a client stops at nonsense. */
#define WIRE_MAX_REPLY  (16 * 1024 * 1024)

struct wire {
    char *data;
    size_t start;           /* of the first message not yet taken */
    size_t len;             /* end of what has arrived */
    size_t size;            /* of data */
    size_t tail;            /* of the message that has no NUL yet */
    size_t max_message;     /* the NUL included */
};

void wire_init(struct wire *wire, size_t max_message);

/* Frees what the struct holds; it may be initialised again. */
void wire_done(struct wire *wire);

/*
 * Adds received bytes. Invalidates what wire_next() returned before.
 * Returns 0, -ENOMEM, or -EMSGSIZE if a message is longer than allowed:
 * the stream is then of no use any more.
 */
int wire_feed(struct wire *wire, const void *bytes, size_t len);

/*
 * Takes the next complete message, a string, which stays valid until the next
 * wire_feed() or wire_done(). NULL if there is none.
 */
char *wire_next(struct wire *wire);

#endif
