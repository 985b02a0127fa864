/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Server of the control socket: accepts connections, frames messages, enforces
 * limits; the handler knows what a call means. It never blocks on a client.
 * While a client does not read its reply, nothing more is read from it, and
 * after a while it is dropped.
 */

#ifndef SCMI_MED_DAEMON_CONTROL_SERVER_H
#define SCMI_MED_DAEMON_CONTROL_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/loop.h"
#include "lib/reason.h"

/* Open connections. One more replaces the one that was idle longest. */
#define SERVER_MAX_CLIENTS 32

/* A client that neither calls nor reads for so long is dropped. */
#define SERVER_IDLE_MS     60000

/* Pause after a failed accept(), when the process is out of descriptors. */
#define SERVER_PAUSE_MS    1000

/* Clients that may follow what is published. */
#define SERVER_MAX_FOLLOWERS 8

struct server;

/* The calling client, for a handler. */
struct server_peer {
    bool may_follow;        /* the limit of followers is not reached */
    bool follows;           /* out: the client is a follower from now on */
};

/*
 * Answers a call. Returns the reply, to be freed; "" if the call wants none,
 * NULL to drop the client.
 */
typedef char *server_handler(void *context, const char *call,
                             struct server_peer *peer);

struct server_config {
    const char *path;
    server_handler *handler;
    void *context;          /* of handler */
    /* Formats "nr messages are missing here"; the result is freed. */
    char *(*gap_message)(uint64_t nr);
};

/*
 * Makes sure that only one scmi-medd runs: locks a file beside the socket.
 * Creates the socket's folder if it is missing. Returns a descriptor that holds
 * the lock until it is closed, or a negative errno: -EBUSY if another process
 * holds the lock.
 */
int server_lock(const char *socket_path, struct reason *why);

/*
 * Listens on the path; the caller holds the lock. A socket that a dead daemon
 * left there is replaced, any other file is not. 0 or a negative errno.
 */
int server_new(struct loop *loop, const struct server_config *config,
               struct server **ret_server, struct reason *why);

/*
 * Sends a message to all followers, without waiting. What a slow follower has
 * no room for is dropped, and the follower is told how many messages that were.
 * A follower is never idle, and must not call any more.
 */
void server_publish(struct server *server, const char *text);
unsigned int server_nr_followers(const struct server *server);

/* For tests: replaces SERVER_IDLE_MS for new clients. */
void server_set_idle(struct server *server, unsigned int ms);

/* Closes all connections and removes the socket. Takes NULL. */
void server_free(struct server *server);

#endif
