/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Server of the control socket, see control.h. */

#include "daemon/control/server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/control/feed.h"
#include "daemon/log.h"
#include "lib/wire.h"

struct client {
    TAILQ_ENTRY(client) link;
    struct control *control;
    int fd;
    struct loop_io *io;
    struct loop_timer *idle;
    struct wire calls;
    char *reply;            /* being sent, the NUL included */
    size_t reply_len, reply_sent;
    struct ucred peer;
    control_lost *lost;     /* NULL: it does not follow */
    struct feed feed;
};

struct control {
    struct loop *loop;
    char *path;
    int fd;
    struct loop_io *io;
    struct loop_timer *pause;
    TAILQ_HEAD(clients, client) clients;   /* the last: quiet for longest */
    unsigned int nr_clients, nr_followers, idle_ms;
    control_handler *handler;
    void *context;
};

static void client_free(struct client *client)
{
    struct control *control = client->control;

    TAILQ_REMOVE(&control->clients, client, link);
    loop_io_free(client->io);
    loop_timer_free(client->idle);
    close(client->fd);
    wire_done(&client->calls);
    feed_done(&client->feed);
    control->nr_followers -= client->lost != NULL;
    free(client->reply);
    free(client);
    control->nr_clients--;
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

/* Sends what it can. 0: all sent, 1: the client must read first. */
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
        if (!client->lost)
            (void)loop_timer_start(client->idle, client->control->idle_ms);
    }
    free(client->reply);
    client->reply = NULL;
    client->reply_len = client->reply_sent = 0;
    return 0;
}

/* ---- Followers ---------------------------------------------------------- */

static void start_following(struct client *client, control_lost *lost)
{
    client->lost = lost;
    client->control->nr_followers++;
    loop_timer_stop(client->idle);
}

/* Sends a follower what it can. 0: all sent, 1: it must read first. */
static int send_feed(struct client *client)
{
    int rc = send_reply(client);

    /* Not by way of the feed: it may have lost them for want of memory. */
    while (!rc && !(rc = feed_send(&client->feed, client->fd)) &&
           client->feed.lost) {
        client->reply = client->lost(client->feed.lost);
        if (!client->reply)
            return -ENOMEM;
        client->feed.lost = 0;
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
            client_drop(client, n > 0 ? "it calls, but follows"
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

void control_publish(struct control *control, const char *text)
{
    struct client *client;

    for (client = TAILQ_FIRST(&control->clients); client;
         client = TAILQ_NEXT(client, link)) {
        if (!client->lost)
            continue;
        feed_add(&client->feed, text);
        /* Sent by the loop: the caller may be in the middle of a call. */
        (void)loop_io_watch(client->io, LOOP_READ | LOOP_WRITE);
    }
}

unsigned int control_nr_followers(const struct control *control)
{
    return control->nr_followers;
}

/* ---- Calls -------------------------------------------------------------- */

/*
 * Answers the calls that have arrived, in order. Stops at a reply that cannot
 * be sent at once, so a client makes the daemon hold one reply at most.
 * Returns 0, 1 to wait until the client reads, or a negative errno.
 */
static int answer_calls(struct client *client)
{
    struct control *control = client->control;
    char *call;
    int rc = send_reply(client);

    while (!rc && !client->lost && (call = wire_next(&client->calls))) {
        struct control_peer peer = {
            .may_follow = control->nr_followers < CONTROL_MAX_FOLLOWERS,
        };

        client->reply = control->handler(control->context, call, &peer);
        if (!client->reply)
            return -EPROTO;
        if (peer.lost)
            start_following(client, peer.lost);
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

    if (client->lost) {
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
        (void)loop_timer_start(client->idle, client->control->idle_ms);
        TAILQ_REMOVE(&client->control->clients, client, link);
        TAILQ_INSERT_HEAD(&client->control->clients, client, link);
    }

    rc = answer_calls(client);
    if (rc >= 0)
        rc = loop_io_watch(client->io, client->lost ? LOOP_READ | LOOP_WRITE
                                       : rc ? LOOP_WRITE : LOOP_READ);
    if (rc < 0)
        client_drop(client, rc == -EPROTO ? "it sent no valid call"
                                          : strerror(-rc));
}

static int client_new(struct control *control, int fd)
{
    struct client *client = calloc(1, sizeof(*client));
    socklen_t len = sizeof(client->peer);

    if (!client) {
        close(fd);
        return -ENOMEM;
    }
    client->control = control;
    client->fd = fd;
    wire_init(&client->calls, WIRE_MAX_CALL);
    TAILQ_INSERT_HEAD(&control->clients, client, link);
    control->nr_clients++;

    client->io = loop_io_new(control->loop, fd, on_client, client);
    client->idle = loop_timer_new(control->loop, on_idle, client);
    if (!client->io || !client->idle ||
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &client->peer, &len) ||
        loop_io_watch(client->io, LOOP_READ) ||
        loop_timer_start(client->idle, client->control->idle_ms)) {
        client_free(client);
        return -ENOMEM;
    }
    return 0;
}

/* Clients that only hold their place keep nobody out. */
static void make_room(struct control *control)
{
    struct client *client;

    TAILQ_FOREACH_REVERSE(client, &control->clients, clients, link)
        if (!client->lost) {
            client_drop(client, "another one came, and it was quiet longest");
            return;
        }
}

static void on_listener(void *context, unsigned ready)
{
    struct control *control = context;
    int fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    (void)ready;
    if (fd < 0 && (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED))
        return;
    if (fd < 0) {
        log_warning("control socket: accept failed: %s", strerror(errno));
        /* Who connects still waits there: the loop would do nothing else. */
        if (!loop_timer_start(control->pause, CONTROL_PAUSE_MS))
            (void)loop_io_watch(control->io, 0);
        return;
    }
    if (control->nr_clients == CONTROL_MAX_CLIENTS)
        make_room(control);
    if (client_new(control, fd))
        log_warning("control socket: refused a connection: out of memory");
}

static void on_pause_over(void *context)
{
    struct control *control = context;

    (void)loop_io_watch(control->io, LOOP_READ);
}

static int listen_on(struct control *control)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct stat status;
    mode_t mask;
    int r;

    if (strlen(control->path) >= sizeof(address.sun_path))
        return -ENAMETOOLONG;
    strcpy(address.sun_path, control->path);
    if (!lstat(control->path, &status)) {
        if (!S_ISSOCK(status.st_mode))
            return -EEXIST;
        unlink(control->path);
    }

    control->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
                         0);
    if (control->fd < 0)
        return -errno;
    /* The mode must be right from the start: there is no moment without. */
    mask = umask(0117);
    r = bind(control->fd, (struct sockaddr *)&address, sizeof(address));
    umask(mask);
    if (r)
        return -errno;
    return listen(control->fd, CONTROL_MAX_CLIENTS) ? -errno : 0;
}

int control_new(struct loop *loop, const char *path, control_handler *handler,
                void *context, struct control **ret_control,
                struct reason *why)
{
    struct control *control = calloc(1, sizeof(*control));
    int rc;

    if (!control)
        return reason_set(why, -ENOMEM, "%s", strerror(ENOMEM));
    TAILQ_INIT(&control->clients);
    control->loop = loop;
    control->handler = handler;
    control->context = context;
    control->fd = -1;
    control->idle_ms = CONTROL_IDLE_MS;
    control->path = strdup(path);
    rc = control->path ? listen_on(control) : -ENOMEM;
    if (rc) {
        reason_set(why, rc, "%s: %s", path, rc == -EEXIST ?
                   "it exists and is no socket" : strerror(-rc));
        goto fail;
    }

    control->io = loop_io_new(loop, control->fd, on_listener, control);
    control->pause = loop_timer_new(loop, on_pause_over, control);
    if (!control->io || !control->pause ||
        loop_io_watch(control->io, LOOP_READ)) {
        rc = reason_set(why, -ENOMEM, "%s", strerror(ENOMEM));
        goto fail;
    }
    *ret_control = control;
    return 0;

fail:
    control_free(control);
    return rc;
}

void control_set_idle(struct control *control, unsigned int ms)
{
    control->idle_ms = ms;
}

void control_free(struct control *control)
{
    struct client *client;

    if (!control)
        return;
    loop_io_free(control->io);
    loop_timer_free(control->pause);
    while ((client = TAILQ_FIRST(&control->clients))) {
        if (client->lost)
            (void)send_feed(client);
        client_free(client);
    }
    if (control->fd >= 0) {
        close(control->fd);
        unlink(control->path);
    }
    free(control->path);
    free(control);
}
