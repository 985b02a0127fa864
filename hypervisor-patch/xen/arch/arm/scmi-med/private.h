/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SCMI mediation: what its files share.
 *
 * Two kinds of locks. The control lock is for commands, teardown and whatever
 * is said on the trusted channel; who holds it may wait for the firmware. An
 * agent's lock is for its calls, and nests inside. A call takes only the
 * latter, and only if it is free: no domain waits for another domain, for the
 * control domain, or for more than its own call to the firmware.
 */

#ifndef ARM_SCMI_MED_PRIVATE_H
#define ARM_SCMI_MED_PRIVATE_H

#include <xen/device_tree.h>
#include <xen/errno.h>
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/sched.h>

#include <asm/scmi-med.h>

#include <public/arch-arm/scmi-med.h>

#include "compat.h"

/* The firmware counts its agents in 8 bits. */
#define SCMI_MED_MAX_AGENTS     255

/* Agent id by which BASE_DISCOVER_AGENT takes its caller; here: not known. */
#define SCMI_AGENT_SELF         0xffffffffU

/* Where guests see their page: behind the emulated UART, nothing else there. */
#define SCMI_MED_GUEST_FRAME    0x22001

/*
 * The way to the firmware: a page shared with it, and the SMC that makes it
 * look there. How it tells one channel from another is its own business, so
 * everything that it may go by is set: the function ID, the client id in w7
 * (Arm DEN0028), and for "arm,scmi-smc-param" the number of the page in x1.
 */
struct scmi_channel {
    uint32_t function_id;
    uint32_t client_id;
    unsigned long page_param;
    paddr_t page;                   /* the first of those of its node */
    paddr_t size;                   /* of all of them */
    void __iomem *map;              /* Xen's own mapping of the page */
};

struct scmi_agent {
    /* Constant after boot. */
    uint32_t id;
    uint32_t role;                  /* SCMI_MED_AGENT_{TRUSTED,HWDOM} or 0 */
    struct scmi_channel channel;

    /*
     * Held while a call is with the firmware, so that whoever takes it knows
     * that none is.
     */
    spinlock_t lock;
    const struct domain *caller;    /* whose calls are forwarded, or NULL */
    s_time_t due;                   /* when the next call is in the rate */
    s_time_t last_call;
    int32_t last_error;
    uint64_t calls, throttled;

    /* No lock. */
    uint32_t rate;                  /* calls per second */
    atomic_t refused;

    /* Guarded by the control lock. */
    const struct domain *domain;    /* that is bound to the agent, or NULL */
    bool quarantined;
    gfn_t gfn;                      /* of the page in domain */
    unsigned int nr_devices;
    /* Ids that are, or may be, permitted. */
    uint32_t devices[SCMI_MED_MAX_DEVICES];
};

struct scmi_med {
    spinlock_t lock;                /* the control lock */

    /* Constant after boot. */
    uint32_t function_id;           /* that domains call; 0: mediation is off */
    uint32_t features, base_version;
    uint32_t hwdom_agent_id;        /* or 0 */
    unsigned int nr_agents;
    struct scmi_agent *agents;      /* the first one is the trusted one */
};

extern struct scmi_med scmi_med;

/* dt.c: at boot. A string says what is wrong. */
const char *scmi_med_dt_open(unsigned int *nr_agents);
const char *scmi_med_dt_trusted(struct scmi_agent *agent);
const char *scmi_med_dt_agent(unsigned int n, struct scmi_agent *agent);
/* Permits the hardware domain its devices. */
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
void scmi_med_probe(void);
int scmi_med_set_device(uint32_t agent_id, uint32_t device_id, bool allow,
                        int32_t *status);
int scmi_med_reset_agent(uint32_t agent_id, int32_t *status);
/*
 * Whether the agent's channel works, and is the agent's in the eyes of the
 * firmware. Fills in an id that is not known.
 */
int scmi_med_identify(struct scmi_agent *agent);
/* Zeroes a page, and marks the channel as free. */
void scmi_med_scrub(const struct scmi_channel *channel);

/*
 * agent.c, all with the control lock held; errors as in the public header, and
 * -ERESTART: call again, there is more to do than should be at one go.
 */
struct scmi_agent *scmi_med_find_agent(uint32_t agent_id);
int scmi_med_assign(struct domain *d, struct scmi_agent *agent, gfn_t gfn);
int scmi_med_release(struct domain *d, int32_t *status);
int scmi_med_permit(struct scmi_agent *agent, uint32_t device_id,
                    bool allow, int32_t *status);
int scmi_med_reset(struct scmi_agent *agent, int32_t *status);

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
