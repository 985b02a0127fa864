/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The manager, see manager.h. */

#include "daemon/manager.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <scmi-med/names.h>

#include "daemon/admission/dom0.h"
#include "daemon/admission/hotplug.h"
#include "daemon/admission/request.h"
#include "daemon/admission/rules.h"
#include "daemon/bindings.h"
#include "daemon/log.h"
#include "daemon/retry.h"
#include "daemon/xen/hyp-start.h"

/* Then other events in the loop get their turn. */
#define MAX_EVENTS_PER_TURN 64

struct manager {
    struct manager_config config;
    struct loop *loop;
    struct loop_io *store_io;
    struct loop_timer *probe;
    struct retry *retry;            /* see on_retry() */
    struct hyp *hyp;
    struct store *store;
    struct host_tree tree;
    struct policy policy;
    struct bindings bindings;
    size_t nr_missing;              /* devices that Dom0 could not get back */
    bool table_failed;              /* the last agents_read() did */
    enum daemon_exit exit;
};

int manager_read_agents(struct manager *manager, struct agents *ret_agents)
{
    return agents_read(manager->hyp, ret_agents);
}

const struct host_tree *manager_tree(const struct manager *manager)
{
    return &manager->tree;
}

const char *manager_domain_name(struct manager *manager, uint32_t domid,
                                char ret_name[DOMAIN_NAME_SIZE])
{
    return domain_name(manager->store, domid, ret_name);
}

int manager_find_domain(struct manager *manager, const char *text,
                        struct domain *ret_domain, struct reason *why)
{
    return domain_find(manager->hyp, manager->store, text, ret_domain, why);
}

enum daemon_exit manager_exit(const struct manager *manager)
{
    return manager->exit;
}

static void lost_xenstored(struct manager *manager)
{
    if (manager->exit == EXIT_DONE)
        log_error("lost xenstored: guests keep running, but no request can be "
                  "served any more");
    manager->exit = EXIT_XENSTORE_GONE;
    loop_stop(manager->loop);
}

static void show_status(struct manager *manager, const struct agents *agents)
{
    struct agents_count count = agents_count(agents);
    char line[128], quarantined[32] = "";

    if (count.quarantined)
        snprintf(quarantined, sizeof(quarantined), ", %u quarantined",
                 count.quarantined);
    snprintf(line, sizeof(line), "%u domain%s, %u of %u agents free%s",
             count.bound, count.bound == 1 ? "" : "s", count.free,
             count.total, quarantined);
    if (manager->config.on_status)
        manager->config.on_status(manager->config.context, line);
}

/* Logs how Xen's table has changed, and restores Dom0's devices. */
static void refresh(struct manager *manager)
{
    struct agents agents;
    int rc;

    rc = agents_read(manager->hyp, &agents);
    if (rc && !manager->table_failed)
        log_error("Xen did not return the table of SCMI agents: %s; trying "
                  "again", strerror(-rc));
    manager->table_failed = rc;
    if (rc) {
        retry_later(manager->retry);
        return;
    }
    rc = bindings_update(&manager->bindings, &agents, manager->store);
    if (rc)
        log_error("%s", strerror(-rc));
    show_status(manager, &agents);
    dom0_restore_missing(manager->hyp, &agents, &manager->tree,
                         &manager->nr_missing);
    if (manager->nr_missing)
        retry_later(manager->retry);
    agents_done(&agents);
}

/* ---- Requests ----------------------------------------------------------- */

static struct backends backends_of(const struct manager *manager)
{
    return (struct backends){
        manager->hyp, manager->store, &manager->tree, &manager->policy,
        manager->config.sysfs,
    };
}

static void serve(struct manager *manager, uint32_t domid)
{
    const struct backends backends = backends_of(manager);
    int rc = create_serve(&backends, domid);

    if (rc == -ENOTCONN)
        lost_xenstored(manager);
    else if (rc)
        retry_later(manager->retry);
}

/* Serves all pending requests. */
static void scan(struct manager *manager)
{
    char **names;
    size_t nr, i;
    int domid, rc;

    rc = store_list(manager->store, STORE_NOW, "/libxl", &names, &nr);
    if (rc == -ENOTCONN)
        lost_xenstored(manager);
    if (rc && rc != -ENOTCONN && rc != -ENOENT) {
        log_error("cannot list /libxl in xenstore: %s; trying again",
                  strerror(-rc));
        retry_later(manager->retry);
    }
    if (rc)
        return;

    for (i = 0; i < nr && manager->exit == EXIT_DONE; i++) {
        domid = domain_parse_id(names[i], strlen(names[i]));
        if (domid > 0)
            serve(manager, (uint32_t)domid);
    }
    free(names);
}

static void on_retry(void *context)
{
    struct manager *manager = context;

    scan(manager);
    if (manager->exit == EXIT_DONE)
        refresh(manager);
}

static void on_store(void *context, unsigned ready)
{
    struct manager *manager = context;
    bool changed = false;
    int i, domid, rc;
    char *path;

    (void)ready;
    for (i = 0; i < MAX_EVENTS_PER_TURN && manager->exit == EXIT_DONE; i++) {
        rc = store_next_event(manager->store, &path);
        /* The event is lost, but a scan serves all requests. */
        if (rc == -ENOMEM)
            retry_later(manager->retry);
        else if (rc && rc != -EAGAIN)
            lost_xenstored(manager);
        if (rc)
            break;
        domid = request_domid_of(path);
        if (domid > 0) {
            serve(manager, (uint32_t)domid);
            changed = true;
        } else if (!strcmp(path, "/libxl")) {
            scan(manager);
            changed = true;
        } else if (!strcmp(path, "@releaseDomain")) {
            changed = true;
        }
        free(path);
    }
    if (changed && manager->exit == EXIT_DONE)
        refresh(manager);
}

static void on_probe(void *context)
{
    struct manager *manager = context;

    if (store_probe(manager->store))
        lost_xenstored(manager);
    else
        (void)loop_timer_start(manager->probe, MANAGER_PROBE_MS);
}

/* ---- Start and end ------------------------------------------------------ */

static enum daemon_exit open_tree(struct manager *manager, struct reason *why)
{
    struct reason cause;
    int rc = host_tree_read(manager->config.fdt_path, &manager->tree, &cause);

    if (!rc)
        return EXIT_DONE;
    reason_set(why, rc, "cannot read the host device tree, %s: %.256s",
               manager->config.fdt_path, cause.text);
    return exit_because(rc, EXIT_HOST_TREE);
}

static enum daemon_exit open_policy(struct manager *manager,
                                    struct reason *why)
{
    int rc = rules_load(manager->config.policy_path, manager->hyp,
                        &manager->tree, &manager->policy, why);

    return rc ? exit_because(rc, EXIT_POLICY) : EXIT_DONE;
}

static enum daemon_exit open_store(struct manager *manager, struct reason *why)
{
    int rc = store_open(&manager->store);

    if (!rc)
        rc = store_watch(manager->store, "/libxl");
    if (!rc)
        rc = store_watch(manager->store, "@releaseDomain");
    if (!rc)
        return EXIT_DONE;
    reason_set(why, rc, "cannot reach xenstored (%s): \"systemctl start "
               "xen.service\" starts it on Debian", strerror(-rc));
    return EXIT_XENSTORE;
}

static enum daemon_exit open_events(struct manager *manager,
                                    struct reason *why)
{
    manager->store_io = loop_io_new(manager->loop, store_fd(manager->store),
                                    on_store, manager);
    manager->probe = loop_timer_new(manager->loop, on_probe, manager);
    manager->retry = retry_new(manager->loop, on_retry, manager);
    if (manager->store_io && manager->probe && manager->retry &&
        !loop_io_watch(manager->store_io, LOOP_READ) &&
        !loop_timer_start(manager->probe, MANAGER_PROBE_MS))
        return EXIT_DONE;
    reason_set(why, -ENOMEM, "%s", strerror(ENOMEM));
    return EXIT_FAILURE_OTHER;
}

enum daemon_exit manager_new(struct loop *loop,
                             const struct manager_config *config,
                             struct manager **ret_manager, struct reason *why)
{
    struct manager *manager = calloc(1, sizeof(*manager));
    enum daemon_exit status;

    if (!manager) {
        reason_set(why, -ENOMEM, "%s", strerror(ENOMEM));
        return EXIT_FAILURE_OTHER;
    }
    manager->loop = loop;
    manager->config = *config;
    status = hyp_start(&manager->hyp, why);
    if (status == EXIT_DONE)
        status = open_tree(manager, why);
    if (status == EXIT_DONE)
        status = open_policy(manager, why);
    if (status == EXIT_DONE)
        status = open_store(manager, why);
    if (status == EXIT_DONE)
        status = open_events(manager, why);

    if (status == EXIT_DONE)
        *ret_manager = manager;
    else
        manager_free(manager);
    return status;
}

void manager_free(struct manager *manager)
{
    if (!manager)
        return;
    loop_io_free(manager->store_io);
    loop_timer_free(manager->probe);
    retry_free(manager->retry);
    store_close(manager->store);
    hyp_close(manager->hyp);
    policy_done(&manager->policy);
    host_tree_done(&manager->tree);
    bindings_done(&manager->bindings);
    free(manager);
}

void manager_start(struct manager *manager)
{
    scan(manager);
    if (manager->exit != EXIT_DONE)
        return;
    refresh(manager);
    bindings_log(&manager->bindings, manager->hyp, manager->store);
}

int manager_reload(struct manager *manager, struct reason *why)
{
    struct log_context context = {
        .agent_id = -1, .message_id = LOG_ID_TREE_READ,
    };
    struct host_tree tree;
    struct reason cause;
    int rc = host_tree_read(manager->config.fdt_path, &tree, &cause);

    if (rc) {
        reason_set(why, rc, "cannot read %s again, keeping what was read "
                   "before: %.256s", manager->config.fdt_path, cause.text);
        log_write(LOG_ERR, &context, "%s", why->text);
        return rc;
    }
    /* Take both or neither: the policy was checked against this tree. */
    rc = rules_reload(manager->config.policy_path, manager->hyp, &tree,
                      &manager->policy, why);
    if (rc) {
        host_tree_done(&tree);
        return rc;
    }
    host_tree_done(&manager->tree);
    manager->tree = tree;
    log_write(LOG_INFO, &context, "read %s again: %zu devices use SCMI",
              manager->config.fdt_path, tree.nr_devices);
    /* Which devices are Dom0's depends on the tree. */
    refresh(manager);
    return 0;
}

int manager_reset_agent(struct manager *manager, uint32_t agent_id,
                        int32_t *scmi_status)
{
    struct log_context context = {
        .agent_id = (int)agent_id, .message_id = LOG_ID_RESET,
    };
    int rc = hyp_reset(manager->hyp, agent_id, scmi_status);

    if (rc)
        log_write(LOG_WARNING, &context, "agent %u could not be reset: %s, "
                  "SCMI status %d", agent_id, strerror(-rc), *scmi_status);
    else
        log_write(LOG_NOTICE, &context, "agent %u was reset: it has no "
                  "permissions, and is free", agent_id);
    refresh(manager);
    return rc;
}

int manager_set_limit(struct manager *manager, uint32_t agent_id,
                      uint32_t rate)
{
    struct log_context context = {
        .agent_id = (int)agent_id, .message_id = LOG_ID_LIMIT,
    };
    const struct agent *agent;
    struct agents agents;
    int rc = agents_read(manager->hyp, &agents);

    if (rc)
        return rc;
    /* A limit is the domain's. */
    agent = agents_find(&agents, agent_id);
    rc = !agent ? -ENOENT
         : !agent_is_bound(agent) ? -ENODEV
         : hyp_set_rate(manager->hyp, agent->entry.domid, rate);
    agents_done(&agents);
    if (!rc)
        log_write(LOG_NOTICE, &context, "agent %u may make %u calls per "
                  "second", agent_id, rate);
    return rc;
}

int manager_attach(struct manager *manager, const char *domain,
                   const char *path, struct hotplug_change *ret_change,
                   struct reason *why)
{
    const struct backends backends = backends_of(manager);
    int rc = hotplug_attach(&backends, domain, path, ret_change, why);

    refresh(manager);
    return rc;
}

int manager_detach(struct manager *manager, const char *domain,
                   const char *path, struct hotplug_change *ret_change,
                   struct reason *why)
{
    const struct backends backends = backends_of(manager);
    int rc = hotplug_detach(&backends, domain, path, ret_change, why);

    /* The device may be Dom0's. */
    refresh(manager);
    return rc;
}
