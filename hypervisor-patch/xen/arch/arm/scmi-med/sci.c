/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SCMI mediation: a driver of the SCI subsystem, in releases of Xen that have
 * one. It has the hooks then.
 */

#include <xen/acpi.h>

#include <asm/firmware/sci.h>

#include "private.h"

/* Which domain gets an agent is not said when it is created. */
static int scmi_med_domain_init(struct domain *d,
                                struct xen_domctl_createdomain *config)
{
    if ( !config->arch.arm_sci_type )
        return 0;

    printk(XENLOG_WARNING "SCMI: %pd: xen,sci_type and arm_sci mean nothing with SCMI mediation\n",
           d);

    /* Without a domain that the host's tree describes, Xen does not boot. */
    return system_state >= SYS_STATE_active ? -EINVAL : 0;
}

/* All is done when the domain's resources are relinquished. */
static void scmi_med_domain_free(struct domain *d) {}

static int scmi_med_hwdom_finalize(struct domain *d, void *fdt)
{
    scmi_med_hwdom_init(d);

    return 0;
}

static const struct sci_mediator_ops scmi_med_ops = {
    .domain_init = scmi_med_domain_init,
    .domain_destroy = scmi_med_domain_free,
    .relinquish_resources = scmi_med_domain_destroy,
    .handle_call = scmi_med_handle_call,
    .dom0_dt_finalize = scmi_med_hwdom_finalize,
};

/* Otherwise Xen's own driver serves the hardware domain. */
static int __init scmi_med_register(void)
{
    if ( !acpi_disabled || !dt_find_compatible_node(NULL, NULL, "xen,sci") )
        return 0;

    return sci_register(&scmi_med_ops);
}
__initcall(scmi_med_register);

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * tab-width: 4
 * indent-tabs-mode: nil
 * End:
 */
