/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Model of Xen's agent table, see fake-table.h. */

#include "tests/fake/fake-table.h"

#include <errno.h>
#include <string.h>

#define FRAME 0x22001

void fake_table_init(struct fake_table *table, uint32_t nr_agents)
{
    uint32_t i;

    memset(table, 0, sizeof(*table));
    table->initialized = 1;
    table->version = SCMI_MED_VERSION;
    table->features = SCMI_MED_FEATURE_TRUSTED | SCMI_MED_FEATURE_DEVICE_PERM |
                      SCMI_MED_FEATURE_RESET | SCMI_MED_FEATURE_KEEPS_APART;
    table->nr_agents = nr_agents;
    for (i = 0; i < nr_agents; i++) {
        table->agents[i].agent_id = i + 1;
        table->agents[i].domid = SCMI_MED_DOMID_NONE;
        table->agents[i].guest_frame = UINT64_MAX;
        table->agents[i].rate = 10000;
    }
    if (nr_agents > 0) {
        table->agents[0].flags = SCMI_MED_AGENT_HWDOM | SCMI_MED_AGENT_BOUND;
        table->agents[0].domid = 0;
        table->agents[0].devices[0] = 12;
        table->agents[0].nr_devices = 1;
    }
    if (nr_agents > 1)
        table->agents[1].flags = SCMI_MED_AGENT_TRUSTED;
    memset(table->alive, 1, sizeof(table->alive));
}

struct fake_agent *fake_table_agent_of(struct fake_table *table,
                                       uint32_t domid)
{
    uint32_t i;

    for (i = 0; i < table->nr_agents; i++)
        if ((table->agents[i].flags & SCMI_MED_AGENT_BOUND) &&
            table->agents[i].domid == domid)
            return &table->agents[i];
    return NULL;
}

bool fake_table_has_device(const struct fake_agent *agent, uint32_t device_id)
{
    uint32_t i;

    for (i = 0; i < agent->nr_devices; i++)
        if (agent->devices[i] == device_id)
            return true;
    return false;
}

static struct fake_agent *agent_by_id(struct fake_table *table, uint32_t id)
{
    uint32_t i;

    for (i = 0; i < table->nr_agents; i++)
        if (table->agents[i].agent_id == id)
            return &table->agents[i];
    return NULL;
}

static int get_agent(const struct fake_table *table,
                     struct scmi_med_agent *out)
{
    const struct fake_agent *agent;
    uint32_t i;

    if (out->index >= table->nr_agents)
        return -ENOENT;
    agent = &table->agents[out->index];
    out->agent_id = agent->agent_id;
    out->flags = agent->flags;
    out->domid = agent->domid;
    out->function_id = 0x82000010 + agent->agent_id;
    out->client_id = agent->agent_id;
    out->nr_devices = agent->nr_devices;
    out->page = 0xbff00000 + (uint64_t)(agent->agent_id - 1) * 0x1000;
    out->guest_frame = agent->guest_frame;
    out->rate = agent->rate;
    out->now = 90000000000;
    for (i = 0; i < SCMI_MED_DEVICES_WINDOW &&
                out->first_device + i < agent->nr_devices; i++)
        out->devices[i] = agent->devices[out->first_device + i];
    return 0;
}

/* Xen refuses hypercalls for a domain that is dying. */
static bool is_usable(const struct fake_table *table, uint32_t domid)
{
    return domid < 0x7ff0 && table->alive[domid] && !table->dying[domid];
}

static int assign(struct fake_table *table, const struct scmi_med_op *in)
{
    struct fake_agent *agent = agent_by_id(table, in->agent_id);

    if (!is_usable(table, in->domid))
        return -ESRCH;
    if (!agent)
        return -ENOENT;
    if (agent->flags & (SCMI_MED_AGENT_TRUSTED | SCMI_MED_AGENT_HWDOM))
        return -EACCES;
    if (agent->flags & SCMI_MED_AGENT_BOUND)
        return -EBUSY;
    if (fake_table_agent_of(table, in->domid))
        return -EEXIST;
    if (agent->flags & SCMI_MED_AGENT_QUARANTINED)
        return -ENOTEMPTY;
    agent->flags |= SCMI_MED_AGENT_BOUND;
    agent->domid = in->domid;
    agent->guest_frame = in->u.guest_frame;
    agent->nr_devices = 0;
    return 0;
}

static int unbind(struct fake_table *table, struct fake_agent *agent)
{
    agent->flags &= ~SCMI_MED_AGENT_BOUND;
    agent->domid = SCMI_MED_DOMID_NONE;
    agent->guest_frame = UINT64_MAX;
    agent->rate = 10000;
    memset(agent->resources, 0, sizeof(agent->resources));
    if (table->release_fails) {
        agent->flags |= SCMI_MED_AGENT_QUARANTINED;
        return -EIO;
    }
    agent->nr_devices = 0;
    return 0;
}

static int release(struct fake_table *table, struct scmi_med_op *op)
{
    struct fake_agent *agent = fake_table_agent_of(table, op->domid);

    if (!is_usable(table, op->domid))
        return -ESRCH;
    if (!agent)
        return -ENOENT;
    if (agent->flags & SCMI_MED_AGENT_HWDOM)
        return -EACCES;
    return unbind(table, agent);
}

static int set_permission(struct fake_table *table,
                          struct scmi_med_op *op)
{
    struct fake_agent *agent = fake_table_agent_of(table, op->domid);
    uint32_t i;

    if (!is_usable(table, op->domid))
        return -ESRCH;
    if (!agent)
        return -ENOENT;
    if (table->refused_device &&
        op->u.device.device_id == table->refused_device) {
        op->scmi_status = -4;
        return -EIO;
    }
    for (i = 0; i < agent->nr_devices; i++)
        if (agent->devices[i] == op->u.device.device_id)
            break;
    if (op->u.device.flags & SCMI_MED_ALLOW) {
        if (i == SCMI_MED_MAX_DEVICES)
            return -ENOSPC;
        if (i == agent->nr_devices)
            agent->devices[agent->nr_devices++] = op->u.device.device_id;
    } else if (i < agent->nr_devices) {
        agent->devices[i] = agent->devices[--agent->nr_devices];
    }
    return 0;
}

static int reset(struct fake_table *table, struct scmi_med_op *op)
{
    struct fake_agent *agent = agent_by_id(table, op->agent_id);

    if (!agent)
        return -ENOENT;
    if (agent->flags & (SCMI_MED_AGENT_TRUSTED | SCMI_MED_AGENT_HWDOM))
        return -EACCES;
    if (agent->flags & SCMI_MED_AGENT_BOUND)
        return -EBUSY;
    if (table->release_fails)
        return -EIO;
    agent->flags &= ~SCMI_MED_AGENT_QUARANTINED;
    agent->nr_devices = 0;
    return 0;
}

/* Which resources an agent has of a protocol, or of whole ones; NULL: none. */
static uint8_t *resources_of(struct fake_agent *agent,
                             const struct scmi_med_resource *resource)
{
    static const uint32_t protocols[] = { 0x11, 0x14, 0x16 };
    size_t kind;

    for (kind = 0; kind < 3; kind++)
        if (resource->protocol == protocols[kind])
            break;
    if (resource->flags & SCMI_MED_WHOLE)
        return kind < 3 || resource->id ? NULL
               : &agent->resources[3][resource->protocol];
    return kind == 3 || resource->id >= SCMI_MED_IDS ? NULL
           : &agent->resources[kind][resource->id];
}

static int set_resource(struct fake_table *table, const struct scmi_med_op *op)
{
    struct fake_agent *agent = fake_table_agent_of(table, op->domid);
    const struct scmi_med_resource *resource = &op->u.resource;
    uint8_t value = !(resource->flags & SCMI_MED_ALLOW) ? 0
                    : resource->flags & SCMI_MED_SHARE ? 2 : 1;
    uint32_t i;

    if (!is_usable(table, op->domid))
        return -ESRCH;
    if (!agent)
        return -ENOENT;
    if (agent->flags & SCMI_MED_AGENT_HWDOM)
        return -EACCES;
    if (!resources_of(agent, resource))
        return -EINVAL;
    for (i = 0; value && i < table->nr_agents; i++) {
        uint8_t other = *resources_of(&table->agents[i], resource);

        if (&table->agents[i] != agent && other && (other == 1 || value == 1))
            return -EADDRINUSE;
    }
    *resources_of(agent, resource) = value;
    return 0;
}

static int set_rate(struct fake_table *table, const struct scmi_med_op *op)
{
    struct fake_agent *agent = fake_table_agent_of(table, op->domid);

    if (!agent)
        return -ENOENT;
    if (!op->u.rate)
        return -EINVAL;
    agent->rate = op->u.rate;
    return 0;
}

int fake_table_op(struct fake_table *table, unsigned int cmd,
                  struct scmi_med_op *op)
{
    if (!table->version)
        return -ENOSYS;
    if (op->version != table->version)
        return -EOPNOTSUPP;
    switch (cmd) {
    case SCMI_MED_OP_info:
        op->u.info = (struct scmi_med_info){
            .nr_agents = table->nr_agents,
            .features = table->features,
            .function_id = 0x82000011,
            .base_version = 0x20000,
            .guest_frame = FRAME,
        };
        return 0;
    case SCMI_MED_OP_get_agent:
        return get_agent(table, &op->u.agent);
    case SCMI_MED_OP_assign:
        return assign(table, op);
    case SCMI_MED_OP_release:
        return release(table, op);
    case SCMI_MED_OP_set_device_permission:
        return set_permission(table, op);
    case SCMI_MED_OP_reset:
        return reset(table, op);
    case SCMI_MED_OP_set_rate:
        return set_rate(table, op);
    case SCMI_MED_OP_set_resource:
        return set_resource(table, op);
    default:
        return -EOPNOTSUPP;
    }
}

void fake_table_kill(struct fake_table *table, uint32_t domid)
{
    struct fake_agent *agent = fake_table_agent_of(table, domid);

    if (agent)
        (void)unbind(table, agent);
    table->alive[domid] = table->dying[domid] = 0;
}
