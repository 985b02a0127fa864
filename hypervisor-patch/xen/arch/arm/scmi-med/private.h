/* SPDX-License-Identifier: GPL-2.0-only */
/* SCMI mediation: what its files share. */

#ifndef ARM_SCMI_MED_PRIVATE_H
#define ARM_SCMI_MED_PRIVATE_H

#include <xen/device_tree.h>
#include <xen/mm.h>
#include <xen/sched.h>
#include <xen/spinlock.h>

#include <asm/atomic.h>
#include <asm/scmi-med.h>

#include <public/arch-arm/scmi-med.h>

/* The firmware counts its agents in 8 bits. */
#define SCMI_MED_MAX_AGENTS     255

/* Agent id by which BASE_DISCOVER_AGENT takes its caller. */
#define SCMI_AGENT_SELF         0xffffffffU

/* Where guests see their page: behind the emulated UART, nothing else there. */
#define SCMI_MED_GUEST_FRAME    0x22001

/*
 * The way to the firmware: a page shared with it, and the SMC that makes it
 * look there. How it tells one channel from another is its own business, so
 * everything that it may go by is set: the function ID, the client id in w7
 * (Arm DEN0028), and the page itself in x1 and x2 for "arm,scmi-smc-param".
 */
struct scmi_channel {
    uint32_t function_id;
    uint32_t client_id;
    bool page_in_regs;
    paddr_t page;
    void __iomem *map;              /* Xen's own mapping of the page */
};

struct scmi_agent {
    /* Constant after boot. */
    uint32_t id;
    uint32_t role;                  /* SCMI_MED_AGENT_{TRUSTED,HWDOM} or 0 */
    struct scmi_channel channel;
    char name[16];

    /*
     * Held while a call is with the firmware, so that whoever takes it knows
     * that none is. Nests inside the control lock.
     */
    spinlock_t lock;
    const struct domain *domain;    /* changes with the control lock held too */
    uint64_t calls;

    atomic_t refused;               /* no lock */

    /* Guarded by the control lock. */
    bool quarantined;
    gfn_t gfn;                      /* of the page in domain */
    unsigned int nr_devices;
    uint32_t *devices;              /* ids that are, or may be, permitted */
};

struct scmi_med {
    /* Constant after boot. */
    bool enabled;
    uint32_t function_id;           /* that guests call */
    unsigned int nr_agents;
    struct scmi_agent *agents;
    struct scmi_agent *trusted;
    const struct dt_device_node *trusted_node;
    struct scmi_med_info info;      /* what the firmware says of itself */

    /*
     * The control lock: one command, teardown or message on the trusted
     * channel at a time.
     */
    spinlock_t lock;
};

extern struct scmi_med scmi_med;

/* dt.c: fills the table of agents. Negative: mediation stays off. */
int scmi_med_dt_read(void);
/* dt.c: permits the hardware domain its devices. */
void scmi_med_dt_grant_hwdom(struct scmi_agent *agent);

/* call.c */
unsigned long scmi_med_smc(const struct scmi_channel *channel);

/*
 * trusted.c: messages of the Base protocol, with the control lock held. They
 * return
 *  -ENODEV: the firmware lacks the message
 *  -EIO:    it said no, see the SCMI status, or gave no answer that is one
 *           (status 0), within a bounded time
 */
int scmi_med_probe(void);
int scmi_med_discover_agent(const struct scmi_channel *channel,
                            uint32_t agent_id, uint32_t *id, char name[16]);
int scmi_med_set_device(uint32_t agent_id, uint32_t device_id, bool allow,
                        int32_t *status);
int scmi_med_reset_agent(uint32_t agent_id, int32_t *status);
/* Zeroes a page, and marks the channel as free. */
void scmi_med_scrub(const struct scmi_channel *channel);

/* agent.c, all with the control lock held; errors as in the public header. */
struct scmi_agent *scmi_med_find_agent(uint32_t agent_id);
int scmi_med_assign(struct domain *d, struct scmi_agent *agent, gfn_t gfn);
int scmi_med_release(struct domain *d, int32_t *status);
int scmi_med_permit(struct scmi_agent *agent, uint32_t device_id,
                    bool allow, int32_t *status);
int scmi_med_revoke(struct scmi_agent *agent, int32_t *status);

#endif /* ARM_SCMI_MED_PRIVATE_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * tab-width: 4
 * indent-tabs-mode: nil
 * End:
 */
