/* SPDX-License-Identifier: MIT */
/*
 * SCMI mediation for guests on Arm: the hypercall of the control domain.
 *
 * Xen owns a table of SCMI agents, which it reads at boot from the "xen,sci"
 * node of the host device tree. At most one domain is bound to an agent at a
 * time. What it writes into its page, which is Xen's, is checked, and sent to
 * the firmware as that agent in a message that Xen makes.
 *
 * Who may change what is decided twice. Xen knows the resources (ids of clocks,
 * power and reset domains) that an agent was granted, and denies changes of
 * others. The firmware knows devices, each a number of resources; Xen, as its
 * trusted agent, tells it which devices an agent may change (Arm DEN0056, SCMI,
 * section 4.2, "Base protocol"), if it wants to know.
 *
 * A tool that gives a domain its devices reads the table with get_agent until
 * -ENOENT, assigns an agent that has none of the flags, sets a permission for
 * each device and for each of its resources, and writes an "arm,scmi-smc" node
 * with scmi_med_info.function_id and the page's guest_frame into the domain's
 * device tree. If a step fails, it releases the agent. When the domain dies
 * there is nothing to do.
 *
 * This header needs the fixed width types of <stdint.h> and nothing else. All
 * numbers are in the byte order of the caller; times are in nanoseconds.
 */

#ifndef __XEN_PUBLIC_ARCH_ARM_SCMI_MED_H__
#define __XEN_PUBLIC_ARCH_ARM_SCMI_MED_H__

/* Hypercall number: __HYPERVISOR_arch_7 of public/xen.h. */
#define SCMI_MED_HYPERCALL          55

/*
 * long scmi_med_op(unsigned int cmd, struct scmi_med_op *op);
 *
 * cmd is one of SCMI_MED_OP_*; op->version must be SCMI_MED_VERSION, which
 * changes with every incompatible change of this file. Fields marked IN are
 * read by the commands that name them, and never changed; fields marked OUT
 * are written whenever the call got as far as having an answer. Xen executes
 * one command at a time, so several tools may be used at once.
 *
 * Possible return values of every command, beside its own:
 *  0:           done
 *  -EPERM:      the caller is not the control domain, or XSM policy forbids it
 *  -EFAULT:     op cannot be read or written
 *  -EOPNOTSUPP: op->version or cmd is not known, or the host has no usable
 *               "xen,sci" node (SCMI_MED_OP_info never returns the latter)
 */
#define SCMI_MED_VERSION            3

/* Device ids which Xen records for a guest's agent, at most. */
#define SCMI_MED_MAX_DEVICES        256

/* Device ids returned by one SCMI_MED_OP_get_agent, at most. */
#define SCMI_MED_DEVICES_WINDOW     64

/* Ids of resources that can be granted are below this. */
#define SCMI_MED_IDS                1024

/* scmi_med_agent.domid of an agent that is bound to no domain. */
#define SCMI_MED_DOMID_NONE         0xffffU

/*
 * SCMI_MED_OP_info: u.info
 *
 * What the mediator and the firmware can do.
 */
#define SCMI_MED_OP_info            0
struct scmi_med_info {
    uint32_t nr_agents;             /* OUT: agents in the table, may be 0 */
    uint32_t features;              /* OUT: SCMI_MED_FEATURE_* */
/* The trusted channel works: Xen is an agent of the firmware. */
#define SCMI_MED_FEATURE_TRUSTED        (1U << 0)
/* The firmware implements BASE_SET_DEVICE_PERMISSIONS. */
#define SCMI_MED_FEATURE_DEVICE_PERM    (1U << 1)
/* The firmware implements BASE_RESET_AGENT_CONFIGURATION. */
#define SCMI_MED_FEATURE_RESET          (1U << 2)
/* At boot, it kept guests' agents from setting permissions themselves. */
#define SCMI_MED_FEATURE_KEEPS_APART    (1U << 3)
    uint32_t function_id;           /* OUT: the SMCCC function ID guests call */
    uint32_t base_version;          /* OUT: version of the Base protocol */
    uint64_t guest_frame;           /* OUT: proposed gfn of the shared page */
};

/*
 * SCMI_MED_OP_get_agent: u.agent
 *
 * One entry of the agent table, and a window of the devices it was granted.
 *
 * Possible return values:
 *  -ENOENT: index is not below scmi_med_info.nr_agents
 */
#define SCMI_MED_OP_get_agent       1
struct scmi_med_agent {
    uint32_t index;                 /* IN: 0 .. scmi_med_info.nr_agents - 1 */
    uint32_t first_device;          /* IN: where the window starts */
    uint32_t agent_id;              /* OUT: the firmware's id of the agent */
    uint32_t flags;                 /* OUT: SCMI_MED_AGENT_* */
/* Xen's own agent, on the trusted channel. Never bound to a domain. */
#define SCMI_MED_AGENT_TRUSTED          (1U << 0)
/* Set aside for the hardware domain by the host device tree. */
#define SCMI_MED_AGENT_HWDOM            (1U << 1)
/* Bound to the domain domid. */
#define SCMI_MED_AGENT_BOUND            (1U << 2)
/*
 * The firmware did not confirm that the last domain's permissions are gone, or
 * does not answer on the agent's channel, or takes it for another agent's. The
 * agent is not bound again before SCMI_MED_OP_reset succeeds.
 */
#define SCMI_MED_AGENT_QUARANTINED      (1U << 3)
/* What domid had is being taken back; its messages are not served any more. */
#define SCMI_MED_AGENT_ENDING           (1U << 4)
    uint32_t domid;                 /* OUT: or SCMI_MED_DOMID_NONE */
    uint32_t nr_devices;            /* OUT: devices granted, in all */
    uint32_t function_id;           /* OUT: SMCCC function ID towards firmware */
    uint32_t client_id;             /* OUT: what Xen stamps into w7 */
    uint64_t page;                  /* OUT: machine address of firmware's page */
    uint64_t guest_frame;           /* OUT: gfn of Xen's page in domid, or ~0 */
    uint32_t rate;                  /* OUT: see SCMI_MED_OP_set_rate */
    int32_t last_error;             /* OUT: last SMCCC error, 0 if none ever */
    uint64_t calls;                 /* OUT: messages answered since boot */
    uint64_t throttled;             /* OUT: those that waited for the rate */
    uint64_t refused;               /* OUT: those that Xen itself refused */
    uint64_t last_call;             /* OUT: time of the last one, 0 if none */
    uint64_t now;                   /* OUT: that time's now; 0 was at boot */
    /* OUT: device ids first_device .. nr_devices - 1, as many as fit. */
    uint32_t devices[SCMI_MED_DEVICES_WINDOW];
};

/*
 * SCMI_MED_OP_assign: domid, agent_id, u.guest_frame
 *
 * Bind a domain to an agent: scrub the page that Xen has for the agent's domain,
 * map it into the domain at guest_frame, a gfn where the domain has nothing, and
 * serve the domain's messages from then on. It may read whatever the firmware
 * lets its agent read, and change nothing yet.
 *
 * Possible return values:
 *  -ESRCH:  no such domain, or it is dying
 *  -ENOENT: no agent has this id
 *  -EACCES: the agent is not for guests (trusted or hardware domain's)
 *  -EBUSY:  the agent is bound to another domain
 *  -EEXIST: the domain has an agent already
 *  -ENOTEMPTY: the agent is quarantined
 *  -ENODEV: the trusted channel does not work
 *  -EADDRINUSE: the domain has something at guest_frame
 *  -EINVAL: guest_frame is no gfn
 *  Others:  mapping the page failed
 */
#define SCMI_MED_OP_assign          2

/*
 * SCMI_MED_OP_release: domid, scmi_status
 *
 * Undo SCMI_MED_OP_assign: serve no more messages, unmap the page, reset the
 * agent, deny every device it was granted, reset its permissions, scrub the
 * page. Xen does the same by itself when the domain is destroyed.
 *
 * Possible return values:
 *  -ESRCH:  no such domain, or it is dying
 *  -ENOENT: the domain has no agent
 *  -EACCES: the domain is the hardware domain
 *  -ENOMEM: the page could not be unmapped: the domain was crashed, and keeps
 *           the agent, which does not serve it, until it is destroyed
 *  -EIO:    the domain has lost the agent, but the firmware did not confirm
 *           that its permissions are gone: the agent is quarantined
 */
#define SCMI_MED_OP_release         3

/*
 * SCMI_MED_OP_set_device_permission: domid, u.device, scmi_status
 *
 * BASE_SET_DEVICE_PERMISSIONS for the agent of a domain. Granting twice is
 * possible, and sent twice; denying what was not granted succeeds, and nothing
 * is sent. To firmware that lacks the message (see scmi_med_info.features)
 * nothing is sent either, and Xen just remembers who has the device.
 *
 * Possible return values:
 *  -ESRCH:  no such domain, or it is dying
 *  -ENOENT: the domain has no agent
 *  -EBUSY:  the agent is being taken from the domain
 *  -ENOSPC: the agent has SCMI_MED_MAX_DEVICES devices
 *  -EIO:    the firmware refused, see scmi_status, or did not answer
 *  -EINVAL: an unknown flag is set
 */
#define SCMI_MED_OP_set_device_permission   4
struct scmi_med_device {
    uint32_t device_id;             /* IN: the firmware's id of the device */
    uint32_t flags;                 /* IN: SCMI_MED_ALLOW or 0 to deny */
#define SCMI_MED_ALLOW                      (1U << 0)
};

/*
 * SCMI_MED_OP_reset: agent_id, scmi_status
 *
 * Deny again every device that is still recorded for an agent bound to no
 * domain, and BASE_RESET_AGENT_CONFIGURATION with permissions; then see that
 * its channel answers. Success lifts the quarantine.
 *
 * Possible return values:
 *  -ENOENT: no agent has this id
 *  -EACCES: the agent is not for guests
 *  -EBUSY:  the agent is bound to a domain
 *  -EIO:    the firmware did not confirm
 */
#define SCMI_MED_OP_reset           5

/*
 * SCMI_MED_OP_set_rate: domid, u.rate
 *
 * Limit a domain's messages to the firmware to so many per second on average,
 * two fifths of that at once. A domain above its limit waits. The limit ends
 * with SCMI_MED_OP_release. It is 10000 for a guest at first, and there is none
 * for the hardware domain; a rate of 10^9 or more is none.
 *
 * Possible return values:
 *  -ESRCH:  no such domain, or it is dying
 *  -ENOENT: the domain has no agent
 *  -EBUSY:  the agent is being taken from the domain
 *  -EINVAL: the rate is 0
 */
#define SCMI_MED_OP_set_rate        6

/*
 * SCMI_MED_OP_set_resource: domid, u.resource
 *
 * Let the agent of a domain change a resource, or no longer: a power domain
 * (protocol 0x11), a clock (0x14) or a reset domain (0x16), by its id there. Or,
 * with SCMI_MED_WHOLE, let it use another protocol as a whole; Xen does not know
 * what those messages do. The hardware domain may use all protocols, and change
 * whatever no guest has for itself.
 *
 * Possible return values:
 *  -ESRCH:  no such domain, or it is dying
 *  -ENOENT: the domain has no agent
 *  -EBUSY:  the agent is being taken from the domain
 *  -EACCES: the domain is the hardware domain
 *  -EADDRINUSE: another guest's agent has it, and not both are to share it
 *  -EINVAL: an unknown flag is set, there is no such protocol, the id is not
 *           below SCMI_MED_IDS; or, of a whole, the protocol is one of the above or
 *           Base, or the id is not 0
 */
#define SCMI_MED_OP_set_resource    7
struct scmi_med_resource {
    uint32_t protocol;              /* IN */
    uint32_t id;                    /* IN */
    uint32_t flags;                 /* IN: SCMI_MED_ALLOW or 0 to deny, and */
/* Other agents may have it, too, if they are to share it. */
#define SCMI_MED_SHARE                      (1U << 1)
#define SCMI_MED_WHOLE                      (1U << 2)
};

/*
 * SCMI_MED_OP_get_resources: u.resources
 *
 * The resources that an agent was granted, or the protocols as a whole if
 * protocol is 0. Id n is bit n % 32 of word n / 32.
 *
 * Possible return values:
 *  -ENOENT: index is not below scmi_med_info.nr_agents
 *  -EINVAL: there is no such protocol
 */
#define SCMI_MED_OP_get_resources   8
struct scmi_med_resources {
    uint32_t index;                 /* IN: of the agent, as for get_agent */
    uint32_t protocol;              /* IN: 0x11, 0x14, 0x16, or 0 */
    uint32_t ids[SCMI_MED_IDS / 32];        /* OUT: granted */
    uint32_t shared[SCMI_MED_IDS / 32];     /* OUT: of these, with SCMI_MED_SHARE */
};

struct scmi_med_op {
    uint32_t version;               /* IN: SCMI_MED_VERSION */
    uint32_t domid;                 /* IN */
    uint32_t agent_id;              /* IN */
    int32_t scmi_status;            /* OUT: firmware's last answer, 0 if none */
    union {
        struct scmi_med_info info;
        struct scmi_med_agent agent;
        uint64_t guest_frame;       /* IN */
        struct scmi_med_device device;
        uint32_t rate;              /* IN */
        struct scmi_med_resource resource;
        struct scmi_med_resources resources;
    } u;
};

#endif /* __XEN_PUBLIC_ARCH_ARM_SCMI_MED_H__ */
