/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Framing of the control socket: splits a stream, which arrives in any pieces,
 * into messages that end with a NUL. Does no I/O, and does not parse JSON.
 */

#ifndef SCMI_MED_WIRE_H
#define SCMI_MED_WIRE_H

#include <stddef.h>

/* Longest call with its NUL: bounds what the daemon holds for a client. */
#define WIRE_MAX_CALL   (64 * 1024)

/* Longest reply with its NUL: far more than the largest table. */
#define WIRE_MAX_REPLY  (16 * 1024 * 1024)

struct wire {
    char *data;
    size_t start;           /* of the first complete message */
    size_t len;             /* end of the received bytes */
    size_t size;            /* of data */
    size_t tail;            /* start of the incomplete message */
    size_t max_message;     /* with its NUL */
};

void wire_init(struct wire *wire, size_t max_message);

/* Frees the memory; the wire is as after wire_init(). */
void wire_done(struct wire *wire);

/*
 * Adds received bytes, and invalidates the strings that wire_next() returned.
 * Returns 0, -ENOMEM, or -EMSGSIZE if a message is too long; then the stream
 * cannot be used any more.
 */
int wire_feed(struct wire *wire, const void *bytes, size_t len);

/*
 * Takes the next complete message: a string, valid until the next wire_feed()
 * or wire_done(). NULL if there is none.
 */
char *wire_next(struct wire *wire);

#endif
