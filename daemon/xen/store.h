/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Port to xenstore. store-xs.c does it by libxenstore, the unit tests have one
 * of their own.
 *
 * Returns are 0 or a negative errno: -ENOENT for a node that is not there,
 * -EAGAIN where said, -ENOTCONN once xenstored is gone. All calls wait for
 * xenstored's answer, except store_next_event(). Nothing is logged.
 */

#ifndef SCMI_MED_DAEMON_XEN_STORE_H
#define SCMI_MED_DAEMON_XEN_STORE_H

#include <stddef.h>
#include <stdint.h>

struct store;

/* A transaction; STORE_NOW: outside of any. */
typedef uint32_t store_txn;
#define STORE_NOW 0

int store_open(struct store **ret_store);
void store_close(struct store *store);

/* Fires once at once, and then whenever the node or one below it changes. */
int store_watch(struct store *store, const char *path);

/* Readable while there are events. */
int store_fd(struct store *store);

/* The path that changed, to be freed; -EAGAIN if there is no event. */
int store_next_event(struct store *store, char **ret_path);

/* The value of a node, to be freed; -EBADMSG if it contains a NUL. */
int store_read(struct store *store, store_txn txn, const char *path,
               char **ret_value);
int store_write(struct store *store, store_txn txn, const char *path,
                const char *value);

/* The names below a node, to be freed all in one. */
int store_list(struct store *store, store_txn txn, const char *path,
               char ***ret_names, size_t *ret_nr);

int store_begin(struct store *store, store_txn *ret_txn);
/* -EAGAIN: somebody else was faster, begin again. Over in any case. */
int store_commit(struct store *store, store_txn txn);
void store_abort(struct store *store, store_txn txn);

/* Whether xenstored is still there: it does not tell when it goes. */
int store_probe(struct store *store);

#endif
