/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SCMI mediation: reads the agents from the host device tree.
 *
 * /chosen has, at any depth, one node compatible with "xen,sci":
 *   #scmi-secondary-agents-cells  2, 3 (default) or 4
 *   scmi-secondary-agents         <function-id &shmem [agent-id [client-id]]> ...
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

static const struct dt_device_match shmem_match[] __initconst =
{
    DT_MATCH_COMPATIBLE("arm,scmi-shmem"),
    { /* sentinel */ },
};

static const struct dt_device_node *__initdata container;
static const struct dt_device_node *__initdata trusted_node;
static const __be32 *__initdata agent_cells;
static unsigned int __initdata nr_agents_listed;
static uint32_t __initdata nr_cells = 3;

const char *__init scmi_med_dt_open(unsigned int *nr_agents)
{
    uint32_t len = 0;

    container = dt_find_compatible_node(NULL, NULL, "xen,sci");
    nr_agents_listed = 0;
    scmi_med.hwdom_agent_id = SCMI_AGENT_SELF;
    dt_for_each_child_node ( container, trusted_node )
        if ( dt_match_node(scmi_match, trusted_node) )
            break;
    if ( strncmp(container->full_name, "/chosen/", 8) )
        return "the \"xen,sci\" node is not below /chosen";

    dt_property_read_u32(container, "#scmi-secondary-agents-cells", &nr_cells);
    if ( nr_cells < 2 || nr_cells > 4 )
        return "#scmi-secondary-agents-cells is not 2, 3 or 4";
    agent_cells = dt_get_property(container, "scmi-secondary-agents", &len);
    if ( !agent_cells || !len || len % (nr_cells * sizeof(*agent_cells)) )
        return "scmi-secondary-agents is missing or has a wrong length";
    nr_agents_listed = len / (nr_cells * sizeof(*agent_cells));
    if ( nr_agents_listed >= SCMI_MED_MAX_AGENTS )
        return "scmi-secondary-agents has too many agents";
    *nr_agents = nr_agents_listed;
    dt_property_read_u32(container, "xen,dom0-sci-agent-id",
                         &scmi_med.hwdom_agent_id);

    return NULL;
}

/* Whether any of it is in the address ranges of a node. */
static bool __init is_in(const struct dt_device_node *np, paddr_t addr,
                         paddr_t size)
{
    u64 start, len;
    unsigned int i;

    for ( i = 0; !dt_device_get_address(np, i, &start, &len); i++ )
        if ( addr - start < len || start - addr < size )
            return true;

    return false;
}

/* Whether it is memory that Xen or a domain may be using. */
static bool __init is_ram(paddr_t addr, paddr_t size)
{
    const struct dt_device_node *np, *child;
    bool ram = false;

    dt_for_each_device_node ( dt_host, np )
    {
        if ( dt_device_type_is_equal(np, "memory") && is_in(np, addr, size) )
            ram = true;
        if ( strcmp(np->full_name, "/reserved-memory") )
            continue;
        dt_for_each_child_node ( np, child )
            if ( is_in(child, addr, size) )
                return false;
    }

    return ram;
}

static const char *__init read_page(const struct dt_device_node *shmem,
                                    paddr_t *addr, paddr_t *size)
{
    u64 a, s;

    if ( !shmem || dt_device_get_address(shmem, 0, &a, &s) )
        return "its shmem is no node with an address that can be translated";
    if ( !s || s > MB(1) || a >= (1ULL << PADDR_BITS) )
        return "its shmem is larger than 1 MiB, or nowhere";
    if ( is_ram(a, s) )
        return "its shmem is in the host's memory, and not reserved there";

    *addr = a;
    *size = s;

    return NULL;
}

static const char *__init read_channel(uint32_t function_id, uint32_t phandle,
                                       struct scmi_back *back)
{
    const struct dt_device_node *shmem = dt_find_node_by_phandle(phandle);
    unsigned int owner = smccc_get_owner(function_id);
    const char *wrong;

    if ( !smccc_is_fast_call(function_id) ||
         (owner != ARM_SMCCC_OWNER_SIP && owner != ARM_SMCCC_OWNER_OEM) )
        return "the function ID is no fast call of the SiP or OEM range";
    wrong = read_page(shmem, &back->page, &back->size);
    if ( wrong )
    {
        if ( shmem )
            printk(XENLOG_ERR "SCMI: %s: %s\n", shmem->full_name, wrong);
        return wrong;
    }
    if ( !IS_ALIGNED(back->page, PAGE_SIZE) ||
         !IS_ALIGNED(back->size, PAGE_SIZE) )
        return "its shmem does not cover whole pages";

    back->function_id = function_id;
    if ( dt_device_is_compatible(trusted_node, "arm,scmi-smc-param") )
        back->page_param = back->page >> 12;

    return NULL;
}

const char *__init scmi_med_dt_trusted(struct scmi_agent *agent)
{
    uint32_t function_id, phandle = 0;

    if ( !trusted_node ||
         !dt_property_read_u32(trusted_node, "arm,smc-id", &function_id) )
        return "the \"xen,sci\" node has no child \"arm,scmi-smc\" with an \"arm,smc-id\" for the trusted channel";

    agent->id = SCMI_AGENT_SELF;
    agent->role = SCMI_MED_AGENT_TRUSTED;
    dt_property_read_u32(trusted_node, "shmem", &phandle);

    return read_channel(function_id, phandle, &agent->own);
}

const char *__init scmi_med_dt_agent(unsigned int n, struct scmi_agent *agent)
{
    const __be32 *cells = agent_cells + n * nr_cells;

    agent->id = nr_cells > 2 ? be32_to_cpu(cells[2]) : SCMI_AGENT_SELF;
    /* Who is not known by an id must be known by its place. */
    agent->own.client_id = nr_cells > 3 ? be32_to_cpu(cells[3])
                         : nr_cells > 2 ? agent->id : n + 1;
    if ( nr_cells > 2 && agent->id >= SCMI_MED_MAX_AGENTS )
        return "its id is not in 0 .. 254";

    return read_channel(be32_to_cpu(cells[0]), be32_to_cpu(cells[1]),
                        &agent->own);
}

static int __init add_page(const struct dt_device_node *shmem)
{
    paddr_t addr, size;

    if ( read_page(shmem, &addr, &size) )
        return 0;

    return rangeset_add_range(scmi_med.pages, paddr_to_pfn(addr),
                              paddr_to_pfn(addr + size - 1));
}

static const struct dt_device_node *__init
shmem_of(const struct dt_device_node *np)
{
    uint32_t phandle = 0;

    if ( !dt_match_node(scmi_match, np) )
        return NULL;
    dt_property_read_u32(np, "shmem", &phandle);

    return dt_find_node_by_phandle(phandle);
}

/*
 * Whatever the agents' entries are worth: what they name, what is described
 * below the container, and what any driver would take for its channel.
 */
int __init scmi_med_dt_pages(void)
{
    const struct dt_device_node *np;
    size_t len = strlen(container->full_name);
    unsigned int n;
    int rc = 0;

    dt_for_each_device_node ( dt_host, np )
    {
        bool below = !strncmp(np->full_name, container->full_name, len) &&
                     np->full_name[len] == '/';

        rc |= add_page(shmem_of(np));
        if ( below && dt_match_node(shmem_match, np) )
            rc |= add_page(np);
    }
    for ( n = 0; n < nr_agents_listed; n++ )
        rc |= add_page(dt_find_node_by_phandle(
                           be32_to_cpu(agent_cells[n * nr_cells + 1])));

    return rc;
}

void __init scmi_med_dt_hwdom_pages(void (*fn)(struct domain *d,
                                               unsigned long pfn),
                                    struct domain *d)
{
    const struct dt_device_node *np;
    paddr_t addr, size;

    dt_for_each_device_node ( dt_host, np )
        if ( np != trusted_node && !read_page(shmem_of(np), &addr, &size) )
            fn(d, paddr_to_pfn(addr));
}

void __init scmi_med_dt_devices(void (*fn)(struct scmi_agent *agent,
                                           const char *path,
                                           uint32_t device_id, bool hwdom),
                                struct scmi_agent *agent)
{
    const struct dt_device_node *np;
    struct dt_phandle_args args;
    uint32_t device_id;
    unsigned int i;

    dt_for_each_device_node ( dt_host, np )
    {
        bool hwdom = !dt_device_for_passthrough(np);

        if ( dt_property_read_u32(np, "scmi_devid", &device_id) )
            fn(agent, np->full_name, device_id, hwdom);
        if ( !dt_get_property(np, "access-controllers", NULL) )
            continue;
        for ( i = 0; !dt_parse_phandle_with_args(np, "access-controllers",
                                                 "#access-controller-cells",
                                                 i, &args); i++ )
            if ( args.np == trusted_node && args.args_count )
                fn(agent, np->full_name, args.args[0], hwdom);
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
