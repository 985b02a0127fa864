/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SCMI mediation: reads the agents from the host device tree.
 *
 * /chosen has, at any depth, one node compatible with "xen,sci":
 *   #scmi-secondary-agents-cells  2 or 3 (default)
 *   scmi-secondary-agents         <function-id &shmem [agent-id]> ...
 *   xen,dom0-sci-agent-id         which of them is the hardware domain's
 *   a child node "arm,scmi-smc" or "arm,scmi-smc-param": the trusted channel
 */

#include <asm/smccc.h>

#include "private.h"

static const struct dt_device_match scmi_match[] __initconst =
{
    DT_MATCH_COMPATIBLE("arm,scmi-smc"),
    DT_MATCH_COMPATIBLE("arm,scmi-smc-param"),
    { /* sentinel */ },
};

static const struct dt_device_node *__initdata container;
static const struct dt_device_node *__initdata trusted_node;
static const __be32 *__initdata agent_cells;
static uint32_t __initdata nr_cells = 3;

const char *__init scmi_med_dt_open(unsigned int *nr_agents)
{
    uint32_t len = 0;

    container = dt_find_compatible_node(NULL, NULL, "xen,sci");
    if ( strncmp(container->full_name, "/chosen/", 8) )
        return "the \"xen,sci\" node is not below /chosen";

    dt_property_read_u32(container, "#scmi-secondary-agents-cells", &nr_cells);
    if ( nr_cells != 2 && nr_cells != 3 )
        return "#scmi-secondary-agents-cells is neither 2 nor 3";
    agent_cells = dt_get_property(container, "scmi-secondary-agents", &len);
    *nr_agents = len / (nr_cells * sizeof(*agent_cells));
    if ( !agent_cells || !len || len % (nr_cells * sizeof(*agent_cells)) )
        return "scmi-secondary-agents is missing or has a wrong length";
    if ( *nr_agents >= SCMI_MED_MAX_AGENTS )
        return "scmi-secondary-agents has too many agents";
    dt_property_read_u32(container, "xen,dom0-sci-agent-id",
                         &scmi_med.hwdom_agent_id);

    return NULL;
}

static const char *__init read_channel(uint32_t function_id, uint32_t phandle,
                                       struct scmi_channel *channel)
{
    const struct dt_device_node *shmem = dt_find_node_by_phandle(phandle);
    unsigned int owner = smccc_get_owner(function_id);
    u64 addr, size;

    if ( !smccc_is_fast_call(function_id) ||
         (owner != ARM_SMCCC_OWNER_SIP && owner != ARM_SMCCC_OWNER_OEM) )
        return "the function ID is no fast call of the SiP or OEM range";
    if ( !shmem || dt_device_get_address(shmem, 0, &addr, &size) )
        return "its shmem is no node with an address that can be translated";
    if ( !IS_ALIGNED(addr, PAGE_SIZE) || !IS_ALIGNED(size, PAGE_SIZE) ||
         size - 1 >= MB(1) )
        return "its shmem does not cover whole pages, 1 MiB at most";

    channel->function_id = function_id;
    channel->page = addr;
    channel->size = size;
    if ( dt_device_is_compatible(trusted_node, "arm,scmi-smc-param") )
        channel->page_param = addr >> 12;

    return NULL;
}

const char *__init scmi_med_dt_trusted(struct scmi_agent *agent)
{
    uint32_t function_id, phandle = 0;

    dt_for_each_child_node ( container, trusted_node )
        if ( dt_match_node(scmi_match, trusted_node) )
            break;
    if ( !trusted_node ||
         !dt_property_read_u32(trusted_node, "arm,smc-id", &function_id) )
        return "the \"xen,sci\" node has no child \"arm,scmi-smc\" with an \"arm,smc-id\" for the trusted channel";

    agent->id = SCMI_AGENT_SELF;
    agent->role = SCMI_MED_AGENT_TRUSTED;
    dt_property_read_u32(trusted_node, "shmem", &phandle);

    return read_channel(function_id, phandle, &agent->channel);
}

const char *__init scmi_med_dt_agent(unsigned int n, struct scmi_agent *agent)
{
    const __be32 *cells = agent_cells + n * nr_cells;

    agent->id = nr_cells > 2 ? be32_to_cpu(cells[2]) : SCMI_AGENT_SELF;
    /* Who is not known by an id must be known by its place. */
    agent->channel.client_id = nr_cells > 2 ? agent->id : n + 1;
    if ( nr_cells > 2 && (!agent->id || agent->id > SCMI_MED_MAX_AGENTS) )
        return "its id is not in 1 .. 255";

    return read_channel(be32_to_cpu(cells[0]), be32_to_cpu(cells[1]),
                        &agent->channel);
}

static void __init grant(struct scmi_agent *agent,
                         const struct dt_device_node *np, uint32_t device_id)
{
    int32_t status;
    int rc = scmi_med_permit(agent, device_id, true, &status);

    if ( rc )
        printk(XENLOG_WARNING "SCMI: %s: the hardware domain did not get device %u: error %d, SCMI status %d\n",
               np->full_name, device_id, rc, status);
}

void __init scmi_med_dt_grant_hwdom(struct scmi_agent *agent)
{
    const struct dt_device_node *np;
    struct dt_phandle_args args;
    uint32_t device_id;
    unsigned int i;

    dt_for_each_device_node ( dt_host, np )
    {
        if ( dt_device_for_passthrough(np) )
            continue;
        if ( dt_property_read_u32(np, "scmi_devid", &device_id) )
            grant(agent, np, device_id);
        if ( !dt_get_property(np, "access-controllers", NULL) )
            continue;
        for ( i = 0; !dt_parse_phandle_with_args(np, "access-controllers",
                                                 "#access-controller-cells",
                                                 i, &args); i++ )
            if ( args.np == trusted_node && args.args_count )
                grant(agent, np, args.args[0]);
    }
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * tab-width: 4
 * indent-tabs-mode: nil
 * End:
 */
