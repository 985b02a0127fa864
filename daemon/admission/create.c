/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests of domains that are being created, see create.h. */

#include "daemon/admission/create.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/admission/reply.h"
#include "daemon/log.h"

/* Then something keeps changing the request. */
#define MAX_ATTEMPTS 100

enum outcome {
    OUTCOME_REPLIED,
    OUTCOME_WITHDRAWN,      /* the request is gone, or has been replaced */
};

/* Undoes a grant whose reply was not written. */
static void roll_back(const struct admission *adm, const char *because)
{
    struct log_context context = admission_log_context(adm, LOG_ID_ROLLBACK);
    int rc;

    if (!adm->grant.has_agent)
        return;
    rc = grant_undo(adm->backends->hyp, adm->domid);
    if (!rc || rc == -ESRCH || rc == -ENOENT)
        log_write(LOG_NOTICE, &context, "domain %u: took agent %u back: %s",
                  adm->domid, adm->grant.agent_id, because);
    else
        log_write(LOG_ERR, &context, "domain %u: could not take agent %u "
                  "back cleanly (%s: %s)", adm->domid, adm->grant.agent_id,
                  because, strerror(-rc));
}

/*
 * A domain whose request is pending cannot be using an agent yet: if it has
 * one, a daemon died between the grant and the reply.
 */
static int undo_unfinished(struct admission *adm)
{
    const struct agent *agent = agents_of_domain(&adm->agents, adm->domid);
    struct log_context context = admission_log_context(adm, LOG_ID_ROLLBACK);
    int rc;

    if (!agent)
        return 0;
    rc = grant_undo(adm->backends->hyp, adm->domid);
    log_write(LOG_NOTICE, &context, "domain %u: released agent %u of an "
              "earlier, unfinished grant%s", adm->domid,
              agent->entry.agent_id, rc == -EIO ? "; it is quarantined" : "");
    if (rc && rc != -EIO && rc != -ENOENT)
        return reason_set(&adm->why, rc, "agent %u of an earlier, unfinished "
                          "grant could not be released: %s",
                          agent->entry.agent_id, strerror(-rc));
    return admission_read_agents(adm);
}

/*
 * A request outlives its domain if xl was killed. Refuse it before Dom0 hands
 * over any device.
 */
static int check_alive(struct admission *adm)
{
    enum domain_state state;
    int rc = domain_read_state(adm->backends->hyp, adm->domid, &state,
                               &adm->why);

    if (rc)
        return rc;
    if (state != DOMAIN_ALIVE)
        return reason_set(&adm->why, -ESRCH, "the domain is gone");
    return 0;
}

/* Decides on the request and grants it. On failure, adm->why has the reason. */
static int decide(struct admission *adm)
{
    int rc;

    rc = check_alive(adm);
    if (!rc)
        rc = admission_read_agents(adm);
    if (!rc)
        rc = undo_unfinished(adm);
    if (!rc)
        rc = admission_plan(adm);
    if (rc || !adm->plan.needs_agent)
        return rc;
    rc = admission_check_and_take(adm);
    return rc ? rc : grant_make(adm->backends->hyp, &adm->agents, adm->domid,
                                &adm->plan, &adm->grant, &adm->why);
}

/*
 * Whether the request is still pending and unchanged: the plugin may have timed
 * out, and xl may have created the domain anew. Negative: cannot tell.
 */
static int is_unchanged(const struct admission *adm, store_txn txn)
{
    struct request request;
    struct reason why;
    int rc;

    rc = request_is_pending(adm->backends->store, txn, adm->domid);
    if (rc <= 0)
        return rc;
    rc = request_read(adm->backends->store, txn, adm->domid, &request, &why);
    /* The decision was on a malformed request: it still is. */
    if (rc == -EINVAL)
        return !adm->request.paths;
    if (rc)
        return rc;
    rc = adm->request.paths && request_is_equal(&request, &adm->request);
    request_done(&request);
    return rc;
}

/* Writes the reply. Negative: it is not written. */
static int reply(const struct admission *adm, bool refused,
                  enum outcome *ret_outcome)
{
    struct store *store = adm->backends->store;
    store_txn txn;
    int rc, attempt = 0;

    do {
        rc = store_begin(store, &txn);
        if (rc)
            return rc;
        rc = is_unchanged(adm, txn);
        if (rc <= 0) {
            store_abort(store, txn);
            *ret_outcome = OUTCOME_WITHDRAWN;
            return rc;
        }
        rc = refused ? reply_refused(store, txn, adm->domid, adm->why.text)
                     : reply_granted(store, txn, adm->domid, &adm->plan,
                                      &adm->grant);
        if (rc) {
            store_abort(store, txn);
            return rc;
        }
        rc = store_commit(store, txn);
    } while (rc == -EAGAIN && ++attempt < MAX_ATTEMPTS);

    if (!rc)
        *ret_outcome = OUTCOME_REPLIED;
    return rc;
}

/* The first paths of the request, for the log. */
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

static void log_reply(const struct admission *adm, bool refused)
{
    struct log_context context =
        admission_log_context(adm, refused ? LOG_ID_REFUSED : LOG_ID_GRANTED);
    const char *name = adm->name ? adm->name : "?";
    char devices[512];

    if (refused)
        log_write(LOG_WARNING, &context, "domain %u (%s): refused: %s",
                  adm->domid, name, adm->why.text);
    else if (adm->grant.has_agent)
        log_write(LOG_INFO, &context, "domain %u (%s): granted agent %u: %s",
                  adm->domid, name, adm->grant.agent_id,
                  summary(&adm->request, devices, sizeof(devices)));
    else
        log_write(LOG_INFO, &context, "domain %u (%s): needs no agent: %s",
                  adm->domid, name,
                  summary(&adm->request, devices, sizeof(devices)));
}

/* Replies with the refusal in adm->why. */
static int refuse(struct admission *adm, enum outcome *ret_outcome)
{
    int rc;

    admission_return_to_dom0(adm);
    rc = reply(adm, true, ret_outcome);
    if (!rc && *ret_outcome == OUTCOME_REPLIED)
        log_reply(adm, true);
    return rc;
}

static int serve(struct admission *adm, enum outcome *ret_outcome)
{
    struct store *store = adm->backends->store;
    int rc;

    /* The policy may pin the domain by its name. */
    if (adm->name_rc)
        return adm->name_rc;
    rc = request_read(store, STORE_NOW, adm->domid, &adm->request, &adm->why);
    if (!rc)
        rc = decide(adm);
    else if (rc != -EINVAL)
        return rc;
    if (rc)
        return refuse(adm, ret_outcome);

    rc = reply(adm, false, ret_outcome);
    if (!rc && *ret_outcome == OUTCOME_REPLIED) {
        log_reply(adm, false);
        return 0;
    }
    /*
     * The reply may have been written, and the domain may rely on it. If not,
     * the request is still pending, and the next daemon undoes the grant.
     */
    if (rc == -ENOTCONN)
        return rc;
    roll_back(adm, rc ? "its request could not be answered"
                      : "its request was withdrawn");
    if (!rc)
        return rc;
    adm->grant = (struct grant){ 0 };
    reason_set(&adm->why, rc, "the answer could not be written to xenstore: "
               "%s", strerror(-rc));
    return refuse(adm, ret_outcome);
}

int create_serve(const struct backends *backends, uint32_t domid)
{
    enum outcome outcome = OUTCOME_WITHDRAWN;
    int rc, attempt = 0;

    while ((rc = request_is_pending(backends->store, STORE_NOW, domid)) > 0) {
        struct admission *adm = admission_new(backends, domid);

        rc = adm ? serve(adm, &outcome) : -ENOMEM;
        admission_free(adm);
        if (rc)
            break;
        if (outcome == OUTCOME_REPLIED)
            return 0;
        /* The next change of the request fires the watch again. */
        if (++attempt == MAX_ATTEMPTS)
            return 0;
    }
    if (rc && rc != -ENOTCONN)
        log_error("domain %u: its request could not be served: %s; trying "
                  "again", domid, strerror(-rc));
    return rc;
}
