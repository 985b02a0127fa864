/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What answers must look like, see answer.h. */

#include "ctl/client/answer.h"

#include <stdio.h>

/* "agents[12].devices", with room for every name of the interface. */
#define WHERE_SIZE 128

static const struct ctl_field agent_fields[] = {
    { "agent", CTL_INT, false, NULL },
    { "role", CTL_STRING, false, NULL },
    { "state", CTL_STRING, false, NULL },
    { "domid", CTL_INT, true, NULL },
    { "domain", CTL_STRING, true, NULL },
    { "function_id", CTL_INT, false, NULL },
    { "client_id", CTL_INT, false, NULL },
    { "page", CTL_INT, false, NULL },
    { "frame", CTL_INT, true, NULL },
    { "devices", CTL_INTS, false, NULL },
    { "calls", CTL_INT, false, NULL },
    { "refused", CTL_INT, false, NULL },
    { "throttled", CTL_INT, false, NULL },
    { "limit", CTL_INT, false, NULL },
    { "last_error", CTL_SIGNED, false, NULL },
    { "last_call_ms", CTL_INT, true, NULL },
    { NULL, 0, false, NULL },
};

static const struct ctl_field domain_fields[] = {
    { "domid", CTL_INT, false, NULL },
    { "domain", CTL_STRING, true, NULL },
    { "agent", CTL_INT, false, NULL },
    { "devices", CTL_STRINGS, false, NULL },
    { NULL, 0, false, NULL },
};

static const struct ctl_field resource_fields[] = {
    { "protocol", CTL_INT, false, NULL },
    { "id", CTL_INT, true, NULL },
    { "property", CTL_STRING, false, NULL },
    { "name", CTL_STRING, true, NULL },
    { NULL, 0, false, NULL },
};

static const struct ctl_field device_fields[] = {
    { "path", CTL_STRING, false, NULL },
    { "ids", CTL_INTS, false, NULL },
    { "resources", CTL_OBJECTS, false, resource_fields },
    { "agent", CTL_INT, true, NULL },
    { "domid", CTL_INT, true, NULL },
    { "domain", CTL_STRING, true, NULL },
    { NULL, 0, false, NULL },
};

static const struct ctl_field firmware_fields[] = {
    { "base_version", CTL_INT, false, NULL },
    { "features", CTL_STRINGS, false, NULL },
    { NULL, 0, false, NULL },
};

static const struct ctl_field permission_fields[] = {
    { "id", CTL_INT, false, NULL },
    { "path", CTL_STRING, true, NULL },
    { "property", CTL_STRING, true, NULL },
    { "resources", CTL_OBJECTS, false, resource_fields },
    { NULL, 0, false, NULL },
};

const struct ctl_field ctl_domain_fields[] = {
    { "agent", CTL_OBJECT, false, agent_fields },
    { "permissions", CTL_OBJECTS, false, permission_fields },
    { NULL, 0, false, NULL },
};

static const struct ctl_field event_fields[] = {
    { "time_us", CTL_INT, false, NULL },
    { "event", CTL_STRING, false, NULL },
    { "priority", CTL_INT, false, NULL },
    { "message_id", CTL_STRING, true, NULL },
    { "message", CTL_STRING, false, NULL },
    { "domid", CTL_INT, true, NULL },
    { "domain", CTL_STRING, true, NULL },
    { "agent", CTL_INT, true, NULL },
    { "devices", CTL_STRINGS, false, NULL },
    { "lost", CTL_INT, false, NULL },
    { NULL, 0, false, NULL },
};

const struct ctl_field ctl_event_fields[] = {
    { "event", CTL_OBJECT, false, event_fields },
    { NULL, 0, false, NULL },
};

const struct ctl_field ctl_no_fields[] = {
    { NULL, 0, false, NULL },
};

const struct ctl_field ctl_change_fields[] = {
    { "domid", CTL_INT, false, NULL },
    { "agent", CTL_INT, false, NULL },
    { NULL, 0, false, NULL },
};

const struct ctl_field ctl_status_fields[] = {
    { "version", CTL_STRING, false, NULL },
    { "pid", CTL_INT, false, NULL },
    { "abi", CTL_INT, false, NULL },
    { "function_id", CTL_INT, false, NULL },
    { "agents_total", CTL_INT, false, NULL },
    { "agents_free", CTL_INT, false, NULL },
    { "agents_quarantined", CTL_INT, false, NULL },
    { "domains", CTL_INT, false, NULL },
    { "devices", CTL_INT, false, NULL },
    { "firmware", CTL_OBJECT, false, firmware_fields },
    { NULL, 0, false, NULL },
};

const struct ctl_field ctl_agents_fields[] = {
    { "agents", CTL_OBJECTS, false, agent_fields },
    { NULL, 0, false, NULL },
};

const struct ctl_field ctl_domains_fields[] = {
    { "domains", CTL_OBJECTS, false, domain_fields },
    { NULL, 0, false, NULL },
};

const struct ctl_field ctl_devices_fields[] = {
    { "devices", CTL_OBJECTS, false, device_fields },
    { NULL, 0, false, NULL },
};

static enum ctl_status wrong(char error[CTL_ERROR_SIZE], const char *where,
                             const char *is)
{
    return ctl_fail(CTL_BAD_ANSWER, error, "scmi-medd's answer is not valid: "
                    "%s is %s", where, is);
}

static enum ctl_status check_object(const json_t *object,
                                    const struct ctl_field *fields,
                                    const char *where,
                                    char error[CTL_ERROR_SIZE]);

/* A single value, or an element of a list. */
static enum ctl_status check_value(const json_t *value, enum ctl_type type,
                                   const struct ctl_field *fields,
                                   const char *where,
                                   char error[CTL_ERROR_SIZE])
{
    switch (type) {
    case CTL_INT:
    case CTL_INTS:
        if (!json_is_integer(value))
            return wrong(error, where, "not an integer");
        if (json_integer_value(value) < 0)
            return wrong(error, where, "negative");
        return CTL_OK;
    case CTL_SIGNED:
        return json_is_integer(value) ? CTL_OK
                                      : wrong(error, where, "not an integer");
    case CTL_STRING:
    case CTL_STRINGS:
        return json_is_string(value) ? CTL_OK
                                     : wrong(error, where, "not a string");
    case CTL_OBJECT:
    case CTL_OBJECTS:
        return json_is_object(value)
               ? check_object(value, fields, where, error)
               : wrong(error, where, "not an object");
    }
    return wrong(error, where, "unknown");
}

static enum ctl_status check_list(const json_t *list,
                                  const struct ctl_field *field,
                                  const char *where,
                                  char error[CTL_ERROR_SIZE])
{
    char element[WHERE_SIZE];
    enum ctl_status status = CTL_OK;
    const json_t *value;
    size_t i;

    if (!json_is_array(list))
        return wrong(error, where, "not a list");
    json_array_foreach(list, i, value) {
        snprintf(element, sizeof(element), "%.*s[%zu]", WHERE_SIZE - 32, where,
                 i);
        status = check_value(value, field->type, field->fields, element,
                             error);
        if (status)
            break;
    }
    return status;
}

static enum ctl_status check_object(const json_t *object,
                                    const struct ctl_field *fields,
                                    const char *where,
                                    char error[CTL_ERROR_SIZE])
{
    char name[WHERE_SIZE];
    enum ctl_status status = CTL_OK;
    const json_t *value;

    for (; fields->name && !status; fields++) {
        value = json_object_get(object, fields->name);
        snprintf(name, sizeof(name), "%.*s%s%s", WHERE_SIZE - 32, where,
                 *where ? "." : "", fields->name);
        if (!value || json_is_null(value)) {
            if (!fields->nullable)
                status = wrong(error, name, "missing");
            continue;
        }
        if (fields->type == CTL_INTS || fields->type == CTL_STRINGS ||
            fields->type == CTL_OBJECTS)
            status = check_list(value, fields, name, error);
        else
            status = check_value(value, fields->type, fields->fields, name,
                                 error);
    }
    return status;
}

enum ctl_status ctl_answer_check(const json_t *object,
                                 const struct ctl_field *fields,
                                 char error[CTL_ERROR_SIZE])
{
    return check_object(object, fields, "", error);
}
