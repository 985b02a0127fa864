/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks replies against the interface, see interface.h. */

#include "ctl/client/interface.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "agents[12].devices": room for every name of the interface. */
#define WHERE_SIZE 128

const struct interface_method *interface_method(const char *name)
{
    const struct interface_method *method = interface_methods;

    while (method->name && strcmp(method->name, name))
        method++;
    if (!method->name)
        abort();
    return method;
}

static int wrong(struct reason *why, const char *where, const char *is)
{
    return reason_set(why, -EPROTO, "%s is %s", where, is);
}

static int check_object(const json_t *object,
                        const struct interface_field *fields,
                        const char *where, struct reason *why);

/* A single value, or an element of a list. */
static int check_value(const json_t *value, const struct interface_field *field,
                       const char *where, struct reason *why)
{
    switch (field->type) {
    case INTERFACE_INT:
    case INTERFACE_SIGNED:
        if (!json_is_integer(value))
            return wrong(why, where, "not an integer");
        if (field->type == INTERFACE_INT && json_integer_value(value) < 0)
            return wrong(why, where, "negative");
        return 0;
    case INTERFACE_STRING:
        return json_is_string(value) ? 0 : wrong(why, where, "not a string");
    case INTERFACE_OBJECT:
        return json_is_object(value)
               ? check_object(value, field->fields, where, why)
               : wrong(why, where, "not an object");
    }
    return wrong(why, where, "unknown");
}

static int check_list(const json_t *list, const struct interface_field *field,
                      const char *where, struct reason *why)
{
    char element[WHERE_SIZE];
    const json_t *value;
    int rc = 0;
    size_t i;

    if (!json_is_array(list))
        return wrong(why, where, "not a list");
    json_array_foreach(list, i, value) {
        snprintf(element, sizeof(element), "%.*s[%zu]", WHERE_SIZE - 32, where,
                 i);
        rc = check_value(value, field, element, why);
        if (rc)
            break;
    }
    return rc;
}

static int check_object(const json_t *object,
                        const struct interface_field *fields,
                        const char *where, struct reason *why)
{
    const struct interface_field *field;
    char name[WHERE_SIZE];
    const json_t *value;
    int rc = 0;

    for (field = fields; field->name && !rc; field++) {
        value = json_object_get(object, field->name);
        snprintf(name, sizeof(name), "%.*s%s%s", WHERE_SIZE - 32, where,
                 *where ? "." : "", field->name);
        if (!value || json_is_null(value))
            rc = field->is_nullable ? 0 : wrong(why, name, "missing");
        else if (field->is_list)
            rc = check_list(value, field, name, why);
        else
            rc = check_value(value, field, name, why);
    }
    return rc;
}

int interface_check_reply(const char *method, const json_t *parameters,
                          struct reason *why)
{
    return check_object(parameters, interface_method(method)->reply, "", why);
}
