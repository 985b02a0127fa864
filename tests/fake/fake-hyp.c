/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hypervisor backend of the unit tests, see fake-hyp.h. */

#include "tests/fake/fake-hyp.h"

#include <stdlib.h>

#include "daemon/xen/hyp.h"
#include "tests/fake/fake-fault.h"

struct hyp {
    struct scmi_med_op op;
};

struct fake_table fake_table;
int fake_hyp_open_rc;
void (*fake_hyp_before_assign)(void);

int hyp_open(struct hyp **ret_hyp)
{
    struct hyp *hyp;

    if (fake_hyp_open_rc)
        return fake_hyp_open_rc;
    hyp = calloc(1, sizeof(*hyp));
    if (!hyp)
        abort();
    *ret_hyp = hyp;
    return 0;
}

void hyp_close(struct hyp *hyp)
{
    free(hyp);
}

int hyp_get_domain_state(struct hyp *hyp, uint32_t domid,
                         enum domain_state *ret_state)
{
    int rc = fake_fault_check();

    (void)hyp;
    if (rc)
        return rc;
    if (domid >= 0x7ff0 || !fake_table.alive[domid])
        *ret_state = DOMAIN_ABSENT;
    else if (fake_table.dying[domid])
        *ret_state = DOMAIN_DYING;
    else
        *ret_state = DOMAIN_ALIVE;
    return 0;
}

static int call(struct hyp *hyp, unsigned int cmd, struct scmi_med_op op)
{
    int rc = fake_fault_check();

    hyp->op = op;
    hyp->op.version = SCMI_MED_VERSION;
    return rc ? rc : fake_table_op(&fake_table, cmd, &hyp->op);
}

int hyp_info(struct hyp *hyp, struct scmi_med_info *ret_info)
{
    int rc = call(hyp, SCMI_MED_OP_info, (struct scmi_med_op){ 0 });

    if (!rc)
        *ret_info = hyp->op.u.info;
    return rc;
}

int hyp_get_agent(struct hyp *hyp, uint32_t index, uint32_t first_device,
                  struct scmi_med_agent *ret_agent)
{
    int rc = call(hyp, SCMI_MED_OP_get_agent, (struct scmi_med_op){
        .u.agent = { .index = index, .first_device = first_device },
    });

    if (!rc)
        *ret_agent = hyp->op.u.agent;
    return rc;
}

int hyp_assign(struct hyp *hyp, uint32_t domid, uint32_t agent_id,
               uint64_t guest_frame)
{
    if (fake_hyp_before_assign)
        fake_hyp_before_assign();
    return call(hyp, SCMI_MED_OP_assign, (struct scmi_med_op){
        .domid = domid, .agent_id = agent_id, .u.guest_frame = guest_frame,
    });
}

int hyp_release(struct hyp *hyp, uint32_t domid, int32_t *scmi_status)
{
    int rc = call(hyp, SCMI_MED_OP_release, (struct scmi_med_op){
        .domid = domid,
    });

    *scmi_status = hyp->op.scmi_status;
    return rc;
}

int hyp_set_device_permission(struct hyp *hyp, uint32_t domid,
                              uint32_t device_id, bool allow,
                              int32_t *scmi_status)
{
    int rc = call(hyp, SCMI_MED_OP_set_device_permission,
                  (struct scmi_med_op){
        .domid = domid,
        .u.device = { device_id, allow ? SCMI_MED_ALLOW : 0 },
    });

    *scmi_status = hyp->op.scmi_status;
    return rc;
}

int hyp_reset(struct hyp *hyp, uint32_t agent_id, int32_t *scmi_status)
{
    int rc = call(hyp, SCMI_MED_OP_reset, (struct scmi_med_op){
        .agent_id = agent_id,
    });

    *scmi_status = hyp->op.scmi_status;
    return rc;
}

int hyp_set_rate(struct hyp *hyp, uint32_t domid, uint32_t rate)
{
    return call(hyp, SCMI_MED_OP_set_rate, (struct scmi_med_op){
        .domid = domid, .u.rate = rate,
    });
}

int hyp_set_resource(struct hyp *hyp, uint32_t domid, uint32_t protocol,
                     uint32_t id, uint32_t flags)
{
    return call(hyp, SCMI_MED_OP_set_resource, (struct scmi_med_op){
        .domid = domid, .u.resource = { protocol, id, flags },
    });
}
