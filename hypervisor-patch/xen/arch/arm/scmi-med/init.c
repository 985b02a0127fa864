/* SPDX-License-Identifier: GPL-2.0-only */
/* SCMI mediation: what happens at boot. */

#include <xen/acpi.h>
#include <xen/domain_page.h>
#include <xen/iocap.h>
#include <xen/softirq.h>
#include <xen/vmap.h>
#include <xen/xmalloc.h>

#include <asm/p2m.h>

#include "private.h"

struct scmi_med __read_mostly scmi_med = { .lock = SPIN_LOCK_UNLOCKED };

/* Device ids that the hardware domain has, at most. */
#define HWDOM_DEVICES           4096

/* What drivers in the hardware domain see that have no agent. */
static mfn_t __initdata blank;

/*
 * A page for a domain to see. It is never freed: the memory map of a domain
 * that dies has it to the end. No cache may have a line of it: domains see it
 * uncached, as Xen does from here on.
 */
static void __iomem *__init make_face(mfn_t *mfn)
{
    struct page_info *pg = alloc_domheap_page(NULL, 0);
    void __iomem *map;

    if ( !pg )
        return NULL;
    *mfn = page_to_mfn(pg);
    clear_domain_page(*mfn);
    flush_page_to_ram(mfn_x(*mfn), false);
    map = ioremap_nocache(mfn_to_maddr(*mfn), PAGE_SIZE);
    if ( map )
        scmi_med_scrub(map);

    return map;
}

/* Makes an agent usable whose channel was read from the device tree. */
static const char *__init open_agent(struct scmi_agent *agent)
{
    struct scmi_back *back = agent->back = &agent->own;

    spin_lock_init(&back->lock);
    back->map = ioremap_nocache(back->page, PAGE_SIZE);
    if ( !back->map )
        return "out of memory";
    scmi_med_scrub(back->map);
    if ( agent->role & SCMI_MED_AGENT_TRUSTED )
        return NULL;

    agent->max_devices = agent->role ? HWDOM_DEVICES : SCMI_MED_MAX_DEVICES;
    agent->devices = xzalloc_array(uint32_t, agent->max_devices);
    agent->face = make_face(&agent->face_mfn);

    return agent->devices && agent->face ? NULL : "out of memory";
}

static void __init deny_device(struct scmi_agent *agent, const char *path,
                               uint32_t device_id, bool hwdom)
{
    int32_t status = 0;

    /* What the firmware does not know, it does not permit. */
    if ( scmi_med_set_device(agent->id, device_id, false, &status) &&
         status != SCMI_NOT_FOUND && agent->nr_devices < agent->max_devices )
        agent->devices[agent->nr_devices++] = device_id;
}

/* A guest's agent may have permissions from before this boot. */
static void __init clear_agent(struct scmi_agent *agent)
{
    int32_t status = 0;

    if ( (scmi_med.features & SCMI_MED_FEATURE_KEEPS_APART) &&
         !scmi_med_is_kept_apart(agent) )
    {
        scmi_med.features &= ~(SCMI_MED_FEATURE_KEEPS_APART |
                               SCMI_MED_FEATURE_DEVICE_PERM);
        printk(XENLOG_WARNING "SCMI: the firmware lets agent %u set permissions: resources are kept apart by Xen alone\n",
               agent->id);
    }
    if ( (scmi_med.features & (SCMI_MED_FEATURE_DEVICE_PERM |
                               SCMI_MED_FEATURE_RESET)) ==
         SCMI_MED_FEATURE_DEVICE_PERM )
        scmi_med_dt_devices(deny_device, agent);
    if ( scmi_med_reset(agent, &status) )
        printk(XENLOG_WARNING "SCMI: agent %u could not be reset (SCMI status %d): it is quarantined\n",
               agent->id, status);
}

static const char *__init add_agent(unsigned int n, struct scmi_agent *agent)
{
    const char *wrong = scmi_med_dt_agent(n, agent);
    const struct scmi_agent *other;
    bool works;

    if ( !wrong && agent->id == scmi_med.hwdom_agent_id )
        agent->role = SCMI_MED_AGENT_HWDOM;
    wrong = wrong ?: open_agent(agent);
    if ( wrong )
        return wrong;
    works = !scmi_med_identify(agent);
    if ( agent->id >= SCMI_MED_MAX_AGENTS )
        return "neither the device tree nor the firmware tells its id, in 0 .. 254";
    if ( agent->id == scmi_med.hwdom_agent_id )
        agent->role = SCMI_MED_AGENT_HWDOM;
    for ( other = scmi_med.agents; other < agent; other++ )
        if ( agent->own.page - other->own.page < other->own.size ||
             other->own.page - agent->own.page < agent->own.size ||
             other->id == agent->id )
            return "another agent has the same page or id";

    if ( !works )
    {
        agent->life = SCMI_QUARANTINED;
        printk(XENLOG_WARNING "SCMI: agent %u does not work, or is another one in the eyes of the firmware: it is quarantined\n",
               agent->id);
    }
    else if ( !agent->role )
        clear_agent(agent);

    /*
     * Everybody calls the function ID that is in the hardware domain's device
     * tree, whichever agent it is, so that one guest tree fits them all.
     */
    if ( agent->role || !scmi_med.function_id )
        scmi_med.function_id = agent->own.function_id;
    if ( agent->role )
        scmi_med.hwdom = agent;

    return NULL;
}

static const char *__init add_trusted(void)
{
    struct scmi_agent *trusted = scmi_med.agents;
    const char *wrong = scmi_med_dt_trusted(trusted) ?: open_agent(trusted);

    if ( wrong )
        return wrong;

    spin_lock(&scmi_med.lock);
    scmi_med_probe();
    spin_unlock(&scmi_med.lock);
    if ( scmi_med.features & SCMI_MED_FEATURE_DEVICE_PERM )
        scmi_med.features |= SCMI_MED_FEATURE_KEEPS_APART;
    scmi_med.nr_agents = 1;

    return NULL;
}

static const char *__init add_agents(void)
{
    const char *wrong;
    unsigned int n, nr = 0;

    wrong = scmi_med_dt_open(&nr);
    scmi_med.pages = rangeset_new(NULL, "SCMI pages",
                                  RANGESETF_prettyprint_hex);
    if ( !scmi_med.pages || scmi_med_dt_pages() )
        return "out of memory";
    if ( wrong )
        return wrong;

    scmi_med.agents = xzalloc_array(struct scmi_agent, nr + 1);
    wrong = scmi_med.agents ? add_trusted() : "out of memory";
    if ( wrong )
        return wrong;

    for ( n = 0; n < nr; n++ )
    {
        struct scmi_agent *agent = &scmi_med.agents[scmi_med.nr_agents];

        /* A channel that is dead takes its time. */
        process_pending_softirqs();
        spin_lock(&scmi_med.lock);
        wrong = add_agent(n, agent);
        spin_unlock(&scmi_med.lock);
        if ( !wrong )
        {
            scmi_med.nr_agents++;
            continue;
        }
        printk(XENLOG_ERR "SCMI: agent %u of scmi-secondary-agents is left out: %s\n",
               n, wrong);
        if ( agent->own.map )
            iounmap(agent->own.map);
        xfree(agent->devices);
        memset(agent, 0, sizeof(*agent));
    }

    return scmi_med.features ? NULL
           : "the firmware gives no valid answer on the trusted channel: no guest will get an agent";
}

static int __init scmi_med_init(void)
{
    const char *wrong;

    if ( !acpi_disabled || !dt_find_compatible_node(NULL, NULL, "xen,sci") )
        return 0;

    wrong = add_agents();
    if ( wrong )
        printk(XENLOG_ERR "SCMI: %s\n", wrong);
    printk(XENLOG_INFO "SCMI: mediation of function ID %#x for %u agents, features %#x\n",
           scmi_med.function_id, scmi_med.nr_agents, scmi_med.features);

    return 0;
}
__initcall(scmi_med_init);

/* Takes the pages away that got mapped like any device's. */
static int __init hide_pages(unsigned long from, unsigned long to, void *d)
{
    /* A page's right may come with that to the one before it. */
    if ( iomem_deny_access(d, from, to) ||
         unmap_regions_p2mt(d, _gfn(from), to - from + 1, _mfn(from)) )
    {
        printk(XENLOG_ERR "SCMI: could not hide pages %#lx .. %#lx from the hardware domain: no guest will get an agent\n",
               from, to);
        scmi_med.features = 0;
    }

    return 0;
}

/*
 * In its place the hardware domain sees one of Xen's: its agent's face, or one
 * that nobody looks at, so that a driver that writes there does no harm.
 */
static void __init show_page(struct domain *d, unsigned long pfn)
{
    struct scmi_agent *agent = scmi_agent_of(d);
    bool is_agents = agent && paddr_to_pfn(agent->own.page) == pfn;

    if ( !is_agents && mfn_eq(blank, INVALID_MFN) && !make_face(&blank) )
        return;
    if ( mfn_eq(p2m_lookup(d, _gfn(pfn), NULL), INVALID_MFN) &&
         map_regions_p2mt(d, _gfn(pfn), 1,
                          is_agents ? agent->face_mfn : blank,
                          p2m_mmio_direct_dev) )
        printk(XENLOG_ERR "SCMI: the hardware domain has nothing at page %#lx\n",
               pfn);
}

static void __init grant_device(struct scmi_agent *agent, const char *path,
                                uint32_t device_id, bool hwdom)
{
    int32_t status = 0;
    int rc = hwdom ? scmi_med_permit(agent, device_id, true, &status) : 0;

    if ( rc )
        printk(XENLOG_WARNING "SCMI: %s: the hardware domain did not get device %u: error %d, SCMI status %d\n",
               path, device_id, rc, status);
}

void __init scmi_med_hwdom_init(struct domain *d)
{
    struct scmi_agent *agent = scmi_med.hwdom;

    if ( !scmi_med.pages )
        return;

    blank = INVALID_MFN;
    rangeset_report_ranges(scmi_med.pages, 0, ~0UL, hide_pages, d);

    if ( agent )
    {
        scmi_agent_of(d) = agent;
        show_page(d, paddr_to_pfn(agent->own.page));
    }
    scmi_med_dt_hwdom_pages(show_page, d);

    if ( !agent || agent->life == SCMI_QUARANTINED )
    {
        printk(XENLOG_WARNING "SCMI: the hardware domain has no agent\n");
        return;
    }

    spin_lock(&scmi_med.lock);
    scmi_med_bind(agent, d, _gfn(paddr_to_pfn(agent->own.page)));
    scmi_med_dt_devices(grant_device, agent);
    spin_unlock(&scmi_med.lock);
}

bool scmi_med_is_firmwares(paddr_t addr, paddr_t size)
{
    /* Rights are given for one frame more, see map_range_to_domain(). */
    return scmi_med.pages && system_state >= SYS_STATE_active &&
           rangeset_overlaps_range(scmi_med.pages, paddr_to_pfn(addr),
                                   paddr_to_pfn(addr + size));
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
