/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices of running domains, see hotplug.h. */

#include "daemon/admission/hotplug.h"

#include <errno.h>
#include <string.h>

#include "daemon/xen/domains.h"

/* Finds the guest; fails if it is being destroyed. */
static int find_guest(const struct backends *backends, const char *text,
                      uint32_t *ret_domid, struct reason *why)
{
    struct domain domain;
    int rc = domain_find(backends->hyp, backends->store, text, &domain, why);

    if (rc)
        return rc;
    if (!domain.domid)
        return reason_set(why, -EINVAL, "\"%.16s\" is no guest's domain id; "
                          "see: xl list", text);
    if (domain.is_dying)
        return reason_set(why, -ESRCH, "domain %u is being destroyed: Xen "
                          "takes its agent and devices away", domain.domid);
    *ret_domid = domain.domid;
    return 0;
}

/* Reads Xen's table, and the domain's grant from it. */
static int prepare(struct admission *adm, const char *path)
{
    const struct agent *agent;
    int rc;

    rc = request_of_device(adm->domid, path, &adm->request, &adm->why);
    if (!rc)
        rc = admission_read_agents(adm);
    if (rc)
        return rc;
    agent = agents_of_domain(&adm->agents, adm->domid);
    if (!agent)
        return reason_set(&adm->why, -ENOENT, "the domain has no SCMI agent: "
                          "it gets one only if it is created with a device "
                          "that uses SCMI, or an SCMI node in its partial "
                          "device tree; see: scmi-medctl domains");
    adm->grant = (struct grant){
        .has_agent = true,
        .agent_id = agent->entry.agent_id,
        .function_id = adm->agents.info.function_id,
        .guest_frame = agent->entry.guest_frame,
    };
    return 0;
}

static bool had_before(const struct admission *adm, uint32_t device_id)
{
    return agent_has_device(agents_of_domain(&adm->agents, adm->domid),
                            device_id);
}

static size_t count_had_before(const struct admission *adm)
{
    size_t i, count = 0;

    for (i = 0; i < adm->plan.nr_device_ids; i++)
        count += had_before(adm, adm->plan.device_ids[i]);
    return count;
}

/* Undoes a failed attach: denies what the domain did not have before. */
static void undo_attach(struct admission *adm)
{
    struct resources_context context = admission_resources(adm);
    struct reason first = adm->why, why;
    size_t i;

    (void)resources_deny(&context, &adm->plan, &why);
    for (i = 0; i < adm->plan.nr_device_ids; i++) {
        uint32_t device_id = adm->plan.device_ids[i];
        int rc;

        if (had_before(adm, device_id))
            continue;
        rc = grant_deny(adm->backends->hyp, adm->domid, device_id, &adm->plan,
                        &why);
        /* Xen denies everything to a domain that dies. */
        if (!rc || rc == -ESRCH)
            continue;
        reason_set(&adm->why, -EIO, "%.*s; and then, %.*s: the domain may "
                   "have it, detach it later", REASON_SIZE / 2 - 64, first.text,
                   REASON_SIZE / 2 - 64, why.text);
    }
}

static int attach(struct admission *adm, const char *path)
{
    struct resources_context context = admission_resources(adm);
    size_t i;
    int rc;

    rc = prepare(adm, path);
    if (!rc)
        rc = admission_plan(adm);
    if (rc)
        return rc;
    if (!adm->plan.nr_device_ids)
        return reason_set(&adm->why, -ENXIO, "device \"%s\" does not use "
                          "SCMI: there is nothing to permit", path);
    if (count_had_before(adm) == adm->plan.nr_device_ids)
        return reason_set(&adm->why, -EEXIST, "the domain has device \"%s\" "
                          "already", path);
    rc = admission_check_and_take(adm);
    if (!rc) {
        for (i = 0; !rc && i < adm->plan.nr_device_ids; i++)
            rc = grant_permit(adm->backends->hyp, adm->domid,
                              adm->plan.device_ids[i], &adm->plan, &adm->why);
        if (!rc)
            rc = resources_grant(&context, &adm->plan, &adm->why);
        if (rc)
            undo_attach(adm);
    }
    if (rc)
        admission_return_to_dom0(adm);
    return rc;
}

static int detach(struct admission *adm, const char *path)
{
    struct resources_context context = admission_resources(adm);
    size_t i;
    int rc;

    rc = prepare(adm, path);
    if (!rc)
        rc = resolver_resolve(adm->backends->tree, &adm->request, &adm->plan,
                              &adm->why);
    if (rc)
        return rc;
    if (!count_had_before(adm))
        return reason_set(&adm->why, -ENOENT, "the domain does not have "
                          "device \"%s\"; see: scmi-medctl domains", path);
    rc = resources_deny(&context, &adm->plan, &adm->why);
    /* Deny all ids, even if the firmware refuses one; report the first. */
    for (i = 0; i < adm->plan.nr_device_ids; i++) {
        uint32_t device_id = adm->plan.device_ids[i];
        struct reason why;
        int failed = !had_before(adm, device_id) ? 0 :
                     grant_deny(adm->backends->hyp, adm->domid, device_id,
                                &adm->plan, &why);

        if (failed && !rc)
            adm->why = why;
        rc = rc ? rc : failed;
    }
    return rc ? rc : resources_permit_rest(&context, &adm->plan, &adm->why);
}

/* Finds the domain, attaches or detaches, and logs the result. */
static int change(const struct backends *backends, const char *domain,
                  const char *path, bool attaches,
                  struct hotplug_change *ret_change, struct reason *why)
{
    const char *id = attaches ? LOG_ID_ATTACHED : LOG_ID_DETACHED;
    struct log_context context;
    struct admission *adm;
    uint32_t domid = 0;
    int rc;

    rc = find_guest(backends, domain, &domid, why);
    if (rc)
        return rc;
    adm = admission_new(backends, domid);
    if (!adm)
        return reason_set(why, -ENOMEM, "%s", strerror(ENOMEM));
    rc = attaches ? attach(adm, path) : detach(adm, path);
    context = admission_log_context(adm, rc ? LOG_ID_REFUSED : id);
    if (rc)
        log_write(LOG_WARNING, &context, "domain %u (%s): %s: %s", domid,
                  adm->name ? adm->name : "?", attaches
                  ? "not attached" : "not detached", adm->why.text);
    else
        log_write(LOG_INFO, &context, "domain %u (%s): agent %u: %s %s",
                  domid, adm->name ? adm->name : "?", adm->grant.agent_id,
                  attaches ? "attached" : "detached", path);
    *ret_change = (struct hotplug_change){ domid, adm->grant.agent_id };
    *why = adm->why;
    admission_free(adm);
    return rc;
}

int hotplug_attach(const struct backends *backends, const char *domain,
                const char *path, struct hotplug_change *ret_change,
                struct reason *why)
{
    return change(backends, domain, path, true, ret_change, why);
}

int hotplug_detach(const struct backends *backends, const char *domain,
                const char *path, struct hotplug_change *ret_change,
                struct reason *why)
{
    return change(backends, domain, path, false, ret_change, why);
}
