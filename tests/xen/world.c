/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Xen's side of the world: memory, domains, the console, the clock. */

#include "world.h"

#include <asm/scmi-med.h>

bool acpi_disabled = true;
_Thread_local int harness_locks, harness_thread = 1;
int harness_copy_faults;
struct domain harness_domains[HARNESS_DOMAINS];
static struct vcpu dom0_vcpu = { .domain = &harness_domains[0] };
_Thread_local struct vcpu *current = &dom0_vcpu;
char world_log[16384];
int world_fail_alloc, world_fail_map, world_preempt, world_events;
int system_state;
unsigned int world_softirqs, world_waits;
bool world_lenient;
const struct sci_mediator_ops *world_sci;

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

bool local_events_need_delivery_nomask(void)
{
    return world_events && world_events--;
}

void process_pending_softirqs(void)
{
    assert_int_equal(harness_locks, 0);
    world_softirqs++;
}

void *harness_alloc(size_t size)
{
    return world_fail_alloc && !--world_fail_alloc ? NULL : calloc(1, size);
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

void world_reset(void)
{
    unsigned int n;

    for (n = 0; n < scmi_med.nr_agents; n++)
        free(scmi_med.agents[n].devices);
    free(scmi_med.agents);
    memset(&scmi_med, 0, sizeof(scmi_med));
    memset(&firmware, 0, sizeof(firmware));
    firmware.faulty_message = ~0U;
    memset(harness_domains, 0, sizeof(harness_domains));
    memory_reset();
    world_log[0] = '\0';
    world_fail_alloc = world_fail_map = harness_copy_faults = harness_locks = world_preempt = 0;
    world_softirqs = world_waits = 0;
    world_events = 0;
    acpi_disabled = true;
    system_state = SYS_STATE_boot;
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
    system_state = SYS_STATE_active;
    firmware.calls = firmware.trusted_calls = 0;
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

/* A CPU of the domain's; one that is to try again does so when its time has come. */
bool world_call(struct domain *d, register_t regs[8])
{
    struct vcpu vcpu = { .domain = d }, *before = current;
    struct cpu_user_regs frame = { .pc = 0x80004 };
    bool handled;
    int locks = harness_locks;

    memcpy(frame.x, regs, sizeof(frame.x));
    current = &vcpu;
    for (;;) {
        handled = scmi_med_handle_call(&frame);
        assert_int_equal(harness_locks, locks);
        if (frame.pc == 0x80004)
            break;
        assert_true(handled);
        assert_int_equal(frame.pc, 0x80000);
        assert_memory_equal(frame.x, regs, sizeof(frame.x));
        frame.pc = 0x80004;
        world_waits++;
        if (vcpu.pause_flags & 1UL << _VPF_blocked && world_now < vcpu.poll_timer)
            world_now = vcpu.poll_timer;
        vcpu_unblock(&vcpu);
    }
    current = before;
    memcpy(regs, frame.x, sizeof(frame.x));
    return handled;
}
