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
 * This header needs the fixed width types of <stdint.h> and nothing else.
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
 * read and never changed, fields marked OUT are written whenever the call
 * got as far as having an answer. Padding must be 0 and is returned as 0.
 *
 * Possible return values of every command, beside its own:
 *  0:           done
 *  -EPERM:      the caller is not the control domain
 *  -EFAULT:     op cannot be read or written
 *  -EOPNOTSUPP: op->version or cmd is not known, or the host has no usable
 *               "xen,sci" node (SCMI_MED_OP_info never returns the latter)
 *  -EINVAL:     padding or an unknown flag is set
 */
#define SCMI_MED_VERSION            1

/* Device ids which Xen records for one agent, at most. */
#define SCMI_MED_MAX_DEVICES        256

/* Device ids returned by one SCMI_MED_OP_get_agent, at most. */
#define SCMI_MED_DEVICES_WINDOW     64

/* scmi_med_agent.domid of an agent that is bound to no domain. */
#define SCMI_MED_DOMID_NONE         0xffffU

/*
 * SCMI_MED_OP_info
 *
 * What the mediator and the firmware can do.
 */
#define SCMI_MED_OP_info            0
struct scmi_med_info {
    uint32_t nr_agents;             /* OUT: agents in the table, may be 0 */
    uint32_t features;              /* OUT: SCMI_MED_FEATURE_* */
/* The trusted channel works: Xen is an agent of the firmware. */
#define SCMI_MED_FEATURE_TRUSTED        (1U << 0)
/* The firmware implements BASE_DISCOVER_AGENT. */
#define SCMI_MED_FEATURE_DISCOVER       (1U << 1)
/* The firmware implements BASE_SET_DEVICE_PERMISSIONS. */
#define SCMI_MED_FEATURE_DEVICE_PERM    (1U << 2)
/* The firmware implements BASE_SET_PROTOCOL_PERMISSIONS. */
#define SCMI_MED_FEATURE_PROTOCOL_PERM  (1U << 3)
/* The firmware implements BASE_RESET_AGENT_CONFIGURATION. */
#define SCMI_MED_FEATURE_RESET          (1U << 4)
    uint32_t function_id;           /* OUT: the SMCCC function ID guests call */
    uint32_t base_version;          /* OUT: version of the Base protocol */
    uint32_t impl_version;          /* OUT: firmware's implementation version */
    uint32_t pad;
    uint64_t guest_frame;           /* OUT: proposed gfn of the shared page */
    char vendor[16];                /* OUT: NUL terminated, may be empty */
    char sub_vendor[16];            /* OUT: NUL terminated, may be empty */
};

/*
 * SCMI_MED_OP_get_agent
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
 * The firmware did not confirm that the last domain's permissions are gone.
 * The agent is not bound again before SCMI_MED_OP_reset succeeds.
 */
#define SCMI_MED_AGENT_QUARANTINED      (1U << 3)
    uint32_t domid;                 /* OUT: or SCMI_MED_DOMID_NONE */
    uint32_t function_id;           /* OUT: SMCCC function ID towards firmware */
    uint32_t client_id;             /* OUT: what Xen stamps into w7 */
    uint32_t nr_devices;            /* OUT: devices granted, in all */
    uint64_t page;                  /* OUT: machine address of the shared page */
    uint64_t guest_frame;           /* OUT: gfn of the page in domid, or ~0 */
    uint64_t calls;                 /* OUT: calls forwarded since boot */
    uint64_t refused;               /* OUT: calls refused since boot */
    char name[16];                  /* OUT: NUL terminated, may be empty */
    /* OUT: device ids first_device .. nr_devices - 1, as many as fit. */
    uint32_t devices[SCMI_MED_DEVICES_WINDOW];
};

/*
 * SCMI_MED_OP_assign
 *
 * Bind a domain to an agent: scrub the agent's shared page, map it into the
 * domain at guest_frame, and forward the domain's calls from then on. No
 * device permission comes with it.
 *
 * Possible return values:
 *  -ESRCH:  no such domain, or it is dying
 *  -ENOENT: no agent has this id
 *  -EACCES: the agent is not for guests (trusted or hardware domain's)
 *  -EBUSY:  the agent is bound to another domain
 *  -EEXIST: the domain has an agent already
 *  -ENOTEMPTY: the agent is quarantined
 *  Others:  mapping the page failed
 */
#define SCMI_MED_OP_assign          2
struct scmi_med_assign {
    uint32_t domid;                 /* IN */
    uint32_t agent_id;              /* IN */
    uint64_t guest_frame;           /* IN: a gfn where the domain has nothing */
};

/*
 * SCMI_MED_OP_release
 *
 * Undo SCMI_MED_OP_assign: stop forwarding, deny every device the agent was
 * granted, reset it, unmap and scrub the page. Xen does the same by itself
 * when the domain is destroyed.
 *
 * Possible return values:
 *  -ESRCH:  no such domain
 *  -ENOENT: the domain has no agent
 *  -EACCES: the domain is the hardware domain
 *  -EIO:    the domain has lost the agent, but the firmware did not confirm
 *           that its permissions are gone: the agent is quarantined
 */
#define SCMI_MED_OP_release         3
struct scmi_med_release {
    uint32_t domid;                 /* IN */
    int32_t scmi_status;            /* OUT: of the firmware's last answer */
};

/*
 * SCMI_MED_OP_set_device_permission
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
 */
#define SCMI_MED_OP_set_device_permission   4
struct scmi_med_device_permission {
    uint32_t domid;                 /* IN */
    uint32_t device_id;             /* IN: the firmware's id of the device */
    uint32_t flags;                 /* IN: SCMI_MED_ALLOW or 0 to deny */
#define SCMI_MED_ALLOW                      (1U << 0)
    int32_t scmi_status;            /* OUT: of the firmware's answer */
};

/*
 * SCMI_MED_OP_reset
 *
 * Deny again every device that is still recorded for an agent bound to no
 * domain, and BASE_RESET_AGENT_CONFIGURATION with permissions. Success lifts
 * the quarantine.
 *
 * Possible return values:
 *  -ENOENT: no agent has this id
 *  -EACCES: the agent is not for guests
 *  -EBUSY:  the agent is bound to a domain
 *  -EIO:    the firmware did not confirm
 */
#define SCMI_MED_OP_reset           5
struct scmi_med_reset {
    uint32_t agent_id;              /* IN */
    int32_t scmi_status;            /* OUT: of the firmware's answer */
};

struct scmi_med_op {
    uint32_t version;               /* IN: SCMI_MED_VERSION */
    uint32_t pad;
    union {
        struct scmi_med_info info;
        struct scmi_med_agent agent;
        struct scmi_med_assign assign;
        struct scmi_med_release release;
        struct scmi_med_device_permission device_permission;
        struct scmi_med_reset reset;
    } u;
};

#endif /* __XEN_PUBLIC_ARCH_ARM_SCMI_MED_H__ */
