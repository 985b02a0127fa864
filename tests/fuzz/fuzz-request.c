/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A request in xenstore, as anybody with write access may leave it: the input
 * is its nodes, NAME=VALUE, one in a line. The real daemon's code serves it, on
 * models of Xen and xenstored. It is answered, with plain text, and a domain
 * that is not granted has nothing.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/admission/create.h"
#include "daemon/log.h"
#include "lib/host/tree.h"
#include "tests/fake/fake-fault.h"
#include "tests/fake/fake-hyp.h"
#include "tests/fake/fake-store.h"
#include "tests/fuzz/target.h"

#define DOMID 1
#define BASE "/libxl/1/scmi/"
#define NR_AGENTS 5

static struct host_tree tree;
static struct backends backends = { .tree = &tree, .sysfs = "/nonexistent" };

static void no_log(int priority, const char *message)
{
    (void)priority;
    (void)message;
}

static void start(void)
{
    struct reason why = { "" };

    log_set_sink(no_log);
    fake_fault_reset();
    must(!host_tree_read(BOARD_DTB, &tree, &why));
    must(!hyp_open(&backends.hyp) && !store_open(&backends.store));
}

/* Writes the nodes of the input; names are those that xenstored would take. */
static void write_nodes(const uint8_t *bytes, size_t size)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/_@";
    char path[128] = BASE;
    const uint8_t *end, *equals;
    size_t len;

    for (; size; size -= len, bytes += len) {
        end = memchr(bytes, '\n', size);
        len = end ? (size_t)(end - bytes) + 1 : size;
        equals = memchr(bytes, '=', len);
        if (!equals || equals == bytes || equals - bytes > 100)
            continue;
        snprintf(path + strlen(BASE), sizeof(path) - strlen(BASE), "%.*s",
                 (int)(equals - bytes), (const char *)bytes);
        if (strspn(path, allowed) != strlen(path) || strstr(path, "//") ||
            path[strlen(path) - 1] == '/')
            continue;
        fake_store_set_bytes(path, equals + 1,
                             len - (size_t)(equals + 1 - bytes) - !!end);
    }
}

static void check_answer(bool waited)
{
    const char *state = fake_store_get(BASE "state");
    struct fake_agent *agent = fake_table_agent_of(&fake_table, DOMID);
    const char *c;

    if (!waited) {
        must(!agent);
        return;
    }
    must(state && (!strcmp(state, "granted") || !strcmp(state, "refused")));
    if (!strcmp(state, "refused")) {
        must(!agent);
        c = fake_store_get(BASE "error");
        must(c && *c);
        for (; *c; c++)
            must(*c >= ' ' && *c <= '~');
    }
    must(!agent || agent->nr_devices <= SCMI_MED_MAX_DEVICES);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    int waits;

    if (!backends.hyp)
        start();
    fake_fault_reset();
    fake_store_reset();
    fake_table_init(&fake_table, NR_AGENTS);
    fake_table.alive[DOMID] = 1;
    write_nodes(bytes, size);

    waits = request_is_pending(backends.store, STORE_NOW, DOMID);
    must(waits >= 0);
    must(!create_serve(&backends, DOMID));
    must(!fake_store_open_transactions());
    check_answer(waits);
    return 0;
}
