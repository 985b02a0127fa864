/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The xenstore backend. store-xs.c implements it on libxenstore,
 * tests/fake/fake-store.c in memory.
 *
 * Every call returns 0 or a negative errno: -ENOENT if a node does not exist,
 * -EAGAIN where noted, -ENOTCONN once xenstored is gone. All but
 * store_next_event() block until xenstored replies. Does not log.
 */

#ifndef SCMI_MED_DAEMON_XEN_STORE_H
#define SCMI_MED_DAEMON_XEN_STORE_H

#include <stddef.h>
#include <stdint.h>

struct store;

/* STORE_NOW: outside of any transaction. */
typedef uint32_t store_txn;
#define STORE_NOW 0

int store_open(struct store **ret_store);
void store_close(struct store *store);

/* Fires immediately, and then whenever the node or one below it changes. */
int store_watch(struct store *store, const char *path);

/* Readable while events are pending. */
int store_fd(struct store *store);

/* Returns the path that changed; free it. -EAGAIN: no event is pending. */
int store_next_event(struct store *store, char **ret_path);

/* Reads a value; free it. -EBADMSG: it contains a NUL. */
int store_read(struct store *store, store_txn txn, const char *path,
               char **ret_value);
int store_write(struct store *store, store_txn txn, const char *path,
                const char *value);

/* Lists the names below a node; one free() frees them all. */
int store_list(struct store *store, store_txn txn, const char *path,
               char ***ret_names, size_t *ret_nr);

int store_begin(struct store *store, store_txn *ret_txn);
/* Ends the transaction. -EAGAIN: it conflicts with another; begin again. */
int store_commit(struct store *store, store_txn txn);
void store_abort(struct store *store, store_txn txn);

/* Checks the connection: nothing else reports that xenstored has died. */
int store_probe(struct store *store);

#endif
