/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks the daemon's answers against the interface, doc/org.scmimed.varlink. */

#ifndef SCMI_MED_CTL_CLIENT_ANSWER_H
#define SCMI_MED_CTL_CLIENT_ANSWER_H

#include <stdbool.h>

#include <jansson.h>

#include "ctl/client/client.h"

enum ctl_type {
    CTL_INT,                /* not negative: few numbers of ours are */
    CTL_SIGNED,
    CTL_STRING,
    CTL_INTS,
    CTL_STRINGS,
    CTL_OBJECT,
    CTL_OBJECTS,
};

/* One field of an object. */
struct ctl_field {
    const char *name;       /* NULL ends a list of fields */
    enum ctl_type type;
    bool nullable;          /* may be null, or absent */
    const struct ctl_field *fields;     /* of CTL_OBJECT, CTL_OBJECTS */
};

/* What the methods return. */
extern const struct ctl_field ctl_no_fields[];
extern const struct ctl_field ctl_event_fields[];
extern const struct ctl_field ctl_change_fields[];
extern const struct ctl_field ctl_status_fields[];
extern const struct ctl_field ctl_agents_fields[];
extern const struct ctl_field ctl_domains_fields[];
extern const struct ctl_field ctl_devices_fields[];
extern const struct ctl_field ctl_domain_fields[];

/*
 * Whether the object has these fields; it may have others. If not,
 * CTL_BAD_ANSWER, and error names the first that is wrong.
 */
enum ctl_status ctl_answer_check(const json_t *object,
                                 const struct ctl_field *fields,
                                 char error[CTL_ERROR_SIZE]);

#endif
