/* SPDX-License-Identifier: GPL-2.0-only */
/* SCMI mediation: the hypercall, see public/arch-arm/scmi-med.h. */

#include <xen/guest_access.h>
#include <xen/hypercall.h>
#include <xen/nospec.h>

#include <xsm/xsm.h>

#include "private.h"

typedef struct scmi_med_op scmi_med_op_t;
DEFINE_XEN_GUEST_HANDLE(scmi_med_op_t);

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
                 (agent->life == SCMI_ENDING ? SCMI_MED_AGENT_ENDING : 0) |
                 (agent->life == SCMI_QUARANTINED ? SCMI_MED_AGENT_QUARANTINED
                                                  : 0),
        .domid = agent->domain ? agent->domain->domain_id
                               : SCMI_MED_DOMID_NONE,
        .nr_devices = agent->nr_devices,
        .function_id = agent->back->function_id,
        .client_id = agent->back->client_id,
        .page = agent->back->page,
        .guest_frame = agent->domain ? gfn_x(agent->gfn) : ~0ULL,
        .rate = agent->rate,
        .last_error = ACCESS_ONCE(agent->back->last_error),
        .calls = ACCESS_ONCE(agent->calls),
        .throttled = ACCESS_ONCE(agent->throttled),
        .refused = ACCESS_ONCE(agent->refused),
        .last_call = ACCESS_ONCE(agent->last_call),
        .now = NOW(),
    };
    for ( i = 0; i < SCMI_MED_DEVICES_WINDOW && first < agent->nr_devices; i++ )
    {
        op->devices[i] = agent->devices[array_index_nospec(first,
                                                       agent->max_devices)];
        first++;
    }

    return 0;
}

static int op_get_resources(struct scmi_med_resources *op)
{
    unsigned int kind = scmi_med_kind(op->protocol);
    size_t size = op->protocol ? sizeof(op->ids) : 256 / 8;
    struct scmi_agent *agent;

    if ( op->index >= scmi_med.nr_agents )
        return -ENOENT;
    if ( op->protocol && kind == SCMI_KINDS )
        return -EINVAL;
    agent = &scmi_med.agents[array_index_nospec(op->index, scmi_med.nr_agents)];

    memset(op->ids, 0, sizeof(op->ids));
    memset(op->shared, 0, sizeof(op->shared));
    memcpy(op->ids, scmi_grant_bits(&agent->grants, kind), size);
    memcpy(op->shared, scmi_grant_bits(&agent->shared, kind), size);

    return 0;
}

static int op_grant(struct scmi_agent *agent,
                    const struct scmi_med_resource *op)
{
    unsigned int kind = scmi_med_kind(op->protocol);

    if ( op->flags & ~(SCMI_MED_ALLOW | SCMI_MED_SHARE | SCMI_MED_WHOLE) )
        return -EINVAL;
    if ( !(op->flags & SCMI_MED_WHOLE) )
        return kind < SCMI_KINDS && op->id < SCMI_MED_IDS
               ? scmi_med_grant(agent, kind, op->id, op->flags) : -EINVAL;
    /* Of those that Xen knows the messages of, there is no whole. */
    if ( kind < SCMI_KINDS || op->protocol <= SCMI_BASE ||
         op->protocol > 0xff || op->id )
        return -EINVAL;

    return scmi_med_grant(agent, SCMI_KINDS, op->protocol, op->flags);
}

static int op_domain(unsigned int cmd, struct scmi_med_op *op,
                     struct domain *d)
{
    struct scmi_agent *agent = cmd == SCMI_MED_OP_assign
                               ? scmi_med_find_agent(op->agent_id)
                               : scmi_agent_of(d);

    /* Its teardown does what there is to do. */
    if ( d->is_dying )
        return -ESRCH;
    if ( !agent )
        return -ENOENT;

    switch ( cmd )
    {
    case SCMI_MED_OP_assign:
        return op->u.guest_frame < gfn_x(INVALID_GFN)
               ? scmi_med_assign(d, agent, _gfn(op->u.guest_frame)) : -EINVAL;

    case SCMI_MED_OP_release:
        return scmi_med_release(d, &op->scmi_status);

    case SCMI_MED_OP_set_device_permission:
        if ( op->u.device.flags & ~SCMI_MED_ALLOW )
            return -EINVAL;
        return scmi_med_permit(agent, op->u.device.device_id,
                               op->u.device.flags & SCMI_MED_ALLOW,
                               &op->scmi_status);

    case SCMI_MED_OP_set_resource:
        return op_grant(agent, &op->u.resource);

    default: /* SCMI_MED_OP_set_rate */
        return scmi_med_set_rate(agent, op->u.rate);
    }
}

static int do_op(unsigned int cmd, struct scmi_med_op *op)
{
    struct scmi_agent *agent = scmi_med_find_agent(op->agent_id);
    struct domain *d = NULL;
    int rc;

    if ( cmd != SCMI_MED_OP_info && !scmi_med.function_id )
        return -EOPNOTSUPP;

    switch ( cmd )
    {
    case SCMI_MED_OP_info:
        op->u.info = (struct scmi_med_info){
            .nr_agents = scmi_med.nr_agents,
            .features = scmi_med.features,
            .function_id = scmi_med.function_id,
            .base_version = scmi_med.base_version,
            .guest_frame = SCMI_MED_GUEST_FRAME,
        };
        return 0;

    case SCMI_MED_OP_get_agent:
        return op_get_agent(&op->u.agent);

    case SCMI_MED_OP_get_resources:
        return op_get_resources(&op->u.resources);

    case SCMI_MED_OP_assign:
    case SCMI_MED_OP_release:
    case SCMI_MED_OP_set_device_permission:
    case SCMI_MED_OP_set_resource:
    case SCMI_MED_OP_set_rate:
        if ( op->domid < DOMID_FIRST_RESERVED )
            d = rcu_lock_domain_by_id(op->domid);
        if ( !d )
            return -ESRCH;
        rc = op_domain(cmd, op, d);
        rcu_unlock_domain(d);
        return rc;

    case SCMI_MED_OP_reset:
        return agent ? scmi_med_reset(agent, &op->scmi_status) : -ENOENT;

    default:
        return -EOPNOTSUPP;
    }
}

long do_scmi_med_op(unsigned int cmd, XEN_GUEST_HANDLE_PARAM(void) arg)
{
    struct scmi_med_op op;
    int rc;

    BUILD_BUG_ON(SCMI_MED_HYPERCALL != __HYPERVISOR_scmi_med_op);

    rc = xsm_scmi_med_op(XSM_PRIV, cmd);
    if ( rc )
        return rc;
    if ( copy_from_guest(&op, guest_handle_cast(arg, scmi_med_op_t), 1) )
        return -EFAULT;
    if ( op.version != SCMI_MED_VERSION )
        return -EOPNOTSUPP;

    op.scmi_status = 0;
    spin_lock(&scmi_med.lock);
    rc = do_op(cmd, &op);
    spin_unlock(&scmi_med.lock);

    if ( rc == -ERESTART )
        return hypercall_create_continuation(__HYPERVISOR_scmi_med_op, "ih",
                                             cmd, arg);
    if ( copy_to_guest(guest_handle_cast(arg, scmi_med_op_t), &op, 1) && !rc )
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
