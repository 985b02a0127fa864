/* SPDX-License-Identifier: GPL-2.0-only */
/* SCMI mediation: the hypercall, see public/arch-arm/scmi-med.h. */

#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/nospec.h>
#include <xen/string.h>

#include "private.h"

typedef struct scmi_med_op scmi_med_op_t;
DEFINE_XEN_GUEST_HANDLE(scmi_med_op_t);

static int op_info(struct scmi_med_info *info)
{
    *info = scmi_med.info;
    info->nr_agents = scmi_med.nr_agents;
    info->function_id = scmi_med.function_id;
    info->guest_frame = SCMI_MED_GUEST_FRAME;

    return 0;
}

static int op_get_agent(struct scmi_med_agent *op)
{
    uint32_t index = op->index, first = op->first_device;
    const struct scmi_agent *agent;
    unsigned int i;

    if ( index >= scmi_med.nr_agents )
        return -ENOENT;
    agent = &scmi_med.agents[array_index_nospec(index, scmi_med.nr_agents)];

    *op = (struct scmi_med_agent){
        .index = index,
        .first_device = first,
        .agent_id = agent->id,
        .flags = agent->role |
                 (agent->domain ? SCMI_MED_AGENT_BOUND : 0) |
                 (agent->quarantined ? SCMI_MED_AGENT_QUARANTINED : 0),
        .domid = agent->domain ? agent->domain->domain_id
                               : SCMI_MED_DOMID_NONE,
        .function_id = agent->channel.function_id,
        .client_id = agent->channel.client_id,
        .nr_devices = agent->nr_devices,
        .page = agent->channel.page,
        .guest_frame = agent->domain ? gfn_x(agent->gfn) : ~0ULL,
        .calls = ACCESS_ONCE(agent->calls),
        .refused = (unsigned int)atomic_read(&agent->refused),
    };
    memcpy(op->name, agent->name, sizeof(op->name));
    for ( i = 0; i < SCMI_MED_DEVICES_WINDOW && first + i < agent->nr_devices &&
                 first < SCMI_MED_MAX_DEVICES; i++ )
        op->devices[i] = agent->devices[array_index_nospec(first + i,
                                                   SCMI_MED_MAX_DEVICES)];

    return 0;
}

static int op_assign(const struct scmi_med_assign *op, struct domain *d)
{
    struct scmi_agent *agent = scmi_med_find_agent(op->agent_id);

    if ( !agent )
        return -ENOENT;
    if ( op->guest_frame >= gfn_x(INVALID_GFN) )
        return -EINVAL;

    return scmi_med_assign(d, agent, _gfn(op->guest_frame));
}

static int op_device_permission(struct scmi_med_device_permission *op,
                                struct domain *d)
{
    op->scmi_status = 0;
    if ( op->flags & ~SCMI_MED_ALLOW )
        return -EINVAL;
    if ( d->is_dying )
        return -ESRCH;
    if ( !d->arch.scmi_agent )
        return -ENOENT;

    return scmi_med_permit(d->arch.scmi_agent, op->device_id,
                           op->flags & SCMI_MED_ALLOW, &op->scmi_status);
}

static int op_reset(struct scmi_med_reset *op)
{
    struct scmi_agent *agent = scmi_med_find_agent(op->agent_id);

    op->scmi_status = 0;
    if ( !agent )
        return -ENOENT;
    if ( agent->role )
        return -EACCES;
    if ( agent->domain )
        return -EBUSY;

    return scmi_med_revoke(agent, &op->scmi_status);
}

/* Commands about a domain; all have its id first. */
static int domain_op(unsigned int cmd, struct scmi_med_op *op)
{
    uint32_t domid = op->u.assign.domid;
    struct domain *d = NULL;
    int rc;

    if ( domid < DOMID_FIRST_RESERVED )
        d = rcu_lock_domain_by_id(domid);
    if ( !d )
        return -ESRCH;

    switch ( cmd )
    {
    case SCMI_MED_OP_assign:
        rc = op_assign(&op->u.assign, d);
        break;

    case SCMI_MED_OP_release:
        rc = scmi_med_release(d, &op->u.release.scmi_status);
        break;

    default:
        rc = op_device_permission(&op->u.device_permission, d);
        break;
    }
    rcu_unlock_domain(d);

    return rc;
}

static int do_op(unsigned int cmd, struct scmi_med_op *op)
{
    if ( cmd != SCMI_MED_OP_info && !scmi_med.enabled )
        return -EOPNOTSUPP;

    switch ( cmd )
    {
    case SCMI_MED_OP_info:
        return op_info(&op->u.info);

    case SCMI_MED_OP_get_agent:
        return op_get_agent(&op->u.agent);

    case SCMI_MED_OP_assign:
    case SCMI_MED_OP_release:
    case SCMI_MED_OP_set_device_permission:
        return domain_op(cmd, op);

    case SCMI_MED_OP_reset:
        return op_reset(&op->u.reset);

    default:
        return -EOPNOTSUPP;
    }
}

long do_scmi_med_op(unsigned int cmd, XEN_GUEST_HANDLE_PARAM(void) arg)
{
    struct scmi_med_op op;
    int rc;

    BUILD_BUG_ON(SCMI_MED_HYPERCALL != __HYPERVISOR_scmi_med_op);

    if ( !is_control_domain(current->domain) )
        return -EPERM;
    if ( copy_from_guest(&op, guest_handle_cast(arg, scmi_med_op_t), 1) )
        return -EFAULT;
    if ( op.version != SCMI_MED_VERSION )
        return -EOPNOTSUPP;
    if ( op.pad )
        return -EINVAL;

    spin_lock(&scmi_med.lock);
    rc = do_op(cmd, &op);
    spin_unlock(&scmi_med.lock);

    if ( copy_to_guest(guest_handle_cast(arg, scmi_med_op_t), &op, 1) &&
         !rc )
        rc = -EFAULT;

    return rc;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * tab-width: 4
 * indent-tabs-mode: nil
 * End:
 */
