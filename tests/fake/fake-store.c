/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The xenstore backend of the unit tests, see fake-store.h. */

#include "tests/fake/fake-store.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "daemon/xen/store.h"
#include "tests/fake/fake-fault.h"

#define MAX_NODES   4096
#define MAX_EVENTS  4096
#define MAX_WATCHES 8

struct node {
    char *path;
    char *value;
    size_t len;
};

struct tree {
    struct node nodes[MAX_NODES];
    size_t nr;
};

struct store {
    char *watches[MAX_WATCHES];
    size_t nr_watches;
    int fd;
};

int fake_store_open_rc;
void (*fake_store_before_commit)(void);

static struct tree live, copy;
static bool in_transaction, changed_since;
static struct store *client;
static char *events[MAX_EVENTS];
static size_t nr_events, next_event;

static void *check(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static bool is_below(const char *path, const char *top)
{
    size_t len = strlen(top);

    return !strncmp(path, top, len) && (!path[len] || path[len] == '/');
}

static struct node *find(struct tree *tree, const char *path)
{
    size_t i;

    for (i = 0; i < tree->nr; i++)
        if (!strcmp(tree->nodes[i].path, path))
            return &tree->nodes[i];
    return NULL;
}

static void put(struct tree *tree, const char *path, const void *value,
                size_t len)
{
    struct node *node = find(tree, path);

    if (!node) {
        if (tree->nr == MAX_NODES)
            abort();
        node = &tree->nodes[tree->nr++];
        *node = (struct node){ .path = check(strdup(path)) };
    }
    free(node->value);
    node->value = check(calloc(1, len + 1));
    memcpy(node->value, value, len);
    node->len = len;
}

static void empty(struct tree *tree)
{
    while (tree->nr) {
        free(tree->nodes[--tree->nr].path);
        free(tree->nodes[tree->nr].value);
    }
}

static void duplicate(const struct tree *from, struct tree *to)
{
    size_t i;

    empty(to);
    for (i = 0; i < from->nr; i++)
        put(to, from->nodes[i].path, from->nodes[i].value, from->nodes[i].len);
}

static void queue(const char *path)
{
    uint64_t one = 1;

    if (nr_events == MAX_EVENTS)
        abort();
    events[nr_events++] = check(strdup(path));
    if (client && write(client->fd, &one, sizeof(one)) != sizeof(one))
        abort();
}

static void drop_events(void)
{
    while (next_event < nr_events)
        free(events[next_event++]);
    next_event = nr_events = 0;
}

void fake_store_fire(const char *path)
{
    size_t i;

    for (i = 0; client && i < client->nr_watches; i++)
        if (is_below(path, client->watches[i]))
            queue(path);
}

void fake_store_reset(void)
{
    empty(&live);
    empty(&copy);
    drop_events();
    in_transaction = false;
    fake_store_open_rc = 0;
    fake_store_before_commit = NULL;
}

void fake_store_set_bytes(const char *path, const void *value, size_t len)
{
    put(&live, path, value, len);
    changed_since = true;
    fake_store_fire(path);
}

void fake_store_set(const char *path, const char *value)
{
    fake_store_set_bytes(path, value, strlen(value));
}

void fake_store_remove(const char *path)
{
    size_t i = 0;

    while (i < live.nr) {
        if (!is_below(live.nodes[i].path, path)) {
            i++;
            continue;
        }
        free(live.nodes[i].path);
        free(live.nodes[i].value);
        live.nodes[i] = live.nodes[--live.nr];
    }
    changed_since = true;
    fake_store_fire(path);
}

const char *fake_store_get(const char *path)
{
    struct node *node = find(&live, path);

    return node ? node->value : NULL;
}

int fake_store_open_transactions(void)
{
    return in_transaction;
}

/* ---- The backend -------------------------------------------------------- */

int store_open(struct store **ret_store)
{
    struct store *store;

    if (fake_store_open_rc)
        return fake_store_open_rc;
    store = check(calloc(1, sizeof(*store)));
    store->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (store->fd < 0)
        abort();
    client = store;
    *ret_store = store;
    return 0;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    while (store->nr_watches)
        free(store->watches[--store->nr_watches]);
    close(store->fd);
    free(store);
    client = NULL;
    in_transaction = false;     /* xenstored drops it with the connection */
    drop_events();
}

int store_watch(struct store *store, const char *path)
{
    int rc = fake_fault_check();

    if (rc)
        return rc;
    if (store->nr_watches == MAX_WATCHES)
        abort();
    store->watches[store->nr_watches++] = check(strdup(path));
    queue(path);
    return 0;
}

int store_fd(struct store *store)
{
    return store->fd;
}

int store_next_event(struct store *store, char **ret_path)
{
    uint64_t count;

    if (next_event == nr_events) {
        drop_events();
        if (read(store->fd, &count, sizeof(count)) < 0 && errno != EAGAIN)
            abort();
        return -EAGAIN;
    }
    *ret_path = events[next_event++];
    return 0;
}

static struct tree *tree_of(store_txn txn)
{
    return txn == STORE_NOW ? &live : &copy;
}

int store_read(struct store *store, store_txn txn, const char *path,
               char **ret_value)
{
    struct node *node = find(tree_of(txn), path);
    int rc = fake_fault_check();

    (void)store;
    if (rc)
        return rc;
    if (!node)
        return -ENOENT;
    if (strlen(node->value) != node->len)
        return -EBADMSG;
    *ret_value = check(strdup(node->value));
    return 0;
}

int store_write(struct store *store, store_txn txn, const char *path,
                const char *value)
{
    int rc = fake_fault_check();

    (void)store;
    if (rc)
        return rc;
    if (strlen(path) + strlen(value) > 4000)
        return -E2BIG;
    if (txn == STORE_NOW)
        fake_store_set(path, value);
    else
        put(&copy, path, value, strlen(value));
    return 0;
}

int store_list(struct store *store, store_txn txn, const char *path,
               char ***ret_names, size_t *ret_nr)
{
    const struct tree *tree = tree_of(txn);
    size_t i, k, nr = 0, len = strlen(path), room = 0;
    char **names, *text;
    int rc = fake_fault_check();

    (void)store;
    if (rc)
        return rc;
    for (i = 0; i < tree->nr; i++)
        room += strlen(tree->nodes[i].path) + 1;
    names = check(calloc(1, (tree->nr + 1) * sizeof(*names) + room));
    text = (char *)(names + tree->nr + 1);

    for (i = 0; i < tree->nr; i++) {
        const char *child = tree->nodes[i].path + len + 1;
        size_t child_len;

        if (strlen(tree->nodes[i].path) <= len + 1 ||
            !is_below(tree->nodes[i].path, path))
            continue;
        child_len = strcspn(child, "/");
        memcpy(text, child, child_len);
        text[child_len] = '\0';
        for (k = 0; k < nr && strcmp(names[k], text); k++)
            ;
        if (k < nr)
            continue;
        names[nr++] = text;
        text += child_len + 1;
    }
    if (!nr && !find(tree_of(txn), path)) {
        free(names);
        return -ENOENT;
    }
    *ret_names = names;
    *ret_nr = nr;
    return 0;
}

int store_begin(struct store *store, store_txn *ret_txn)
{
    int rc = fake_fault_check();

    (void)store;
    if (rc)
        return rc;
    if (in_transaction)
        abort();
    duplicate(&live, &copy);
    in_transaction = true;
    changed_since = false;
    *ret_txn = 1;
    return 0;
}

int store_commit(struct store *store, store_txn txn)
{
    void (*hook)(void) = fake_store_before_commit;
    size_t i;
    int rc;

    (void)store;
    (void)txn;
    fake_store_before_commit = NULL;
    if (hook)
        hook();
    in_transaction = false;
    rc = fake_fault_check();
    if (rc)
        return rc;
    if (changed_since)
        return -EAGAIN;
    for (i = 0; i < copy.nr; i++) {
        struct node *node = find(&live, copy.nodes[i].path);

        if (!node || node->len != copy.nodes[i].len ||
            memcmp(node->value, copy.nodes[i].value, node->len))
            fake_store_set_bytes(copy.nodes[i].path, copy.nodes[i].value,
                                 copy.nodes[i].len);
    }
    return 0;
}

void store_abort(struct store *store, store_txn txn)
{
    (void)store;
    (void)txn;
    in_transaction = false;
}

int store_probe(struct store *store)
{
    (void)store;
    return fake_fault_check();
}
