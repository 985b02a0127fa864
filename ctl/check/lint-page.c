/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings about function IDs and shared pages, see private.h. */

#include "ctl/check/private.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_BYTES UINT64_C(4096)

/* SMCCC: bit 31 fast call, bits 29:24 owner. */
#define FAST_CALL   (UINT32_C(1) << 31)
#define OWNER_SIP   2
#define OWNER_OEM   3

void lint_function_id(struct lint *lint, const char *path,
                      uint32_t function_id)
{
    unsigned int owner = function_id >> 24 & 0x3f;

    if ((function_id & FAST_CALL) &&
        (owner == OWNER_SIP || owner == OWNER_OEM))
        return;
    lint_add(lint, LINT_ERROR, "function-id", path, "the function ID 0x%"
             PRIx32 " is not a fast call of the SiP or OEM range, so Xen does "
             "not forward it", function_id);
    lint_remedy(lint, "use the firmware's function ID, 0x82...... or "
                "0x83......");
}

void lint_page(struct lint *lint, enum lint_severity severity,
               const char *path, const struct host_page *page)
{
    if (page->rc) {
        lint_add(lint, severity, "no-page", path, "%s",
                 page->rc == -ENXIO ? "it has no address in memory: a node "
                 "above it does not translate its \"reg\"" :
                 "it has no \"reg\", or one of the wrong length");
        lint_remedy(lint, "%s", page->rc == -ENXIO ?
                    "add an empty \"ranges;\" to each node above it" :
                    "add reg = <ADDRESS SIZE>, with as many cells as "
                    "#address-cells and #size-cells of the node above it say");
        return;
    }
    if (page->address % PAGE_BYTES == 0 && page->size &&
        page->size % PAGE_BYTES == 0 &&
        page->size - 1 <= UINT64_MAX - page->address)
        return;
    lint_add(lint, severity, "page-unaligned", path, "its 0x%" PRIx64
             " bytes at 0x%" PRIx64 " are not whole pages of 4 KiB, so a "
             "domain that gets them sees more than its own channel",
             page->size, page->address);
    lint_remedy(lint, "give the channel a page of its own in the firmware, and "
                "set reg to that address, a multiple of 0x1000, and the size "
                "0x1000");
}

static bool overlap(const struct host_page *a, const struct host_page *b)
{
    if (a->rc || b->rc || !a->size || !b->size)
        return false;
    return a->address < b->address ? b->address - a->address < a->size
                                   : a->address - b->address < b->size;
}

/* Compares the pages of a channel with all pages before them. */
static void channel_shared(struct lint *lint, size_t n)
{
    const struct host_channel *channel = &lint->scmi->channels[n];
    size_t i, k, m;

    for (m = 0; m < channel->nr_pages; m++)
        for (i = 0; i <= n; i++) {
            const struct host_channel *other = &lint->scmi->channels[i];
            size_t end = i == n ? m : other->nr_pages;

            if (lint->tree->instances[other->instance].in_container ||
                lint->tree->instances[other->instance].disabled)
                continue;
            for (k = 0; k < end; k++)
                if (overlap(&channel->pages[m], &other->pages[k])) {
                    lint_add(lint, LINT_ERROR, "page-shared",
                             channel->pages[m].path, "two channels of %s and "
                             "%s share this memory: they overwrite each "
                             "other's messages", lint->tree->
                             instances[other->instance].path,
                             lint->tree->instances[channel->instance].path);
                    lint_remedy(lint, "give each its own memory, as the "
                                "firmware does: shmem = <&...>");
                    return;
                }
        }
}

void lint_channels_shared(struct lint *lint)
{
    size_t i;

    for (i = 0; i < lint->scmi->nr_channels; i++) {
        const struct host_instance *scmi =
            &lint->tree->instances[lint->scmi->channels[i].instance];

        if (!scmi->in_container && !scmi->disabled)
            channel_shared(lint, i);
    }
}

/* Xen or an agent, with its page. */
struct holder {
    const char *who;
    const struct host_page *page;
    uint32_t function_id;
    uint64_t first, last;       /* frames */
};

static int compare_holders(const void *a, const void *b)
{
    const struct holder *x = a, *y = b;

    return x->first < y->first ? -1 : x->first > y->first;
}

static void add_holder(struct holder *holders, size_t *nr, const char *who,
                       const struct host_page *page, uint32_t function_id)
{
    uint64_t size = page->size ? page->size : 1;

    if (page->rc || page->address > UINT64_MAX - size)
        return;
    holders[(*nr)++] = (struct holder){
        who, page, function_id, page->address / PAGE_BYTES,
        (page->address + size - 1) / PAGE_BYTES,
    };
}

static void function_ids(struct lint *lint, const struct holder *holders,
                         size_t nr)
{
    size_t i, k;

    for (i = 0; i < nr; i++)
        for (k = 0; k < i; k++) {
            if (holders[i].function_id != holders[k].function_id)
                continue;
            lint_add(lint, LINT_WARNING, "function-id-shared",
                     lint->scmi->container_path, "the agents with the pages %s "
                     "and %s share the function ID 0x%" PRIx32 ", by which "
                     "the firmware would tell them apart",
                     holders[k].page->path, holders[i].page->path,
                     holders[i].function_id);
            lint_remedy(lint, "give each its own in scmi-secondary-agents; if "
                        "the firmware tells them apart by page, set compatible "
                        "= \"arm,scmi-smc-param\" in the SCMI nodes");
            return;
        }
}

/* Pages and function IDs of all agents, Xen's included. */
static size_t list_holders(const struct lint *lint, struct holder *holders,
                           bool *ret_by_page)
{
    const struct host_tree *tree = lint->tree;
    size_t i, nr = 0;

    *ret_by_page = false;
    for (i = 0; i < lint->scmi->nr_channels; i++) {
        const struct host_channel *channel = &lint->scmi->channels[i];
        const struct host_instance *scmi = &tree->instances[channel->instance];

        if (!tree->trusted_path || !channel->nr_pages ||
            channel->protocol_id >= 0 ||
            strcmp(scmi->path, tree->trusted_path))
            continue;
        *ret_by_page = dt_index_has_string(&tree->index, scmi->node,
                                            "compatible",
                                            "arm,scmi-smc-param");
        add_holder(holders, &nr, "Xen", &channel->pages[0],
                   channel->function_id);
        /* In a broken tree, a second node may have this path. */
        break;
    }
    for (i = 0; i < lint->scmi->nr_agents; i++)
        add_holder(holders, &nr, "an agent", &lint->scmi->agents[i].page,
                   lint->scmi->agents[i].function_id);
    return nr;
}

void lint_pages_shared(struct lint *lint)
{
    struct holder holders[HOST_MAX_AGENTS + 1];
    bool by_page;
    size_t i, nr;

    nr = list_holders(lint, holders, &by_page);
    if (!by_page)
        function_ids(lint, holders, nr);
    qsort(holders, nr, sizeof(*holders), compare_holders);
    for (i = 1; i < nr; i++) {
        if (holders[i].first > holders[i - 1].last)
            continue;
        lint_add(lint, LINT_ERROR, "page-shared", holders[i].page->path,
                 "%s and %s share memory with %s: the page at 0x%" PRIx64,
                 holders[i - 1].who, holders[i].who,
                 holders[i - 1].page->path,
                 holders[i].first * PAGE_BYTES);
        lint_remedy(lint, "give each channel a page of its own in the "
                    "firmware, and set reg in its \"arm,scmi-shmem\" node to "
                    "that");
    }
}
