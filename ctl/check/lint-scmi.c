/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings about SCMI nodes and the container of agents, see lint.h. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ctl/check/private.h"

/* The channel that the protocols of an SCMI node share. */
static const struct host_channel *channel_of(const struct lint *lint,
                                             size_t instance)
{
    size_t i;

    for (i = 0; i < lint->scmi->nr_channels; i++)
        if (lint->scmi->channels[i].instance == instance &&
            lint->scmi->channels[i].protocol_id < 0)
            return &lint->scmi->channels[i];
    return NULL;
}

static bool is_agents_id(const struct lint *lint, uint32_t function_id)
{
    size_t i;

    for (i = 0; i < lint->scmi->nr_agents; i++)
        if (lint->scmi->agents[i].function_id == function_id)
            return true;
    return false;
}

static void one_channel(struct lint *lint, const char *path,
                        const struct host_channel *channel)
{
    lint_add(lint, LINT_WARNING, "one-channel", path, "the firmware has one "
             "channel, so all callers are one agent to it: domains cannot have "
             "permissions of their own");
    lint_remedy(lint, "if the firmware has a channel for each agent, add a "
                "node to /chosen with compatible = \"xen,sci\" and "
                "scmi-secondary-agents = <0x%" PRIx32 " &shmem_of_dom0 "
                "ID_OF_DOM0>, <FUNCTION_ID &SHMEM AGENT_ID>, ..., and in it an "
                "\"arm,scmi-smc\" node with Xen's own channel and "
                "#access-controller-cells = <1>", channel->function_id);
}

/* Xen does not know the channels of single protocols. */
static void own_channels(struct lint *lint, size_t instance)
{
    size_t i;

    for (i = 0; i < lint->scmi->nr_channels; i++) {
        const struct host_channel *channel = &lint->scmi->channels[i];

        if (channel->instance != instance || channel->protocol_id < 0)
            continue;
        lint_add(lint, LINT_WARNING, "own-channel",
                 lint->tree->instances[instance].path, "protocol 0x%x has a "
                 "channel of its own, which Xen neither forwards nor keeps "
                 "from Dom0", (unsigned int)channel->protocol_id);
        lint_remedy(lint, "if the firmware takes the protocol on the common "
                    "channel, too, remove arm,smc-id and shmem from "
                    "protocol@%x", (unsigned int)channel->protocol_id);
    }
}

static void smc_instance(struct lint *lint, const char *path,
                         const struct host_channel *channel)
{
    if (!channel->has_function_id) {
        lint_add(lint, LINT_ERROR, "function-id", path, "it has no function "
                 "ID of one cell, so it cannot be called");
        lint_remedy(lint, "add arm,smc-id = <FUNCTION_ID>");
        return;
    }
    lint_function_id(lint, path, channel->function_id);
    if (!channel->nr_pages) {
        lint_add(lint, LINT_ERROR, "no-page", path, "it has no shared memory");
        lint_remedy(lint, "add shmem = <&SHMEM>, where SHMEM is a node with "
                    "compatible = \"arm,scmi-shmem\"");
    }
    if (!lint_has_agents(lint)) {
        one_channel(lint, path, channel);
        /* No more than a note: without agents, no guest gets the page. */
        if (channel->nr_pages && channel->pages[0].path)
            lint_page(lint, LINT_NOTE, channel->pages[0].path,
                      &channel->pages[0]);
    } else if (lint->scmi->nr_agents &&
             !is_agents_id(lint, channel->function_id)) {
        lint_add(lint, LINT_WARNING, "dom0-channel", path, "no agent in %s has "
                 "its function ID 0x%" PRIx32 ": callers have permissions that "
                 "Xen does not know", lint->scmi->container_path,
                 channel->function_id);
        lint_remedy(lint, "add its channel to scmi-secondary-agents there, and "
                    "name the agent in xen,dom0-sci-agent-id");
    }
    own_channels(lint, channel->instance);
}

static void instance(struct lint *lint, size_t n, size_t *nr_smc)
{
    const struct host_instance *scmi = &lint->tree->instances[n];
    const struct host_channel *channel = channel_of(lint, n);

    if (scmi->disabled) {
        lint_add(lint, LINT_NOTE, "disabled", scmi->path, "it is disabled");
        lint_remedy(lint, "if the firmware speaks SCMI there, set status = "
                    "\"okay\"");
        return;
    }
    if (scmi->transport != HOST_TRANSPORT_SMC) {
        lint_add(lint, LINT_WARNING, "transport", scmi->path, "it does not use "
                 "SMC, and Xen forwards nothing else: no guest can have a "
                 "device that uses it");
        lint_remedy(lint, "if the firmware offers channels by SMC, describe "
                    "them: compatible = \"arm,scmi-smc\", arm,smc-id = "
                    "<FUNCTION_ID>, shmem = <&SHMEM>");
        return;
    }
    if (++*nr_smc == 2) {
        lint_add(lint, LINT_WARNING, "several-instances", scmi->path, "there "
                 "are several SCMI nodes that use SMC; guests get the first");
        lint_remedy(lint, "set status = \"disabled\" in those that are not "
                    "Dom0's");
    }
    if (channel)
        smc_instance(lint, scmi->path, channel);
}

void lint_instances(struct lint *lint)
{
    size_t i, nr = 0, nr_smc = 0;

    for (i = 0; i < lint->tree->nr_instances; i++)
        if (!lint->tree->instances[i].in_container) {
            instance(lint, i, &nr_smc);
            nr++;
        }
    lint_channels_shared(lint);
    if (nr)
        return;
    lint_add(lint, lint_has_agents(lint) ? LINT_ERROR : LINT_NOTE, "no-scmi",
             NULL, "it has no SCMI node, so no device uses SCMI");
    lint_remedy(lint, "if the firmware speaks SCMI, add a node to /firmware "
                "with compatible = \"arm,scmi-smc\", arm,smc-id = "
                "<FUNCTION_ID>, shmem = <&SHMEM> and a child protocol@N for "
                "each protocol");
}

/* ---- The container ------------------------------------------------------ */

static void trusted(struct lint *lint)
{
    const struct host_tree *tree = lint->tree;
    const struct host_channel *channel = NULL;
    uint32_t cells;
    size_t i;

    if (!tree->trusted_path) {
        lint_add(lint, LINT_ERROR, "no-trusted", lint->scmi->container_path,
                 "it has no SCMI node for Xen's own channel, on which Xen "
                 "sets the permissions of others");
        lint_remedy(lint, "add a child with compatible = \"arm,scmi-smc\", "
                    "arm,smc-id = <FUNCTION_ID>, shmem = <&SHMEM> and "
                    "#access-controller-cells = <1>");
        return;
    }
    for (i = 0; i < tree->nr_instances; i++)
        if (!strcmp(tree->instances[i].path, tree->trusted_path))
            break;
    channel = i < tree->nr_instances ? channel_of(lint, i) : NULL;
    if (!channel)
        return;
    if (!channel->has_function_id || !channel->nr_pages) {
        lint_add(lint, LINT_ERROR, "no-trusted", tree->trusted_path, "Xen's "
                 "own channel is not complete");
        lint_remedy(lint, "add %s", channel->has_function_id ?
                    "shmem = <&SHMEM>" : "arm,smc-id = <FUNCTION_ID>");
    }
    if (channel->has_function_id)
        lint_function_id(lint, tree->trusted_path, channel->function_id);
    if (!dt_index_u32(&tree->index, tree->instances[i].node,
                       "#access-controller-cells", &cells) || !cells) {
        lint_add(lint, LINT_ERROR, "no-cells", tree->trusted_path, "devices "
                 "cannot refer to it");
        lint_remedy(lint, "add #access-controller-cells = <1>");
    }
    if (channel->nr_pages)
        lint_page(lint, LINT_ERROR, channel->pages[0].path ?
                  channel->pages[0].path : tree->trusted_path,
                  &channel->pages[0]);
}

/* Compares the id of an agent with those of the agents before it. */
static void agent_ids(struct lint *lint, size_t n)
{
    const struct host_agent *agent = &lint->scmi->agents[n];
    const char *path = lint->scmi->container_path;
    size_t i;

    if (agent->has_agent_id && (!agent->agent_id || agent->agent_id > 0xff)) {
        lint_add(lint, LINT_ERROR, "agent-id", path, "entry %zu of "
                 "scmi-secondary-agents has the agent id %" PRIu32 ", which is "
                 "not in 1 .. 255", n, agent->agent_id);
        lint_remedy(lint, "put in the id that the agent has in the firmware; "
                    "without ids: #scmi-secondary-agents-cells = <2>");
    }
    for (i = 0; i < n; i++) {
        const struct host_agent *other = &lint->scmi->agents[i];

        if (agent->has_agent_id && agent->agent_id == other->agent_id) {
            lint_add(lint, LINT_ERROR, "agent-twice", path, "entries %zu and "
                     "%zu of scmi-secondary-agents have the same agent id %"
                     PRIu32, i, n, agent->agent_id);
            lint_remedy(lint, "remove one entry from scmi-secondary-agents, or "
                        "put in its own id");
            return;
        }
    }
}

static void dom0_agent(struct lint *lint)
{
    const struct host_scmi *scmi = lint->scmi;
    size_t i;

    if (!scmi->has_dom0_id) {
        lint_add(lint, LINT_NOTE, "dom0-agent", scmi->container_path, "Dom0 "
                 "has no agent, so devices that stay with Dom0 get no SCMI");
        lint_remedy(lint, "add xen,dom0-sci-agent-id = <AGENT_ID>");
        return;
    }
    for (i = 0; i < scmi->nr_agents; i++)
        if (!scmi->agents[i].has_agent_id ||
            scmi->agents[i].agent_id == scmi->dom0_id)
            return;
    lint_add(lint, LINT_WARNING, "dom0-agent", scmi->container_path, "Dom0's "
             "agent %" PRIu32 " is not in scmi-secondary-agents",
             scmi->dom0_id);
    lint_remedy(lint, "add <FUNCTION_ID &SHMEM %" PRIu32 "> to "
                "scmi-secondary-agents", scmi->dom0_id);
}

void lint_agents(struct lint *lint)
{
    const struct host_scmi *scmi = lint->scmi;
    char what[64];
    size_t i;

    if (!lint_has_agents(lint))
        return;
    trusted(lint);
    if (scmi->problem) {
        lint_add(lint, LINT_ERROR, "agents", scmi->container_path, "%s",
                 scmi->problem);
        lint_remedy(lint, "add #scmi-secondary-agents-cells = <3> and "
                    "scmi-secondary-agents = <FUNCTION_ID &SHMEM AGENT_ID>, "
                    "...");
        return;
    }
    for (i = 0; i < scmi->nr_agents; i++) {
        agent_ids(lint, i);
        lint_function_id(lint, scmi->container_path,
                         scmi->agents[i].function_id);
        snprintf(what, sizeof(what), "entry %zu of scmi-secondary-agents", i);
        if (!scmi->agents[i].page.path) {
            lint_add(lint, LINT_ERROR, "no-page", scmi->container_path, "the "
                     "shared memory of %s is not a node of the tree", what);
            lint_remedy(lint, "refer to a node with compatible = "
                        "\"arm,scmi-shmem\"");
        } else {
            lint_page(lint, LINT_ERROR, scmi->agents[i].page.path,
                      &scmi->agents[i].page);
        }
    }
    lint_pages_shared(lint);
    dom0_agent(lint);
}
