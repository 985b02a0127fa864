/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bindings, see bindings.h. */

#include "daemon/bindings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <scmi-med/names.h>

#include "daemon/log.h"

static struct log_context context_of(const struct binding *binding,
                                     const char *message_id)
{
    return (struct log_context){
        .domid = (int)binding->domid,
        .domain = *binding->name ? binding->name : NULL,
        .agent_id = (int)binding->agent_id,
        .message_id = message_id,
    };
}

static const char *shown_name(const struct binding *binding)
{
    return *binding->name ? binding->name : "?";
}

/* Logs that a binding is no longer in the table, if so. */
static void log_released(const struct binding *binding,
                         const struct agents *agents)
{
    const struct agent *agent = agents_find(agents, binding->agent_id);
    struct log_context context;

    if (agent && agent_is_bound(agent) &&
        agent->entry.domid == binding->domid)
        return;
    if (agent && agent_is_quarantined(agent)) {
        context = context_of(binding, LOG_ID_QUARANTINED);
        log_write(LOG_ERR, &context, "domain %u (%s) has lost agent %u, which "
                  "is quarantined: the firmware did not confirm that its "
                  "permissions are gone", binding->domid, shown_name(binding),
                  binding->agent_id);
        return;
    }
    context = context_of(binding, LOG_ID_RELEASED);
    log_write(LOG_INFO, &context, "domain %u (%s) has lost agent %u, which "
              "is reset", binding->domid, shown_name(binding),
              binding->agent_id);
}

/*
 * Reads the names of new domains only, so that the cost of one more domain does
 * not depend on how many there are.
 */
static void set_name(struct binding *binding, const struct bindings *before,
                     struct store *store)
{
    size_t i;

    for (i = 0; i < before->nr; i++)
        if (before->list[i].agent_id == binding->agent_id &&
            before->list[i].domid == binding->domid &&
            before->list[i].name[0]) {
            memcpy(binding->name, before->list[i].name, sizeof(binding->name));
            return;
        }
    if (!domain_name(store, binding->domid, binding->name))
        binding->name[0] = '\0';
}

int bindings_update(struct bindings *bindings, const struct agents *agents,
                    struct store *store)
{
    struct bindings next = { 0 };
    size_t i;

    next.list = calloc(agents->nr_agents + 1, sizeof(*next.list));
    if (!next.list)
        return -ENOMEM;
    for (i = 0; i < bindings->nr; i++)
        log_released(&bindings->list[i], agents);

    for (i = 0; i < agents->nr_agents; i++) {
        const struct agent *agent = &agents->agents[i];
        struct binding *binding = &next.list[next.nr];

        if (!agent_is_for_guests(agent) || !agent_is_bound(agent))
            continue;
        binding->agent_id = agent->entry.agent_id;
        binding->domid = agent->entry.domid;
        set_name(binding, bindings, store);
        next.nr++;
    }
    bindings_done(bindings);
    *bindings = next;
    return 0;
}

static bool is_granted(struct store *store, uint32_t domid)
{
    char path[64], *state;
    bool granted;

    snprintf(path, sizeof(path), SCMI_MED_REQUEST_FMT "/state", domid);
    if (store_read(store, STORE_NOW, path, &state))
        return false;
    granted = !strcmp(state, SCMI_MED_STATE_GRANTED);
    free(state);
    return granted;
}

/* xl removes the request of a domain before it destroys the domain. */
static bool is_dying(struct hyp *hyp, uint32_t domid)
{
    enum domain_state state;

    return !hyp_get_domain_state(hyp, domid, &state) && state != DOMAIN_ALIVE;
}

void bindings_log(const struct bindings *bindings, struct hyp *hyp,
                  struct store *store)
{
    size_t i;

    for (i = 0; i < bindings->nr; i++) {
        const struct binding *binding = &bindings->list[i];
        struct log_context context = context_of(binding, NULL);

        if (is_granted(store, binding->domid))
            log_write(LOG_INFO, &context, "domain %u (%s) has agent %u",
                      binding->domid, shown_name(binding), binding->agent_id);
        else if (is_dying(hyp, binding->domid))
            log_write(LOG_INFO, &context, "domain %u (%s) is being destroyed; "
                      "it still has agent %u", binding->domid,
                      shown_name(binding), binding->agent_id);
        else
            log_write(LOG_WARNING, &context, "domain %u (%s) has agent %u "
                      "though its request was not granted; Xen takes it away "
                      "when the domain is destroyed", binding->domid,
                      shown_name(binding), binding->agent_id);
    }
}

void bindings_done(struct bindings *bindings)
{
    free(bindings->list);
    *bindings = (struct bindings){ 0 };
}
