/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SCMI mediation: the hooks in the rest of Xen. Each is harmless when the host
 * has no "xen,sci" node.
 */

#ifndef ARM_SCMI_MED_H
#define ARM_SCMI_MED_H

#include <xen/types.h>

struct cpu_user_regs;
struct domain;

#ifdef CONFIG_SCMI_MED

/*
 * Called for a domain's SMCCC calls of the SiP and the OEM range, before anybody
 * else looks at them. Returns whether it was an SCMI call; it is dealt with then.
 */
bool scmi_med_handle_call(struct cpu_user_regs *regs);

/*
 * Called once, when all the devices that the hardware domain gets are mapped
 * to it: takes the firmware's pages away, binds it to its agent, permits its
 * devices.
 */
void scmi_med_hwdom_init(struct domain *d);

/*
 * Called when a domain that will not run any more gives its resources back,
 * and none of its devices reaches its memory: until it returns 0, and perhaps
 * after that. Each time takes a bounded time; the only error is -ERESTART.
 */
int scmi_med_domain_destroy(struct domain *d);

/*
 * Whether any of this must not be given to a domain that runs, the hardware
 * domain included.
 */
bool scmi_med_is_firmwares(paddr_t addr, paddr_t size);

#else /* !CONFIG_SCMI_MED */

static inline bool scmi_med_handle_call(struct cpu_user_regs *regs)
{
    return false;
}

static inline void scmi_med_hwdom_init(struct domain *d) {}

static inline int scmi_med_domain_destroy(struct domain *d)
{
    return 0;
}

static inline bool scmi_med_is_firmwares(paddr_t addr, paddr_t size)
{
    return false;
}

#endif /* CONFIG_SCMI_MED */

#endif /* ARM_SCMI_MED_H */
