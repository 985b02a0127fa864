/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hypercall, by libxencall. The only file that knows the library, the
 * hypercall's number and its calling convention.
 */

#include "daemon/xen/hyp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <xencall.h>

struct hyp {
    xencall_handle *xcall;
    struct scmi_med_op *op;     /* in memory that Xen can reach */
};

int hyp_open(struct hyp **ret_hyp)
{
    struct hyp *hyp;
    int rc = -ENOMEM;

    hyp = calloc(1, sizeof(*hyp));
    if (!hyp)
        return -ENOMEM;

    hyp->xcall = xencall_open(NULL, XENCALL_OPENFLAG_NON_REENTRANT);
    if (!hyp->xcall) {
        if (errno == EMFILE || errno == ENFILE)
            rc = -errno;
        else if (errno != ENOMEM)
            rc = -ENODEV;
        goto fail;
    }
    hyp->op = xencall_alloc_buffer(hyp->xcall, sizeof(*hyp->op));
    if (!hyp->op)
        goto fail;
    *ret_hyp = hyp;
    return 0;

fail:
    hyp_close(hyp);
    return rc;
}

void hyp_close(struct hyp *hyp)
{
    if (!hyp)
        return;
    if (hyp->op)
        xencall_free_buffer(hyp->xcall, hyp->op);
    if (hyp->xcall)
        xencall_close(hyp->xcall);
    free(hyp);
}

/* Clears the operand of the next call and returns it. */
static struct scmi_med_op *prepare(struct hyp *hyp)
{
    memset(hyp->op, 0, sizeof(*hyp->op));
    hyp->op->version = SCMI_MED_VERSION;
    return hyp->op;
}

static int call(struct hyp *hyp, unsigned int cmd)
{
    int r = xencall2(hyp->xcall, SCMI_MED_HYPERCALL, cmd,
                     (uint64_t)(uintptr_t)hyp->op);

    if (r >= 0)
        return 0;
    return errno ? -errno : -EIO;
}

int hyp_info(struct hyp *hyp, struct scmi_med_info *ret_info)
{
    struct scmi_med_op *op = prepare(hyp);
    int rc = call(hyp, SCMI_MED_OP_info);

    if (rc)
        return rc;
    *ret_info = op->u.info;
    return 0;
}

int hyp_get_agent(struct hyp *hyp, uint32_t index, uint32_t first_device,
                  struct scmi_med_agent *ret_agent)
{
    struct scmi_med_op *op = prepare(hyp);
    int rc;

    op->u.agent.index = index;
    op->u.agent.first_device = first_device;
    rc = call(hyp, SCMI_MED_OP_get_agent);
    if (rc)
        return rc;
    *ret_agent = op->u.agent;
    return 0;
}

int hyp_assign(struct hyp *hyp, uint32_t domid, uint32_t agent_id,
               uint64_t guest_frame)
{
    struct scmi_med_op *op = prepare(hyp);

    op->domid = domid;
    op->agent_id = agent_id;
    op->u.guest_frame = guest_frame;
    return call(hyp, SCMI_MED_OP_assign);
}

int hyp_release(struct hyp *hyp, uint32_t domid, int32_t *scmi_status)
{
    struct scmi_med_op *op = prepare(hyp);
    int rc;

    op->domid = domid;
    rc = call(hyp, SCMI_MED_OP_release);
    *scmi_status = op->scmi_status;
    return rc;
}

int hyp_set_device_permission(struct hyp *hyp, uint32_t domid,
                              uint32_t device_id, bool allow,
                              int32_t *scmi_status)
{
    struct scmi_med_op *op = prepare(hyp);
    int rc;

    op->domid = domid;
    op->u.device.device_id = device_id;
    op->u.device.flags = allow ? SCMI_MED_ALLOW : 0;
    rc = call(hyp, SCMI_MED_OP_set_device_permission);
    *scmi_status = op->scmi_status;
    return rc;
}

int hyp_reset(struct hyp *hyp, uint32_t agent_id, int32_t *scmi_status)
{
    struct scmi_med_op *op = prepare(hyp);
    int rc;

    op->agent_id = agent_id;
    rc = call(hyp, SCMI_MED_OP_reset);
    *scmi_status = op->scmi_status;
    return rc;
}

int hyp_set_rate(struct hyp *hyp, uint32_t agent_id, uint32_t rate)
{
    struct scmi_med_op *op = prepare(hyp);

    op->agent_id = agent_id;
    op->u.rate = rate;
    return call(hyp, SCMI_MED_OP_set_rate);
}
