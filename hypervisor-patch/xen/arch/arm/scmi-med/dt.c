/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SCMI mediation: reads the agents from the host device tree.
 *
 * /chosen has, at any depth, one node compatible with "xen,sci":
 *   #scmi-secondary-agents-cells  2 or 3 (default)
 *   scmi-secondary-agents         <function-id &shmem [agent-id]> ...
 *   xen,dom0-sci-agent-id         which of them is the hardware domain's
 *   a child node "arm,scmi-smc" or "arm,scmi-smc-param": the trusted channel
 *
 * A bad agent is left out; a bad node leaves mediation off. Either says why.
 */

#include <xen/errno.h>
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/string.h>
#include <xen/xmalloc.h>

#include <asm/smccc.h>

#include "private.h"

static const struct dt_device_match scmi_match[] __initconst =
{
    DT_MATCH_COMPATIBLE("arm,scmi-smc"),
    DT_MATCH_COMPATIBLE("arm,scmi-smc-param"),
    { /* sentinel */ },
};

static const struct dt_device_node *__initdata container;

/* What is wrong with a channel; NULL if nothing is. */
static const char *__init read_channel(uint32_t function_id,
                                       const struct dt_device_node *shmem,
                                       struct scmi_channel *channel)
{
    unsigned int owner = smccc_get_owner(function_id);
    u64 addr, size;

    if ( !smccc_is_fast_call(function_id) ||
         (owner != ARM_SMCCC_OWNER_SIP && owner != ARM_SMCCC_OWNER_OEM) )
        return "the function ID is no fast call of the SiP or OEM range";
    if ( !shmem )
        return "its shmem phandle leads nowhere";
    if ( dt_device_get_address(shmem, 0, &addr, &size) )
        return "its shmem has no address that can be translated";
    if ( !IS_ALIGNED(addr, PAGE_SIZE) || size < PAGE_SIZE ||
         !IS_ALIGNED(size, PAGE_SIZE) )
        return "its shmem does not cover whole pages";

    channel->function_id = function_id;
    channel->page = addr;
    return NULL;
}

static const char *__init read_trusted(struct scmi_agent *agent)
{
    const struct dt_device_node *np, *shmem = NULL;
    uint32_t function_id, phandle;

    dt_for_each_child_node ( container, np )
        if ( dt_match_node(scmi_match, np) )
            break;
    if ( !np )
        return "it has no \"arm,scmi-smc\" node for the trusted channel";
    if ( !dt_property_read_u32(np, "arm,smc-id", &function_id) )
        return "its SCMI node has no \"arm,smc-id\"";
    if ( dt_property_read_u32(np, "shmem", &phandle) )
        shmem = dt_find_node_by_phandle(phandle);

    scmi_med.trusted_node = np;
    agent->id = SCMI_AGENT_SELF;
    agent->role = SCMI_MED_AGENT_TRUSTED;
    agent->channel.page_in_regs =
        dt_device_is_compatible(np, "arm,scmi-smc-param");

    return read_channel(function_id, shmem, &agent->channel);
}

/* Whether the firmware could take one for the other, or sees one's page. */
static const char *__init find_clash(const struct scmi_agent *agent)
{
    const struct scmi_agent *other;

    for ( other = scmi_med.agents; other < agent; other++ )
    {
        if ( other->channel.page == agent->channel.page )
            return "another agent has the same page";
        if ( other->id == agent->id && agent->id != SCMI_AGENT_SELF )
            return "another agent has the same agent id";
    }
    return NULL;
}

static void __init read_agent(const __be32 *cells, unsigned int nr_cells,
                              unsigned int n, uint32_t hwdom_agent_id)
{
    struct scmi_agent *agent = &scmi_med.agents[scmi_med.nr_agents];
    const char *wrong;

    agent->id = nr_cells > 2 ? be32_to_cpu(cells[2]) : SCMI_AGENT_SELF;
    agent->channel.page_in_regs = scmi_med.trusted->channel.page_in_regs;

    wrong = read_channel(be32_to_cpu(cells[0]),
                         dt_find_node_by_phandle(be32_to_cpu(cells[1])),
                         &agent->channel);
    if ( !wrong )
        wrong = find_clash(agent);
    if ( !wrong && nr_cells > 2 && (!agent->id || agent->id > 0xff) )
        wrong = "the agent id is not in 1 .. 255";
    if ( wrong )
    {
        printk(XENLOG_ERR "SCMI: %s: agent %u of scmi-secondary-agents is left out: %s\n",
               container->full_name, n, wrong);
        memset(agent, 0, sizeof(*agent));
        return;
    }

    if ( agent->id == hwdom_agent_id && nr_cells > 2 )
        agent->role = SCMI_MED_AGENT_HWDOM;
    scmi_med.nr_agents++;
}

static const char *__init read_agents(void)
{
    uint32_t nr_cells = 3, hwdom_agent_id = SCMI_AGENT_SELF, len;
    const char *wrong;
    const __be32 *cells;
    unsigned int n, nr;

    dt_property_read_u32(container, "#scmi-secondary-agents-cells", &nr_cells);
    if ( nr_cells != 2 && nr_cells != 3 )
        return "#scmi-secondary-agents-cells is neither 2 nor 3";
    cells = dt_get_property(container, "scmi-secondary-agents", &len);
    if ( !cells || !len || len % (nr_cells * sizeof(*cells)) )
        return "scmi-secondary-agents is missing or has a wrong length";
    nr = len / (nr_cells * sizeof(*cells));
    if ( nr >= SCMI_MED_MAX_AGENTS )
        return "scmi-secondary-agents has too many agents";
    dt_property_read_u32(container, "xen,dom0-sci-agent-id", &hwdom_agent_id);

    scmi_med.agents = xzalloc_array(struct scmi_agent, nr + 1);
    if ( !scmi_med.agents )
        return "out of memory";
    scmi_med.trusted = &scmi_med.agents[0];
    scmi_med.nr_agents = 1;

    wrong = read_trusted(scmi_med.trusted);
    for ( n = 0; !wrong && n < nr; n++ )
        read_agent(cells + n * nr_cells, nr_cells, n, hwdom_agent_id);

    return wrong;
}

/*
 * Guests call the function ID that the hardware domain's own SCMI node has,
 * whichever agent they are, so that one guest tree fits them all.
 */
static void __init read_function_id(void)
{
    const struct dt_device_node *np;

    dt_for_each_device_node ( dt_host, np )
        if ( dt_match_node(scmi_match, np) && np->parent != container &&
             dt_property_read_u32(np, "arm,smc-id", &scmi_med.function_id) )
            return;

    if ( scmi_med.nr_agents > 1 )
        scmi_med.function_id = scmi_med.agents[1].channel.function_id;
}

int __init scmi_med_dt_read(void)
{
    const char *wrong;

    container = dt_find_compatible_node(NULL, NULL, "xen,sci");
    if ( !container )
        return -ENODEV;

    if ( strncmp(container->full_name, "/chosen/", 8) )
        wrong = "it is not below /chosen";
    else
        wrong = read_agents();
    if ( wrong )
    {
        printk(XENLOG_ERR "SCMI: mediation is off: %s: %s\n",
               container->full_name, wrong);
        return -EINVAL;
    }

    read_function_id();

    return 0;
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
            if ( args.np == scmi_med.trusted_node && args.args_count )
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
