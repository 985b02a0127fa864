/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All at once: guests that call, two tools in the control domain, domains that
 * die and are made again. Whatever happens, a call is in the firmware only as
 * the agent of a domain that has the agent's face, one at a time; no two domains
 * that can reach it have the same face (memory.c looks); and what is left at the
 * end is nothing.
 */

#include "world.h"

#include <asm/scmi-med.h>

#include <pthread.h>
#include <unistd.h>

#define DOMAINS 4               /* 1 .. */
#define FIRST_AGENT 3
#define AGENTS 3                /* fewer than domains: they are fought for */
#define ROUNDS 4000

#define load(x) __atomic_load_n(&(x), __ATOMIC_SEQ_CST)
#define store(x, v) __atomic_store_n(&(x), v, __ATOMIC_SEQ_CST)
#define add(x, v) __atomic_add_fetch(&(x), v, __ATOMIC_SEQ_CST)

static struct domain dom0_too = { .privileged = true };
static pthread_rwlock_t vcpus[DOMAINS + 1];     /* held while one runs */
static bool stop;
static unsigned int in_firmware[NR_PAGES + 1];
static unsigned long forwarded, refused, assigned, deaths;

/* For assertions in threads: cmocka's jump out of the test. */
#define check(c) \
    do { \
        if (!(c)) { \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #c); \
            abort(); \
        } \
    } while (0)

static void on_call(unsigned int agent, bool domains, bool start)
{
    unsigned long mfn = scmi_med_find_agent(agent)->face_mfn.v;

    if (!start) {
        check(add(in_firmware[agent], -1) == 0);
        return;
    }
    check(add(in_firmware[agent], 1) == 1);
    if (!domains)
        return;
    /* It still has the face, so nobody else has. */
    check(current->domain->domain_id);
    check(current->domain->gfn == FRAME && current->domain->mfn == mfn);
    add(forwarded, 1);
    sched_yield();
    check(current->domain->gfn == FRAME && current->domain->mfn == mfn);
}

/* Long enough for somebody else to do something. */
static void on_unmap(struct domain *d)
{
    if (d->domain_id)
        usleep(50);
}

static uint32_t random_below(uint32_t *seed, uint32_t n)
{
    *seed = *seed * 1664525 + 1013904223;
    return (*seed >> 8) % n;
}

static void begin(int thread, struct vcpu *vcpu)
{
    harness_thread = thread;
    harness_locks = 0;
    current = vcpu;
}

/* Both CPUs of a domain do so, into the same face. */
static void write_message(uint32_t *face)
{
    static const uint32_t words[] = { 0, 0, 0, 0, 0, 8, SCMI_HEADER(SCMI_CLOCK, 6), 1 };
    unsigned int n;

    for (n = 4; n < 8; n++)
        __atomic_store_n(&face[n], words[n], __ATOMIC_RELAXED);
    __atomic_store_n(&face[1], 0, __ATOMIC_RELAXED);
}

static void *guest(void *arg)
{
    int n = (int)(uintptr_t)arg, domid = 1 + n % DOMAINS;
    struct vcpu vcpu = { .domain = &harness_domains[domid] };

    begin(10 + n, &vcpu);
    while (!load(stop)) {
        struct cpu_user_regs regs = { .x = { GUEST_FUNCTION_ID, 1, 2, 3, 4, 5, 6, 7 } };
        uint32_t *face;

        pthread_rwlock_rdlock(&vcpus[domid]);
        if (!vcpu.domain->is_dying && load(vcpu.domain->exists)) {
            face = memory_face(load(vcpu.domain->mfn));
            if (face && load(vcpu.domain->gfn) != ~0UL)
                write_message(face);
            check(scmi_med_handle_call(&regs));
            check(harness_locks == 0);
            if ((uint32_t)regs.x[0])
                add(refused, 1);
        }
        pthread_rwlock_unlock(&vcpus[domid]);
        sched_yield();
    }
    return NULL;
}

static void *tool(void *arg)
{
    struct vcpu vcpu = { .domain = &dom0_too };
    uint32_t seed = (uint32_t)(uintptr_t)arg;
    unsigned int i;

    begin(100 + (int)seed, &vcpu);
    for (i = 0; i < ROUNDS; i++) {
        struct scmi_med_op op = {
            .version = SCMI_MED_VERSION,
            .domid = 1 + random_below(&seed, DOMAINS),
            .agent_id = FIRST_AGENT + random_below(&seed, AGENTS),
        };
        unsigned int cmd = random_below(&seed, SCMI_MED_OP_get_resources + 1);
        long rc;

        if (cmd == SCMI_MED_OP_assign)
            op.u.guest_frame = FRAME;
        else if (cmd == SCMI_MED_OP_set_device_permission)
            op.u.device = (struct scmi_med_device){
                10 + random_below(&seed, 3), random_below(&seed, 2),
            };
        else if (cmd == SCMI_MED_OP_get_agent)
            op.u.agent.index = random_below(&seed, NR_PAGES);
        else if (cmd == SCMI_MED_OP_set_rate)
            op.u.rate = ~0U;
        else if (cmd == SCMI_MED_OP_set_resource)
            op.u.resource = (struct scmi_med_resource){ SCMI_CLOCK, random_below(&seed, 3), random_below(&seed, 4) };
        else if (cmd == SCMI_MED_OP_get_resources)
            op.u.resources.index = random_below(&seed, NR_PAGES);
        do
            rc = do_scmi_med_op(cmd, &op);
        while (rc == HARNESS_CONTINUATION);
        check(harness_locks == 0);
        check(rc != -EIO && rc != -EOPNOTSUPP && rc != -EPERM && rc != -EINVAL);
        if (cmd == SCMI_MED_OP_assign && !rc)
            add(assigned, 1);
        sched_yield();
    }
    return NULL;
}

/* What Xen does: pauses the domain, takes its resources, drops the struct. */
static void kill_domain(uint16_t domid)
{
    struct domain *d = &harness_domains[domid];

    d->is_dying = 1;
    pthread_rwlock_wrlock(&vcpus[domid]);
    d->devices_off = true;
    while (scmi_med_domain_destroy(d) == -ERESTART)
        sched_yield();
    check(harness_locks == 0);
    check(!load(d->arch.scmi_agent));
    d->gfn = ~0UL;
    store(d->exists, false);
    while (load(d->rcu))
        sched_yield();
    /* Nor did anybody bind it while it was dying. */
    check(d->gfn == ~0UL && !d->arch.scmi_agent);
    d->devices_off = false;
    d->is_dying = 0;
    store(d->exists, true);
    pthread_rwlock_unlock(&vcpus[domid]);
    add(deaths, 1);
}

static void *reaper(void *arg)
{
    struct vcpu vcpu = { .domain = &dom0_too };
    uint32_t seed = (uint32_t)(uintptr_t)arg;

    begin(200 + (int)seed, &vcpu);
    while (!load(stop)) {
        kill_domain(1 + (uint16_t)random_below(&seed, DOMAINS));
        usleep(100);
    }
    return NULL;
}

static void test_all_at_once(void **state)
{
    pthread_t guests[2 * DOMAINS], tools[2], end;
    uintptr_t n;

    (void)state;
    for (n = 1; n <= DOMAINS; n++) {
        world_domain((uint16_t)n);
        pthread_rwlock_init(&vcpus[n], NULL);
    }
    firmware.on_call = on_call;
    world_on_unmap = on_unmap;

    /* Two CPUs of each guest. */
    for (n = 0; n < 2 * DOMAINS; n++)
        assert_int_equal(pthread_create(&guests[n], NULL, guest, (void *)n), 0);
    assert_int_equal(pthread_create(&end, NULL, reaper, (void *)1), 0);
    for (n = 0; n < 2; n++)
        assert_int_equal(pthread_create(&tools[n], NULL, tool, (void *)(n + 1)), 0);
    for (n = 0; n < 2; n++)
        pthread_join(tools[n], NULL);
    store(stop, true);
    pthread_join(end, NULL);
    for (n = 0; n < 2 * DOMAINS; n++)
        pthread_join(guests[n], NULL);

    printf("# %lu calls forwarded, %lu refused, %lu agents assigned, %lu deaths\n",
           forwarded, refused, assigned, deaths);
    assert_true(forwarded && refused && assigned && deaths);
    for (n = 1; n <= DOMAINS; n++)
        kill_domain((uint16_t)n);
    for (n = FIRST_AGENT; n < FIRST_AGENT + AGENTS; n++) {
        assert_int_equal(world_agent((uint32_t)n).flags, 0);
        assert_int_equal(world_agent((uint32_t)n).nr_devices, 0);
        assert_int_equal(firmware.devices[n], 0);
    }
    assert_null(strstr(world_log, "quarantined"));
    world_on_unmap = NULL;
}

/* What the in-Xen code marks as read or written without the lock. */
#ifdef __SANITIZE_THREAD__
#define VOLATILE(what, size) \
    void __tsan_volatile_ ## what ## size(void *p); \
    void __tsan_volatile_ ## what ## size(void *p) { (void)p; }
VOLATILE(read, 1) VOLATILE(read, 2) VOLATILE(read, 4) VOLATILE(read, 8)
VOLATILE(write, 1) VOLATILE(write, 2) VOLATILE(write, 4) VOLATILE(write, 8)
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_all_at_once, world_setup),
    };
    int failed = cmocka_run_group_tests_name("xen-threads", tests, NULL, NULL);

    world_reset();
    tree_free();
    return failed;
}
