/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Xen's agent table, see agents.h. */

#include "daemon/xen/agents.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int add_window(struct agent *agent, const struct scmi_med_agent *window)
{
    size_t left = window->nr_devices - agent->nr_device_ids;
    uint32_t *grown;

    if (left > SCMI_MED_DEVICES_WINDOW)
        left = SCMI_MED_DEVICES_WINDOW;
    grown = realloc(agent->device_ids,
                    (agent->nr_device_ids + left) * sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    memcpy(grown + agent->nr_device_ids, window->devices,
           left * sizeof(*grown));
    agent->device_ids = grown;
    agent->nr_device_ids += left;
    return 0;
}

/*
 * If the domain dies between two windows, Xen takes devices away: use the count
 * of the newest window.
 */
static int read_agent(struct hyp *hyp, uint32_t index, struct agent *agent)
{
    struct scmi_med_agent window;
    int rc;

    do {
        rc = hyp_get_agent(hyp, index, (uint32_t)agent->nr_device_ids,
                           &window);
        if (rc)
            return rc;
        if (window.nr_devices > AGENTS_MAX_DEVICES)
            return -EPROTO;
        agent->entry = window;
        if (window.nr_devices <= agent->nr_device_ids) {
            agent->nr_device_ids = window.nr_devices;
            return 0;
        }
        rc = add_window(agent, &window);
        if (rc)
            return rc;
    } while (agent->nr_device_ids < window.nr_devices);
    return 0;
}

int agents_read(struct hyp *hyp, struct agents *ret_agents)
{
    struct agents agents = { 0 };
    int rc;

    rc = hyp_info(hyp, &agents.info);
    if (rc)
        return rc;
    if (agents.info.nr_agents > AGENTS_MAX)
        return -EPROTO;

    agents.agents = calloc(agents.info.nr_agents + 1, sizeof(*agents.agents));
    if (!agents.agents)
        return -ENOMEM;
    while (agents.nr_agents < agents.info.nr_agents) {
        rc = read_agent(hyp, (uint32_t)agents.nr_agents,
                        &agents.agents[agents.nr_agents]);
        agents.nr_agents++;
        if (rc) {
            agents_done(&agents);
            return rc;
        }
    }
    *ret_agents = agents;
    return 0;
}

void agents_done(struct agents *agents)
{
    size_t i;

    for (i = 0; i < agents->nr_agents; i++)
        free(agents->agents[i].device_ids);
    free(agents->agents);
    *agents = (struct agents){ 0 };
}

bool agent_is_for_guests(const struct agent *agent)
{
    return !(agent->entry.flags & (SCMI_MED_AGENT_TRUSTED |
                                   SCMI_MED_AGENT_HWDOM));
}

bool agent_is_bound(const struct agent *agent)
{
    return agent->entry.flags & SCMI_MED_AGENT_BOUND;
}

bool agent_is_quarantined(const struct agent *agent)
{
    return agent->entry.flags & SCMI_MED_AGENT_QUARANTINED;
}

bool agent_is_free(const struct agent *agent)
{
    return agent_is_for_guests(agent) && !agent_is_bound(agent) &&
           !agent_is_quarantined(agent) && !agent->is_reserved;
}

bool agent_has_device(const struct agent *agent, uint32_t device_id)
{
    size_t i;

    for (i = 0; i < agent->nr_device_ids; i++)
        if (agent->device_ids[i] == device_id)
            return true;
    return false;
}

const struct agent *agents_find(const struct agents *agents, uint32_t agent_id)
{
    size_t i;

    for (i = 0; i < agents->nr_agents; i++)
        if (agents->agents[i].entry.agent_id == agent_id)
            return &agents->agents[i];
    return NULL;
}

const struct agent *agents_of_domain(const struct agents *agents,
                                     uint32_t domid)
{
    size_t i;

    for (i = 0; i < agents->nr_agents; i++)
        if (agent_is_bound(&agents->agents[i]) &&
            agents->agents[i].entry.domid == domid)
            return &agents->agents[i];
    return NULL;
}

const struct agent *agents_with_device(const struct agents *agents,
                                       uint32_t device_id)
{
    size_t i;

    for (i = 0; i < agents->nr_agents; i++)
        if (agent_has_device(&agents->agents[i], device_id))
            return &agents->agents[i];
    return NULL;
}

struct agents_count agents_count(const struct agents *agents)
{
    struct agents_count count = { 0 };
    size_t i;

    for (i = 0; i < agents->nr_agents; i++) {
        const struct agent *agent = &agents->agents[i];

        if (!agent_is_for_guests(agent))
            continue;
        count.total++;
        count.free += agent_is_free(agent);
        count.bound += agent_is_bound(agent);
        count.quarantined += agent_is_quarantined(agent);
    }
    return count;
}
