/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hypervisor backend on libxenctrl. Only this file uses that library and
 * libxencall, and knows the hypercall's number and calling convention.
 *
 * libxenctrl is bound to the release of Xen: that is why its use is limited to
 * xc_domain_getinfolist(), which has been the same in every release since 4.17.
 */

#include "daemon/xen/hyp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <xencall.h>
#include <xenctrl.h>

struct hyp {
    xc_interface *xc;
    xencall_handle *xcall;      /* belongs to xc */
    struct scmi_med_op *op;     /* in memory that Xen can reach */
};

int hyp_open(struct hyp **ret_hyp)
{
    struct hyp *hyp;
    int rc = -ENOMEM;

    hyp = calloc(1, sizeof(*hyp));
    if (!hyp)
        return -ENOMEM;

    hyp->xc = xc_interface_open(NULL, NULL, XC_OPENFLAG_NON_REENTRANT);
    if (!hyp->xc) {
        if (errno == EMFILE || errno == ENFILE)
            rc = -errno;
        else if (errno != ENOMEM)
            rc = -ENODEV;
        goto fail;
    }
    hyp->xcall = xc_interface_xcall_handle(hyp->xc);
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
    if (hyp->xc)
        xc_interface_close(hyp->xc);
    free(hyp);
}

int hyp_get_domain_state(struct hyp *hyp, uint32_t domid,
                         enum domain_state *ret_state)
{
    xc_domaininfo_t info;
    /* The first domain with this id or a higher one. */
    int r = xc_domain_getinfolist(hyp->xc, domid, 1, &info);

    if (r < 0)
        return errno ? -errno : -EIO;
    if (!r || info.domain != domid)
        *ret_state = DOMAIN_ABSENT;
    else if (info.flags & XEN_DOMINF_dying)
        *ret_state = DOMAIN_DYING;
    else
        *ret_state = DOMAIN_ALIVE;
    return 0;
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

int hyp_set_rate(struct hyp *hyp, uint32_t domid, uint32_t rate)
{
    struct scmi_med_op *op = prepare(hyp);

    op->domid = domid;
    op->u.rate = rate;
    return call(hyp, SCMI_MED_OP_set_rate);
}

int hyp_set_resource(struct hyp *hyp, uint32_t domid, uint32_t protocol,
                     uint32_t id, uint32_t flags)
{
    struct scmi_med_op *op = prepare(hyp);

    op->domid = domid;
    op->u.resource = (struct scmi_med_resource){ protocol, id, flags };
    return call(hyp, SCMI_MED_OP_set_resource);
}
