/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Serves one request, see serve.h. */

#include "daemon/serve.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/agents.h"
#include "daemon/answer.h"
#include "daemon/dom0.h"
#include "daemon/grant.h"
#include "daemon/log.h"
#include "daemon/request.h"
#include "daemon/resolver.h"
#include "daemon/rules.h"
#include "daemon/sharing.h"

/* A transaction in which somebody else is always faster is given up. */
#define MAX_ATTEMPTS 100

/* What is known of the request that is being served. */
struct job {
    const struct serve *serve;
    uint32_t domid;
    char name_buffer[DOMAIN_NAME_SIZE];
    const char *name;
    char other_name[DOMAIN_NAME_SIZE];  /* of who is in the way */
    struct request request;
    struct agents agents;
    struct plan plan;
    struct grant grant;
    struct reason why;
};

enum outcome {
    OUTCOME_ANSWERED,
    OUTCOME_WITHDRAWN,      /* the request is gone, or another one */
};

static struct log_context context_of(const struct job *job,
                                     const char *message_id)
{
    return (struct log_context){
        .domid = (int)job->domid,
        .domain = job->name,
        .agent_id = job->grant.has_agent ? (int)job->grant.agent_id : -1,
        .devices = job->request.paths,
        .nr_devices = job->request.nr_paths,
        .message_id = message_id,
    };
}

void serve_plain_text(const char *text, char ret_text[DOMAIN_NAME_SIZE])
{
    char *c;

    snprintf(ret_text, DOMAIN_NAME_SIZE, "%s", text);
    /* It ends up in logs, in JSON and on terminals. */
    for (c = ret_text; *c; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
}

const char *serve_domain_name(struct store *store, uint32_t domid,
                              char ret_name[DOMAIN_NAME_SIZE])
{
    char path[64], *name;

    snprintf(path, sizeof(path), "/local/domain/%u/name", domid);
    if (store_read(store, STORE_NOW, path, &name))
        return NULL;
    serve_plain_text(name, ret_name);
    free(name);
    return *ret_name ? ret_name : NULL;
}

/* Takes back what was granted but could not be, or was not, announced. */
static void roll_back(const struct job *job, const char *because)
{
    struct log_context context = context_of(job, LOG_ID_ROLLBACK);
    int rc;

    if (!job->grant.has_agent)
        return;
    rc = grant_undo(job->serve->hyp, job->domid);
    if (!rc || rc == -ESRCH || rc == -ENOENT)
        log_write(LOG_NOTICE, &context, "domain %u: took agent %u back: %s",
                  job->domid, job->grant.agent_id, because);
    else
        log_write(LOG_ERR, &context, "domain %u: could not take agent %u "
                  "back cleanly (%s: %s)", job->domid, job->grant.agent_id,
                  because, strerror(-rc));
}

static int read_agents(struct job *job)
{
    int rc;

    agents_done(&job->agents);
    rc = agents_read(job->serve->hyp, &job->agents);
    if (rc)
        return reason_set(&job->why, rc, "Xen did not return the table of "
                          "SCMI agents: %s", strerror(-rc));
    rules_reserve(job->serve->policy, job->name, &job->agents);
    return 0;
}

/*
 * A domain that still waits cannot be using an agent: if it has one, a daemon
 * died between granting and answering.
 */
static int drop_unfinished(struct job *job)
{
    const struct agent *agent = agents_of_domain(&job->agents, job->domid);
    struct log_context context = context_of(job, LOG_ID_ROLLBACK);
    int rc;

    if (!agent)
        return 0;
    rc = grant_undo(job->serve->hyp, job->domid);
    log_write(LOG_NOTICE, &context, "domain %u: released agent %u of an "
              "earlier, unfinished grant%s", job->domid,
              agent->entry.agent_id, rc == -EIO ? "; it is quarantined" : "");
    if (rc && rc != -EIO && rc != -ENOENT)
        return reason_set(&job->why, rc, "agent %u of an earlier, unfinished "
                          "grant could not be released: %s",
                          agent->entry.agent_id, strerror(-rc));
    return read_agents(job);
}

/* Whether a quarantine stands in the way of the plan. */
static bool needs_quarantined(const struct job *job)
{
    struct agents_count count = agents_count(&job->agents);
    struct conflict conflict;

    if (!count.quarantined)
        return false;
    return !count.free ||
           (grant_find_conflict(&job->agents, &job->plan, job->domid,
                                &conflict) &&
            agent_is_quarantined(conflict.holder));
}

static const char *name_of(void *context, uint32_t domid)
{
    struct job *job = context;

    return serve_domain_name(job->serve->store, domid, job->other_name);
}

/* What is shared with others, and what the policy says. */
static int check_rules(struct job *job)
{
    const struct serve *serve = job->serve;
    int rc;

    rc = sharing_check(serve->tree, serve->policy, &job->agents, &job->plan,
                       job->domid, name_of, job, &job->why);
    if (!rc)
        rc = rules_check_agent(serve->policy, job->name, &job->agents,
                               &job->why);
    return rc;
}

/* Everything between a request and its answer. On failure: the reason. */
static int decide(struct job *job)
{
    struct hyp *hyp = job->serve->hyp;
    struct conflict conflict;
    int rc;

    rc = read_agents(job);
    if (!rc)
        rc = drop_unfinished(job);
    if (!rc)
        rc = resolver_resolve(job->serve->tree, &job->request, &job->plan,
                              &job->why);
    if (!rc)
        rc = rules_check_devices(job->serve->policy, job->serve->tree,
                                 &job->request, &job->why);
    if (rc || !job->plan.needs_agent)
        return rc;

    if (needs_quarantined(job) && grant_lift_quarantine(hyp, &job->agents)) {
        rc = read_agents(job);
        if (rc)
            return rc;
    }
    if (grant_find_conflict(&job->agents, &job->plan, job->domid, &conflict)) {
        char buffer[DOMAIN_NAME_SIZE];

        return grant_explain_conflict(&conflict,
            serve_domain_name(job->serve->store, conflict.holder->entry.domid,
                              buffer), &job->why);
    }
    rc = check_rules(job);
    if (rc)
        return rc;
    /* If the rest fails, Dom0 gets it back: see give_back(). */
    rc = dom0_take(hyp, &job->agents, job->serve->tree, &job->plan,
                   job->serve->sysfs, &job->why);
    return rc ? rc : grant_make(hyp, &job->agents, job->domid, &job->plan,
                                &job->grant, &job->why);
}

/*
 * Before a refusal is announced, Dom0 has its devices again. What fails here
 * is tried again, and logged, by the manager.
 */
static void give_back(struct job *job)
{
    struct dom0_changes changes;
    struct agents agents;

    if (agents_read(job->serve->hyp, &agents))
        return;
    dom0_restore(job->serve->hyp, &agents, job->serve->tree, &changes);
    agents_done(&agents);
}

/*
 * Whether the request still waits and is the one that was decided on: the
 * plugin may have given up, and even asked again.
 */
static int still_waits(const struct job *job, store_txn txn)
{
    struct request request;
    struct reason why;
    int rc;

    rc = request_is_pending(job->serve->store, txn, job->domid);
    if (rc <= 0)
        return rc;
    rc = request_read(job->serve->store, txn, job->domid, &request, &why);
    /* Malformed, as before; or it only looked so while it was rewritten. */
    if (rc == -EINVAL)
        return !job->request.paths;
    if (rc)
        return rc;
    rc = job->request.paths && request_is_equal(&request, &job->request);
    request_done(&request);
    return rc;
}

/* Writes the answer, refused or not. Negative: it is not written. */
static int answer(const struct job *job, bool refused,
                  enum outcome *ret_outcome)
{
    struct store *store = job->serve->store;
    store_txn txn;
    int rc, attempt = 0;

    do {
        rc = store_begin(store, &txn);
        if (rc)
            return rc;
        rc = still_waits(job, txn);
        if (rc <= 0) {
            store_abort(store, txn);
            *ret_outcome = OUTCOME_WITHDRAWN;
            return rc;
        }
        rc = refused ? answer_refused(store, txn, job->domid, job->why.text)
                     : answer_granted(store, txn, job->domid, &job->plan,
                                      &job->grant);
        if (rc) {
            store_abort(store, txn);
            return rc;
        }
        rc = store_commit(store, txn);
    } while (rc == -EAGAIN && ++attempt < MAX_ATTEMPTS);

    if (!rc)
        *ret_outcome = OUTCOME_ANSWERED;
    return rc;
}

/* The first paths of the request, for a line of the log. */
static const char *summary(const struct request *request, char *buffer,
                           size_t size)
{
    size_t i, len = 0;

    buffer[0] = '\0';
    for (i = 0; i < request->nr_paths && len < size; i++) {
        if (i == 3) {
            snprintf(buffer + len, size - len, ", and %zu more",
                     request->nr_paths - i);
            break;
        }
        len += (size_t)snprintf(buffer + len, size - len, "%s%s",
                                i ? ", " : "", request->paths[i]);
    }
    return request->nr_paths ? buffer : "no device";
}

static void log_answer(const struct job *job, bool refused)
{
    struct log_context context = context_of(job, refused ? LOG_ID_REFUSED
                                                         : LOG_ID_GRANTED);
    const char *name = job->name ? job->name : "?";
    char devices[512];

    if (refused)
        log_write(LOG_WARNING, &context, "domain %u (%s): refused: %s",
                  job->domid, name, job->why.text);
    else if (job->grant.has_agent)
        log_write(LOG_INFO, &context, "domain %u (%s): granted agent %u: %s",
                  job->domid, name, job->grant.agent_id,
                  summary(&job->request, devices, sizeof(devices)));
    else
        log_write(LOG_INFO, &context, "domain %u (%s): needs no agent: %s",
                  job->domid, name,
                  summary(&job->request, devices, sizeof(devices)));
}

/* Answers with a refusal that is in job->why. */
static int refuse(struct job *job, enum outcome *ret_outcome)
{
    int rc;

    give_back(job);
    rc = answer(job, true, ret_outcome);
    if (!rc && *ret_outcome == OUTCOME_ANSWERED)
        log_answer(job, true);
    return rc;
}

static int serve_job(struct job *job, enum outcome *ret_outcome)
{
    struct store *store = job->serve->store;
    int rc;

    rc = request_read(store, STORE_NOW, job->domid, &job->request, &job->why);
    if (!rc)
        rc = decide(job);
    else if (rc != -EINVAL)
        return rc;
    if (rc)
        return refuse(job, ret_outcome);

    rc = answer(job, false, ret_outcome);
    if (!rc && *ret_outcome == OUTCOME_ANSWERED) {
        log_answer(job, false);
        return 0;
    }
    roll_back(job, rc ? "its request could not be answered"
                      : "it does not wait any more");
    if (!rc || rc == -ENOTCONN)
        return rc;
    job->grant = (struct grant){ 0 };
    reason_set(&job->why, rc, "the answer could not be written to xenstore: "
               "%s", strerror(-rc));
    return refuse(job, ret_outcome);
}

int serve_request(const struct serve *serve, uint32_t domid)
{
    enum outcome outcome = OUTCOME_WITHDRAWN;
    int rc, attempt = 0;

    while ((rc = request_is_pending(serve->store, STORE_NOW, domid)) > 0) {
        struct job *job = calloc(1, sizeof(*job));

        if (!job)
            return -ENOMEM;
        job->serve = serve;
        job->domid = domid;
        job->name = serve_domain_name(serve->store, domid, job->name_buffer);
        rc = serve_job(job, &outcome);
        request_done(&job->request);
        plan_done(&job->plan);
        agents_done(&job->agents);
        free(job);

        if (rc == -ENOTCONN)
            return rc;
        if (rc) {
            log_error("domain %u: its request could not be served: %s", domid,
                      strerror(-rc));
            return 0;
        }
        if (outcome == OUTCOME_ANSWERED)
            return 0;
        /* Somebody keeps rewriting it: that one will fire the watch. */
        if (++attempt == MAX_ATTEMPTS)
            return 0;
    }
    return rc == -ENOTCONN ? rc : 0;
}
