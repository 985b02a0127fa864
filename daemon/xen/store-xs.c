/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The xenstore backend on libxenstore. Only this file uses that library.
 *
 * With the first watch the library starts a thread that reads the socket, and
 * writes to a pipe: xs_fileno() is its other end. When xenstored dies, the pipe
 * does not become readable; only the next request fails.
 */

#include "daemon/xen/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <xenstore.h>

struct store {
    struct xs_handle *xs;
};

/* The library's errno; all that mean a broken connection become -ENOTCONN. */
static int failure(void)
{
    switch (errno) {
    case 0:
    /* No reply. xenstored also uses it for malformed paths; ours are not. */
    case EINVAL:
    case EBADF:
    case EPIPE:
    case ECONNRESET:
        return -ENOTCONN;
    default:
        return -errno;
    }
}

int store_open(struct store **ret_store)
{
    struct store *store;
    struct stat status;

    /*
     * Without the socket the library falls back to /dev/xen/xenbus, where a
     * request blocks until xenstored starts, which may be never.
     */
    if (stat(xs_daemon_socket(), &status))
        return -errno;

    store = calloc(1, sizeof(*store));
    if (!store)
        return -ENOMEM;
    store->xs = xs_open(0);
    if (!store->xs) {
        int rc = failure();

        free(store);
        return rc;
    }
    *ret_store = store;
    return 0;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    xs_close(store->xs);
    free(store);
}

int store_watch(struct store *store, const char *path)
{
    return xs_watch(store->xs, path, "scmi-medd") ? 0 : failure();
}

int store_fd(struct store *store)
{
    return xs_fileno(store->xs);
}

int store_next_event(struct store *store, char **ret_path)
{
    char **event = xs_check_watch(store->xs);

    if (!event)
        return errno == EAGAIN ? -EAGAIN : failure();
    *ret_path = strdup(event[XS_WATCH_PATH]);
    free(event);
    return *ret_path ? 0 : -ENOMEM;
}

int store_read(struct store *store, store_txn txn, const char *path,
               char **ret_value)
{
    unsigned int len;
    char *value = xs_read(store->xs, txn, path, &len);

    if (!value)
        return failure();
    if (strlen(value) != len) {
        free(value);
        return -EBADMSG;
    }
    *ret_value = value;
    return 0;
}

int store_write(struct store *store, store_txn txn, const char *path,
                const char *value)
{
    return xs_write(store->xs, txn, path, value, (unsigned int)strlen(value))
           ? 0 : failure();
}

int store_list(struct store *store, store_txn txn, const char *path,
               char ***ret_names, size_t *ret_nr)
{
    unsigned int nr;
    char **names = xs_directory(store->xs, txn, path, &nr);

    if (!names)
        return failure();
    *ret_names = names;
    *ret_nr = nr;
    return 0;
}

int store_begin(struct store *store, store_txn *ret_txn)
{
    xs_transaction_t txn = xs_transaction_start(store->xs);

    if (txn == XBT_NULL)
        return failure();
    *ret_txn = txn;
    return 0;
}

int store_commit(struct store *store, store_txn txn)
{
    return xs_transaction_end(store->xs, txn, false) ? 0 : failure();
}

void store_abort(struct store *store, store_txn txn)
{
    (void)xs_transaction_end(store->xs, txn, true);
}

int store_probe(struct store *store)
{
    char *value = NULL;
    int rc = store_read(store, STORE_NOW, "/", &value);

    if (rc == -ENOENT)
        return 0;
    if (!rc)
        free(value);
    return rc;
}
