/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Framing of the control socket, see wire.h. */

#include "lib/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void wire_init(struct wire *wire, size_t max_message)
{
    *wire = (struct wire){ .max_message = max_message };
}

void wire_done(struct wire *wire)
{
    free(wire->data);
    wire_init(wire, wire->max_message);
}

/* Makes room for len more bytes. */
static int reserve(struct wire *wire, size_t len)
{
    size_t size = wire->size ? wire->size : 4096;
    char *data;

    if (wire->start) {
        memmove(wire->data, wire->data + wire->start, wire->len - wire->start);
        wire->len -= wire->start;
        wire->tail -= wire->start;
        wire->start = 0;
    }

    while (size - wire->len < len)
        size *= 2;
    if (size == wire->size)
        return 0;

    data = realloc(wire->data, size);
    if (!data)
        return -ENOMEM;
    wire->data = data;
    wire->size = size;
    return 0;
}

int wire_feed(struct wire *wire, const void *bytes, size_t len)
{
    const char *chunk = bytes, *end;
    size_t open = wire->len - wire->tail;
    size_t i, piece, tail = wire->tail - wire->start;

    /* The messages that this chunk completes, and the incomplete one. */
    for (i = 0; i < len; i += piece) {
        end = memchr(chunk + i, '\0', len - i);
        piece = end ? (size_t)(end - (chunk + i)) + 1 : len - i;
        /* An incomplete message needs room for its NUL, too. */
        if (piece > wire->max_message - open - !end)
            return -EMSGSIZE;
        open = end ? 0 : open + piece;
        if (end)
            tail = wire->len - wire->start + i + piece;
    }

    if (!len)
        return 0;
    if (reserve(wire, len))
        return -ENOMEM;
    memcpy(wire->data + wire->len, chunk, len);
    wire->len += len;
    wire->tail = tail;
    return 0;
}

char *wire_next(struct wire *wire)
{
    char *message;

    if (wire->start == wire->tail)
        return NULL;

    message = wire->data + wire->start;
    wire->start += strlen(message) + 1;
    return message;
}
