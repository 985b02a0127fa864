/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Channels and agents of the SCMI firmware, see scmi.h. */

#include "lib/host/scmi.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/dt/address.h"
#include "lib/dt/refs.h"

static int read_page(const struct dt_index *index, uint32_t phandle,
                     struct host_page *page)
{
    int node = dt_index_find(index, phandle);
    char path[HOST_PATH_SIZE];

    *page = (struct host_page){ .rc = -ENOENT };
    if (node < 0 || dt_index_get_path(index, node, path, sizeof(path)))
        return 0;
    page->rc = dt_address(index, node, 0, &page->address, &page->size);
    page->path = strdup(path);
    return page->path ? 0 : -ENOMEM;
}

static int read_pages(const struct dt_index *index, int node,
                      struct host_channel *channel)
{
    const struct dt_prop *prop = dt_index_prop(index, node, "shmem");
    uint32_t at;
    int rc = 0;

    for (at = 0; prop && !rc && prop->len - at >= 4 &&
                 channel->nr_pages < HOST_MAX_PAGES; at += 4)
        rc = read_page(index, dt_cell(prop->value + at),
                       &channel->pages[channel->nr_pages++]);
    return rc;
}

static uint32_t count_mailboxes(const struct dt_index *index, int node)
{
    struct dt_refs refs;
    struct dt_ref ref;
    uint32_t count = 0;

    dt_refs_start(dt_index_prop(index, node, "mboxes"), &refs);
    while (dt_refs_next(index, &refs, DT_CELLS_MBOX, &ref) > 0)
        count++;
    return count;
}

/* Adds the channel of an SCMI node, or of a protocol that has its own. */
static int add_channel(const struct host_tree *tree, size_t instance, int node,
                       int protocol_id, struct host_scmi *scmi)
{
    const struct dt_index *index = &tree->index;
    struct host_channel channel = {
        .instance = instance,
        .protocol_id = protocol_id,
    }, *grown;
    int rc;

    channel.has_function_id = dt_index_u32(index, node, "arm,smc-id",
                                           &channel.function_id);
    channel.has_optee_channel = dt_index_u32(index, node,
                                             "linaro,optee-channel-id",
                                             &channel.optee_channel);
    channel.nr_mailboxes = count_mailboxes(index, node);
    if (protocol_id >= 0 && !channel.has_function_id &&
        !channel.has_optee_channel && !channel.nr_mailboxes &&
        !dt_index_prop(index, node, "shmem"))
        return 0;
    if (scmi->nr_channels == HOST_MAX_CHANNELS)
        return 0;

    grown = realloc(scmi->channels, (scmi->nr_channels + 1) * sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    scmi->channels = grown;
    grown += scmi->nr_channels++;
    *grown = channel;
    rc = read_pages(index, node, grown);
    return rc;
}

static int read_channels(const struct host_tree *tree, size_t instance,
                         struct host_scmi *scmi)
{
    const struct dt_index *index = &tree->index;
    int top = tree->instances[instance].node, node, rc;
    uint32_t protocol_id;

    rc = add_channel(tree, instance, top, -1, scmi);
    for (node = top + 1; !rc && node < index->nodes[top].end;
         node = index->nodes[node].end)
        if (dt_index_u32(index, node, "reg", &protocol_id) &&
            protocol_id <= 0xff)
            rc = add_channel(tree, instance, node, (int)protocol_id, scmi);
    return rc;
}

static int read_agents(const struct dt_index *index, int container,
                       struct host_scmi *scmi)
{
    uint32_t nr_cells = 3, at;
    const struct dt_prop *prop;
    int rc = 0;

    dt_index_u32(index, container, "#scmi-secondary-agents-cells", &nr_cells);
    prop = dt_index_prop(index, container, "scmi-secondary-agents");
    if (nr_cells != 2 && nr_cells != 3)
        scmi->problem = "its \"#scmi-secondary-agents-cells\" is neither 2 nor "
                        "3";
    else if (!prop || !prop->len)
        scmi->problem = "it has no \"scmi-secondary-agents\"";
    else if (prop->len % (4 * nr_cells))
        scmi->problem = "its \"scmi-secondary-agents\" is not made of whole "
                        "entries of \"#scmi-secondary-agents-cells\" cells";
    else if (prop->len / (4 * nr_cells) > HOST_MAX_AGENTS)
        scmi->problem = "its \"scmi-secondary-agents\" has more than 255 "
                        "entries";
    if (scmi->problem)
        return 0;

    scmi->agents = calloc(prop->len / (4 * nr_cells), sizeof(*scmi->agents));
    if (!scmi->agents)
        return -ENOMEM;
    for (at = 0; !rc && at < prop->len; at += 4 * nr_cells) {
        struct host_agent *agent = &scmi->agents[scmi->nr_agents++];
        const unsigned char *cells = prop->value + at;

        agent->function_id = dt_cell(cells);
        agent->has_agent_id = nr_cells > 2;
        agent->agent_id = nr_cells > 2 ? dt_cell(cells + 8) : 0;
        rc = read_page(index, dt_cell(cells + 4), &agent->page);
    }
    return rc;
}

static int read_container(const struct dt_index *index,
                          struct host_scmi *scmi)
{
    char path[HOST_PATH_SIZE];
    int node;

    for (node = 0; node < index->nr_nodes; node++)
        if (dt_index_has_string(index, node, "compatible", "xen,sci"))
            break;
    if (node == index->nr_nodes ||
        dt_index_get_path(index, node, path, sizeof(path)))
        return 0;
    scmi->container_path = strdup(path);
    if (!scmi->container_path)
        return -ENOMEM;
    scmi->has_dom0_id = dt_index_u32(index, node, "xen,dom0-sci-agent-id",
                                     &scmi->dom0_id);
    return read_agents(index, node, scmi);
}

int host_scmi_read(const struct host_tree *tree, struct host_scmi *ret_scmi)
{
    struct host_scmi scmi = { 0 };
    size_t i;
    int rc;

    rc = read_container(&tree->index, &scmi);
    for (i = 0; !rc && i < tree->nr_instances &&
                scmi.nr_channels < HOST_MAX_CHANNELS; i++)
        rc = read_channels(tree, i, &scmi);
    if (rc)
        host_scmi_done(&scmi);
    else
        *ret_scmi = scmi;
    return rc;
}

void host_scmi_done(struct host_scmi *scmi)
{
    size_t i, k;

    for (i = 0; i < scmi->nr_channels; i++)
        for (k = 0; k < scmi->channels[i].nr_pages; k++)
            free(scmi->channels[i].pages[k].path);
    for (i = 0; i < scmi->nr_agents; i++)
        free(scmi->agents[i].page.path);
    free(scmi->channels);
    free(scmi->agents);
    free(scmi->container_path);
    *scmi = (struct host_scmi){ 0 };
}
