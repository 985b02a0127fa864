/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Server of the control socket: accepts, frames, limits. What a call means is
 * the handler's business. Never blocks on a client: one that does not read its
 * reply is not read from either, and is dropped after a while.
 */

#ifndef SCMI_MED_CONTROL_H
#define SCMI_MED_CONTROL_H

#include "daemon/loop.h"
#include "lib/reason.h"

/* Open connections; further ones wait in the socket's queue. */
#define CONTROL_MAX_CLIENTS 32

/* A client that neither calls nor reads for so long is dropped. */
#define CONTROL_IDLE_MS     60000

struct control;

/*
 * Answers a call. Returns the reply, to be freed; "" if the call wants none,
 * NULL if the client is not worth talking to any longer.
 */
typedef char *control_handler(void *context, const char *call);

/*
 * Listens on path, which is replaced if it is a socket that somebody left:
 * the caller holds the lock that makes this safe. 0 or a negative errno.
 */
int control_new(struct loop *loop, const char *path, control_handler *handler,
                void *context, struct control **ret_control,
                struct reason *why);

/* Closes all connections and removes the socket. */
void control_free(struct control *control);

#endif
