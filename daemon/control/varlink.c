/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replies and errors as varlink defines them, see private.h. */

#include <string.h>

#include <jansson.h>

#include <scmi-med/names.h>

#include "daemon/control/private.h"

json_t *method_error(const char *error, json_t *parameters)
{
    return json_pack("{s:s, s:o}", "error", error, "parameters", parameters);
}

json_t *method_error_invalid(const char *parameter)
{
    return method_error(SERVICE ".InvalidParameter",
                        json_pack("{s:s}", "parameter", parameter));
}

json_t *method_error_hypervisor(int rc)
{
    return method_error(SCMI_MED_INTERFACE ".HypervisorFailed",
                        json_pack("{s:s}", "message", strerror(-rc)));
}

json_t *method_error_agent(uint32_t agent_id, const char *message)
{
    return method_error(SCMI_MED_INTERFACE ".AgentFailed",
                        json_pack("{s:I, s:s}", "agent", (json_int_t)agent_id,
                                  "message", message));
}

json_t *method_error_refused(const char *message)
{
    return method_error(SCMI_MED_INTERFACE ".Refused",
                        json_pack("{s:s}", "message", message));
}

json_t *method_reply(json_t *parameters)
{
    return parameters ? json_pack("{s:o}", "parameters", parameters) : NULL;
}

json_t *method_append(json_t *list, json_t *item)
{
    if (!json_array_append_new(list, item))
        return list;
    json_decref(list);
    return NULL;
}
