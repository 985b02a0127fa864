/* SPDX-License-Identifier: MIT */
/*
 * SCMI mediation for guests on Arm: the hypercall of the control domain.
 *
 * Xen owns a table of SCMI agents, which it reads at boot from the "xen,sci"
 * node of the host device tree. At most one domain is bound to an agent at a
 * time; its SCMI calls are forwarded to the firmware as that agent. The
 * firmware decides by agent and device id what a call may touch, and Xen, as
 * the firmware's trusted agent, tells it (Arm DEN0056, SCMI, section 4.2,
 * "Base protocol").
 *
 * A tool that gives a domain its devices reads the table with get_agent until
 * -ENOENT, assigns an agent that has none of the flags, sets a permission for
 * each device, and writes an "arm,scmi-smc" node with scmi_med_info.function_id
 * and the page's guest_frame into the domain's device tree. If a step fails, it
 * releases the agent. When the domain dies there is nothing to do.
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
#define SCMI_MED_VERSION            2

/* Device ids which Xen records for one agent, at most. */
#define SCMI_MED_MAX_DEVICES        256

/* Device ids returned by one SCMI_MED_OP_get_agent, at most. */
#define SCMI_MED_DEVICES_WINDOW     64

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
    uint32_t domid;                 /* OUT: or SCMI_MED_DOMID_NONE */
    uint32_t nr_devices;            /* OUT: devices granted, in all */
    uint32_t function_id;           /* OUT: SMCCC function ID towards firmware */
    uint32_t client_id;             /* OUT: what Xen stamps into w7 */
    uint64_t page;                  /* OUT: machine address of the shared page */
    uint64_t guest_frame;           /* OUT: gfn of the page in domid, or ~0 */
    uint32_t rate;                  /* OUT: see SCMI_MED_OP_set_rate */
    int32_t last_error;             /* OUT: last SMCCC error, 0 if none ever */
    uint64_t calls;                 /* OUT: calls forwarded since boot */
    uint64_t throttled;             /* OUT: calls refused by the rate */
    uint64_t refused;               /* OUT: calls during another call */
    uint64_t last_call;             /* OUT: time of the last call, 0 if none */
    uint64_t now;                   /* OUT: that time's now; 0 was at boot */
    /* OUT: device ids first_device .. nr_devices - 1, as many as fit. */
    uint32_t devices[SCMI_MED_DEVICES_WINDOW];
};

/*
 * SCMI_MED_OP_assign: domid, agent_id, u.guest_frame
 *
 * Bind a domain to an agent: scrub the agent's shared page, map it into the
 * domain at guest_frame, a gfn where the domain has nothing, and forward the
 * domain's calls from then on. No device permission comes with it.
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
 * Undo SCMI_MED_OP_assign: stop forwarding, deny every device the agent was
 * granted, reset it, unmap and scrub the page. Xen does the same by itself
 * when the domain is destroyed.
 *
 * Possible return values:
 *  -ESRCH:  no such domain, or it is dying
 *  -ENOENT: the domain has no agent
 *  -EACCES: the domain is the hardware domain
 *  -EIO:    the domain has lost the agent, but the firmware did not confirm
 *           that its permissions are gone: the agent is quarantined
 */
#define SCMI_MED_OP_release         3

/*
 * SCMI_MED_OP_set_device_permission: domid, u.device, scmi_status
 *
 * BASE_SET_DEVICE_PERMISSIONS for the agent of a domain. Granting twice, and
 * denying what was not granted, succeed.
 *
 * Possible return values:
 *  -ESRCH:  no such domain, or it is dying
 *  -ENOENT: the domain has no agent
 *  -ENOSPC: the agent has SCMI_MED_MAX_DEVICES devices
 *  -ENODEV: the firmware lacks the message (see scmi_med_info.features)
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
 * SCMI_MED_OP_set_rate: agent_id, u.rate
 *
 * Limit the calls of an agent to so many per second on average, a tenth of it
 * at once. Xen answers further calls with "not supported". The limit stays with
 * the agent, whichever domain is bound to it. It is 10000 at boot; above 10^9
 * there is none.
 *
 * Possible return values:
 *  -ENOENT: no agent has this id
 *  -EINVAL: the rate is 0
 */
#define SCMI_MED_OP_set_rate        6

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
    } u;
};

#endif /* __XEN_PUBLIC_ARCH_ARM_SCMI_MED_H__ */
