/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices of running domains, see live.h. */

#include "daemon/admission/hotplug.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"

/* The guest of this name; -EEXIST if there are several. */
static int find_name(struct store *store, const char *name, uint32_t *ret_domid,
                     struct reason *why)
{
    char **names, *value, path[64], shown[DOMAIN_NAME_SIZE];
    size_t nr, i, found = 0;
    int domid, rc;

    rc = store_list(store, STORE_NOW, "/local/domain", &names, &nr);
    if (rc)
        return reason_set(why, rc, "cannot list the domains in xenstore: %s",
                          strerror(-rc));
    for (i = 0; i < nr; i++) {
        domid = request_parse_domid(names[i]);
        if (domid < 0)
            continue;
        snprintf(path, sizeof(path), "/local/domain/%d/name", domid);
        if (store_read(store, STORE_NOW, path, &value))
            continue;
        if (!strcmp(value, name)) {
            *ret_domid = (uint32_t)domid;
            found++;
        }
        free(value);
    }
    free(names);
    if (found == 1)
        return 0;
    snprintf(shown, sizeof(shown), "%s", name);
    text_make_printable(shown);
    if (found)
        return reason_set(why, -EEXIST, "there are %zu domains \"%s\": name "
                          "it by its id", found, shown);
    return reason_set(why, -ESRCH, "there is no guest \"%s\"; see: xl list",
                      shown);
}

static int find_domain(struct store *store, const char *text,
                       uint32_t *ret_domid, struct reason *why)
{
    int domid;

    if (!request_is_domid(text))
        return find_name(store, text, ret_domid, why);
    domid = request_parse_domid(text);
    if (domid < 0)
        return reason_set(why, -EINVAL, "\"%.16s\" is no guest's domain id; "
                          "see: xl list", text);
    *ret_domid = (uint32_t)domid;
    return 0;
}

/* What the job is about; as it is now. */
static int prepare(struct job *job, const char *path)
{
    const struct agent *agent;
    int rc;

    rc = request_of_device(job->domid, path, &job->request, &job->why);
    if (!rc)
        rc = job_read_agents(job);
    if (rc)
        return rc;
    agent = agents_of_domain(&job->agents, job->domid);
    if (!agent)
        return reason_set(&job->why, -ENOENT, "the domain has no SCMI agent: "
                          "it gets one only if it is created with a device "
                          "that hangs on SCMI, or an SCMI node in its partial "
                          "device tree; see: scmi-medctl domains");
    job->grant = (struct grant){
        .has_agent = true,
        .agent_id = agent->entry.agent_id,
        .function_id = job->agents.info.function_id,
        .guest_frame = agent->entry.guest_frame,
    };
    return 0;
}

static bool had(const struct job *job, uint32_t device_id)
{
    return agent_has_device(agents_of_domain(&job->agents, job->domid),
                            device_id);
}

/* How many device ids of the plan the domain had when the table was read. */
static size_t count_had(const struct job *job)
{
    size_t i, count = 0;

    for (i = 0; i < job->plan.nr_device_ids; i++)
        count += had(job, job->plan.device_ids[i]);
    return count;
}

/* After a failure: denies all that the domain did not have before. */
static void deny_again(struct job *job)
{
    struct reason first = job->why, why;
    size_t i;

    for (i = 0; i < job->plan.nr_device_ids; i++) {
        uint32_t device_id = job->plan.device_ids[i];

        if (had(job, device_id) ||
            !grant_deny(job->ports->hyp, job->domid, device_id, &job->plan,
                        &why))
            continue;
        reason_set(&job->why, -EIO, "%.*s; and then, %.*s: the domain may "
                   "have it, detach it later", REASON_SIZE / 2 - 64, first.text,
                   REASON_SIZE / 2 - 64, why.text);
    }
}

static int attach(struct job *job, const char *path)
{
    size_t i;
    int rc;

    rc = prepare(job, path);
    if (!rc)
        rc = job_plan(job);
    if (rc)
        return rc;
    if (!job->plan.nr_device_ids)
        return reason_set(&job->why, -ENXIO, "device \"%s\" does not hang on "
                          "SCMI: there is nothing to permit", path);
    if (count_had(job) == job->plan.nr_device_ids)
        return reason_set(&job->why, -EEXIST, "the domain has device \"%s\" "
                          "already", path);
    rc = job_clear_way(job);
    for (i = 0; !rc && i < job->plan.nr_device_ids; i++) {
        rc = grant_permit(job->ports->hyp, job->domid,
                          job->plan.device_ids[i], &job->plan, &job->why);
        if (rc)
            deny_again(job);
    }
    if (rc)
        job_give_back(job);
    return rc;
}

static int detach(struct job *job, const char *path)
{
    size_t i;
    int rc;

    rc = prepare(job, path);
    if (!rc)
        rc = resolver_resolve(job->ports->tree, &job->request, &job->plan,
                              &job->why);
    if (rc)
        return rc;
    if (!count_had(job))
        return reason_set(&job->why, -ENOENT, "the domain does not have "
                          "device \"%s\"; see: scmi-medctl domains", path);
    /* All of them, even if the firmware refuses one: the first reason counts. */
    for (i = 0; i < job->plan.nr_device_ids; i++) {
        uint32_t device_id = job->plan.device_ids[i];
        struct reason why;
        int failed = !had(job, device_id) ? 0 :
                     grant_deny(job->ports->hyp, job->domid, device_id,
                                &job->plan, &why);

        if (failed && !rc)
            job->why = why;
        rc = rc ? rc : failed;
    }
    return rc;
}

/* Either of them, from the domain's name to a line in the log. */
static int change(const struct ports *ports, const char *domain,
                  const char *path, bool attaches,
                  struct live_change *ret_change, struct reason *why)
{
    const char *id = attaches ? LOG_ID_ATTACHED : LOG_ID_DETACHED;
    struct log_context context;
    struct job *job;
    uint32_t domid = 0;
    int rc;

    rc = find_domain(ports->store, domain, &domid, why);
    if (rc)
        return rc;
    job = job_new(ports, domid);
    if (!job)
        return reason_set(why, -ENOMEM, "%s", strerror(ENOMEM));
    rc = attaches ? attach(job, path) : detach(job, path);
    context = job_context(job, rc ? LOG_ID_REFUSED : id);
    if (rc)
        log_write(LOG_WARNING, &context, "domain %u (%s): %s: %s", domid,
                  job->name ? job->name : "?", attaches
                  ? "not attached" : "not detached", job->why.text);
    else
        log_write(LOG_INFO, &context, "domain %u (%s): agent %u: %s %s",
                  domid, job->name ? job->name : "?", job->grant.agent_id,
                  attaches ? "attached" : "detached", path);
    *ret_change = (struct live_change){ domid, job->grant.agent_id };
    *why = job->why;
    job_free(job);
    return rc;
}

int live_attach(const struct ports *ports, const char *domain,
                const char *path, struct live_change *ret_change,
                struct reason *why)
{
    return change(ports, domain, path, true, ret_change, why);
}

int live_detach(const struct ports *ports, const char *domain,
                const char *path, struct live_change *ret_change,
                struct reason *why)
{
    return change(ports, domain, path, false, ret_change, why);
}
