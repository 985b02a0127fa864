/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: resolve TREE NR
 * The daemon's work for a domain with NR devices of this host, for counting
 * instructions. Each step is a function measured_...(), which is called once
 * and repeats the step ROUNDS times, each time for other devices. All agents
 * for guests but one have 64 other devices of the tree each.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/admission/dom0.h"
#include "daemon/admission/grant.h"
#include "daemon/admission/resolver.h"
#include "daemon/admission/sharing.h"
#include "lib/host/tree.h"

#define ROUNDS      100
#define NR_AGENTS   16
#define MAX_DEVICES SCMI_MED_MAX_DEVICES

static struct host_tree tree;
static struct agents agents;
static struct plan plans[ROUNDS];
static struct request requests[ROUNDS];
static char *paths[ROUNDS][MAX_DEVICES];
static struct reason why;

static void die(const char *what)
{
    fprintf(stderr, "resolve: %s: %s\n", what, why.text);
    exit(1);
}

/* The devices that are reserved for guests. */
static const struct host_device **reserved;
static size_t nr_reserved;

static void find_reserved(void)
{
    size_t i;

    reserved = calloc(tree.nr_devices, sizeof(*reserved));
    for (i = 0; i < tree.nr_devices; i++)
        if (tree.devices[i].passthrough)
            reserved[nr_reserved++] = &tree.devices[i];
}

/* Four devices share a clock; every second group is for requests. */
static const struct host_device *device_of(size_t n, bool of_requests)
{
    return reserved[(n / 4 % (nr_reserved / 8) * 2 + of_requests) * 4 + n % 4];
}

static void make_agents(void)
{
    static struct agent table[NR_AGENTS];
    static uint32_t ids[NR_AGENTS][MAX_DEVICES];
    size_t i, k, n = 0;

    for (i = 0; i < NR_AGENTS; i++) {
        table[i].entry.agent_id = (uint32_t)i + 1;
        table[i].device_ids = ids[i];
        /* The first agent is Dom0's. */
        for (k = 0; !i && k < tree.nr_dom0_devices && k < MAX_DEVICES; k++)
            ids[0][table[0].nr_device_ids++] =
                tree.devices[tree.dom0_devices[k]].device_ids[0];
        if (i < 2 || i == NR_AGENTS - 1)
            continue;
        table[i].entry.flags = SCMI_MED_AGENT_BOUND;
        table[i].entry.domid = (uint32_t)i;
        table[i].nr_device_ids = MAX_DEVICES;
        for (k = 0; k < MAX_DEVICES; k++)
            ids[i][k] = device_of(n++, false)->device_ids[0];
    }
    table[0].entry.flags = SCMI_MED_AGENT_HWDOM | SCMI_MED_AGENT_BOUND;
    table[1].entry.flags = SCMI_MED_AGENT_TRUSTED;
    agents.agents = table;
    agents.nr_agents = NR_AGENTS;
}

static void make_requests(size_t nr)
{
    size_t i, k, n = 0;

    for (i = 0; i < ROUNDS; i++) {
        /* Spread over the tree. */
        n = i * (nr_reserved / 8) / ROUNDS * 4;
        for (k = 0; k < nr; k++)
            paths[i][k] = device_of(n + k, true)->path;
        requests[i].paths = paths[i];
        requests[i].nr_paths = nr;
    }
}

__attribute__((noipa))
static void measured_read(const void *fdt, size_t size)
{
    if (host_tree_parse(fdt, size, &tree, &why))
        die("read");
}

__attribute__((noipa))
static void measured_resolve(void)
{
    size_t i;

    for (i = 0; i < ROUNDS; i++)
        if (resolver_resolve(&tree, &requests[i], &plans[i], &why))
            die("resolve");
}

__attribute__((noipa))
static void measured_conflict(void)
{
    struct conflict conflict;
    size_t i;

    for (i = 0; i < ROUNDS; i++)
        if (grant_find_conflict(&agents, &plans[i], NR_AGENTS, &conflict))
            die("conflict");
}

__attribute__((noipa))
static void measured_sharing(void)
{
    struct sharing sharing;
    size_t i;

    for (i = 0; i < ROUNDS; i++) {
        memset(&sharing, 0, sizeof(sharing));
        if (sharing_find(&tree, NULL, &agents, &plans[i], NR_AGENTS, &sharing))
            die("sharing");
    }
}

/* Dom0 has none of the devices, and lacks none: only the lookups count. */
__attribute__((noipa))
static void measured_dom0(void)
{
    size_t i;

    for (i = 0; i < ROUNDS; i++) {
        if (dom0_take(NULL, &agents, &tree, &plans[i], "/nonexistent", &why))
            die("dom0");
        dom0_restore_quietly(NULL, &agents, &tree);
    }
}

int main(int argc, char **argv)
{
    static char fdt[HOST_TREE_MAX_SIZE];
    size_t size, nr, i;
    FILE *f;

    nr = argc == 3 ? (size_t)atoi(argv[2]) : 0;
    f = nr ? fopen(argv[1], "rb") : NULL;
    if (!f || nr > MAX_DEVICES) {
        fputs("usage: resolve TREE NR\n", stderr);
        return 1;
    }
    size = fread(fdt, 1, sizeof(fdt), f);
    fclose(f);
    measured_read(fdt, size);
    find_reserved();
    make_agents();
    make_requests(nr);
    measured_resolve();
    measured_conflict();
    measured_sharing();
    measured_dom0();
    printf("{\"bytes\": %zu, \"nodes\": %d, \"devices\": %zu, \"uses\": %zu, "
           "\"kept\": %zu, \"rounds\": %d}\n", size, tree.index.nr_nodes,
           tree.nr_devices, tree.nr_uses, tree.nr_dom0_devices, ROUNDS);
    for (i = 0; i < ROUNDS; i++)
        plan_done(&plans[i]);
    host_tree_done(&tree);
    return 0;
}
