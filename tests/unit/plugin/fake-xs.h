/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fake of libxenstore in memory: nodes, transactions that conflict, watches.
 * A test program includes it once; its functions replace the library's.
 */

#ifndef SCMI_MED_TESTS_UNIT_PLUGIN_FAKE_XS_H
#define SCMI_MED_TESTS_UNIT_PLUGIN_FAKE_XS_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xenstore.h>

#define FAKE_MAX_NODES 512
#define FAKE_TXN 7

struct fake_node {
    char path[128];
    char value[4096];
};

struct fake_nodes {
    struct fake_node nodes[FAKE_MAX_NODES];
    size_t count;
};

static struct {
    struct fake_nodes now, txn;     /* txn: as an open transaction sees it */
    unsigned int generation, txn_generation;
    bool in_txn;
    int open_handles, starts;
    char watched[128];
    int pipe[2];
    bool events;
    /* Called after a commit, and when a transaction starts: the daemon. */
    void (*on_commit)(void);
    void (*on_start)(int start);
    /* How many of the next calls fail. */
    int fail_open, fail_watch, fail_start, fail_write, fail_read;
    int conflicts;                  /* how many commits fail with EAGAIN */
} fake;

static inline struct fake_node *fake_find(struct fake_nodes *nodes,
                                          const char *path)
{
    size_t i;

    for (i = 0; i < nodes->count; i++)
        if (!strcmp(nodes->nodes[i].path, path))
            return &nodes->nodes[i];
    return NULL;
}

static inline void fake_set(struct fake_nodes *nodes, const char *path,
                            const char *value)
{
    struct fake_node *node = fake_find(nodes, path);

    if (!node) {
        assert_true(nodes->count < FAKE_MAX_NODES);
        node = &nodes->nodes[nodes->count++];
        snprintf(node->path, sizeof(node->path), "%s", path);
    }
    assert_true(strlen(value) < sizeof(node->value));
    strcpy(node->value, value);
}

static inline void fake_remove(struct fake_nodes *nodes, const char *path)
{
    size_t i = 0, len = strlen(path);

    while (i < nodes->count) {
        const char *name = nodes->nodes[i].path;

        if (!strncmp(name, path, len) && (!name[len] || name[len] == '/'))
            nodes->nodes[i] = nodes->nodes[--nodes->count];
        else
            i++;
    }
}

static inline void fake_fire(void)
{
    if (fake.watched[0] && !fake.events) {
        fake.events = true;
        assert_int_equal(write(fake.pipe[1], "x", 1), 1);
    }
}

/* A write by another process, outside the plugin's transactions. */
static inline void fake_write(const char *path, const char *value)
{
    fake_set(&fake.now, path, value);
    fake.generation++;
    fake_fire();
}

static inline const char *fake_value(const char *path)
{
    struct fake_node *node = fake_find(&fake.now, path);

    return node ? node->value : NULL;
}

static inline void fake_reset(void)
{
    memset(&fake, 0, sizeof(fake));
}

/* Whether this call is to fail; counts it. */
static inline bool fake_fails(int *failures, int err)
{
    if (!*failures)
        return false;
    --*failures;
    errno = err;
    return true;
}

static inline struct fake_nodes *fake_view(xs_transaction_t t)
{
    assert_int_equal(t, fake.in_txn && t ? FAKE_TXN : XBT_NULL);
    return t ? &fake.txn : &fake.now;
}

struct xs_handle *xs_open(unsigned long flags)
{
    assert_int_equal(flags, 0);
    if (fake_fails(&fake.fail_open, ENOENT))
        return NULL;
    assert_int_equal(pipe(fake.pipe), 0);
    fake.open_handles++;
    return (struct xs_handle *)&fake;
}

void xs_close(struct xs_handle *h)
{
    assert_ptr_equal(h, &fake);
    close(fake.pipe[0]);
    close(fake.pipe[1]);
    assert_false(fake.in_txn);
    fake.watched[0] = '\0';
    fake.open_handles--;
}

int xs_fileno(struct xs_handle *h)
{
    (void)h;
    return fake.pipe[0];
}

bool xs_watch(struct xs_handle *h, const char *path, const char *token)
{
    (void)h;
    (void)token;
    if (fake_fails(&fake.fail_watch, EIO))
        return false;
    snprintf(fake.watched, sizeof(fake.watched), "%s", path);
    fake_fire();
    return true;
}

char **xs_check_watch(struct xs_handle *h)
{
    char byte, **event;

    (void)h;
    if (!fake.events) {
        errno = EAGAIN;
        return NULL;
    }
    fake.events = false;
    assert_int_equal(read(fake.pipe[0], &byte, 1), 1);
    event = calloc(2, sizeof(*event));
    event[XS_WATCH_PATH] = fake.watched;
    return event;
}

void *xs_read(struct xs_handle *h, xs_transaction_t t, const char *path,
              unsigned int *len)
{
    struct fake_node *node;

    (void)h;
    if (fake_fails(&fake.fail_read, EIO))
        return NULL;
    node = fake_find(fake_view(t), path);
    if (!node) {
        errno = ENOENT;
        return NULL;
    }
    *len = (unsigned int)strlen(node->value);
    /* A test's way to have a NUL in a value. */
    if (*len && node->value[*len - 1] == '\1')
        node->value[*len - 1] = '\0';
    return strdup(node->value);
}

bool xs_write(struct xs_handle *h, xs_transaction_t t, const char *path,
              const void *data, unsigned int len)
{
    (void)h;
    assert_int_equal(strlen(data), len);
    if (fake_fails(&fake.fail_write, ENOSPC))
        return false;
    fake_set(fake_view(t), path, data);
    return true;
}

bool xs_rm(struct xs_handle *h, xs_transaction_t t, const char *path)
{
    struct fake_nodes *nodes = fake_view(t);
    size_t before = nodes->count;

    (void)h;
    fake_remove(nodes, path);
    errno = ENOENT;
    return nodes->count < before;
}

xs_transaction_t xs_transaction_start(struct xs_handle *h)
{
    (void)h;
    if (fake_fails(&fake.fail_start, EIO))
        return XBT_NULL;
    assert_false(fake.in_txn);
    fake.starts++;
    fake.txn = fake.now;
    fake.txn_generation = fake.generation;
    fake.in_txn = true;
    if (fake.on_start)
        fake.on_start(fake.starts);
    return FAKE_TXN;
}

bool xs_transaction_end(struct xs_handle *h, xs_transaction_t t, bool abort)
{
    (void)h;
    assert_int_equal(t, FAKE_TXN);
    assert_true(fake.in_txn);
    fake.in_txn = false;
    if (abort)
        return true;
    if (fake.txn_generation != fake.generation ||
        fake_fails(&fake.conflicts, EAGAIN)) {
        errno = EAGAIN;
        return false;
    }
    fake.now = fake.txn;
    fake.generation++;
    fake_fire();
    if (fake.on_commit)
        fake.on_commit();
    return true;
}

#endif /* SCMI_MED_TESTS_UNIT_PLUGIN_FAKE_XS_H */
