/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The xenstore backend in memory, for unit tests. Nodes outlast store_close(), as
 * they do in xenstored.
 */

#ifndef FAKE_STORE_H
#define FAKE_STORE_H

#include <stdbool.h>
#include <stddef.h>

/* If not 0, store_open() fails with it. */
extern int fake_store_open_rc;

/* If set, runs once before the next commit: a concurrent writer. */
extern void (*fake_store_before_commit)(void);

/* Empties the store. */
void fake_store_reset(void);

/* These act as another client, and fire watches. */
void fake_store_set(const char *path, const char *value);
void fake_store_set_bytes(const char *path, const void *value, size_t len);
void fake_store_remove(const char *path);   /* and what is below */
void fake_store_fire(const char *path);

/* NULL: the node does not exist. Valid until the store changes. */
const char *fake_store_get(const char *path);

/* Transactions begun and not ended. */
int fake_store_open_transactions(void);

#endif
