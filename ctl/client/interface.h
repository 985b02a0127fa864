/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's interface, from doc/org.scmimed.varlink: what a method takes and
 * returns, and whether a reply is valid.
 */

#ifndef SCMI_MED_CTL_CLIENT_INTERFACE_H
#define SCMI_MED_CTL_CLIENT_INTERFACE_H

#include <stdbool.h>

#include <jansson.h>

#include "lib/reason.h"

enum interface_type {
    INTERFACE_INT,          /* not negative */
    INTERFACE_SIGNED,
    INTERFACE_STRING,
    INTERFACE_OBJECT,
};

struct interface_field {
    const char *name;       /* NULL ends an array of fields */
    enum interface_type type;       /* of each element, if it is a list */
    bool is_list;
    bool is_nullable;       /* may be null, or absent */
    const struct interface_field *fields;   /* of INTERFACE_OBJECT */
};

struct interface_method {
    const char *name;       /* NULL ends the table */
    const struct interface_field *parameters, *reply;
};

/* Made by interface.awk at build time. */
extern const struct interface_method interface_methods[];

/* The method must exist. */
const struct interface_method *interface_method(const char *name);

/*
 * Checks the parameters of a method's reply. Fields that the interface does not
 * have are ignored: a newer daemon may send them. Returns 0, or -EPROTO with
 * the first field that is wrong.
 */
int interface_check_reply(const char *method, const json_t *parameters,
                          struct reason *why);

#endif
