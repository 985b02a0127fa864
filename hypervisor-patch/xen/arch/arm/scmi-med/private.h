/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SCMI mediation: what its files share.
 *
 * Each agent has a face, a page of Xen's that its domain sees, and a back, the
 * channel by which the firmware is called. Xen reads a message from the face,
 * makes it anew in the back, and brings the answer to the face.
 *
 * Two kinds of locks. The control lock is for commands and teardown: who holds
 * it may wait for the firmware, but for one message at a time only. A back's
 * lock is for one message, from the face to the firmware and back again, and
 * nests inside. It is fair, so that no domain waits for more than one message
 * of each other user of its back; and never for the control domain's commands.
 */

#ifndef ARM_SCMI_MED_PRIVATE_H
#define ARM_SCMI_MED_PRIVATE_H

#include <xen/device_tree.h>
#include <xen/errno.h>
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/rangeset.h>
#include <xen/sched.h>

#include <asm/io.h>
#include <asm/scmi-med.h>

#include <public/arch-arm/scmi-med.h>

#include "compat.h"
#include "guard.h"

/* The firmware counts its agents in 8 bits, so ids are below that. */
#define SCMI_MED_MAX_AGENTS     255

/* Agent id by which BASE_DISCOVER_AGENT takes its caller; here: not known. */
#define SCMI_AGENT_SELF         0xffffffffU

/* Where guests see their face: behind the emulated UART, nothing else there. */
#define SCMI_MED_GUEST_FRAME    0x22001

/* Words of a face or a back, by their offset. */
#define SHM_STATUS              0x04
#define SHM_STATUS_FREE         (1U << 0)
#define SHM_STATUS_ERROR        (1U << 1)
#define SHM_FLAGS               0x10
#define SHM_LENGTH              0x14    /* of header and payload, in bytes */
#define SHM_HEADER              0x18
#define SHM_PAYLOAD             0x1c

/*
 * The way to the firmware: a page shared with it, and the SMC that makes it
 * look there. How it tells one channel from another is its own business, so
 * everything that it may go by is set: the function ID, the client id in w7
 * (Arm DEN0028), and for "arm,scmi-smc-param" the number of the page in x1.
 */
struct scmi_back {
    spinlock_t lock;

    /* Constant after boot. */
    uint32_t function_id;
    uint32_t client_id;
    unsigned long page_param;
    paddr_t page;                   /* the first of those of its node */
    paddr_t size;                   /* of all of them */
    void __iomem *map;              /* Xen's own mapping of the page */

    /* Guarded by the lock. */
    uint32_t token;
    int32_t last_error;             /* of the SMC */
    struct scmi_facts facts;
};

/* The life of an agent. Each way from one to another is a function. */
enum scmi_life {
    SCMI_FREE,                      /* nobody's */
    SCMI_BOUND,                     /* the domain's messages are served */
    SCMI_ENDING,                    /* they are not, and all is taken back */
    SCMI_QUARANTINED,               /* nobody's, and nobody gets it */
};

/* What is left to do until all is taken back; one message at a time. */
enum scmi_step {
    SCMI_STEP_SHARED,               /* deny what other agents have, too */
    SCMI_STEP_CONFIG,               /* reset what it still may change */
    SCMI_STEP_DENY,                 /* deny the rest */
    SCMI_STEP_PERMISSIONS,          /* reset, with the permissions */
    SCMI_STEP_CHANNEL,              /* see that its channel works */
    SCMI_STEPS,
};

struct scmi_agent {
    /* Constant after boot. */
    uint32_t id;
    uint32_t role;                  /* SCMI_MED_AGENT_{TRUSTED,HWDOM} or 0 */
    struct scmi_back own;
    struct scmi_back *back;         /* that may be others', too */
    void __iomem *face;             /* Xen's own mapping of it */
    mfn_t face_mfn;
    unsigned int max_devices;

    /* Changed with both locks held, read with either. */
    enum scmi_life life;
    struct domain *domain;          /* if BOUND or ENDING */
    gfn_t gfn;                      /* of the face, there */
    struct scmi_grants grants;
    uint32_t rate;                  /* messages per second */

    /* Guarded by the back's lock. */
    s_time_t due;                   /* when the next message is in the rate */
    bool waits;                     /* for that */
    s_time_t last_call;
    uint64_t calls, throttled, refused;

    /* Guarded by the control lock. */
    enum scmi_step step;
    struct scmi_grants shared;      /* of the grants, what others may have */
    unsigned int nr_devices;
    uint32_t *devices;              /* ids that are, or may be, permitted */
};

struct scmi_med {
    spinlock_t lock;                /* the control lock */
    uint32_t features;              /* guarded by it, after boot */

    /* Constant after boot. */
    uint32_t function_id;           /* that domains call; 0: mediation is off */
    uint32_t base_version;
    uint32_t hwdom_agent_id;        /* or SCMI_AGENT_SELF */
    bool knows_caller;              /* the firmware says who calls */
    struct rangeset *pages;         /* frames that no domain may see */
    unsigned int nr_agents;
    struct scmi_agent *agents;      /* the first one is the trusted one */
    struct scmi_agent *hwdom;       /* the hardware domain's, or NULL */
};

extern struct scmi_med scmi_med;

/* dt.c: at boot. A string says what is wrong. */
const char *scmi_med_dt_open(unsigned int *nr_agents);
const char *scmi_med_dt_trusted(struct scmi_agent *agent);
const char *scmi_med_dt_agent(unsigned int n, struct scmi_agent *agent);
/* Fills in the pages that are the firmware's. */
int scmi_med_dt_pages(void);
/* Each device id of the tree, and whether the hardware domain has the device. */
void scmi_med_dt_devices(void (*fn)(struct scmi_agent *agent, const char *path,
                                    uint32_t device_id, bool hwdom),
                         struct scmi_agent *agent);
/* The frames that drivers in the hardware domain take for their channel. */
void scmi_med_dt_hwdom_pages(void (*fn)(struct domain *d, unsigned long pfn),
                             struct domain *d);

/*
 * back.c: one message on a channel, with its lock held. Returns 0 and the
 * answer in msg, or -EIO if there is none within a bounded time.
 */
int scmi_med_exchange(struct scmi_back *back, struct scmi_message *msg);
/* Zeroes a page, and marks the channel as free. */
void scmi_med_scrub(void __iomem *map);

/*
 * trusted.c: Xen's own messages, with the control lock held. They return
 *  -ENODEV: the firmware lacks the message
 *  -EIO:    it said no, see the SCMI status, or gave no answer that is one
 *           (status 0), within a bounded time
 */
void scmi_med_probe(void);
int scmi_med_set_device(uint32_t agent_id, uint32_t device_id, bool allow,
                        int32_t *status);
int scmi_med_reset_agent(uint32_t agent_id, bool permissions, int32_t *status);
/*
 * Whether the agent's channel works, and is the agent's in the eyes of the
 * firmware. Fills in an id that is not known, and what there is behind it.
 */
int scmi_med_identify(struct scmi_agent *agent);
/* Whether the firmware keeps the agent from setting permissions itself. */
bool scmi_med_is_kept_apart(struct scmi_agent *agent);

/*
 * agent.c, all with the control lock held; errors as in the public header, and
 * -ERESTART: call again, there is more to do than should be at one go.
 */
struct scmi_agent *scmi_med_find_agent(uint32_t agent_id);
void scmi_med_bind(struct scmi_agent *agent, struct domain *d, gfn_t gfn);
int scmi_med_assign(struct domain *d, struct scmi_agent *agent, gfn_t gfn);
int scmi_med_release(struct domain *d, int32_t *status);
int scmi_med_permit(struct scmi_agent *agent, uint32_t device_id,
                    bool allow, int32_t *status);
int scmi_med_grant(struct scmi_agent *agent, unsigned int kind, uint32_t id,
                   uint32_t flags);
int scmi_med_reset(struct scmi_agent *agent, int32_t *status);
int scmi_med_set_rate(struct scmi_agent *agent, uint32_t rate);

/* The bits of ids, or of protocols as a whole for SCMI_KINDS. */
static inline uint32_t *scmi_grant_bits(struct scmi_grants *grants,
                                        unsigned int kind)
{
    return kind < SCMI_KINDS ? grants->ids[kind] : grants->protocols;
}

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
