/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stands in for all of Xen's headers, so that the in-Xen files are compiled as
 * they are on the build host. What they call is in harness.c (Xen), tree.c
 * (device tree, over libfdt) and firmware.c (the SCMI platform). Locks assert
 * that they are used in pairs, and in order.
 */

#ifndef HARNESS_H
#define HARNESS_H

/* libc has a type of this name, too. */
#undef register_t
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define register_t xen_register_t
typedef unsigned long register_t;

/* ---- Words of Xen's ------------------------------------------------------- */

#define __init
#define __initconst
#define __initdata
#define __read_mostly
#define __iomem
#define cf_check
#define always_inline inline
#define ARRAY_SIZE(x) (sizeof(x) / sizeof((x)[0]))
#define IS_ALIGNED(v, a) (!((v) & ((a) - 1)))
#define BUILD_BUG_ON(c) _Static_assert(!(c), #c)
#define ASSERT(c) assert(c)
#define min(a, b) ((a) < (b) ? (a) : (b))
#define ACCESS_ONCE(x) (*(volatile __typeof__(x) *)&(x))
#define array_index_nospec(i, n) (i)
#define MILLISECS(ms) ((s_time_t)(ms) * 1000000)
#define likely(x) (x)
#define unlikely(x) (x)

#ifndef ERESTART
#define ERESTART 85
#endif

struct domain;

typedef uint64_t u64;
typedef uint32_t __be32;
typedef uint64_t paddr_t;
typedef int64_t s_time_t;
typedef uint32_t dt_phandle;

#define PRIpaddr PRIx64
#define PAGE_SHIFT 12
#define MB(n) ((n) * (1ULL << 20))
#define PAGE_SIZE 4096U
#define paddr_to_pfn(p) ((unsigned long)((p) >> PAGE_SHIFT))

static inline uint32_t be32_to_cpu(uint32_t v)
{
    return __builtin_bswap32(v);
}

#define XENLOG_ERR "E "
#define XENLOG_WARNING "W "
#define XENLOG_INFO "I "
/* "%pd" prints a pointer and a "d" here. */
void printk(const char *format, ...);
void panic(const char *format, ...) __attribute__((noreturn));

extern bool acpi_disabled;
s_time_t NOW(void);
#define cpu_relax() ((void)0)
#define dsb(scope) ((void)0)
#define smp_mb() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_wmb() __atomic_thread_fence(__ATOMIC_RELEASE)

enum { SYS_STATE_boot = 1, SYS_STATE_active = 4 };
extern int system_state;
/* Nobody holds a lock meanwhile. */
void process_pending_softirqs(void);

#define __initcall(fn) int (*const harness_ ## fn)(void) = fn
extern int (*const harness_scmi_med_init)(void);
extern int (*const harness_scmi_med_register)(void);

/* ---- Memory --------------------------------------------------------------- */

void *harness_alloc(size_t size);
#define xzalloc_array(type, n) ((type *)harness_alloc(sizeof(type) * (n)))
#define xfree free

void *ioremap_nocache(paddr_t page, size_t len);
void iounmap(void *map);
#define readl_relaxed(a) (*(volatile uint32_t *)(a))
#define writel_relaxed(v, a) (*(volatile uint32_t *)(a) = (v))

typedef struct { unsigned long v; } gfn_t;
typedef struct { unsigned long v; } mfn_t;
#define _gfn(x) ((gfn_t){ x })
#define gfn_x(g) ((g).v)
#define _mfn(x) ((mfn_t){ x })
#define INVALID_GFN _gfn(~0UL)
#define INVALID_MFN _mfn(~0UL)
#define mfn_eq(a, b) ((a).v == (b).v)
#define maddr_to_mfn(a) _mfn((a) >> PAGE_SHIFT)
#define mfn_x(m) ((m).v)
#define mfn_to_maddr(m) ((paddr_t)(m).v << PAGE_SHIFT)
#define PADDR_BITS 48

/* Pages of Xen's. Nobody may map one that was not cleared, then flushed. */
struct page_info {
    unsigned long mfn;
    bool cleared, flushed;
    uint32_t words[1024];
};

struct page_info *alloc_domheap_page(struct domain *d, unsigned int flags);
#define page_to_mfn(pg) _mfn((pg)->mfn)
void clear_domain_page(mfn_t mfn);
void flush_page_to_ram(unsigned long mfn, bool sync_icache);

/* Ranges that are added, and looked at. */
struct rangeset;
#define RANGESETF_prettyprint_hex 1
struct rangeset *rangeset_new(struct domain *d, const char *name, unsigned int flags);
int rangeset_add_range(struct rangeset *r, unsigned long from, unsigned long to);
bool rangeset_overlaps_range(struct rangeset *r, unsigned long from, unsigned long to);
int rangeset_report_ranges(struct rangeset *r, unsigned long from, unsigned long to,
                           int (*fn)(unsigned long from, unsigned long to, void *data), void *data);

/* ---- Locks ---------------------------------------------------------------- */

typedef struct { int holder; } spinlock_t;
#define SPIN_LOCK_UNLOCKED { 0 }
extern _Thread_local int harness_locks;     /* held right now */
extern _Thread_local int harness_thread;    /* who we are, from 1 on */

static inline void spin_lock_init(spinlock_t *l)
{
    l->holder = 0;
}

static inline bool spin_trylock(spinlock_t *l)
{
    int nobody = 0;

    if (!__atomic_compare_exchange_n(&l->holder, &nobody, harness_thread, false,
                                     __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        return false;
    harness_locks++;
    return true;
}

static inline bool spin_is_locked(const spinlock_t *l)
{
    return __atomic_load_n(&l->holder, __ATOMIC_RELAXED);
}

static inline void spin_lock(spinlock_t *l)
{
    assert(__atomic_load_n(&l->holder, __ATOMIC_RELAXED) != harness_thread && "deadlock");
    while (!spin_trylock(l))
        sched_yield();
}

static inline void spin_unlock(spinlock_t *l)
{
    assert(__atomic_load_n(&l->holder, __ATOMIC_RELAXED) == harness_thread);
    __atomic_store_n(&l->holder, 0, __ATOMIC_RELEASE);
    harness_locks--;
}

/* ---- Domains -------------------------------------------------------------- */

#define DOMID_FIRST_RESERVED 0x7ff0U
#define HARNESS_DOMAINS 512

struct scmi_agent;

struct domain {
    uint16_t domain_id;
    volatile int is_dying;
    bool exists, privileged;
    struct {
        struct scmi_agent *scmi_agent;
    } arch;
    /* The one mapping that matters here, and how often it was refused. */
    unsigned long gfn, mfn;
    int map_rc, unmap_rc;
    bool crashed;
    volatile bool devices_off;      /* none of its devices reaches its memory */
    unsigned long poll_mask[1];
    int rcu;                        /* references, atomic */
    uint64_t denied_pages;          /* bit n: page n of the board's is denied */
};

struct vcpu {
    struct domain *domain;
    unsigned int vcpu_id;
    unsigned long pause_flags;
    int poll_evtchn;
    s_time_t poll_timer;            /* when it wakes up */
};

/* A CPU that sleeps in Xen does so only in world_call(). */
#define _VPF_blocked 0
#define SCHEDULE_SOFTIRQ 1
#define set_bit(n, bits) ((void)__atomic_fetch_or(bits, 1UL << (n), __ATOMIC_SEQ_CST))
#define set_timer(timer, due) ((void)(*(timer) = (due)))
#define raise_softirq(n) ((void)(n))
#define vcpu_unblock(v) ((v)->pause_flags = 0, (v)->poll_evtchn = 0)
bool local_events_need_delivery_nomask(void);

extern struct domain harness_domains[HARNESS_DOMAINS];
extern _Thread_local struct vcpu *current;

struct domain *rcu_lock_domain_by_id(uint16_t domid);
void rcu_unlock_domain(struct domain *d);
#define domain_crash(d) ((d)->crashed = true)

#define XSM_PRIV 1
#define xsm_scmi_med_op(action, cmd) (current->domain->privileged ? 0 : -EPERM)

enum { p2m_mmio_direct_dev = 7 };
int map_regions_p2mt(struct domain *d, gfn_t gfn, unsigned long nr, mfn_t mfn, int type);
int unmap_regions_p2mt(struct domain *d, gfn_t gfn, unsigned long nr, mfn_t mfn);
mfn_t p2m_lookup(struct domain *d, gfn_t gfn, void *type);
int iomem_deny_access(struct domain *d, unsigned long from, unsigned long to);

/* ---- Hypercalls: guest memory is ours, unless it is to fault -------------- */

#define __HYPERVISOR_scmi_med_op 55
#define XEN_GUEST_HANDLE_PARAM(type) type *
#define DEFINE_XEN_GUEST_HANDLE(type) struct harness_unused_ ## type
#define guest_handle_cast(h, type) ((type *)(h))
extern int harness_copy_faults;     /* 1: from, 2: to the guest */
#define copy_from_guest(to, from, n) \
    (harness_copy_faults & 1 ? 1 : (memcpy(to, from, sizeof(*(to)) * (n)), 0))
#define copy_to_guest(to, from, n) \
    (harness_copy_faults & 2 ? 1 : (memcpy(to, from, sizeof(*(from)) * (n)), 0))
long do_scmi_med_op(unsigned int cmd, void *arg);

/* True every time while it is above 0, which it counts down. */
bool hypercall_preempt_check(void);
#define HARNESS_CONTINUATION 0x5e57a47L
#define hypercall_create_continuation(op, format, cmd, arg) \
    ((void)(cmd), (void)(arg), HARNESS_CONTINUATION)

/* ---- Calls ---------------------------------------------------------------- */

struct cpu_user_regs {
    union {
        register_t x[8];
        struct {
            register_t x0, x1, x2, x3;
        };
    };
    register_t pc;
};

struct arm_smccc_res {
    unsigned long a0, a1, a2, a3;
};

#define ARM_SMCCC_OWNER_SIP 2
#define ARM_SMCCC_OWNER_OEM 3
#define ARM_SMCCC_NOT_SUPPORTED (-1)
#define smccc_get_owner(f) (((f) >> 24) & 0x3f)
#define smccc_is_fast_call(f) ((f) >> 31)
#define arm_smccc_smc(r0, r1, r2, r3, r4, r5, r6, r7, res) \
    ((res)->a0 = firmware_smc((const uint64_t[8]){ r0, r1, r2, r3, r4, r5, r6, r7 }))
unsigned long firmware_smc(const uint64_t x[8]);

/* ---- The SCI subsystem of Xen 4.21 and later ------------------------------ */

struct xen_domctl_createdomain {
    struct {
        uint8_t arm_sci_type;
    } arch;
};

struct sci_mediator_ops {
    int (*domain_init)(struct domain *d, struct xen_domctl_createdomain *config);
    void (*domain_destroy)(struct domain *d);
    int (*relinquish_resources)(struct domain *d);
    bool (*handle_call)(struct cpu_user_regs *regs);
    int (*dom0_dt_finalize)(struct domain *d, void *fdt);
};

int sci_register(const struct sci_mediator_ops *ops);

/* ---- Device tree ---------------------------------------------------------- */

struct dt_device_node {
    const char *full_name;
    int offset;                     /* in the blob */
    struct dt_device_node *parent, *allnext;
};

struct dt_device_match {
    const char *compatible;
};

#define DT_MATCH_COMPATIBLE(c) { .compatible = c }

struct dt_phandle_args {
    struct dt_device_node *np;
    int args_count;
    uint32_t args[16];
};

extern struct dt_device_node *dt_host;

#define dt_for_each_device_node(root, np) \
    for ((np) = (root); (np); (np) = (np)->allnext)
#define dt_for_each_child_node(p, np) \
    for ((np) = tree_child(p, NULL); (np); (np) = tree_child(p, np))

struct dt_device_node *tree_child(const struct dt_device_node *parent,
                                  const struct dt_device_node *after);
const struct dt_device_match *dt_match_node(const struct dt_device_match *matches,
                                            const struct dt_device_node *np);
bool dt_device_type_is_equal(const struct dt_device_node *np, const char *type);
bool dt_device_is_compatible(const struct dt_device_node *np, const char *compatible);
struct dt_device_node *dt_find_compatible_node(void *from, const char *type, const char *compatible);
struct dt_device_node *dt_find_node_by_phandle(dt_phandle phandle);
const void *dt_get_property(const struct dt_device_node *np, const char *name, uint32_t *len);
bool dt_property_read_u32(const struct dt_device_node *np, const char *name, uint32_t *value);
int dt_device_get_address(const struct dt_device_node *np, unsigned int index, u64 *addr, u64 *size);
bool dt_device_for_passthrough(const struct dt_device_node *np);
int dt_parse_phandle_with_args(const struct dt_device_node *np, const char *list,
                               const char *cells, unsigned int index,
                               struct dt_phandle_args *args);

#endif
