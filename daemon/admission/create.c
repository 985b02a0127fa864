/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Serves one request, see serve.h. */

#include "daemon/admission/create.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/admission/reply.h"
#include "daemon/log.h"

/* A transaction in which somebody else is always faster is given up. */
#define MAX_ATTEMPTS 100

enum outcome {
    OUTCOME_ANSWERED,
    OUTCOME_WITHDRAWN,      /* the request is gone, or another one */
};

/* Takes back what was granted but could not be, or was not, announced. */
static void roll_back(const struct job *job, const char *because)
{
    struct log_context context = job_context(job, LOG_ID_ROLLBACK);
    int rc;

    if (!job->grant.has_agent)
        return;
    rc = grant_undo(job->ports->hyp, job->domid);
    if (!rc || rc == -ESRCH || rc == -ENOENT)
        log_write(LOG_NOTICE, &context, "domain %u: took agent %u back: %s",
                  job->domid, job->grant.agent_id, because);
    else
        log_write(LOG_ERR, &context, "domain %u: could not take agent %u "
                  "back cleanly (%s: %s)", job->domid, job->grant.agent_id,
                  because, strerror(-rc));
}

/*
 * A domain that still waits cannot be using an agent: if it has one, a daemon
 * died between granting and answering.
 */
static int drop_unfinished(struct job *job)
{
    const struct agent *agent = agents_of_domain(&job->agents, job->domid);
    struct log_context context = job_context(job, LOG_ID_ROLLBACK);
    int rc;

    if (!agent)
        return 0;
    rc = grant_undo(job->ports->hyp, job->domid);
    log_write(LOG_NOTICE, &context, "domain %u: released agent %u of an "
              "earlier, unfinished grant%s", job->domid,
              agent->entry.agent_id, rc == -EIO ? "; it is quarantined" : "");
    if (rc && rc != -EIO && rc != -ENOENT)
        return reason_set(&job->why, rc, "agent %u of an earlier, unfinished "
                          "grant could not be released: %s",
                          agent->entry.agent_id, strerror(-rc));
    return job_read_agents(job);
}

/* Everything between a request and its answer. On failure: the reason. */
static int decide(struct job *job)
{
    int rc;

    rc = job_read_agents(job);
    if (!rc)
        rc = drop_unfinished(job);
    if (!rc)
        rc = job_plan(job);
    if (rc || !job->plan.needs_agent)
        return rc;
    rc = job_clear_way(job);
    return rc ? rc : grant_make(job->ports->hyp, &job->agents, job->domid,
                                &job->plan, &job->grant, &job->why);
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

    rc = request_is_pending(job->ports->store, txn, job->domid);
    if (rc <= 0)
        return rc;
    rc = request_read(job->ports->store, txn, job->domid, &request, &why);
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
    struct store *store = job->ports->store;
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
    struct log_context context = job_context(job, refused ? LOG_ID_REFUSED
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

    job_give_back(job);
    rc = answer(job, true, ret_outcome);
    if (!rc && *ret_outcome == OUTCOME_ANSWERED)
        log_answer(job, true);
    return rc;
}

static int serve_job(struct job *job, enum outcome *ret_outcome)
{
    struct store *store = job->ports->store;
    int rc;

    /* Which agent it may have can depend on its name. */
    if (job->name_rc)
        return job->name_rc;
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
    /*
     * It may have been written, and the domain rely on it. If not, the request
     * still waits for the next daemon, which takes back what was granted.
     */
    if (rc == -ENOTCONN)
        return rc;
    roll_back(job, rc ? "its request could not be answered"
                      : "it does not wait any more");
    if (!rc)
        return rc;
    job->grant = (struct grant){ 0 };
    reason_set(&job->why, rc, "the answer could not be written to xenstore: "
               "%s", strerror(-rc));
    return refuse(job, ret_outcome);
}

int serve_request(const struct ports *ports, uint32_t domid)
{
    enum outcome outcome = OUTCOME_WITHDRAWN;
    int rc, attempt = 0;

    while ((rc = request_is_pending(ports->store, STORE_NOW, domid)) > 0) {
        struct job *job = job_new(ports, domid);

        rc = job ? serve_job(job, &outcome) : -ENOMEM;
        job_free(job);
        if (rc)
            break;
        if (outcome == OUTCOME_ANSWERED)
            return 0;
        /* Somebody keeps rewriting it: that one will fire the watch. */
        if (++attempt == MAX_ATTEMPTS)
            return 0;
    }
    if (rc && rc != -ENOTCONN)
        log_error("domain %u: its request could not be served: %s; trying "
                  "again", domid, strerror(-rc));
    return rc;
}
