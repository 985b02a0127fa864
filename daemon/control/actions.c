/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The methods that change something, see private.h. */

#include "daemon/control/private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/log.h"
#include "lib/reason.h"

/* False if the parameter is missing or does not fit in 32 bits. */
static bool get_number(json_t *parameters, const char *name, uint32_t *ret)
{
    const json_t *value = json_object_get(parameters, name);

    if (!json_is_integer(value) || json_integer_value(value) < 0 ||
        json_integer_value(value) > UINT32_MAX)
        return false;
    *ret = (uint32_t)json_integer_value(value);
    return true;
}

static json_t *agent_failed(uint32_t agent_id, int rc, int32_t scmi_status)
{
    struct reason why;

    switch (rc) {
    case -ENOENT:
        reason_set(&why, rc, "there is no agent %u; see: scmi-medctl agents",
                   agent_id);
        break;
    case -EACCES:
        reason_set(&why, rc, "agent %u is not for guests", agent_id);
        break;
    case -EBUSY:
        reason_set(&why, rc, "a domain is bound to agent %u; it is reset when "
                   "the domain is destroyed", agent_id);
        break;
    case -ENODEV:
        reason_set(&why, rc, "agent %u is bound to no domain: a limit is the "
                   "domain's, and ends with it", agent_id);
        break;
    case -EIO:
        reason_set(&why, rc, "the firmware did not confirm that agent %u has "
                   "no permissions (SCMI status %d, 0 if it gave no valid "
                   "answer): it stays quarantined", agent_id, scmi_status);
        break;
    default:
        reason_set(&why, rc, "agent %u: %s", agent_id, strerror(-rc));
    }
    return method_error_agent(agent_id, why.text);
}

json_t *method_reload(struct manager *manager, json_t *parameters)
{
    struct reason why;

    (void)parameters;
    if (manager_reload(manager, &why))
        return method_error_refused(why.text);
    return method_reply(json_object());
}

json_t *method_reset_agent(struct manager *manager, json_t *parameters)
{
    uint32_t agent_id;
    int32_t status;
    int rc;

    if (!get_number(parameters, "agent", &agent_id))
        return method_error_invalid("agent");
    rc = manager_reset_agent(manager, agent_id, &status);
    return rc ? agent_failed(agent_id, rc, status)
              : method_reply(json_object());
}

json_t *method_set_limit(struct manager *manager, json_t *parameters)
{
    uint32_t agent_id, rate;
    int rc;

    if (!get_number(parameters, "agent", &agent_id))
        return method_error_invalid("agent");
    if (!get_number(parameters, "limit", &rate) || !rate)
        return method_error_invalid("limit");
    rc = manager_set_limit(manager, agent_id, rate);
    return rc ? agent_failed(agent_id, rc, 0) : method_reply(json_object());
}

static json_t *change_device(struct manager *manager, json_t *parameters,
                             int (*change)(struct manager *manager,
                                           const char *domain,
                                           const char *path,
                                           struct hotplug_change *ret_change,
                                           struct reason *why))
{
    const char *domain, *device;
    struct hotplug_change done;
    struct reason why;

    domain = json_string_value(json_object_get(parameters, "domain"));
    if (!domain)
        return method_error_invalid("domain");
    device = json_string_value(json_object_get(parameters, "device"));
    if (!device)
        return method_error_invalid("device");
    if (change(manager, domain, device, &done, &why))
        return method_error_refused(why.text);
    return method_reply(json_pack("{s:I, s:I}",
                                  "domid", (json_int_t)done.domid,
                                  "agent", (json_int_t)done.agent_id));
}

json_t *method_attach_device(struct manager *manager, json_t *parameters)
{
    return change_device(manager, parameters, manager_attach);
}

json_t *method_detach_device(struct manager *manager, json_t *parameters)
{
    return change_device(manager, parameters, manager_detach);
}
