/* SPDX-License-Identifier: GPL-2.0-only */
/* SCMI mediation: where releases of Xen differ. */

#ifndef ARM_SCMI_MED_COMPAT_H
#define ARM_SCMI_MED_COMPAT_H

/*
 * From 4.21 on the domain has a pointer for whichever driver is registered
 * with the SCI subsystem (sci.c); before, our hooks add one.
 */
#ifdef CONFIG_ARM_SCI
#define scmi_agent_of(d) ((d)->arch.sci_data)
#else
#define scmi_agent_of(d) ((d)->arch.scmi_agent)
#endif

#endif /* ARM_SCMI_MED_COMPAT_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * tab-width: 4
 * indent-tabs-mode: nil
 * End:
 */
