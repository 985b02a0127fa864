/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Server of the control socket, see server.h. */

#include "daemon/control/server.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <scmi-med/names.h>

#include "daemon/control/feed.h"
#include "daemon/log.h"
#include "lib/wire.h"

struct client {
    TAILQ_ENTRY(client) link;
    struct server *server;
    int fd;
    struct loop_io *io;
    struct loop_timer *idle;
    struct wire calls;
    char *reply;            /* being sent, with its NUL */
    size_t reply_len, reply_sent;
    struct ucred peer;
    bool follows;
    struct feed feed;
};

struct server {
    struct loop *loop;
    struct server_config config;
    int fd;
    struct loop_io *io;
    struct loop_timer *pause;
    TAILQ_HEAD(clients, client) clients;    /* most recently active first */
    unsigned int nr_clients, nr_followers, idle_ms;
};

static void client_free(struct client *client)
{
    struct server *server = client->server;

    TAILQ_REMOVE(&server->clients, client, link);
    loop_io_free(client->io);
    loop_timer_free(client->idle);
    close(client->fd);
    wire_done(&client->calls);
    feed_done(&client->feed);
    server->nr_followers -= client->follows;
    free(client->reply);
    free(client);
    server->nr_clients--;
}

static void client_drop(struct client *client, const char *because)
{
    log_debug("control socket: dropped process %d (user %u): %s",
              (int)client->peer.pid, (unsigned int)client->peer.uid, because);
    client_free(client);
}

static void on_idle(void *context)
{
    client_drop(context, "idle");
}

/* Returns 0 if all is sent, 1 if the client must read first, or -errno. */
static int send_reply(struct client *client)
{
    while (client->reply_sent < client->reply_len) {
        ssize_t n = send(client->fd, client->reply + client->reply_sent,
                         client->reply_len - client->reply_sent,
                         MSG_DONTWAIT | MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno == EAGAIN ? 1 : -errno;
        client->reply_sent += (size_t)n;
        if (!client->follows)
            (void)loop_timer_start(client->idle, client->server->idle_ms);
    }
    free(client->reply);
    client->reply = NULL;
    client->reply_len = client->reply_sent = 0;
    return 0;
}

/* ---- Followers ---------------------------------------------------------- */

static void start_following(struct client *client)
{
    client->follows = true;
    client->server->nr_followers++;
    loop_timer_stop(client->idle);
}

/* Returns 0 if all is sent, 1 if the follower must read first, or -errno. */
static int send_feed(struct client *client)
{
    int rc = send_reply(client);

    /* The feed may be out of memory, so the message does not go through it. */
    while (!rc && !(rc = feed_send(&client->feed, client->fd)) &&
           client->feed.nr_dropped) {
        client->reply = client->server->config.gap_message(
            client->feed.nr_dropped);
        if (!client->reply)
            return -ENOMEM;
        client->feed.nr_dropped = 0;
        client->reply_len = strlen(client->reply) + 1;
        rc = send_reply(client);
    }
    return rc;
}

static void on_follower(struct client *client, unsigned ready)
{
    char byte;
    ssize_t n;
    int rc;

    if (ready & LOOP_READ) {
        n = recv(client->fd, &byte, 1, MSG_DONTWAIT);
        if (n == 0) {
            client_free(client);
            return;
        }
        if (n > 0 || (errno != EAGAIN && errno != EINTR)) {
            client_drop(client, n > 0 ? "it calls, but is a follower"
                                      : strerror(errno));
            return;
        }
    }
    rc = send_feed(client);
    if (rc >= 0)
        rc = loop_io_watch(client->io, LOOP_READ | (rc ? LOOP_WRITE : 0));
    if (rc < 0)
        client_drop(client, strerror(-rc));
}

void server_publish(struct server *server, const char *text)
{
    struct client *client;

    for (client = TAILQ_FIRST(&server->clients); client;
         client = TAILQ_NEXT(client, link)) {
        if (!client->follows)
            continue;
        feed_add(&client->feed, text);
        /* The loop sends it: the caller may be the handler of a call. */
        (void)loop_io_watch(client->io, LOOP_READ | LOOP_WRITE);
    }
}

unsigned int server_nr_followers(const struct server *server)
{
    return server->nr_followers;
}

/* ---- Calls -------------------------------------------------------------- */

/*
 * Answers the calls that have arrived, in order. Stops at a reply that cannot
 * be sent at once, so the daemon holds at most one reply for each client.
 * Returns 0, 1 to wait until the client reads, or -errno.
 */
static int answer_calls(struct client *client)
{
    struct server *server = client->server;
    char *call;
    int rc = send_reply(client);

    while (!rc && !client->follows && (call = wire_next(&client->calls))) {
        struct server_peer peer = {
            .may_follow = server->nr_followers < SERVER_MAX_FOLLOWERS,
        };

        client->reply = server->config.handler(server->config.context, call,
                                               &peer);
        if (!client->reply)
            return -EPROTO;
        if (peer.follows)
            start_following(client);
        if (*client->reply)
            client->reply_len = strlen(client->reply) + 1;
        rc = send_reply(client);
    }
    return rc;
}

static void on_client(void *context, unsigned ready)
{
    struct client *client = context;
    char chunk[16384];
    ssize_t n;
    int rc;

    if (client->follows) {
        on_follower(client, ready);
        return;
    }
    if (ready & LOOP_READ) {
        n = recv(client->fd, chunk, sizeof(chunk), MSG_DONTWAIT);
        if (n == 0) {
            client_free(client);
            return;
        }
        if (n < 0 && errno != EAGAIN && errno != EINTR) {
            client_drop(client, strerror(errno));
            return;
        }
        rc = n > 0 ? wire_feed(&client->calls, chunk, (size_t)n) : 0;
        if (rc) {
            client_drop(client, rc == -EMSGSIZE ? "its call is too long"
                                                : strerror(-rc));
            return;
        }
        (void)loop_timer_start(client->idle, client->server->idle_ms);
        TAILQ_REMOVE(&client->server->clients, client, link);
        TAILQ_INSERT_HEAD(&client->server->clients, client, link);
    }

    rc = answer_calls(client);
    if (rc >= 0)
        rc = loop_io_watch(client->io, client->follows ? LOOP_READ | LOOP_WRITE
                                       : rc ? LOOP_WRITE : LOOP_READ);
    if (rc < 0)
        client_drop(client, rc == -EPROTO ? "it sent no valid call"
                                          : strerror(-rc));
}

/* ---- Connections -------------------------------------------------------- */

static int client_new(struct server *server, int fd)
{
    struct client *client = calloc(1, sizeof(*client));
    socklen_t len = sizeof(client->peer);

    if (!client) {
        close(fd);
        return -ENOMEM;
    }
    client->server = server;
    client->fd = fd;
    wire_init(&client->calls, WIRE_MAX_CALL);
    TAILQ_INSERT_HEAD(&server->clients, client, link);
    server->nr_clients++;

    client->io = loop_io_new(server->loop, fd, on_client, client);
    client->idle = loop_timer_new(server->loop, on_idle, client);
    if (!client->io || !client->idle ||
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &client->peer, &len) ||
        loop_io_watch(client->io, LOOP_READ) ||
        loop_timer_start(client->idle, client->server->idle_ms)) {
        client_free(client);
        return -ENOMEM;
    }
    return 0;
}

/* Idle connections must not keep new clients out. */
static void make_room(struct server *server)
{
    struct client *client;

    TAILQ_FOREACH_REVERSE(client, &server->clients, clients, link)
        if (!client->follows) {
            client_drop(client, "idle longest, and another client connected");
            return;
        }
}

static void on_listener(void *context, unsigned ready)
{
    struct server *server = context;
    int fd = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    (void)ready;
    if (fd < 0 && (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED))
        return;
    if (fd < 0) {
        log_warning("control socket: accept failed: %s", strerror(errno));
        /* The connection stays pending, so the loop would spin on it. */
        if (!loop_timer_start(server->pause, SERVER_PAUSE_MS))
            (void)loop_io_watch(server->io, 0);
        return;
    }
    if (server->nr_clients == SERVER_MAX_CLIENTS)
        make_room(server);
    if (client_new(server, fd))
        log_warning("control socket: refused a connection: out of memory");
}

static void on_pause_over(void *context)
{
    struct server *server = context;

    (void)loop_io_watch(server->io, LOOP_READ);
}

/* ---- The socket --------------------------------------------------------- */

int server_lock(const char *socket_path, struct reason *why)
{
    char path[PATH_MAX], folder[PATH_MAX];
    int fd, r;

    r = snprintf(path, sizeof(path), "%s" SCMI_MED_LOCK_SUFFIX,
                 socket_path);
    if (r < 0 || (size_t)r >= sizeof(path))
        return reason_set(why, -ENAMETOOLONG, "the path of the control socket "
                          "is too long");
    snprintf(folder, sizeof(folder), "%s", socket_path);
    (void)mkdir(dirname(folder), 0755);

    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return reason_set(why, -errno, "cannot open %s: %s", path,
                          strerror(errno));
    if (!flock(fd, LOCK_EX | LOCK_NB))
        return fd;

    r = errno == EWOULDBLOCK ? -EBUSY : -errno;
    close(fd);
    if (r == -EBUSY)
        return reason_set(why, r, "another scmi-medd is running (%s is "
                          "locked): see \"systemctl status scmi-medd\"", path);
    return reason_set(why, r, "cannot lock %s: %s", path, strerror(-r));
}

static int listen_on(struct server *server)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct stat status;
    mode_t mask;
    int r;

    if (strlen(server->config.path) >= sizeof(address.sun_path))
        return -ENAMETOOLONG;
    strcpy(address.sun_path, server->config.path);
    if (!lstat(server->config.path, &status)) {
        if (!S_ISSOCK(status.st_mode))
            return -EEXIST;
        unlink(server->config.path);
    }

    server->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
                         0);
    if (server->fd < 0)
        return -errno;
    /* By umask, since a chmod() after bind() would leave a gap. */
    mask = umask(0117);
    r = bind(server->fd, (struct sockaddr *)&address, sizeof(address));
    umask(mask);
    if (r)
        return -errno;
    return listen(server->fd, SERVER_MAX_CLIENTS) ? -errno : 0;
}

int server_new(struct loop *loop, const struct server_config *config,
               struct server **ret_server, struct reason *why)
{
    struct server *server = calloc(1, sizeof(*server));
    int rc;

    if (!server)
        return reason_set(why, -ENOMEM, "%s", strerror(ENOMEM));
    TAILQ_INIT(&server->clients);
    server->loop = loop;
    server->config = *config;
    server->fd = -1;
    server->idle_ms = SERVER_IDLE_MS;
    rc = listen_on(server);
    if (rc) {
        reason_set(why, rc, "%s: %s", config->path, rc == -EEXIST ?
                   "it exists and is no socket" : strerror(-rc));
        goto fail;
    }

    server->io = loop_io_new(loop, server->fd, on_listener, server);
    server->pause = loop_timer_new(loop, on_pause_over, server);
    if (!server->io || !server->pause ||
        loop_io_watch(server->io, LOOP_READ)) {
        rc = reason_set(why, -ENOMEM, "%s", strerror(ENOMEM));
        goto fail;
    }
    *ret_server = server;
    return 0;

fail:
    server_free(server);
    return rc;
}

void server_set_idle(struct server *server, unsigned int ms)
{
    server->idle_ms = ms;
}

void server_free(struct server *server)
{
    struct client *client;

    if (!server)
        return;
    loop_io_free(server->io);
    loop_timer_free(server->pause);
    while ((client = TAILQ_FIRST(&server->clients))) {
        if (client->follows)
            (void)send_feed(client);
        client_free(client);
    }
    if (server->fd >= 0) {
        close(server->fd);
        unlink(server->config.path);
    }
    free(server);
}
