/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Xen's side of the world: memory, domains, the console, the clock. */

#include "world.h"

#include <asm/scmi-med.h>

bool acpi_disabled = true;
_Thread_local int harness_locks, harness_thread = 1;
int harness_copy_faults;
struct domain harness_domains[HARNESS_DOMAINS];
static struct vcpu dom0_vcpu = { &harness_domains[0] };
_Thread_local struct vcpu *current = &dom0_vcpu;
char world_log[16384];
int world_fail_alloc, world_fail_map, world_preempt;
bool world_lenient;
const struct sci_mediator_ops *world_sci;

static uint32_t pages[NR_PAGES][1024];
s_time_t world_now;

/* A tick at each look, so that what waits comes to its end. */
s_time_t NOW(void)
{
    return __atomic_add_fetch(&world_now, WORLD_TICK, __ATOMIC_RELAXED);
}

bool hypercall_preempt_check(void)
{
    return world_preempt && world_preempt--;
}

int sci_register(const struct sci_mediator_ops *ops)
{
    world_sci = ops;
    return 0;
}

void printk(const char *format, ...)
{
    size_t len = strlen(world_log);
    va_list args;

    va_start(args, format);
    vsnprintf(world_log + len, sizeof(world_log) - len, format, args);
    va_end(args);
}

void panic(const char *format, ...)
{
    fail_msg("panic: %s", format);
    abort();
}

static bool counted_down(int *counter)
{
    return *counter && !--*counter;
}

void *harness_alloc(size_t size)
{
    return counted_down(&world_fail_alloc) ? NULL : calloc(1, size);
}

uint32_t *world_page(unsigned int agent)
{
    return pages[agent - 1];
}

void *ioremap_nocache(paddr_t page, size_t len)
{
    assert_int_equal(len, PAGE_SIZE);
    if (counted_down(&world_fail_map))
        return NULL;
    if (world_lenient && (page < PAGES || page >= PAGES + NR_PAGES * PAGE_SIZE))
        return NULL;
    assert_in_range(page, PAGES, PAGES + (NR_PAGES - 1) * PAGE_SIZE);
    return pages[(page - PAGES) / PAGE_SIZE];
}

void iounmap(void *map)
{
    assert_non_null(map);
}

struct domain *world_domain(uint16_t domid)
{
    struct domain *d = &harness_domains[domid];

    *d = (struct domain){ .domain_id = domid, .exists = true, .gfn = ~0UL, .privileged = !domid };
    return d;
}

struct domain *rcu_lock_domain_by_id(uint16_t domid)
{
    struct domain *d;

    if (domid >= HARNESS_DOMAINS)
        return NULL;
    d = &harness_domains[domid];
    __atomic_add_fetch(&d->rcu, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&d->exists, __ATOMIC_SEQ_CST))
        return d;
    __atomic_sub_fetch(&d->rcu, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

void rcu_unlock_domain(struct domain *d)
{
    assert_true(__atomic_sub_fetch(&d->rcu, 1, __ATOMIC_SEQ_CST) >= 0);
}

mfn_t p2m_lookup(struct domain *d, gfn_t gfn, void *type)
{
    assert_null(type);
    return gfn.v == d->gfn ? _mfn(d->mfn) : INVALID_MFN;
}

int map_regions_p2mt(struct domain *d, gfn_t gfn, unsigned long nr, mfn_t mfn, int type)
{
    assert_int_equal(nr, 1);
    assert_int_equal(type, p2m_mmio_direct_dev);
    if (d->map_rc || d->is_dying)
        return d->map_rc ? d->map_rc : -ENOMEM;
    d->gfn = gfn.v;
    d->mfn = mfn.v;
    return 0;
}

int unmap_regions_p2mt(struct domain *d, gfn_t gfn, unsigned long nr, mfn_t mfn)
{
    assert_true(nr == 1 || !d->domain_id);
    /* The memory map of a dying domain does not change, but goes as a whole. */
    if (d->unmap_rc || d->is_dying)
        return d->unmap_rc ? d->unmap_rc : -ENOMEM;
    /* Dom0 has everything at its own place. */
    if (d->domain_id) {
        assert_int_equal(d->gfn, gfn.v);
        assert_int_equal(d->mfn, mfn.v);
        d->gfn = ~0UL;
    }
    return 0;
}

int iomem_deny_access(struct domain *d, unsigned long from, unsigned long to)
{
    for (; from <= to; from++)
        d->denied_pages |= UINT64_C(1) << (from - PAGES / PAGE_SIZE) % 64;
    return 0;
}

void world_reset(void)
{
    free(scmi_med.agents);
    memset(&scmi_med, 0, sizeof(scmi_med));
    memset(&firmware, 0, sizeof(firmware));
    firmware.faulty_message = ~0U;
    memset(harness_domains, 0, sizeof(harness_domains));
    memset(pages, 0xa5, sizeof(pages));
    world_log[0] = '\0';
    world_fail_alloc = world_fail_map = harness_copy_faults = harness_locks = world_preempt = 0;
    acpi_disabled = true;
    tree_load();
    world_domain(0);
    current = &dom0_vcpu;
}

void world_boot(void)
{
    assert_int_equal(harness_scmi_med_init(), 0);
    assert_int_equal(harness_locks, 0);
    scmi_med_hwdom_init(&harness_domains[0]);
    assert_int_equal(harness_locks, 0);
}

long world_op(unsigned int cmd, struct scmi_med_op *op)
{
    long rc;

    op->version = SCMI_MED_VERSION;
    do {
        rc = do_scmi_med_op(cmd, op);
        assert_int_equal(harness_locks, 0);
    } while (rc == HARNESS_CONTINUATION);
    return rc;
}

bool world_call(struct domain *d, register_t regs[8])
{
    struct vcpu vcpu = { d }, *before = current;
    struct cpu_user_regs frame;
    bool handled;
    int locks = harness_locks;

    memcpy(frame.x, regs, sizeof(frame.x));
    current = &vcpu;
    handled = scmi_med_handle_call(&frame);
    current = before;
    memcpy(regs, frame.x, sizeof(frame.x));
    assert_int_equal(harness_locks, locks);
    return handled;
}
